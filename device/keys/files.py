"""Secret files: written whole and for the owner only, read only while nobody else could. Knows nothing of keys."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from fiscalmon.domain.errors import KeyUnavailable

_POSIX = os.name == "posix"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def make_folder(folder: Path) -> None:
    """The folder, for its owner only. Raises KeyUnavailable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _POSIX:
            folder.chmod(0o700)
    except OSError as error:
        raise KeyUnavailable(f"The key folder {folder} cannot be made: {error.strerror}.", str(error)) from error


def write_secret(target: Path, content: bytes, *, replace: bool = False) -> None:
    """Write all of it, flushed to disk, or nothing. Raises KeyUnavailable; replaces a file only where told to."""
    make_folder(target.parent)
    if target.exists() and not replace:
        raise KeyUnavailable(f"{target} exists already and is not replaced.")
    temporary = None
    try:
        # mkstemp makes the file 0600, so there is no moment at which others could read it.
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise KeyUnavailable(f"{target} cannot be written: {error.strerror}.", str(error)) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def read_secret(path: Path, what: str) -> bytes:
    """The file's bytes. Raises KeyUnavailable when it is missing, unreadable, or open to other users.

    `what` names it in sentences, e.g. "The key of device 7".
    """
    try:
        with path.open("rb") as file:
            # Asked of the open file, so that what was checked is what is read.
            check_private(path, os.fstat(file.fileno()), what)
            return file.read()
    except FileNotFoundError as error:
        raise KeyUnavailable(f"{what} is missing: {path}. Restore it from a backup.", str(error)) from error
    except OSError as error:
        raise KeyUnavailable(f"{what} cannot be read: {error.strerror} ({path}).", str(error)) from error


def check_private(path: Path, state: os.stat_result, what: str) -> None:
    """Raises KeyUnavailable when others may read or write the file, or exchange it. POSIX only."""
    if not stat.S_ISREG(state.st_mode):
        raise KeyUnavailable(f"{what} is not a plain file: {path}.")
    if not _POSIX:
        return
    if state.st_mode & _OTHERS:
        raise KeyUnavailable(f"{what} is open to other users of this machine. Run: chmod 600 {path}")
    if path.parent.stat().st_mode & _OTHERS_WRITE:
        raise KeyUnavailable(f"Other users may exchange files beside it: {what}. Run: chmod 700 {path.parent}")


def sync_folder(folder: Path) -> None:
    """Make a new or removed name durable; Windows does so by itself and lets no folder be opened."""
    if _POSIX:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
