"""The simulator's SQLite file: what must survive a kill. Knows tables, not what FDMS does with them.

WAL with synchronous=NORMAL: a commit is in the operating system's hands, so it survives kill -9 of this process,
which is what a simulator is asked for; power loss may cost the last moments. Records that are always read whole are
JSON under a kind and a key; receipts have columns, because rules ask for them in many ways.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from .records import Held

T = TypeVar("T")
SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
  kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS receipts (
  receipt_id INTEGER PRIMARY KEY, device_id INTEGER NOT NULL, taxpayer_id INTEGER NOT NULL, day_no INTEGER NOT NULL,
  counter INTEGER NOT NULL, global_no INTEGER NOT NULL, type TEXT NOT NULL, currency TEXT NOT NULL,
  total TEXT NOT NULL, invoice_no TEXT NOT NULL, date TEXT NOT NULL, hash TEXT NOT NULL, original_id INTEGER,
  server_date TEXT NOT NULL, server_hash TEXT NOT NULL, server_signature TEXT NOT NULL, thumbprint TEXT NOT NULL,
  errors BLOB NOT NULL, body BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS receipts_number ON receipts (device_id, global_no, hash);
CREATE INDEX IF NOT EXISTS receipts_place ON receipts (device_id, day_no, counter);
CREATE INDEX IF NOT EXISTS receipts_invoice ON receipts (taxpayer_id, invoice_no);
CREATE INDEX IF NOT EXISTS receipts_notes ON receipts (original_id) WHERE original_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS receipts_date ON receipts (device_id, date);
"""
_INSERT = f"INSERT INTO receipts VALUES ({', '.join('?' * len(Held.__struct_fields__))})"  # noqa: S608 - marks only


class Archive:
    """One connection, used by one thread. Failures raise sqlite3.Error and leave the file as it was."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        if read_only:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
            return
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)

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
        self._db.execute("DELETE FROM records WHERE kind IN ('day', 'certificate') AND key LIKE ?", (f"{device_id}/%",))

    def put(self, kind: str, key: object, value: object) -> None:
        """Insert or replace one record."""
        body = msgspec.json.encode(value)
        self._db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (kind, str(key), body))

    def all(self, kind: str, of: type[T]) -> list[T]:
        """All records of a kind, by key."""
        rows = self._db.execute("SELECT body FROM records WHERE kind = ? ORDER BY key", (kind,))
        return [msgspec.json.decode(body, type=of) for (body,) in rows]

    def one(self, kind: str, key: object, of: type[T]) -> T | None:
        row = self._db.execute("SELECT body FROM records WHERE kind = ? AND key = ?", (kind, str(key))).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=of)

    def add_receipt(self, held: Held) -> None:
        self._db.execute(_INSERT, msgspec.structs.astuple(held))

    def change_errors(self, receipt_id: int, errors: bytes) -> None:
        """What a re-check found (§14)."""
        self._db.execute("UPDATE receipts SET errors = ? WHERE receipt_id = ?", (errors, receipt_id))

    def next_receipt_id(self) -> int:
        (highest,) = self._db.execute("SELECT MAX(receipt_id) FROM receipts").fetchone()
        return max(highest or 0, 10_000_000) + 1

    def by_hash(self, device_id: int, global_no: int, hash_text: str) -> Held | None:
        """The same receipt again (§13)."""
        return self._first("device_id = ? AND global_no = ? AND hash = ?", (device_id, global_no, hash_text))

    def at_counter(self, device_id: int, day_no: int, counter: int) -> Held | None:
        """The receipt in that place of a day; the first one to arrive, if there are more."""
        return self._first("device_id = ? AND day_no = ? AND counter = ?", (device_id, day_no, counter))

    def by_number(self, device_id: int, day_no: int, global_no: int) -> Held | None:
        return self._first("device_id = ? AND global_no = ? AND +day_no = ?", (device_id, global_no, day_no))

    def by_id(self, receipt_id: int) -> Held | None:
        return self._first("receipt_id = ?", (receipt_id,))

    def invoice_taken(self, taxpayer_id: int, invoice_no: str) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM receipts WHERE taxpayer_id = ? AND invoice_no = ? LIMIT 1", (taxpayer_id, invoice_no)
        )
        return found.fetchone() is not None

    def notes_on(self, receipt_id: int) -> list[str]:
        """Totals of the notes that name this receipt, decimal texts."""
        rows = self._db.execute("SELECT total FROM receipts WHERE original_id = ?", (receipt_id,))
        return [total for (total,) in rows]

    def receipts_of(self, device_id: int, day_no: int | None = None) -> Iterator[Held]:
        """A device's receipts in the order in which they arrived, of one day or of all."""
        rows = self._db.execute(
            "SELECT * FROM receipts WHERE device_id = ? AND (? IS NULL OR day_no = ?) ORDER BY receipt_id",
            (device_id, day_no, day_no),
        )
        for row in rows:
            yield Held(*row)

    def latest(self, device_id: int) -> Held | None:
        """The receipt with the latest date; of several, the last to arrive."""
        rows = self._db.execute(
            "SELECT * FROM receipts WHERE device_id = ? ORDER BY date DESC, receipt_id DESC LIMIT 1", (device_id,)
        )
        row = rows.fetchone()
        return None if row is None else Held(*row)

    def _first(self, where: str, values: tuple[object, ...]) -> Held | None:
        query = f"SELECT * FROM receipts WHERE {where} ORDER BY receipt_id LIMIT 1"  # noqa: S608 - our own clauses
        row = self._db.execute(query, values).fetchone()
        return None if row is None else Held(*row)
