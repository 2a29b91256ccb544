"""Where the secret is that unlocks a till's keys: the operating system's keyring, or a file beside them. Knows no key.

A file KEYS/passphrase counts while it is there; else KEYS/keyring names the keyring's entry, and holds no secret. So a
move that was interrupted leaves one of the two that works.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from fiscalmon.domain.errors import BadInput, KeyUnavailable

from .files import read_secret, sync_folder, write_secret
from .os_keyring import OsKeyring, system_keyring
from .passphrase import LENGTH, PassphraseFile

Place = Literal["file", "keyring"]
# "auto": the keyring where there is one when the first key is made, else the file.
Wish = Literal["auto", "file", "keyring"]
_NO_KEYRING = (
    "This machine has no keyring that fiscalmon could use here. A service without a desktop's session has none: "
    "keep the passphrase in its file (`fiscalmon keys move --to file`, from the session that can read the keyring)."
)


class KeptPassphrase:
    """Implements PassphraseSource over both places. Threads may share it."""

    def __init__(
        self, folder: Path, wish: Wish = "auto", keyring: Callable[[], OsKeyring | None] = system_keyring
    ) -> None:
        self._file = PassphraseFile(folder)
        self._marker = folder / "keyring"
        self._wish = wish
        self._keyring = keyring
        self._lock = threading.Lock()

    @property
    def place(self) -> Place:
        """Where the secret is, or where it would be looked for."""
        return "file" if self._file.exists or not self._marker.exists() else "keyring"

    def read(self) -> bytes:
        """The secret that exists. Raises KeyUnavailable."""
        if self.place == "file":
            return self._file.read()
        secret = self._need().get(self._account())
        if secret is None or len(secret) != LENGTH:
            raise KeyUnavailable(
                "The keyring of this machine has lost the passphrase of the keys. Restore a backup with its keys, or "
                "import the keys that were exported."
            )
        return secret

    def read_or_make(self) -> bytes:
        """The secret, made when the folder holds no key yet. Raises KeyUnavailable."""
        with self._lock:
            if self.place == "keyring":
                return self.read()
            if self._wish == "file" or self._file.exists or self._file.keys_exist:
                return self._file.read_or_make()
            keyring = self._keyring()
            if keyring is not None:
                secret = secrets.token_bytes(LENGTH)
                try:
                    self._put(keyring, secret)
                except KeyUnavailable:
                    if self._wish == "keyring":
                        raise
                else:
                    return secret
            elif self._wish == "keyring":
                raise KeyUnavailable(_NO_KEYRING)
            return self._file.read_or_make()

    def move(self, to: Place) -> bool:
        """Take the secret to the other place; False when it is there already. Raises KeyUnavailable, BadInput."""
        with self._lock:
            if not self._file.exists and not self._marker.exists():
                raise BadInput("There is no key here yet: register a device first.")
            if to == "keyring":
                return self._to_keyring()
            return self._to_file()

    def _to_keyring(self) -> bool:
        if self.place == "keyring":
            return False
        secret = self._file.read()
        self._put(self._need(), secret)
        self._file.remove()
        return True

    def _to_file(self) -> bool:
        if self.place == "keyring":
            self._file.write(self.read())
        elif not self._marker.exists():
            return False
        # Also the end of a move that was interrupted here.
        keyring, account = self._need(), self._account()
        if keyring.get(account) is not None:
            keyring.remove(account)
        self._marker.unlink(missing_ok=True)
        sync_folder(self._marker.parent)
        return True

    def _put(self, keyring: OsKeyring, secret: bytes) -> None:
        account = self._account() if self._marker.exists() else f"keys {secrets.token_hex(8)}"
        keyring.put(account, secret)
        if not self._marker.exists():
            write_secret(self._marker, json.dumps({"account": account}).encode())

    def _account(self) -> str:
        content = read_secret(self._marker, "The note of the keys' place")
        try:
            return str(json.loads(content)["account"])
        except (ValueError, KeyError, TypeError):
            raise KeyUnavailable(f"The file {self._marker} is damaged. Restore it from a backup.") from None

    def _need(self) -> OsKeyring:
        keyring = self._keyring()
        if keyring is None:
            raise KeyUnavailable(_NO_KEYRING)
        return keyring
