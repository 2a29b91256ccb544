"""A backup: one SQLite file that holds the books as they were at one moment, readable with any SQLite tool.

Two tables say what it is: `backup_about` (what, when, the digest of all rows) and `backup_files` (settings, keys sealed
by a passphrase). A changed, cut or half-written file is found by the digest. Knows tables, no receipt and no key.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..domain.errors import FiscalmonError
from .book_file import damaged
from .migrations import HEAD

FORMAT = "fiscalmon-backup-1"
_OWN = frozenset({"backup_about", "backup_files"})
_MAGIC = b"SQLite format 3\x00"


class BackupUnusable(FiscalmonError):
    """The file is no backup that can be trusted; nothing was changed."""

    code = "BACKUP_UNUSABLE"


def copy_books(books: Path, draft: Path) -> None:
    """The books as they are at one moment, while the till goes on; `draft` is replaced. Raises FiscalmonError."""
    _create_private(draft)
    try:
        with _opened(books, "rw") as source, _opened(draft, "rw") as target:
            # One step: the copy is of one moment. In WAL mode the writer does not wait for it.
            source.backup(target, pages=-1)
            # A copy is a single file: no log beside it that could be left behind.
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as wrong:
        raise damaged(wrong) from wrong


def seal(draft: Path, about: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Make a copy a backup: what it is, what came with it, the digest of every row. Durable when this returns."""
    try:
        with _opened(draft, "rw") as copy:
            digest = content_digest(copy)
            copy.execute("BEGIN IMMEDIATE")
            copy.execute("CREATE TABLE backup_about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
            copy.execute(
                "CREATE TABLE backup_files (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, content BLOB NOT NULL)"
            )
            facts = {"format": FORMAT, "digest": digest, **about}
            copy.executemany("INSERT INTO backup_about VALUES (?, ?)", [(k, json.dumps(v)) for k, v in facts.items()])
            copy.executemany(
                "INSERT INTO backup_files VALUES (?, ?, ?)",
                [(name, hashlib.sha256(content).hexdigest(), content) for name, content in files.items()],
            )
            copy.execute("COMMIT")
    except sqlite3.Error as wrong:
        raise damaged(wrong) from wrong
    sync_file(draft)


def is_backup(path: Path) -> bool:
    """Whether a file says of itself that it is a backup; asks nothing more."""
    try:
        with _opened(path, "ro") as file:
            return file.execute("SELECT 1 FROM backup_about WHERE name = 'format'").fetchone() is not None
    except sqlite3.Error:
        return False


def open_backup(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What a backup says of itself and the files in it, after every byte that matters was checked.

    Raises BackupUnusable with what is wrong and what to do.
    """
    _look_at_head(path)
    try:
        with _opened(path, "ro") as file:
            about = _about(file)
            _check_schema(str(about.get("schema", "")))
            problems = integrity_problems(file)
            if problems:
                raise BackupUnusable(f"The backup {path} is damaged: take another one.", "; ".join(problems))
            if content_digest(file) != about.get("digest"):
                raise BackupUnusable(
                    f"The backup {path} is not as it was written: rows were changed or lost. Take another one."
                )
            return about, _files(path, file)
    except sqlite3.Error as wrong:
        raise BackupUnusable(
            f"The backup {path} cannot be read: it is damaged. Take another one.", str(wrong)
        ) from wrong


def strip(path: Path) -> None:
    """Make a copy of a backup plain books again."""
    with _opened(path, "rw") as copy:
        for name in sorted(_OWN):
            copy.execute(f"DROP TABLE IF EXISTS {name}")


def integrity_problems(connection: sqlite3.Connection, *, most: int = 20) -> list[str]:
    """What SQLite itself finds wrong, page by page, index by index, reference by reference; empty when sound."""
    found = [row[0] for row in connection.execute(f"PRAGMA integrity_check({int(most)})")]
    problems = [] if found == ["ok"] else [str(each) for each in found]
    loose = connection.execute("PRAGMA foreign_key_check").fetchmany(most)
    return problems + [f"a row of {row[0]} refers to a row of {row[2]} that is not there" for row in loose]


def content_digest(connection: sqlite3.Connection) -> str:
    """SHA-256 over every row of every table and over the schema, the backup's own tables left out."""
    digest = hashlib.sha256()
    schema = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    ).fetchall()
    for kind, name, sql in schema:
        if name in _OWN:
            continue
        digest.update(repr((kind, name, sql)).encode())
        if kind == "table":
            # A table's own order: by its rowid, or by its primary key where it has none.
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 - a name from the file's own schema
                digest.update(repr(row).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def sync_file(path: Path) -> None:
    """Return once the file's bytes are on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Return once new names in the folder are on the disk; Windows does so by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _create_private(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _look_at_head(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as wrong:
        raise BackupUnusable(f"The file {path} cannot be read: {wrong.strerror or wrong}.") from None
    if head != _MAGIC:
        raise BackupUnusable(f"{path} is no backup of fiscalmon.")


def _about(file: sqlite3.Connection) -> dict[str, Any]:
    known = file.execute("SELECT 1 FROM sqlite_master WHERE name = 'backup_about'").fetchone()
    if known is None:
        raise BackupUnusable("This is a database but no backup: make backups with `fiscalmon backup FILE`.")
    try:
        about = {name: json.loads(value) for name, value in file.execute("SELECT name, value FROM backup_about")}
    except ValueError as wrong:
        raise BackupUnusable(
            "The backup does not say what it is: it is damaged. Take another one.", str(wrong)
        ) from wrong
    if about.get("format") != FORMAT:
        raise BackupUnusable(f"The backup is of another kind ({about.get('format')}): update fiscalmon.")
    return about


def _check_schema(schema: str) -> None:
    if schema > HEAD:
        raise BackupUnusable(
            f"The backup was made by a newer fiscalmon (schema {schema}, this one knows {HEAD}): update fiscalmon."
        )


def _files(path: Path, file: sqlite3.Connection) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, sha256, content in file.execute("SELECT name, sha256, content FROM backup_files"):
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BackupUnusable(f"The backup {path} is damaged at {name}: take another one.")
        files[name] = bytes(content)
    return files


@contextlib.contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=30, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()
