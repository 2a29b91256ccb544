"""What unlocks the key files: a random secret that stays on this machine. Knows no key.

Behind a small protocol, so that an operating system's keyring can take the file's place.
"""

from __future__ import annotations

import secrets
import threading
from pathlib import Path
from typing import Protocol

from fiscalmon.domain.errors import KeyUnavailable

from .files import read_secret, write_secret

_LENGTH = 32


class PassphraseSource(Protocol):
    """Gives the one secret of this till's key folder."""

    def read(self) -> bytes:
        """The secret that exists. Raises KeyUnavailable."""

    def read_or_make(self) -> bytes:
        """The secret, made when the folder holds no key yet. Raises KeyUnavailable."""


class PassphraseFile:
    """32 random bytes in KEYS/passphrase, mode 0600. Whoever has this file and the keys can sign."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "passphrase"
        self._lock = threading.Lock()

    def read(self) -> bytes:
        content = read_secret(self._path, "The passphrase file of the keys")
        if len(content) != _LENGTH:
            raise KeyUnavailable(f"The passphrase file {self._path} is damaged. Restore it from a backup.")
        return content

    def read_or_make(self) -> bytes:
        with self._lock:
            # A new secret beside old keys would lock them for ever and hide why.
            if not self._path.exists() and not any(self._path.parent.glob("*.key")):
                write_secret(self._path, secrets.token_bytes(_LENGTH))
            return self.read()
