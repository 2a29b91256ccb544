"""A credit note made from the receipt it credits, whole or by lines (Gateway v7.2 §13.6, §13.7). Pure arithmetic.

Prices, totals and payments change their sign, quantities do not; whether it may be issued is the rulebook's business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from .drafting import tax_lines
from .errors import BadInput
from .money import ZERO
from .receipt import Line, MoneyType, NoteReference, Payment, Receipt
from .sale import Sale, SaleLine, SalePayment

LONGEST_INVOICE_NO = 50


class Credit(NamedTuple):
    """What is asked for. `lines`: the original's line numbers, empty for all of them."""

    sale_id: str
    reference: NoteReference
    notes: str
    lines: tuple[int, ...] = ()
    device_id: int | None = None


def credit_note(original: Receipt, so_far: Iterable[Receipt], wanted: Credit) -> Sale:
    """The sale of a credit note. `so_far`: all notes on the original, whose payments are taken into account.

    A discount that directly follows a chosen line goes with it. Raises BadInput for lines the original does not have.
    """
    if original.type == "CreditNote":
        raise BadInput("This is a credit note itself: credit the receipt that it refers to, or sell anew.")
    lines = tuple(_turned(line) for line in _chosen(original.lines, wanted.lines))
    total = sum([tax.sales_with_tax for tax in tax_lines(lines, original.lines_tax_inclusive)], ZERO)
    left = _left(original.payments, so_far)
    return Sale(
        sale_id=wanted.sale_id,
        type="CreditNote",
        currency=original.currency,
        invoice_no=invoice_no(original.invoice_no, wanted.sale_id),
        lines=tuple(_sale_line(line) for line in lines),
        payments=_paid_back(-total, left),
        lines_tax_inclusive=original.lines_tax_inclusive,
        buyer=original.buyer,
        reference=wanted.reference,
        notes=wanted.notes,
        print_form=original.print_form,
        device_id=wanted.device_id,
    )


def same_credit(note: Receipt, sale: Sale) -> bool:
    """Whether a recorded note is the one asked for: what it credits, how much of it, and why."""
    return (
        note.type == sale.type
        and note.reference == sale.reference
        and note.notes == sale.notes
        and [_content(line) for line in note.lines] == [_content(line) for line in sale.lines]
    )


def invoice_no(original: str, sale_id: str) -> str:
    """The note's own invoice number: the original's with a mark made from the saleId, unique and always the same."""
    mark = "-CR" + hashlib.sha256(sale_id.encode()).hexdigest()[:8].upper()
    return original[: LONGEST_INVOICE_NO - len(mark)] + mark


def default_sale_id(receipt_id: str, lines: Collection[int]) -> str:
    """The saleId of a credit that names none: asking twice for the same is one credit note."""
    return f"CREDIT-{receipt_id}" + ("-" + ".".join(map(str, sorted(set(lines)))) if lines else "")


def _chosen(lines: tuple[Line, ...], numbers: tuple[int, ...]) -> list[Line]:
    if not numbers:
        return list(lines)
    unknown = sorted(set(numbers) - {line.no for line in lines})
    if unknown:
        raise BadInput(f"The receipt has no line {unknown[0]}: it has lines 1 to {len(lines)}.")
    chosen: list[Line] = []
    with_sale = False
    for line in lines:
        follows = line.type == "Discount" and with_sale
        if line.no in numbers or follows:
            chosen.append(line)
        with_sale = follows or (line.type == "Sale" and line.no in numbers)
    return chosen


def _turned(line: Line) -> Line:
    price = None if line.price is None else -line.price
    return msgspec.structs.replace(line, price=price, total=-line.total)


def _sale_line(line: Line) -> SaleLine:
    return SaleLine(
        type=line.type,
        name=line.name,
        quantity=line.quantity,
        tax_id=line.tax_id,
        price=line.price,
        total=line.total,
        hs_code=line.hs_code,
        tax_code=line.tax_code,
        tax_percent=line.tax_percent,
    )


def _left(payments: Iterable[Payment], so_far: Iterable[Receipt]) -> dict[MoneyType, Decimal]:
    """What was paid by each kind of money, less what notes have paid back, in the order of the original."""
    left: dict[MoneyType, Decimal] = {}
    for payment in payments:
        left[payment.money_type] = left.get(payment.money_type, ZERO) + payment.amount
    for note in so_far:
        for payment in note.payments:
            left[payment.money_type] = left.get(payment.money_type, ZERO) + payment.amount
    return left


def _paid_back(amount: Decimal, left: Mapping[MoneyType, Decimal]) -> tuple[SalePayment, ...]:
    """The amount by the original's kinds of money in their order; what none covers goes to the first."""
    back: dict[MoneyType, Decimal] = {}
    rest = amount
    for kind, most in left.items():
        part = min(rest, max(most, ZERO))
        if part > 0:
            back[kind] = part
            rest -= part
    if rest > 0 or not back:
        first = next(iter(left))
        back[first] = back.get(first, ZERO) + rest
    return tuple(SalePayment(kind, -part if part else ZERO) for kind, part in back.items())


def _content(line: Line | SaleLine) -> tuple[object, ...]:
    return line.type, line.name, line.quantity, line.price, line.total, line.tax_id, line.tax_code
