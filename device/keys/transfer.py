"""A device's key taken out of the key folder and put back, by people at the till. Knows no certificate, no engine."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from fiscalmon.domain.errors import BadInput, KeyUnavailable

from .files import sync_folder, write_secret
from .keystore import encrypted, opened
from .passphrase import PassphraseSource
from .signer import PrivateKey


class KeyTransfer:
    """Works on the files of `keystore.FileKeyStore`, which reads them when it next needs them."""

    def __init__(self, folder: Path, passphrases: PassphraseSource) -> None:
        self._folder = folder
        self._passphrases = passphrases

    def read(self, device_id: int) -> PrivateKey:
        """The decrypted key itself. Raises KeyUnavailable."""
        return opened(self._path(device_id), device_id, self._passphrases)

    def put(self, device_id: int, key: PrivateKey) -> None:
        """Keep a key that was made elsewhere. Raises KeyUnavailable when the device has one."""
        write_secret(self._path(device_id), encrypted(key, self._passphrases.read_or_make()))

    def set_aside(self, device_id: int) -> None:
        """Rename a key that cannot be opened, so that another one can take its place. Raises KeyUnavailable."""
        path = self._path(device_id)
        try:
            path.replace(path.with_suffix(f".{secrets.token_hex(4)}.set-aside"))
            sync_folder(self._folder)
        except OSError as error:
            raise KeyUnavailable(f"{path} cannot be renamed: {error.strerror}.", str(error)) from error

    def _path(self, device_id: int) -> Path:
        return self._folder / f"{device_id:d}.key"


def write_export(target: Path, content: bytes) -> None:
    """A new file in a folder of the person's choice, for its owner only. Raises BadInput; replaces nothing."""
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise BadInput(f"{target} exists already and is not replaced.") from None
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror}.", str(error)) from error
