"""A sale as a POS sends it: FDMS's receipt without what the device owns. Decoding only; rules live in `rulebook`."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from .errors import BadInput, SaleRefused
from .localtime import is_local_text
from .money import EXACT, is_amount, is_line, is_quantity, round_cents
from .receipt import (
    Buyer,
    Currency,
    Int32,
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
from .structure import Problem, explained, texts_of
from .wording import may_be_printed

MAX_LINES = 2_000


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
    tax_id: Int32
    price: Decimal | None = None
    total: Decimal | None = None
    hs_code: Text8 | None = None
    tax_code: Text3 | None = None
    tax_percent: Decimal | None = None


class SalePayment(Value, frozen=True, rename={"money_type": "moneyTypeCode", "amount": "paymentAmount"}):
    """One payment in the receipt's currency."""

    money_type: MoneyType
    amount: Decimal


class StatedTax(Value, frozen=True, rename={"tax_id": "taxID", "percent": "taxPercent"}):
    """A tax of the original; the percent is absent for exempt."""

    tax_id: Int32
    percent: Decimal | None = None


class StatedOriginal(
    Value,
    frozen=True,
    rename={"date": "receiptDate", "currency": "receiptCurrency", "total": "receiptTotal", "taxes": "receiptTaxes"},
):
    """What the paper says of a receipt that another till issued, so that a note on it can be judged here (ADR 0012)."""

    date: LocalTime
    currency: Currency
    total: Decimal
    taxes: tuple[StatedTax, ...]


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
        "original": "originalReceipt",
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
    original: StatedOriginal | None = None

    def digest(self) -> str:
        """SHA-256 (hex) over the content, so that a repeated saleId with other content is noticed.

        How an amount was written is no content: 2, 2.0 and "2.00" are the same.
        """
        return hashlib.sha256(_encoder.encode(_evenly_written(self))).hexdigest()


_decoder = msgspec.json.Decoder(Sale)
_encoder = msgspec.json.Encoder()


def decode_sale(data: object) -> Sale:
    """A sale from JSON (bytes or text) or from an already parsed object (dict).

    Raises SaleRefused naming the field when the content is wrong (code RCPT02, as FDMS calls a bad structure),
    BadInput when it is no JSON object at all.
    """
    try:
        if isinstance(data, dict):
            sale = msgspec.convert(data, Sale)
        elif isinstance(data, bytes | str):
            sale = _decoder.decode(data)
        else:
            raise BadInput("This is not a sale: a sale is one JSON object.", code="NOT_JSON")
    except msgspec.ValidationError as wrong:
        problem = explained(str(wrong))
        if not problem.field:
            raise BadInput("This is not a sale: a sale is one JSON object.", str(wrong), code="NOT_JSON") from None
        raise SaleRefused(_sale_id(data), [_finding(problem)]) from None
    except (msgspec.DecodeError, UnicodeError) as wrong:
        raise BadInput("This is not a sale in JSON: " + str(wrong), code="NOT_JSON") from None
    except RecursionError:
        raise BadInput("This is not a sale: it is nested too deeply.", code="NOT_JSON") from None
    if problems := _problems(sale):
        raise SaleRefused(printable(sale.sale_id), [_finding(problem) for problem in problems])
    return sale


def _evenly_written(sale: Sale) -> Sale:
    """The same sale with every amount in its shortest form."""
    lines = tuple(
        msgspec.structs.replace(
            line,
            quantity=line.quantity.normalize(),
            price=_shortest(line.price),
            total=_shortest(line.total),
            tax_percent=_shortest(line.tax_percent),
        )
        for line in sale.lines
    )
    payments = tuple(msgspec.structs.replace(payment, amount=payment.amount.normalize()) for payment in sale.payments)
    return msgspec.structs.replace(sale, lines=lines, payments=payments, total=_shortest(sale.total))


def _shortest(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.normalize()


def line_total(line: SaleLine) -> Decimal | None:
    """The line's total in the currency's two decimals, or None where neither total nor price is known."""
    if line.total is not None:
        return line.total
    if line.price is None:
        return None
    return round_cents(EXACT.multiply(line.price, line.quantity))


def printable(text: str) -> str:
    """A text that may be shown in a message: whatever cannot be printed becomes a question mark."""
    return text if text.isprintable() else "".join([char if char.isprintable() else "?" for char in text])


def _problems(sale: Sale) -> list[Problem]:
    if len(sale.lines) > MAX_LINES:
        return [Problem("receiptLines", f"a receipt may have at most {MAX_LINES} lines; split the sale")]
    found: list[Problem] = []
    if not (sale.sale_id.isprintable() and sale.invoice_no.isprintable()):
        found.append(Problem("invoiceNo", "control characters are not allowed in saleId and invoiceNo"))
    for index, line in enumerate(sale.lines):
        if not _is_clean(line):
            found += _line_problems(line, f"receiptLines[{index}].")
    for index, payment in enumerate(sale.payments):
        if not is_amount(payment.amount):
            found.append(_amount_problem(f"receiptPayments[{index}].paymentAmount", payment.amount, 2))
    if sale.total is not None and not is_amount(sale.total):
        found.append(_amount_problem("receiptTotal", sale.total, 2))
    if sale.original is not None:
        found += _original_problems(sale.original)
    if sale.date is not None and not is_local_text(sale.date):
        found.append(Problem("receiptDate", "is no date and time that exists"))
    if sale.buyer is not None:
        texts = texts_of(msgspec.to_builtins(sale.buyer), "buyerData")
        found += [Problem(field, _UNPRINTABLE) for field, text in texts if not may_be_printed(text)]
    if sale.notes is not None and not may_be_printed("".join(sale.notes.split())):
        found.append(Problem("receiptNotes", _UNPRINTABLE))
    return found


def _original_problems(original: StatedOriginal) -> list[Problem]:
    found = []
    if not is_local_text(original.date):
        found.append(Problem("originalReceipt.receiptDate", "is no date and time that exists"))
    if not is_amount(original.total):
        found.append(_amount_problem("originalReceipt.receiptTotal", original.total, 2))
    for index, tax in enumerate(original.taxes):
        if tax.percent is not None and not is_amount(tax.percent):
            found.append(_amount_problem(f"originalReceipt.receiptTaxes[{index}].taxPercent", tax.percent, 2))
    return found


def _is_clean(line: SaleLine) -> bool:
    """The quick look that nearly every line passes; `_line_problems` says what is wrong with the others."""
    total = line.total if line.total is not None else _computed(line)
    return (
        total is not None
        and is_line(line.quantity, line.price, total)
        and (line.tax_percent is None or is_amount(line.tax_percent))
        and may_be_printed(line.name)
        and (line.hs_code is None or line.hs_code.isprintable())
        and (line.tax_code is None or line.tax_code.isprintable())
    )


def _computed(line: SaleLine) -> Decimal | None:
    """Price times quantity where both can be held; None says that somebody has to look closer."""
    if line.price is None or not (is_quantity(line.price) and is_quantity(line.quantity)):
        return None
    return line_total(line)


def _line_problems(line: SaleLine, where: str) -> list[Problem]:
    found = []
    if not is_quantity(line.quantity):
        found.append(_amount_problem(where + "receiptLineQuantity", line.quantity, 6))
    if line.price is not None and not is_quantity(line.price):
        found.append(_amount_problem(where + "receiptLinePrice", line.price, 6))
    if line.total is not None and not is_amount(line.total):
        found.append(_amount_problem(where + "receiptLineTotal", line.total, 2))
    if line.total is None and line.price is None:
        found.append(Problem(where + "receiptLineTotal", "is missing; give it, or receiptLinePrice"))
    if line.tax_percent is not None and not is_amount(line.tax_percent):
        found.append(_amount_problem(where + "taxPercent", line.tax_percent, 2))
    if not may_be_printed(line.name):
        found.append(Problem(where + "receiptLineName", _UNPRINTABLE))
    codes = (("receiptLineHSCode", line.hs_code), ("taxCode", line.tax_code))
    found += [Problem(where + member, _UNPRINTABLE) for member, text in codes if text and not text.isprintable()]
    return found or [Problem(where + "receiptLineTotal", "price times quantity is too large to be true")]


def _amount_problem(field: str, amount: Decimal, decimals: int) -> Problem:
    if not amount.is_finite():
        return Problem(field, "must be a plain number")
    if amount.adjusted() >= 15:
        return Problem(field, "is too large to be true")
    return Problem(field, f"has more than {decimals} decimals; round it before sending")


def _sale_id(data: object) -> str | None:
    """The saleId of something that is no sale, for the message; None where there is none to read."""
    try:
        content = msgspec.json.decode(data) if isinstance(data, bytes | str) else data
    except (msgspec.DecodeError, RecursionError):
        return None
    said = content.get("saleId") if isinstance(content, dict) else None
    return printable(said[:100]) if isinstance(said, str) and said else None


def _finding(problem: Problem) -> dict[str, Any]:
    line = _LINE.match(problem.field)
    where = f"Line {int(line[1]) + 1}, {line[2]}" if line else problem.field
    return {"code": "RCPT02", "color": "Red", "advice": f"{where}: {problem.advice}", "field": problem.field}


_LINE = re.compile(r"receiptLines\[(\d+)\]\.(.+)")
_UNPRINTABLE = "control characters cannot be printed; remove them"
