"""The keys of a till's devices, wherever each one is: a file of the key folder, or a PKCS#11 token.

Implements ports.KeyStore and what a TLS context needs; decides nothing but which of the two is asked.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from fiscalmon.domain.errors import BadInput, KeyUnavailable
from fiscalmon.ports import ORDINARY_KEY, KeyPlace, KeyWish

from . import csr
from .keystore import FileKeyStore
from .os_keyring import OsKeyring, system_keyring
from .signer import EcSigner, PrivateKey, RsaSigner
from .token_key import TokenKey
from .token_store import TokenStore
from .transfer import KeyTransfer
from .unlocking import KeptPassphrase, Wish


class DeviceKeys:
    """`token`: library and label of the token that new keys are made in when nobody names another; None: files."""

    def __init__(self, files: FileKeyStore, tokens: TokenStore, token: tuple[str, str] | None = None) -> None:
        self._files = files
        self._tokens = tokens
        self._token = token
        self._signers: dict[int, EcSigner | RsaSigner] = {}

    def create(self, device_id: int, wish: KeyWish = ORDINARY_KEY) -> None:
        """A new key. Raises KeyUnavailable when the device has one already or the token refuses, BadInput."""
        if self.exists(device_id):
            raise KeyUnavailable(f"Device {device_id} has a key already. It may be certified, so it is not replaced.")
        module, label = wish.token_module, wish.token_label
        if module is None and self._token is not None:
            module, label = self._token
        if module is None and (wish.token_label or wish.pin):
            raise BadInput("A label and a PIN are for a token: name its library with --token.")
        if module is None:
            self._files.create(device_id, wish)
        elif not label:
            raise BadInput("A token needs its label beside its library: --token-label.")
        else:
            self._tokens.create(device_id, module, label, wish.kind, wish.pin)

    def exists(self, device_id: int) -> bool:
        """Whether the device has a key."""
        return self._tokens.has(device_id) or self._files.exists(device_id)

    def certificate_request(self, device_id: int, serial_no: str, *, next_key: bool = False) -> str:
        """The PKCS#10 of Gateway v7.2 §8, PEM, by the device's key or the next one. Raises KeyUnavailable, BadInput."""
        if not self._in_token(device_id):
            return self._files.certificate_request(device_id, serial_no, next_key=next_key)
        return csr.certificate_request(self._tokens.key(device_id, next_key=next_key), device_id, serial_no)

    def signer(self, device_id: int) -> EcSigner | RsaSigner:
        """The device's signer. Raises KeyUnavailable."""
        if not self._in_token(device_id):
            return self._files.signer(device_id)
        found = self._signers.get(device_id)
        if found is None:
            found = self._signers[device_id] = _signer(self._tokens.key(device_id))
        return found

    def forget(self, device_id: int) -> None:
        """Remove a key that was never certified."""
        self._signers.pop(device_id, None)
        if self._in_token(device_id):
            self._tokens.remove(device_id)
        else:
            self._files.forget(device_id)

    def create_next(self, device_id: int) -> None:
        """A key of the same kind in the same place beside the device's own; one that is there already stays."""
        if not self._in_token(device_id):
            self._files.create_next(device_id)
        elif not self._tokens.has(device_id, next_key=True):
            self._tokens.create_next(device_id)

    def next_public_key_pem(self, device_id: int) -> str | None:
        """The next key's public half, None when there is no next key. Raises KeyUnavailable."""
        if not self._in_token(device_id):
            return self._files.next_public_key_pem(device_id)
        if not self._tokens.has(device_id, next_key=True):
            return None
        return _signer(self._tokens.key(device_id, next_key=True, asked=False)).public_key_pem

    def adopt_next(self, device_id: int) -> None:
        """The next key becomes the device's key, in one step. Raises KeyUnavailable."""
        self._signers.pop(device_id, None)
        (self._tokens if self._in_token(device_id) else self._files).adopt_next(device_id)

    def discard_next(self, device_id: int) -> None:
        """Remove the next key, if there is one. Raises KeyUnavailable."""
        if self._in_token(device_id):
            self._tokens.remove(device_id, next_key=True)
        else:
            self._files.discard_next(device_id)

    def place(self, device_id: int) -> KeyPlace:
        """What keeps the device's key."""
        return "token" if self._in_token(device_id) else self._files.place(device_id)

    def lock(self, device_id: int) -> None:
        """Forget the decrypted key; let go of the tokens."""
        if self._in_token(device_id):
            self._signers.pop(device_id, None)
            self._tokens.log_out()
        else:
            self._files.lock(device_id)

    def present(self, context: ssl.SSLContext, certificate: Path, device_id: int, *, next_key: bool = False) -> bool:
        """Let the context prove itself by the key in a token; False: the key is a file. Raises KeyUnavailable."""
        if not self._in_token(device_id):
            return False
        from . import openssl_key  # here: it needs ctypes, and most tills have no token

        openssl_key.present(context, certificate, self._tokens.key(device_id, next_key=next_key, asked=False))
        return True

    def key_path(self, device_id: int) -> Path:
        """The encrypted file of a key that is one. Raises KeyUnavailable."""
        return self._files.key_path(device_id)

    def next_key_path(self, device_id: int) -> Path:
        """The same for the next key. Raises KeyUnavailable."""
        return self._files.next_key_path(device_id)

    def passphrase(self) -> bytes:
        """What unlocks the files. Raises KeyUnavailable."""
        return self._files.passphrase()

    def _in_token(self, device_id: int) -> bool:
        return self._tokens.has(device_id)


class KeyRoom:
    """Everything about a key folder, put together: for the engine, and for what people do to keys at the till."""

    def __init__(
        self,
        folder: Path,
        wish: Wish = "auto",
        token: tuple[str, str] | None = None,
        keyring: Callable[[], OsKeyring | None] = system_keyring,
    ) -> None:
        self.folder = folder
        self.passphrases = KeptPassphrase(folder, wish, keyring)
        self.files = FileKeyStore(folder, self.passphrases)
        self.transfer = KeyTransfer(folder, self.passphrases)
        self.tokens = TokenStore(folder, self.passphrases)
        self.keys = DeviceKeys(self.files, self.tokens, token)


def _signer(key: PrivateKey | TokenKey) -> EcSigner | RsaSigner:
    return RsaSigner(key) if isinstance(key, rsa.RSAPrivateKey) else EcSigner(key)
