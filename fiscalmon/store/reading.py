"""The one way a receipt's row becomes a value, for readers and the writer alike."""

from __future__ import annotations

from typing import Any

from ..domain.recorded import Recorded

RECORDED = """SELECT r.id, r.receipt_id, r.sale_id, r.sale_digest, r.device_id, r.fiscal_day_no, r.receipt_counter,
    r.receipt_global_no, r.receipt_type, r.receipt_currency, r.invoice_no, r.receipt_date, r.receipt_total,
    r.receipt_taxes, r.hash, r.signature, r.qr_url, r.verification_code, o.status, o.fdms_receipt_id,
    o.validation_errors, o.latency_ms, o.attempts, o.correlation_id
    FROM receipts r JOIN outbox o ON o.receipt = r.id"""


def recorded(row: Any) -> Recorded:
    """A row of RECORDED as a value: the columns stand in the order of its members."""
    return Recorded(*row)
