"""Canonical strings: the exact text that is hashed and signed (Gateway v7.2 §18). No separators anywhere.

Every string is built as named parts, so that what is signed and what `inspect` explains are one thing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from .counters import Counter, sorted_counters
from .money import cents
from .receipt import Receipt, TaxLine

Parts = list[tuple[str, str]]


class Digest(NamedTuple):
    """A canonical string with its SHA-256."""

    canonical: str
    sha256: bytes

    @property
    def base64(self) -> str:
        return base64.b64encode(self.sha256).decode()


def join(parts: Iterable[tuple[str, str]]) -> str:
    """The canonical string of its parts."""
    return "".join([value for _, value in parts])


def digest(parts: Iterable[tuple[str, str]]) -> Digest:
    """Canonical string and SHA-256 over its UTF-8 bytes (§18.1)."""
    return digest_of(join(parts))


def digest_of(text: str) -> Digest:
    """A canonical string and its SHA-256."""
    return Digest(text, hashlib.sha256(text.encode()).digest())


def receipt_text(device_id: int, receipt: Receipt, previous_hash: str | None) -> str:
    """§18.2. `previous_hash` is base64 of the previous receipt's device hash, None for a day's first receipt."""
    return "".join(
        _receipt_values(
            device_id,
            receipt.type,
            receipt.currency,
            receipt.global_no,
            receipt.date,
            receipt.total,
            receipt.taxes,
            previous_hash,
        )
    )


def receipt_parts(device_id: int, receipt: Receipt, previous_hash: str | None) -> Parts:
    """The parts of `receipt_text` by name."""
    return signed_receipt_parts(
        device_id,
        receipt.type,
        receipt.currency,
        receipt.global_no,
        receipt.date,
        receipt.total,
        receipt.taxes,
        previous_hash,
    )


def signed_receipt_parts(  # noqa: PLR0913, PLR0917 - the eight members that §18.2 signs, in its order
    device_id: int,
    receipt_type: str,
    currency: str,
    global_no: int,
    date: str,
    total: Decimal,
    taxes: Sequence[TaxLine],
    previous_hash: str | None,
) -> Parts:
    """§18.2 from just the members that are signed."""
    values = _receipt_values(device_id, receipt_type, currency, global_no, date, total, taxes, previous_hash)
    return list(zip(_RECEIPT_MEMBERS, values, strict=True))


def _receipt_values(  # noqa: PLR0913, PLR0917 - as above
    device_id: int,
    receipt_type: str,
    currency: str,
    global_no: int,
    date: str,
    total: Decimal,
    taxes: Sequence[TaxLine],
    previous_hash: str | None,
) -> tuple[str, ...]:
    ordered = taxes if len(taxes) < 2 else sorted(taxes, key=_tax_order)
    return (
        str(device_id),
        receipt_type.upper(),
        currency.upper(),
        str(global_no),
        date,
        str(cents(total)),
        "".join([tax_text(tax) for tax in ordered]),
        previous_hash or "",
    )


def tax_text(tax: TaxLine) -> str:
    """taxCode, taxPercent with two decimals (nothing for exempt), amounts in cents (§18.2)."""
    percent = "" if tax.percent is None else f"{tax.percent:.2f}"
    return f"{tax.tax_code or ''}{percent}{cents(tax.amount)}{cents(tax.sales_with_tax)}"


def receipt_server_parts(device_signature: str, receipt_id: int, server_date: str) -> Parts:
    """§18.3: what FDMS signs when it has stored a receipt."""
    return [
        ("receiptDeviceSignature", device_signature),
        ("receiptID", str(receipt_id)),
        ("serverDate", server_date),
    ]


def fiscal_day_parts(device_id: int, day_no: int, day_date: str, counters: Iterable[Counter]) -> Parts:
    """§18.4. `day_date` is YYYY-MM-DD of the day's opening, even when it is closed after midnight."""
    return [
        ("deviceID", str(device_id)),
        ("fiscalDayNo", str(day_no)),
        ("fiscalDayDate", day_date),
        ("fiscalDayCounters", counters_text(counters)),
    ]


def fiscal_day_server_parts(  # noqa: PLR0913, PLR0917 - the seven members that §18.5 signs, in its order
    device_id: int,
    day_no: int,
    day_date: str,
    updated: str,
    reconciliation_mode: str,
    counters: Iterable[Counter],
    device_signature: str | None,
) -> Parts:
    """§18.5: what FDMS signs when a day is closed. The device signature is left out for a MANUAL close."""
    return [
        ("deviceID", str(device_id)),
        ("fiscalDayNo", str(day_no)),
        ("fiscalDayDate", day_date),
        ("fiscalDayUpdated", updated),
        ("reconciliationMode", reconciliation_mode.upper()),
        ("fiscalDayCounters", counters_text(counters)),
        ("fiscalDayDeviceSignature", device_signature or ""),
    ]


def counters_text(counters: Iterable[Counter]) -> str:
    """Non-zero counters in the order of §18.4, each TYPE CURRENCY percent-or-MONEYTYPE cents."""
    return "".join([_counter_text(counter) for counter in sorted_counters(counters)])


def _counter_text(counter: Counter) -> str:
    if counter.money_type is not None:
        key = counter.money_type.upper()
    else:
        key = "" if counter.tax_percent is None else f"{counter.tax_percent:.2f}"
    return f"{counter.type.upper()}{counter.currency.upper()}{key}{cents(counter.value)}"


_RECEIPT_MEMBERS = (
    "deviceID",
    "receiptType",
    "receiptCurrency",
    "receiptGlobalNo",
    "receiptDate",
    "receiptTotal",
    "receiptTaxes",
    "previousReceiptHash",
)


def _tax_order(tax: TaxLine) -> tuple[int, str]:
    return tax.tax_id, tax.tax_code or ""
