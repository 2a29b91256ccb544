"""A sale as a POS sends it: FDMS's receipt without what the device owns. Decoding only; rules live in `rulebook`."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from .errors import BadInput, SaleRefused
from .money import CENT, EXACT, fits, round_cents
from .receipt import (
    Buyer,
    Currency,
    LineType,
    LocalTime,
    MoneyType,
    NoteReference,
    PositiveInt,
    PrintForm,
    ReceiptType,
    Text3,
    Text8,
    Text50,
    Text200,
    Text500,
    Value,
)

MAX_LINES = 2_000
_LARGEST = Decimal("1e15")
_SIX = Decimal("0.000001")


class SaleLine(
    Value,
    frozen=True,
    rename={
        "type": "receiptLineType",
        "name": "receiptLineName",
        "hs_code": "receiptLineHSCode",
        "price": "receiptLinePrice",
        "quantity": "receiptLineQuantity",
        "total": "receiptLineTotal",
        "tax_id": "taxID",
        "tax_code": "taxCode",
        "tax_percent": "taxPercent",
    },
):
    """`total` may be absent (price times quantity); `tax_percent` is checked against the device, never believed."""

    type: LineType
    name: Text200
    quantity: Decimal
    tax_id: int
    price: Decimal | None = None
    total: Decimal | None = None
    hs_code: Text8 | None = None
    tax_code: Text3 | None = None
    tax_percent: Decimal | None = None


class SalePayment(Value, frozen=True, rename={"money_type": "moneyTypeCode", "amount": "paymentAmount"}):
    """One payment in the receipt's currency."""

    money_type: MoneyType
    amount: Decimal


class Sale(
    Value,
    frozen=True,
    rename={
        "sale_id": "saleId",
        "type": "receiptType",
        "currency": "receiptCurrency",
        "invoice_no": "invoiceNo",
        "lines_tax_inclusive": "receiptLinesTaxInclusive",
        "lines": "receiptLines",
        "payments": "receiptPayments",
        "buyer": "buyerData",
        "reference": "creditDebitNote",
        "notes": "receiptNotes",
        "print_form": "receiptPrintForm",
        "total": "receiptTotal",
        "date": "receiptDate",
        "device_id": "deviceID",
    },
):
    """What a POS says. `sale_id` makes it idempotent; `date` only for a sale made while the app was down."""

    sale_id: Annotated[str, Meta(min_length=1, max_length=100)]
    type: ReceiptType
    currency: Currency
    invoice_no: Text50
    lines: tuple[SaleLine, ...]
    payments: tuple[SalePayment, ...]
    lines_tax_inclusive: bool = True
    buyer: Buyer | None = None
    reference: NoteReference | None = None
    notes: Text500 | None = None
    print_form: PrintForm | None = None
    total: Decimal | None = None
    date: LocalTime | None = None
    device_id: PositiveInt | None = None

    def digest(self) -> str:
        """SHA-256 (hex) over the content, so that a repeated saleId with other content is noticed."""
        return hashlib.sha256(_encoder.encode(self)).hexdigest()


_decoder = msgspec.json.Decoder(Sale)
_encoder = msgspec.json.Encoder()


def decode_sale(data: bytes | str | dict[str, Any]) -> Sale:
    """A sale from JSON or from an already parsed object.

    Raises SaleRefused naming the field when the content is wrong (code RCPT02, as FDMS calls a bad structure),
    BadInput when it is no JSON object at all.
    """
    try:
        sale = msgspec.convert(data, Sale) if isinstance(data, dict) else _decoder.decode(data)
    except msgspec.ValidationError as wrong:
        raise SaleRefused(_sale_id(data), [_structure(str(wrong))]) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BadInput("This is not a sale in JSON: " + str(wrong), code="NOT_JSON") from None
    problems = _amount_problems(sale)
    if len(sale.lines) > MAX_LINES:
        problems.append(("receiptLines", f"a receipt may have at most {MAX_LINES} lines; split the sale"))
    if problems:
        raise SaleRefused(sale.sale_id, [_finding(field, advice) for field, advice in problems])
    return sale


def line_total(line: SaleLine) -> Decimal | None:
    """The line's total in the currency's two decimals, or None where neither total nor price is known."""
    if line.total is not None:
        return line.total
    if line.price is None:
        return None
    return round_cents(EXACT.multiply(line.price, line.quantity))


def _amount_problems(sale: Sale) -> list[tuple[str, str]]:
    given: list[tuple[str, Decimal, Decimal]] = []
    found: list[tuple[str, str]] = []
    for index, line in enumerate(sale.lines):
        where = f"receiptLines[{index}]."
        given.append((where + "receiptLineQuantity", line.quantity, _SIX))
        if line.price is not None:
            given.append((where + "receiptLinePrice", line.price, _SIX))
        if line.total is not None:
            given.append((where + "receiptLineTotal", line.total, CENT))
        if line.tax_percent is not None:
            given.append((where + "taxPercent", line.tax_percent, CENT))
        if not line.name.isprintable():
            found.append((where + "receiptLineName", "control characters cannot be printed; remove them"))
    for index, payment in enumerate(sale.payments):
        given.append((f"receiptPayments[{index}].paymentAmount", payment.amount, CENT))
    if sale.total is not None:
        given.append(("receiptTotal", sale.total, CENT))
    if not sale.invoice_no.isprintable() or not sale.sale_id.isprintable():
        found.append(("invoiceNo", "control characters are not allowed in saleId and invoiceNo"))
    for field, amount, step in given:
        if not amount.is_finite():
            found.append((field, "must be a plain number"))
        elif not -_LARGEST < amount < _LARGEST:
            found.append((field, "is too large to be true"))
        elif not fits(amount, step):
            found.append((field, f"has more than {len(str(step)) - 2} decimals; round it before sending"))
    return found


def _sale_id(data: bytes | str | dict[str, Any]) -> str:
    try:
        content = data if isinstance(data, dict) else msgspec.json.decode(data)
        return str(content.get("saleId", "without saleId"))[:100] if isinstance(content, dict) else "without saleId"
    except msgspec.DecodeError:
        return "without saleId"


def _structure(message: str) -> dict[str, Any]:
    text, _, path = message.partition(" - at ")
    field = path.strip("`").removeprefix("$").removeprefix(".") or "sale"
    return _finding(field, text[:1].lower() + text[1:])


def _finding(field: str, advice: str) -> dict[str, Any]:
    return {"code": "RCPT02", "color": "Red", "advice": f"{field}: {advice}", "field": field}
