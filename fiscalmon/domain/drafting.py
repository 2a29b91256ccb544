"""From a sale to the draft of a receipt: line numbers, totals, taxes. Pure arithmetic; judges nothing.

Tax is rounded once per group of lines (Gateway v7.2 §13.4); rates come from the device's configuration alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .device import DeviceConfig
from .money import EXACT, ZERO, plain, round_cents
from .receipt import Line, Payment, Receipt, TaxLine
from .sale import Sale, SaleLine, line_total

_HUNDRED = Decimal(100)


def draft(sale: Sale, config: DeviceConfig, date: str) -> Receipt:
    """The receipt of a sale at a local date, not yet numbered: `counter` and `global_no` are 0.

    A line of a tax that the device does not have keeps the percent that the sale gave; the rulebook refuses it.
    """
    lines = tuple([_line(number, given, config, date) for number, given in enumerate(sale.lines, 1)])
    taxes = tax_lines(lines, sale.lines_tax_inclusive)
    return Receipt(
        type=sale.type,
        currency=sale.currency.upper(),
        counter=0,
        global_no=0,
        invoice_no=sale.invoice_no,
        date=date,
        lines_tax_inclusive=sale.lines_tax_inclusive,
        lines=lines,
        taxes=taxes,
        payments=tuple([Payment(p.money_type, round_cents(p.amount)) for p in sale.payments]),
        total=round_cents(sale.total) if sale.total is not None else sum((t.sales_with_tax for t in taxes), ZERO),
        print_form=sale.print_form or "Receipt48",
        buyer=sale.buyer,
        notes=sale.notes,
        reference=sale.reference,
    )


def tax_lines(lines: Sequence[Line], inclusive: bool) -> tuple[TaxLine, ...]:
    """§13.4: one entry per distinct (taxID, taxPercent, taxCode), ordered by taxID, then taxCode."""
    groups: dict[tuple[int, str, Decimal | None], Decimal] = {}
    for line in lines:
        key = line.tax_id, line.tax_code or "", line.tax_percent
        held = groups.get(key)
        groups[key] = line.total if held is None else EXACT.add(held, line.total)
    found = [_tax_line(key, total, inclusive) for key, total in groups.items()]
    if len(found) > 1:
        found.sort(key=lambda tax: (tax.tax_id, tax.tax_code or "", -1 if tax.percent is None else tax.percent))
    return tuple(found)


def tax_of(total: Decimal, percent: Decimal | None, inclusive: bool) -> Decimal:
    """The tax of a group's total, unrounded: S*p/(100+p) when the lines include it, else S*p/100."""
    if not percent:
        return ZERO
    divisor = EXACT.add(_HUNDRED, percent) if inclusive else _HUNDRED
    return EXACT.divide(EXACT.multiply(total, percent), divisor)


def _tax_line(key: tuple[int, str, Decimal | None], total: Decimal, inclusive: bool) -> TaxLine:
    tax_id, code, percent = key
    amount = round_cents(tax_of(total, percent, inclusive)) if percent else ZERO
    with_tax = total if inclusive or not percent else round_cents(EXACT.add(total, tax_of(total, percent, False)))
    return TaxLine(tax_id, amount, with_tax, percent, code or None)


def _line(number: int, given: SaleLine, config: DeviceConfig, date: str) -> Line:
    tax = config.tax_at(given.tax_id, date)
    total = line_total(given)
    return Line(
        type=given.type,
        no=number,
        name=given.name,
        quantity=plain(given.quantity),
        total=ZERO if total is None else round_cents(total),
        tax_id=given.tax_id,
        hs_code=given.hs_code,
        price=None if given.price is None else plain(given.price),
        tax_code=given.tax_code,
        tax_percent=given.tax_percent if tax is None else tax.percent,
    )
