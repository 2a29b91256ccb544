"""Receipts in the simulator's SQLite file: columns and indexes, because rules ask for them in many ways.

Used through `Archive`, which owns connection and transactions. Knows no rule.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import msgspec

from .records import Held

RECEIPTS_SCHEMA = """
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


class ReceiptTable:
    """Receipts are added, and their errors may change; nothing else ever does."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, held: Held) -> None:
        self._db.execute(_INSERT, msgspec.structs.astuple(held))

    def change_errors(self, receipt_id: int, errors: bytes) -> None:
        """What a re-check found (§14)."""
        self._db.execute("UPDATE receipts SET errors = ? WHERE receipt_id = ?", (errors, receipt_id))

    def next_id(self) -> int:
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

    def of_device(self, device_id: int, day_no: int | None = None) -> Iterator[Held]:
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

    def last_before(self, device_id: int, day_no: int) -> Held | None:
        """The last place in the chain of the days before: the highest counter of the last day that has receipts."""
        rows = self._db.execute(
            "SELECT * FROM receipts WHERE device_id = ? AND day_no < ? "
            "ORDER BY day_no DESC, counter DESC, receipt_id LIMIT 1",
            (device_id, day_no),
        )
        row = rows.fetchone()
        return None if row is None else Held(*row)

    def highest_no(self, device_id: int) -> int:
        """The highest receiptGlobalNo that ever came, 0 without any."""
        (highest,) = self._db.execute(
            "SELECT MAX(global_no) FROM receipts WHERE device_id = ?", (device_id,)
        ).fetchone()
        return highest or 0

    def _first(self, where: str, values: tuple[object, ...]) -> Held | None:
        query = f"SELECT * FROM receipts WHERE {where} ORDER BY receipt_id LIMIT 1"  # noqa: S608 - our own clauses
        row = self._db.execute(query, values).fetchone()
        return None if row is None else Held(*row)
