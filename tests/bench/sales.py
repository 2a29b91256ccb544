"""Sales that break no rule, as a POS sends them, and the device they are for. Knows no till."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from fiscalmon.domain.device import DeviceConfig, Tax
from fiscalmon.domain.receipt import Address

ZERO_RATED, STANDARD = 2, 3
CONFIG = DeviceConfig(
    tax_payer_name="Bench Stores (Pvt) Ltd",
    tax_payer_tin="2000000000",
    serial_no="BENCH-1",
    branch_name="Main branch",
    branch_address=Address(),
    operating_mode="Online",
    day_max_hours=24 * 365,
    day_end_notification_hours=2,
    taxes=(
        Tax(1, "Exempt"),
        Tax(ZERO_RATED, "Zero rated 0%", Decimal(0)),
        Tax(STANDARD, "Standard rated 15.5%", Decimal("15.5")),
    ),
    certificate_valid_till="2036-01-01T00:00:00",
    qr_url="https://fdmstest.zimra.co.zw",
    vat_number="220000000",
)


def small_sale(number: int, device_id: int | None = None) -> bytes:
    """Three lines of two tax bands, paid in cash."""
    lines = [
        _line("Bread white 700g", "1.35", "2", "2.70", ZERO_RATED, "19059010"),
        _line("Cooking oil 2l", "4.85", "1", "4.85", STANDARD, "1512"),
        _line("Washing powder 1kg", "3.20", "3", "9.60", STANDARD, "3402"),
    ]
    return _sale(number, device_id, lines, [("Cash", "17.15")])


def large_sale(number: int) -> bytes:
    """Twenty lines: sixteen articles of two tax bands, four of them with a discount; cash and card."""
    lines = []
    for index in range(16):
        tax, code = (ZERO_RATED, f"{19050000 + index}") if index % 3 == 0 else (STANDARD, f"{3400 + index}")
        lines.append(_line(f"Article number {index} tinned 400g", "12.50", "3", "37.50", tax, code))
        if index % 4 == 1:
            lines.append(_line(f"Discount {index}", "-1.25", "1", "-1.25", tax, code, kind="Discount"))
    return _sale(number, None, lines, [("Cash", "395.00"), ("Card", "200.00")])


def _line(
    name: str, price: str, quantity: str, total: str, tax: int, code: str, *, kind: str = "Sale"
) -> dict[str, Any]:
    return {
        "receiptLineType": kind,
        "receiptLineName": name,
        "receiptLineHSCode": code,
        "receiptLinePrice": price,
        "receiptLineQuantity": quantity,
        "receiptLineTotal": total,
        "taxID": tax,
        "taxPercent": "0" if tax == ZERO_RATED else "15.5",
    }


def _sale(number: int, device_id: int | None, lines: list[dict[str, Any]], payments: list[tuple[str, str]]) -> bytes:
    sale: dict[str, Any] = {
        "saleId": f"bench-{number:09d}",
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "invoiceNo": f"INV-{number:09d}",
        "receiptLinesTaxInclusive": True,
        "receiptLines": lines,
        "receiptPayments": [{"moneyTypeCode": kind, "paymentAmount": amount} for kind, amount in payments],
        "receiptPrintForm": "Receipt48",
    }
    if device_id is not None:
        sale["deviceID"] = device_id
    return json.dumps(sale).encode()
