"""The simulator's SQLite file: what must survive a kill. Knows tables, not what FDMS does with them.

WAL with synchronous=NORMAL: a commit is in the operating system's hands, so it survives kill -9 of this process,
which is what a simulator is asked for; power loss may cost the last moments. Records that are always read whole are
JSON under a kind and a key; receipts have a table of their own, in `receipt_table`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from .receipt_table import RECEIPTS_SCHEMA, ReceiptTable

T = TypeVar("T")
SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
  kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
"""


class Archive:
    """One connection, used by one thread. Failures raise sqlite3.Error and leave the file as it was."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        if read_only:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
            self.receipts = ReceiptTable(self._db)
            return
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)
        self._db.executescript(RECEIPTS_SCHEMA)
        self.receipts = ReceiptTable(self._db)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def wipe(self) -> None:
        """Forget everything; call within a transaction."""
        self._db.execute("DELETE FROM receipts")
        self._db.execute("DELETE FROM records")

    def wipe_device(self, device_id: int) -> None:
        """Forget a device's receipts, days and certificates; call within a transaction."""
        self._db.execute("DELETE FROM receipts WHERE device_id = ?", (device_id,))
        self._db.execute(
            "DELETE FROM records WHERE kind IN ('day', 'certificate', 'file', 'file-content') AND key LIKE ?",
            (f"{device_id}/%",),
        )

    def put(self, kind: str, key: object, value: object) -> None:
        """Insert or replace one record."""
        body = msgspec.json.encode(value)
        self._db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (kind, str(key), body))

    def all(self, kind: str, of: type[T]) -> list[T]:
        """All records of a kind, by key."""
        rows = self._db.execute("SELECT body FROM records WHERE kind = ? ORDER BY key", (kind,))
        return [msgspec.json.decode(body, type=of) for (body,) in rows]

    def under(self, kind: str, prefix: str, of: type[T]) -> list[T]:
        """All records of a kind whose key begins so, by key. The prefix ends with "/"."""
        rows = self._db.execute(
            "SELECT body FROM records WHERE kind = ? AND key >= ? AND key < ? ORDER BY key",
            (kind, prefix, prefix[:-1] + "0"),  # "0" follows "/"
        )
        return [msgspec.json.decode(body, type=of) for (body,) in rows]

    def remove(self, kind: str, key: object) -> None:
        self._db.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, str(key)))

    def remove_where(self, kind: str, member: str, value: str) -> None:
        """Remove the records of a kind whose member has that value."""
        self._db.execute(
            "DELETE FROM records WHERE kind = ? AND json_extract(CAST(body AS TEXT), ?) = ?",
            (kind, f"$.{member}", value),
        )

    def one(self, kind: str, key: object, of: type[T]) -> T | None:
        row = self._db.execute("SELECT body FROM records WHERE kind = ? AND key = ?", (kind, str(key))).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=of)
