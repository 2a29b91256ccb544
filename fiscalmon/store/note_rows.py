"""Credit and debit notes and the receipts they refer to, inside a write transaction: indexed look-ups only.

What a note may do is the rulebook's business.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal

import msgspec

from ..books import OriginalHere
from ..domain.receipt import NoteReference, Receipt, TaxLine
from ..domain.rulebook import Original
from .schema import notes
from .session import Session
from .statements import insert_into

_INSERT = insert_into(notes)
_ORIGINAL = """
    SELECT r.id, r.device_id, r.receipt_date, r.receipt_currency, r.receipt_total, r.receipt_taxes, o.settled_at,
           o.settled_at IS NOT NULL AND o.server_date IS NULL AND o.validation_errors LIKE '%DAY_CLOSED%' AS untaken,
           json_extract(d.config, '$.taxPayerTIN') AS tin
    FROM receipts r JOIN outbox o ON o.receipt = r.id LEFT JOIN devices d ON d.device_id = r.device_id WHERE """
_BY_FDMS_ID = _ORIGINAL + "o.fdms_receipt_id = ? ORDER BY r.id LIMIT 1"
_BY_NUMBER = _ORIGINAL + "r.device_id = ? AND r.receipt_global_no = ? AND r.fiscal_day_no = ?"
_ELSEWHERE = """
    SELECT total FROM notes WHERE original IS NULL AND receipt <> :without AND (
        fdms_receipt_id = :fdms OR (device_id = :device AND receipt_global_no = :number AND fiscal_day_no = :day))"""


class NoteRows:
    """The notes' side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def original(self, reference: NoteReference, *, without: int = 0) -> OriginalHere | None:
        """The receipt of this till that a note refers to; `without` leaves a note's own row out of its balance."""
        row = self._find(reference)
        if row is None:
            return None
        sums = self._session.all(
            "SELECT total FROM notes WHERE original = ? AND receipt <> ?",
            (row["id"], without),
        )
        taxes = msgspec.json.decode(row["receipt_taxes"], type=list[TaxLine])
        original = Original(
            row["receipt_date"],
            row["receipt_currency"],
            frozenset((tax.tax_id, tax.percent) for tax in taxes),
            sum((Decimal(note["total"]) for note in sums), Decimal(row["receipt_total"])),
        )
        return OriginalHere(row["device_id"], row["tin"], row["settled_at"] is not None, not row["untaken"], original)

    def elsewhere(self, reference: NoteReference, *, without: int = 0) -> Decimal:
        """What the notes of this till add to a receipt that another till issued (credit notes are negative)."""
        values = {
            "fdms": reference.receipt_id,
            "device": reference.device_id,
            "number": reference.receipt_global_no,
            "day": reference.fiscal_day_no,
            "without": without,
        }
        return sum((Decimal(note["total"]) for note in self._session.all(_ELSEWHERE, values)), Decimal(0))

    def add(self, row: int, receipt: Receipt) -> None:
        """A note that was just signed."""
        reference = receipt.reference
        if receipt.type == "FiscalInvoice" or reference is None:
            return
        original = self._find(reference)
        self._session.run(
            _INSERT,
            {
                "receipt": row,
                "original": original["id"] if original else None,
                "fdms_receipt_id": reference.receipt_id,
                "device_id": reference.device_id,
                "fiscal_day_no": reference.fiscal_day_no,
                "receipt_global_no": reference.receipt_global_no,
                "total": str(receipt.total),
            },
        )

    def _find(self, reference: NoteReference) -> sqlite3.Row | None:
        """FDMS ignores the numbers where its id is named (Gateway v7.2 §13.7)."""
        if reference.receipt_id is not None:
            return self._session.one(_BY_FDMS_ID, (reference.receipt_id,))
        key = (reference.device_id, reference.receipt_global_no, reference.fiscal_day_no)
        return self._session.one(_BY_NUMBER, key)
