"""A receipt as it stands in the till's books: what was signed, and how far it got with FDMS.

One value, three tellings: the full result, the brief one of events, and the raw members.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Literal

import msgspec

ReceiptStatus = Literal["signed", "sending", "queued", "completed", "failed"]


class Recorded(msgspec.Struct, frozen=True):
    """`row` is the store's own key and the order of signing; `receipt_taxes` and `validation_errors` are JSON texts."""

    row: int
    receipt_id: str
    sale_id: str
    sale_digest: str
    device_id: int
    fiscal_day_no: int
    receipt_counter: int
    receipt_global_no: int
    receipt_type: str
    receipt_currency: str
    invoice_no: str
    receipt_date: str
    receipt_total: str
    receipt_taxes: str
    hash: str
    signature: str
    qr_url: str
    verification_code: str
    status: ReceiptStatus = "signed"
    fdms_receipt_id: int | None = None
    validation_errors: str | None = None
    latency_ms: int | None = None
    attempts: int = 0
    correlation_id: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing will change about it any more."""
        return self.status in ("completed", "failed")

    def brief(self) -> dict[str, Any]:
        """What an event tells of a receipt."""
        return {
            "receiptId": self.receipt_id,
            "saleId": self.sale_id,
            "deviceID": self.device_id,
            "fiscalDayNo": self.fiscal_day_no,
            "receiptCounter": self.receipt_counter,
            "receiptGlobalNo": self.receipt_global_no,
            "receiptType": self.receipt_type,
            "receiptCurrency": self.receipt_currency,
            "receiptTotal": Decimal(self.receipt_total),
            "invoiceNo": self.invoice_no,
            "receiptDate": self.receipt_date,
            "status": self.status,
            "fdmsReceiptId": self.fdms_receipt_id,
            "latencyMs": self.latency_ms,
            "validationErrors": self.errors(),
        }

    def result(self) -> dict[str, Any]:
        """The result of a sale: the brief with taxes, hash, signature and QR."""
        return {
            **self.brief(),
            "receiptTaxes": json.loads(self.receipt_taxes, parse_float=Decimal),
            "hash": self.hash,
            "signature": self.signature,
            "qrUrl": self.qr_url,
            "verificationCode": self.verification_code,
            "correlationId": self.correlation_id,
        }

    def errors(self) -> list[dict[str, Any]]:
        """What FDMS found: {code, color, advice, field}."""
        found: list[dict[str, Any]] = json.loads(self.validation_errors) if self.validation_errors else []
        return found
