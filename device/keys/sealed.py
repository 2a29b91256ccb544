"""The key folder as one sealed block for a backup: everything in it, encrypted by a passphrase that people choose.

scrypt turns the passphrase into a key, AES-256-GCM seals and proves. Nothing plain reaches a disk. Knows no database.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from fiscalmon.domain.errors import BadInput, KeyUnavailable

from .files import make_folder, read_secret, write_secret

SHORTEST = 12
_KINDS = (".key", ".next", ".token", ".token-next", ".pin", ".sealed")
_UNLOCKS = "passphrase"
_MARK = b"fiscalmon-keys-1\n"
_SALT, _NONCE = 16, 12
# 64 MiB and a good part of a second for each guess.
_COST, _BLOCK, _LANES = 2**16, 8, 1


def seal_keys(folder: Path, passphrase: str, unlock: Callable[[], bytes] | None = None) -> bytes:
    """All key files and what unlocks them, which `unlock` gives where no file does.

    What comes out of a backup is unlocked by a file again: the keyring of another machine knows nothing of it. Keys in
    a token stay there; which token it was is kept. Raises BadInput for a short passphrase, KeyUnavailable.
    """
    if len(passphrase) < SHORTEST:
        raise BadInput(f"The passphrase for the keys must have {SHORTEST} characters or more.")
    names = sorted(path.name for path in folder.iterdir() if _belongs(path)) if folder.is_dir() else []
    if not names:
        raise KeyUnavailable("There is no key to back up: no device is registered here. Leave --with-keys out.")
    held = {name: base64.b64encode(read_secret(folder / name, f"The key file {name}")).decode() for name in names}
    if _UNLOCKS not in held:
        if unlock is None:
            raise KeyUnavailable("What unlocks the keys is not beside them.")
        held[_UNLOCKS] = base64.b64encode(unlock()).decode()
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, json.dumps(held).encode(), _MARK)
    return _MARK + salt + nonce + sealed


def open_keys(block: bytes, passphrase: str) -> dict[str, bytes]:
    """The files by name. Raises BadInput for a wrong passphrase or a damaged block."""
    start = len(_MARK)
    if not block.startswith(_MARK):
        raise BadInput("The backup's keys are of another kind: update fiscalmon.")
    salt, nonce = block[start : start + _SALT], block[start + _SALT : start + _SALT + _NONCE]
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, block[start + _SALT + _NONCE :], _MARK)
    except (InvalidTag, ValueError) as wrong:
        raise BadInput("This passphrase does not open the backup's keys.") from wrong
    return {name: base64.b64decode(content) for name, content in json.loads(plain).items() if Path(name).name == name}


def write_keys(folder: Path, files: dict[str, bytes]) -> None:
    """Put opened keys into a new folder, for its owner only. Raises KeyUnavailable; replaces nothing."""
    make_folder(folder)
    for name, content in files.items():
        write_secret(folder / name, content)


def _belongs(path: Path) -> bool:
    return path.is_file() and (path.suffix in _KINDS or path.name == _UNLOCKS)


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_LANES).derive(passphrase.encode())
