"""What unlocks the key files: a random secret that stays on this machine. Knows no key.

Behind a small protocol: `unlocking` lets the operating system's keyring take the file's place.
"""

from __future__ import annotations

import secrets
import threading
from pathlib import Path
from typing import Protocol

from fiscalmon.domain.errors import KeyUnavailable

from .files import read_secret, sync_folder, write_secret

LENGTH = 32


class PassphraseSource(Protocol):
    """Gives the one secret of this till's key folder."""

    @property
    def place(self) -> str:
        """Where the secret is: "file" or "keyring"."""

    def read(self) -> bytes:
        """The secret that exists. Raises KeyUnavailable."""

    def read_or_make(self) -> bytes:
        """The secret, made when the folder holds no key yet. Raises KeyUnavailable."""


class PassphraseFile:
    """32 random bytes in KEYS/passphrase, mode 0600. Whoever has this file and the keys can sign."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "passphrase"
        self._lock = threading.Lock()

    @property
    def place(self) -> str:
        return "file"

    @property
    def exists(self) -> bool:
        """Whether the file is there."""
        return self._path.exists()

    @property
    def keys_exist(self) -> bool:
        """Whether the folder holds keys that some secret unlocks."""
        return any(self._path.parent.glob("*.key"))

    def read(self) -> bytes:
        content = read_secret(self._path, "The passphrase file of the keys")
        if len(content) != LENGTH:
            raise KeyUnavailable(f"The passphrase file {self._path} is damaged. Restore it from a backup.")
        return content

    def read_or_make(self) -> bytes:
        with self._lock:
            # A new secret beside old keys would lock them for ever and hide why.
            if not self.exists and not self.keys_exist:
                self.write(secrets.token_bytes(LENGTH))
            return self.read()

    def write(self, secret: bytes) -> None:
        """Keep a secret that was made elsewhere. Raises KeyUnavailable; replaces nothing."""
        write_secret(self._path, secret)

    def remove(self) -> None:
        """Forget the secret, once another place has it."""
        self._path.unlink()
        sync_folder(self._path.parent)
