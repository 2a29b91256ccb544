"""The key folder: one encrypted PKCS#8 file a device, KEYS/<deviceID>.key. Nothing plain reaches disk or log.

While a certificate for a new key is being fetched, that key lies beside the old one as KEYS/<deviceID>.next.

Knows files and encryption; what is signed and where certificates live is not its business.
"""

from __future__ import annotations

import ssl
import threading
from pathlib import Path
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from fiscalmon.domain.errors import KeyUnavailable
from fiscalmon.ports import ORDINARY_KEY, KeyKind, KeyPlace, KeyWish

from . import csr
from .files import read_secret, sync_folder, write_secret
from .passphrase import PassphraseSource
from .signer import EcSigner, PrivateKey, RsaSigner

_RSA_BITS = 2048
_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


class FileKeyStore:
    """Implements ports.KeyStore, and what a TLS context needs to load the same key. Threads may share it."""

    def __init__(self, folder: Path, passphrases: PassphraseSource) -> None:
        self._folder = folder
        self._passphrases = passphrases
        self._lock = threading.Lock()
        self._signers: dict[int, EcSigner | RsaSigner] = {}

    def create(self, device_id: int, wish: KeyWish = ORDINARY_KEY) -> None:
        """Make a new key for the device. Raises KeyUnavailable when one exists already."""
        with self._lock:
            path = self._path(device_id)
            if path.exists():
                raise KeyUnavailable(
                    f"Device {device_id} has a key already ({path}). It may be certified, so it is not replaced."
                )
            write_secret(path, encrypted(_new_key(wish.kind), self._passphrases.read_or_make()))

    def exists(self, device_id: int) -> bool:
        """Whether the device has a key here."""
        return self._path(device_id).exists()

    def certificate_request(self, device_id: int, serial_no: str, *, next_key: bool = False) -> str:
        """The PKCS#10 of Gateway v7.2 §8, PEM, by the device's key or the next one. Raises KeyUnavailable, BadInput."""
        return csr.certificate_request(self._load(device_id, next_key=next_key), device_id, serial_no)

    def signer(self, device_id: int) -> EcSigner | RsaSigner:
        """The device's signer, decrypted once. Raises KeyUnavailable."""
        with self._lock:
            found = self._signers.get(device_id)
            if found is None:
                found = _signer(self._load(device_id))
                self._signers[device_id] = found
            return found

    def forget(self, device_id: int) -> None:
        """Remove the device's key. Only for a key that FDMS refused to certify."""
        with self._lock:
            self._signers.pop(device_id, None)
            self._remove(self._path(device_id))

    def create_next(self, device_id: int) -> None:
        """Make a key of the same kind beside the device's own.

        One left by an interrupted renewal stays: FDMS may have certified it.
        """
        with self._lock:
            path = self._path(device_id, next_key=True)
            if not path.exists():
                kind: KeyKind = "rsa" if isinstance(self._load(device_id), rsa.RSAPrivateKey) else "ec"
                write_secret(path, encrypted(_new_key(kind), self._passphrases.read()))

    def next_public_key_pem(self, device_id: int) -> str | None:
        """The next key's public half, None when there is no next key. Raises KeyUnavailable."""
        if not self._path(device_id, next_key=True).exists():
            return None
        return _signer(self._load(device_id, next_key=True)).public_key_pem

    def adopt_next(self, device_id: int) -> None:
        """The next key becomes the device's key, in one step of the file system. Raises KeyUnavailable."""
        with self._lock:
            self._signers.pop(device_id, None)
            path = self._path(device_id, next_key=True)
            try:
                path.replace(self._path(device_id))
                sync_folder(self._folder)
            except OSError as error:
                raise KeyUnavailable(f"{path} cannot be moved: {error.strerror}.", str(error)) from error

    def discard_next(self, device_id: int) -> None:
        """Remove the next key, if there is one. Raises KeyUnavailable."""
        with self._lock:
            self._remove(self._path(device_id, next_key=True))

    def key_path(self, device_id: int) -> Path:
        """The encrypted file, for OpenSSL to read by itself. Raises KeyUnavailable as `signer` does for a bad file."""
        return _readable(self._path(device_id), device_id)

    def next_key_path(self, device_id: int) -> Path:
        """The same for the next key. Raises KeyUnavailable."""
        return _readable(self._path(device_id, next_key=True), device_id)

    def present(
        self, context: ssl.SSLContext, certificate: Path, device_id: int, *, next_key: bool = False
    ) -> Literal[False]:
        """These keys are files: OpenSSL reads them itself."""
        return False

    def place(self, device_id: int) -> KeyPlace:
        """What unlocks the device's key."""
        return "keyring" if self._passphrases.place == "keyring" else "file"

    def lock(self, device_id: int) -> None:
        """Forget the decrypted key until it is needed again."""
        with self._lock:
            self._signers.pop(device_id, None)

    def passphrase(self) -> bytes:
        """What unlocks the files. Raises KeyUnavailable."""
        return self._passphrases.read()

    def _path(self, device_id: int, *, next_key: bool = False) -> Path:
        return self._folder / f"{device_id:d}.{'next' if next_key else 'key'}"

    def _remove(self, path: Path) -> None:
        if path.exists():
            try:
                path.unlink()
                sync_folder(self._folder)
            except OSError as error:
                raise KeyUnavailable(f"{path} cannot be removed: {error.strerror}.", str(error)) from error

    def _load(self, device_id: int, *, next_key: bool = False) -> PrivateKey:
        return opened(self._path(device_id, next_key=next_key), device_id, self._passphrases)


def opened(path: Path, device_id: int, passphrases: PassphraseSource) -> PrivateKey:
    """The key of a file. Raises KeyUnavailable."""
    what = f"The key of device {device_id}"
    content = _checked(path, read_secret(path, what))
    secret = passphrases.read()
    try:
        key = load_pem_private_key(content, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnavailable(
            f"{what} cannot be decrypted: {path} and the passphrase file beside it do not belong together, "
            "or one is damaged. Restore both from the same backup, or import an exported key."
        ) from error
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _RSA_BITS:
        return key
    raise KeyUnavailable(f"{what} is of a kind that FDMS does not take: P-256 or RSA from 2048 bits ({path}).")


def _new_key(kind: KeyKind) -> PrivateKey:
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65_537, key_size=_RSA_BITS)
    return ec.generate_private_key(ec.SECP256R1())


def encrypted(key: PrivateKey, secret: bytes) -> bytes:
    """A key as its file holds it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(secret))


def _signer(key: PrivateKey) -> EcSigner | RsaSigner:
    return RsaSigner(key) if isinstance(key, rsa.RSAPrivateKey) else EcSigner(key)


def _readable(path: Path, device_id: int) -> Path:
    _checked(path, read_secret(path, f"The key of device {device_id}"))
    return path


def _checked(path: Path, content: bytes) -> bytes:
    if not content.lstrip().startswith(_ENCRYPTED):
        raise KeyUnavailable(f"{path} is not an encrypted key file. Restore it from a backup.")
    return content
