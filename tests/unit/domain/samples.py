"""A shop, its taxes and receipts that break no rule, to be bent by the tests."""

from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from fiscalmon.domain.device import DeviceConfig, Tax
from fiscalmon.domain.drafting import draft, tax_lines
from fiscalmon.domain.receipt import Address, Line, NoteReference, Payment, Receipt
from fiscalmon.domain.rulebook import Original, Situation
from fiscalmon.domain.sale import Sale, decode_sale

OPENED = "2026-03-02T08:00:00"
NOW = "2026-03-02T10:00:00"
EXEMPT, ZERO_RATED, STANDARD, WITHHOLDING = 1, 2, 517, 514

TAXES = (
    Tax(EXEMPT, "Exempt"),
    Tax(ZERO_RATED, "Zero rated 0%", Decimal(0)),
    Tax(STANDARD, "Standard rated 15%", Decimal(15), "2023-01-01T00:00:00", "2025-12-14T23:59:59"),
    Tax(STANDARD, "Standard rated 15.5%", Decimal("15.5"), "2025-12-15T00:00:00"),
    Tax(WITHHOLDING, "Non-VAT Withholding Tax", Decimal(5)),
)
CONFIG = DeviceConfig(
    tax_payer_name="Shop (Pvt) Ltd",
    tax_payer_tin="2000000000",
    serial_no="S-1",
    branch_name="Main branch",
    branch_address=Address(),
    operating_mode="Online",
    day_max_hours=24,
    day_end_notification_hours=2,
    taxes=TAXES,
    certificate_valid_till="2027-01-01T00:00:00",
    qr_url="https://fdmstest.zimra.co.zw",
    vat_number="220000000",
)
NO_VAT = replace(CONFIG, vat_number=None)
AT = Situation(CONFIG, OPENED, previous_date="2026-03-01T18:00:00", latest_date=NOW)
REFERENCE = NoteReference(device_id=12345, receipt_global_no=101, fiscal_day_no=7)


def sale_json(**changes: Any) -> dict[str, Any]:
    """A sale as a POS sends it; the wire's names."""
    return {
        "saleId": "POS1-000123",
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "invoiceNo": "INV-000123",
        "receiptLinesTaxInclusive": True,
        "receiptLines": [
            line_json(name="BREAD", tax=ZERO_RATED, hs="19059000", price="1.25", quantity="2", total="2.50"),
            line_json(name="SOAP", hs="3401", price="11.55", quantity="2", total="23.10"),
            line_json(
                kind="Discount",
                name="Loyalty",
                hs="3401",
                price="-1.10",
                quantity="1",
                total="-1.10",
            ),
        ],
        "receiptPayments": [
            {"moneyTypeCode": "Cash", "paymentAmount": "20.00"},
            {"moneyTypeCode": "Card", "paymentAmount": "4.50"},
        ],
        "buyerData": None,
        "creditDebitNote": None,
        "receiptNotes": None,
        "receiptPrintForm": "Receipt48",
        **changes,
    }


def line_json(
    *,
    kind: str = "Sale",
    name: str = "SOAP",
    tax: int = STANDARD,
    hs: str | None = "34011100",
    price: Any = "11.55",
    quantity: Any = "2",
    total: Any = None,
    **more: Any,
) -> dict[str, Any]:
    return {
        "receiptLineType": kind,
        "receiptLineName": name,
        "receiptLineHSCode": hs,
        "receiptLinePrice": price,
        "receiptLineQuantity": quantity,
        "receiptLineTotal": total,
        "taxID": tax,
        **more,
    }


def sale(**changes: Any) -> Sale:
    return decode_sale(sale_json(**changes))


def line(total: str, tax_id: int = STANDARD, **more: Any) -> Line:
    """A line with a total alone, so that no price rule looks at it; its percent is the tax's today."""
    tax = CONFIG.tax_at(tax_id, NOW)
    given = {
        "type": "Sale",
        "no": 1,
        "name": "GOODS",
        "quantity": Decimal(1),
        "total": Decimal(total),
        "tax_id": tax_id,
        "hs_code": "34011100",
        "tax_percent": None if tax is None else tax.percent,
        **more,
    }
    return Line(**given)


def invoice(**changes: Any) -> Receipt:
    """The first receipt of the day, valid at AT."""
    made = draft(sale(), CONFIG, NOW)
    return replace(made, **{"counter": 1, "global_no": 1, **changes})


def receipt_of(*lines: Line, **changes: Any) -> Receipt:
    """A receipt of some lines whose taxes, total and one payment follow from them; `changes` bend it afterwards."""
    numbered = tuple(replace(given, no=number) for number, given in enumerate(lines, 1))
    inclusive = changes.get("lines_tax_inclusive", True)
    taxes = tax_lines(numbered, inclusive)
    total = sum((tax.sales_with_tax for tax in taxes), Decimal("0.00"))
    given = {
        "lines": numbered,
        "taxes": taxes,
        "payments": (Payment("Cash", total),),
        "total": total,
        **changes,
    }
    return invoice(**given)


def note(*lines: Line, kind: str = "CreditNote", **changes: Any) -> Receipt:
    """A credit note over one soap, or what is given instead."""
    bent = {"type": kind, "notes": "One soap returned", "reference": REFERENCE, **changes}
    return receipt_of(*(lines or (line("-11.55", price=Decimal("-11.55")),)), **bent)


def original(**changes: Any) -> Original:
    """What the notes above refer to."""
    given = {
        "date": "2026-02-20T09:00:00",
        "currency": "USD",
        "taxes": frozenset({(STANDARD, Decimal("15.5")), (ZERO_RATED, Decimal(0))}),
        "balance": Decimal("24.50"),
        **changes,
    }
    return Original(**given)
