"""Small files only this user may read: keys of the server. Written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_private(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write or replace a file; it never exists half-written nor readable by others."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_or_make_key(path: Path, size: int = 64) -> bytes:
    """A random key that lasts across restarts."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) < size:
        key = secrets.token_bytes(size)
        write_private(path, key)
    path.chmod(0o600)
    return key
