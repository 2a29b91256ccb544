"""From a sale to the draft of a receipt: line numbers, totals, taxes. Pure arithmetic; judges nothing.

Tax is rounded once per group of lines (Gateway v7.2 §13.4); rates come from the device's configuration alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .device import DeviceConfig, Tax
from .money import EXACT, ZERO, plain, round_cents
from .receipt import Line, Payment, Receipt, TaxLine
from .sale import Sale, SaleLine, line_total

TaxKey = tuple[int, str, Decimal | None]


def draft(sale: Sale, config: DeviceConfig, date: str) -> Receipt:
    """The receipt of a sale at a local date, not yet numbered: `counter` and `global_no` are 0.

    A line of a tax that the device does not have keeps the percent that the sale gave; the rulebook refuses it.
    """
    taxes_at = {tax_id: config.tax_at(tax_id, date) for tax_id in {given.tax_id for given in sale.lines}}
    lines = tuple([_line(number, given, taxes_at[given.tax_id]) for number, given in enumerate(sale.lines, 1)])
    inclusive = sale.lines_tax_inclusive
    taxes = tax_lines(lines, inclusive)
    currency = sale.currency.upper()
    return Receipt(
        type=sale.type,
        currency="ZWG" if currency == "ZIG" else currency,  # what people call the Zimbabwe Gold (§21)
        counter=0,
        global_no=0,
        invoice_no=sale.invoice_no,
        date=date,
        lines_tax_inclusive=inclusive,
        lines=lines,
        taxes=taxes,
        payments=tuple([Payment(p.money_type, round_cents(p.amount)) for p in sale.payments]),
        total=round_cents(sale.total) if sale.total is not None else sum([t.sales_with_tax for t in taxes], ZERO),
        # The 48-column form shows prices with tax only (§20).
        print_form=sale.print_form or ("Receipt48" if inclusive else "InvoiceA4"),
        buyer=sale.buyer,
        notes=sale.notes,
        reference=sale.reference,
    )


def tax_totals(lines: Sequence[Line]) -> dict[TaxKey, Decimal]:
    """The sum of the line totals of each distinct (taxID, taxPercent, taxCode)."""
    totals: dict[TaxKey, Decimal] = {}
    for line in lines:
        key = line.tax_id, line.tax_code or "", line.tax_percent
        held = totals.get(key)
        totals[key] = line.total if held is None else held + line.total
    return totals


def tax_lines(lines: Sequence[Line], inclusive: bool) -> tuple[TaxLine, ...]:
    """§13.4: one entry per distinct (taxID, taxPercent, taxCode), ordered by taxID, then taxCode."""
    found = [_tax_line(key, total, inclusive) for key, total in tax_totals(lines).items()]
    if len(found) > 1:
        found.sort(key=_order)
    return tuple(found)


def tax_of(total: Decimal, percent: Decimal | None, inclusive: bool) -> Decimal:
    """The tax of a group's total in cents: S*p/(100+p) when the lines include it, else S*p/100; rounded once."""
    if not percent:
        return ZERO
    return round_cents(_divide(_multiply(total, percent), _HUNDRED + percent if inclusive else _HUNDRED))


def _tax_line(key: TaxKey, total: Decimal, inclusive: bool) -> TaxLine:
    tax_id, code, percent = key
    amount = tax_of(total, percent, inclusive)
    return TaxLine(tax_id, amount, total if inclusive else total + amount, percent, code or None)


def _line(number: int, given: SaleLine, tax: Tax | None) -> Line:
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
        tax_code=given.tax_code or None,
        tax_percent=given.tax_percent if tax is None else tax.percent,
    )


def _order(tax: TaxLine) -> tuple[int, str, Decimal]:
    return tax.tax_id, tax.tax_code or "", _BELOW_ZERO if tax.percent is None else tax.percent


_BELOW_ZERO = Decimal(-1)
_HUNDRED = Decimal(100)
_multiply = EXACT.multiply
_divide = EXACT.divide
