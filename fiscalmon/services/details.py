"""A device and a receipt in full, as the books tell it: for the running till and for a command that only reads.

Knows the books' queries, no engine.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from ..books import Archive, ReceiptFilter
from ..domain.counters import from_totals
from ..domain.errors import UnknownReceipt

LAST_RECEIPTS = 20
LAST_ATTEMPTS = 100


def device_details(archive: Archive, device_id: int, fiscal_day_no: int) -> dict[str, Any]:
    """A device's counters of a day, last receipts, latencies and errors."""
    attempts = archive.attempts(device_id, LAST_ATTEMPTS)
    return {
        "counters": msgspec.to_builtins(
            from_totals(archive.counters(device_id, fiscal_day_no)), builtin_types=(Decimal,)
        ),
        "lastReceipts": [entry.brief() for entry in archive.receipts(ReceiptFilter(device=device_id), LAST_RECEIPTS)],
        "latencySeries": [
            {"at": attempt["at"], "latencyMs": attempt["latencyMs"]}
            for attempt in reversed(attempts)
            if attempt["outcome"] == "done"
        ],
        "errors": [attempt for attempt in attempts if attempt["outcome"] != "done"][:LAST_RECEIPTS],
    }


def receipt_details(archive: Archive, receipt_id: str, devices: frozenset[int] | None = None) -> dict[str, Any]:
    """A receipt's result with the exact receipt that FDMS got and its `life`. Raises UnknownReceipt."""
    entry = archive.receipt(receipt_id)
    if entry is None or (devices is not None and entry.device_id not in devices):
        raise UnknownReceipt(f"There is no receipt {receipt_id} on this till.")
    sent = msgspec.json.decode(archive.payload(receipt_id) or b"{}")
    return {**entry.result(), "receipt": sent.get("receipt"), "life": archive.history.way(entry.row)}
