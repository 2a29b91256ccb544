"""What readers and the writer share: how a query is asked, and how a receipt and a day are read."""

from __future__ import annotations

from typing import Any, Protocol

from ..domain.recorded import Recorded

RECORDED = """SELECT r.id, r.receipt_id, r.sale_id, r.sale_digest, r.device_id, r.fiscal_day_no, r.receipt_counter,
    r.receipt_global_no, r.receipt_type, r.receipt_currency, r.invoice_no, r.receipt_date, r.receipt_total,
    r.receipt_taxes, r.hash, r.signature, r.qr_url, r.verification_code, o.status, o.fdms_receipt_id,
    o.validation_errors, o.latency_ms, o.attempts, o.correlation_id
    FROM receipts r JOIN outbox o ON o.receipt = r.id"""
DAY = """SELECT device_id, fiscal_day_no, opened, closed, status, announced, closing_error, reconciliation_mode,
    receipt_counter, close_request, close_sent_at, adopted, number_before, end_told_at FROM fiscal_days"""


class Ask(Protocol):
    """Runs a SELECT with its values; all its rows. Rows are read by place, and by name where that is plainer."""

    def __call__(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]: ...


def recorded(row: Any) -> Recorded:
    """A row of RECORDED as a value: the columns stand in the order of its members."""
    return Recorded(*row)
