"""Devices whose keys are in a PKCS#11 token: KEYS/<deviceID>.token says which token and which key, and is no secret.

The PIN lies encrypted under the folder's passphrase in KEYS/token-<which>.pin, so it is where that passphrase is: in
the operating system's keyring, or beside it in a file of mode 0600. Knows no gateway.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from fiscalmon.domain.errors import BadInput, KeyUnavailable

from .files import read_secret, sync_folder, write_secret
from .passphrase import PassphraseSource
from .token_key import TokenKey, token_key
from .token_session import PinRefused, TokenSession

_NONCE = 12


class TokenNote(msgspec.Struct, frozen=True):
    """What KEYS/<deviceID>.token holds. `key_id`: CKA_ID in hex; `public_key`: PEM."""

    module: str
    label: str
    key_id: str
    public_key: str


class TokenStore:
    """The keys in tokens. Threads may share it."""

    def __init__(self, folder: Path, passphrases: PassphraseSource) -> None:
        self._folder = folder
        self._passphrases = passphrases
        self._sessions: dict[tuple[str, str], TokenSession] = {}
        self._lock = threading.Lock()

    def has(self, device_id: int, *, next_key: bool = False) -> bool:
        """Whether the device's key, or its next one, is in a token."""
        return self._path(device_id, next_key=next_key).exists()

    def note(self, device_id: int, *, next_key: bool = False) -> TokenNote:
        """Which key in which token. Raises KeyUnavailable."""
        path = self._path(device_id, next_key=next_key)
        content = read_secret(path, f"The note of the token of device {device_id}")
        try:
            return msgspec.json.decode(content, type=TokenNote)
        except msgspec.MsgspecError:
            raise KeyUnavailable(f"{path} is damaged. Restore it from a backup.") from None

    def create(self, device_id: int, module: str, label: str, kind: Literal["ec", "rsa"], pin: str | None) -> None:
        """Make the device's key in the token; a PIN that was given is kept once the token takes it."""
        if pin is not None:
            self.keep_pin(module, label, pin)
        self._make(device_id, module, label, kind, next_key=False)

    def create_next(self, device_id: int) -> None:
        """A second key of the same kind in the same token. Raises KeyUnavailable."""
        note = self.note(device_id)
        kind: Literal["ec", "rsa"] = "rsa" if isinstance(_public(note), rsa.RSAPublicKey) else "ec"
        self._make(device_id, note.module, note.label, kind, next_key=True)

    def key(self, device_id: int, *, next_key: bool = False, asked: bool = True) -> TokenKey:
        """The key; `asked`: the token has been asked whether it holds it. Raises KeyUnavailable."""
        note = self.note(device_id, next_key=next_key)
        session, key_id = self._session(note.module, note.label), bytes.fromhex(note.key_id)
        if asked:
            session.holds(key_id)
        return token_key(_public(note), partial(session.perform, key_id))

    def adopt_next(self, device_id: int) -> None:
        """The next key becomes the device's key in one step; then the old one leaves the token."""
        old, path = self.note(device_id), self._path(device_id, next_key=True)
        try:
            path.replace(self._path(device_id))
            sync_folder(self._folder)
        except OSError as error:
            raise KeyUnavailable(f"{path} cannot be moved: {error.strerror}.", str(error)) from error
        self._session(old.module, old.label).destroy(bytes.fromhex(old.key_id))

    def remove(self, device_id: int, *, next_key: bool = False) -> None:
        """Remove a key that was never certified, from the token and here. Raises KeyUnavailable."""
        if not self.has(device_id, next_key=next_key):
            return
        note = self.note(device_id, next_key=next_key)
        self._session(note.module, note.label).destroy(bytes.fromhex(note.key_id))
        self._path(device_id, next_key=next_key).unlink()
        sync_folder(self._folder)

    def keep_pin(self, module: str, label: str, pin: str) -> None:
        """Keep the PIN once the token has taken it. Raises PinRefused, KeyUnavailable, BadInput."""
        if not pin or not pin.isprintable():
            raise BadInput("A token's PIN is a line of printable characters.")
        with self._lock:
            former = self._sessions.pop((module, label), None)
        if former is not None:
            # A token is logged in once for the whole process: a new PIN would not be looked at.
            former.log_out()
        trial = TokenSession(module, label, lambda: pin, lambda: None)
        try:
            trial.log_in()
        finally:
            trial.log_out()
        secret = self._passphrases.read_or_make()
        nonce = secrets.token_bytes(_NONCE)
        path = self._pin_path(module, label)
        path.unlink(missing_ok=True)
        write_secret(path, nonce + AESGCM(_pin_key(secret)).encrypt(nonce, pin.encode(), None))
        path.with_suffix(".pin-refused").unlink(missing_ok=True)

    def log_out(self) -> None:
        """Let go of all tokens until they are needed again."""
        with self._lock:
            sessions = list(self._sessions.values())
        for session in sessions:
            session.log_out()

    def _make(self, device_id: int, module: str, label: str, kind: Literal["ec", "rsa"], *, next_key: bool) -> None:
        session, key_id = self._session(module, label), secrets.token_bytes(16)
        public = session.make(key_id, f"fiscalmon device {device_id}", kind)
        note = TokenNote(module, label, key_id.hex(), public)
        try:
            write_secret(self._path(device_id, next_key=next_key), msgspec.json.encode(note))
        except KeyUnavailable:
            session.destroy(key_id)
            raise

    def _session(self, module: str, label: str) -> TokenSession:
        with self._lock:
            found = self._sessions.get((module, label))
            if found is None:
                found = TokenSession(
                    module, label, partial(self._pin, module, label), partial(self._set_aside, module, label)
                )
                self._sessions[module, label] = found
            return found

    def _pin(self, module: str, label: str) -> str:
        """The kept PIN. One that the token refused is set aside, so that no restart tries it again."""
        path = self._pin_path(module, label)
        if not path.exists():
            refused = path.with_suffix(".pin-refused").exists()
            why = "was refused by the token" if refused else "is not known here"
            raise PinRefused(f"The PIN of the token {label} {why}: give it with `fiscalmon keys pin ID --pin-stdin`.")
        content = read_secret(path, "The kept PIN")
        try:
            return AESGCM(_pin_key(self._passphrases.read())).decrypt(content[:_NONCE], content[_NONCE:], None).decode()
        except InvalidTag:
            raise KeyUnavailable(f"{path} and the passphrase of the keys do not belong together.") from None

    def _set_aside(self, module: str, label: str) -> None:
        path = self._pin_path(module, label)
        if path.exists():
            path.replace(path.with_suffix(".pin-refused"))

    def _path(self, device_id: int, *, next_key: bool = False) -> Path:
        return self._folder / f"{device_id:d}.{'token-next' if next_key else 'token'}"

    def _pin_path(self, module: str, label: str) -> Path:
        which = hashlib.sha256(json.dumps([module, label]).encode()).hexdigest()[:16]
        return self._folder / f"token-{which}.pin"


def _pin_key(secret: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"fiscalmon token pin").derive(secret)


def _public(note: TokenNote) -> object:
    try:
        return load_pem_public_key(note.public_key.encode())
    except ValueError:
        raise KeyUnavailable("The note of a token's key is damaged. Restore it from a backup.") from None
