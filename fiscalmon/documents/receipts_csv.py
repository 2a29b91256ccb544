"""Receipts as a table for spreadsheets: RFC 4180, a head that says what was counted and how, text that stays text.

Knows values only; no formula of a stranger gets past it, and numbers stay numbers. Buyers are not in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from ..domain.recorded import Recorded

# Spreadsheets read a cell that begins so as a formula, some of them after blanks or in full width too.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Spreadsheets on Windows take a file without it for a code page of their own.
_MARK: Final = "\ufeff"
COLUMNS: Final = (
    "receiptDate",
    "deviceID",
    "fiscalDayNo",
    "receiptCounter",
    "receiptGlobalNo",
    "receiptType",
    "invoiceNo",
    "saleId",
    "receiptCurrency",
    "receiptTotal",
    "taxTotal",
    "status",
    "fdmsReceiptId",
    "latencyMs",
    "verificationCode",
    "validationErrors",
)


def text(value: str) -> str:
    """A text cell that no spreadsheet runs: one that looks like a formula gets an apostrophe before it."""
    return "'" + value if value.lstrip(" \u00a0").startswith(_FORMULA) else value


def head(period: str, zone: str, chosen: str, made: str) -> str:
    """The lines above the table: what it is, period, zone, filter, how it counts, when it was made; then the names."""
    return _MARK + _lines(
        [
            ("fiscalmon", "receipts"),
            ("Period", text(period)),
            ("Time zone", text(zone)),
            ("Filter", text(chosen)),
            ("Counted", "every receipt signed in the period, whatever its status; credit notes are negative"),
            ("Order", "newest first"),
            ("Made", made),
            (),
            COLUMNS,
        ]
    )


def table(entries: Iterable[Recorded]) -> str:
    """The rows of some receipts."""
    return _lines(_row(entry) for entry in entries)


def _row(entry: Recorded) -> tuple[Any, ...]:
    told = entry.result()
    errors = "; ".join(f"{one.get('code')} {one.get('color')}" for one in entry.errors())
    return (
        entry.receipt_date,
        entry.device_id,
        entry.fiscal_day_no,
        entry.receipt_counter,
        entry.receipt_global_no,
        text(entry.receipt_type),
        text(entry.invoice_no),
        text(entry.sale_id),
        text(entry.receipt_currency),
        entry.receipt_total,
        sum((Decimal(str(tax["taxAmount"])) for tax in told["receiptTaxes"]), Decimal("0.00")),
        entry.status,
        entry.fdms_receipt_id,
        entry.latency_ms,
        text(entry.verification_code),
        text(errors),
    )


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
