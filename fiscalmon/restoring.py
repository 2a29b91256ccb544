"""Restoring a backup: everything is verified in a place of its own before anything is replaced; old files are kept.

The exchange itself can be cut off anywhere: what is in DATA_DIR/restoring and ready is put in its place by the next
start. `prepare` may run beside an engine; `finish` may not: whoever calls it holds the folder's lock.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from device.keys.sealed import open_keys, write_keys

from .data_folder import DataFolder
from .domain.errors import BadInput, FiscalmonError
from .domain.localtime import utc_text
from .events import BOOKS_RESTORED, encode
from .services.backup import walk_books
from .settings import FILE_NAME as SETTINGS
from .store.archive import Archive
from .store.backup_file import BackupUnusable, open_backup, strip, sync_file, sync_folder
from .store.book_file import FILE_NAME
from .store.database import asking, open_engine

STAGE: Final = "restoring"
READY: Final = "ready.json"
# Beside an old database these hold its newest rows; beside another one they would spoil it.
_WITH_BOOKS: Final = (FILE_NAME + "-wal", FILE_NAME + "-shm")
_PLACES: Final = (SETTINGS, "keys")


def restore(folder: DataFolder, backup: Path, passphrase: str | None = None) -> dict[str, Any]:
    """Verify a backup, then put it in the books' place: {"receipts", "devices", "takenAt", "keptIn", "keys"}.

    `passphrase`: restore the keys too. Raises BackupUnusable, BadInput, FiscalmonError; then nothing was replaced.
    """
    prepared = prepare(folder, backup, passphrase)
    finish(folder)
    return prepared


def prepare(folder: DataFolder, backup: Path, passphrase: str | None = None) -> dict[str, Any]:
    """Verify a backup and lay it ready: the next `finish` puts it in the books' place. Result and errors of `restore`.

    Touches neither books nor keys, so that an engine may go on beside it.
    """
    backup = backup.absolute()
    about, files = open_backup(backup)
    keys = _keys(files, passphrase)
    stage = folder.path / STAGE
    _clear(stage)
    try:
        stage.mkdir(mode=0o700)
        facts = _staged_books(backup, stage)
        if SETTINGS in files:
            (stage / SETTINGS).write_bytes(files[SETTINGS])
        if keys is not None:
            write_keys(stage / "keys", keys)
        kept = f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        _note_restored(stage / FILE_NAME, about, kept)
        sync_file(stage / FILE_NAME)
        (stage / READY).write_text(json.dumps({"kept": kept}))
        sync_file(stage / READY)
        sync_folder(stage)
    except OSError as wrong:
        _clear(stage)
        raise FiscalmonError(
            f"The backup could not be unpacked in {folder.path}: {wrong.strerror or wrong}. Nothing was replaced; "
            "make room or give this user the right to write there.",
            str(wrong),
            code="RESTORE",
        ) from wrong
    except BaseException:
        _clear(stage)
        raise
    return {
        "receipts": facts["receipts"],
        "devices": facts["devices"],
        "lastReceiptGlobalNo": facts["lastReceiptGlobalNo"],
        "takenAt": about.get("at"),
        "keptIn": str(folder.path / kept),
        "keys": keys is not None,
    }


def finish(folder: DataFolder) -> None:
    """Put what is ready in its place; goes on where it was cut off. Raises FiscalmonError."""
    stage = folder.path / STAGE
    try:
        if not (stage / READY).exists():
            # Never got ready: nothing was replaced, and nothing will be.
            _clear(stage)
            return
        kept = folder.path / Path(str(json.loads((stage / READY).read_text())["kept"])).name
        kept.mkdir(mode=0o700, exist_ok=True)
        if (stage / FILE_NAME).exists():
            for name in _WITH_BOOKS:
                _put_aside(folder.path / name, kept)
        for name in (FILE_NAME, *_PLACES):
            if (stage / name).exists():
                _put_aside(folder.path / name, kept)
                (stage / name).replace(folder.path / name)
                sync_folder(folder.path)
        _clear(stage)
    except (OSError, ValueError, KeyError) as wrong:
        raise FiscalmonError(
            f"A restore was cut off and cannot be finished in {folder.path}: {wrong}. Run `fiscalmon restore` again.",
            str(wrong),
            code="RESTORE",
        ) from wrong


def _keys(files: dict[str, bytes], passphrase: str | None) -> dict[str, bytes] | None:
    if passphrase is None:
        return None
    if "keys" not in files:
        raise BadInput("This backup holds no keys: it was made without --with-keys. Restore it without a passphrase.")
    return open_keys(files["keys"], passphrase)


def _staged_books(backup: Path, stage: Path) -> dict[str, Any]:
    """The books of a backup as this version keeps them, every receipt of them verified."""
    staged = stage / FILE_NAME
    shutil.copyfile(backup, staged)
    staged.chmod(0o600)
    strip(staged)
    engine = open_engine(stage, keep_earlier=False)
    try:
        with engine.connect() as connection:
            facts, breaks = walk_books(Archive(asking(connection)))
    finally:
        engine.dispose()
    if breaks:
        first = breaks[0]
        raise BackupUnusable(
            f"The receipts in {backup} do not add up ({len(breaks)} breaks; device {first.device_id}: {first.what}): "
            "take another backup. Nothing was replaced."
        )
    return facts


def _note_restored(books: Path, about: dict[str, Any], kept: str) -> None:
    """The restored books say themselves that they were restored, and from when: the next start has to know."""
    data = {
        "takenAt": about.get("at"),
        "keptIn": kept,
        "reason": "These books were restored from a backup: receipts after it are not in them.",
    }
    connection = sqlite3.connect(books, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "INSERT INTO events (at, type, device_id, data) VALUES (?, ?, NULL, ?)",
            (utc_text(datetime.now(UTC)), BOOKS_RESTORED, encode(data).decode()),
        )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()


def _put_aside(path: Path, kept: Path) -> None:
    """Into the folder of what was replaced, once: a second run finds it there already."""
    if path.exists() and not (kept / path.name).exists():
        path.replace(kept / path.name)


def _clear(stage: Path) -> None:
    # The mark goes first: a stage without it is rubbish, whatever else is left of it.
    (stage / READY).unlink(missing_ok=True)
    shutil.rmtree(stage, ignore_errors=True)
