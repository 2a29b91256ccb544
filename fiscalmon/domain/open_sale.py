"""A sale that is still being rung up at the counter: lines, discounts, money given; and the sale it becomes.

Pure arithmetic on values. What FDMS thinks of it is the rulebook's business; a draft computes its taxes.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from .errors import BadInput
from .money import CENT, EXACT, ZERO, is_amount, is_quantity, plain, round_cents
from .receipt import Buyer, LineType, MoneyType, NoteReference, PrintForm, ReceiptType
from .sale import MAX_LINES, Sale, SaleLine, SalePayment

HUNDRED = Decimal(100)
MOST_AT_ONCE = Decimal(100_000)


class Off(msgspec.Struct, frozen=True, omit_defaults=True):
    """A discount: so many per cent, else so much."""

    percent: Decimal | None = None
    amount: Decimal = ZERO

    def of(self, total: Decimal) -> Decimal:
        """What comes off a total, never more than all of it."""
        if self.percent is None:
            return min(self.amount, total)
        return round_cents(EXACT.divide(EXACT.multiply(total, self.percent), HUNDRED))

    @property
    def words(self) -> str:
        return "Discount" if self.percent is None else f"Discount {plain(self.percent):f}%"


class OpenLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is bought. `sku` is "" for one that stands in no list. `price` has the tax in it."""

    name: str
    tax_id: int
    price: Decimal
    quantity: Decimal = Decimal(1)
    hs_code: str = ""
    sku: str = ""
    off: Off | None = None

    @property
    def gross(self) -> Decimal:
        return round_cents(EXACT.multiply(self.price, self.quantity))

    @property
    def discount(self) -> Decimal:
        return self.off.of(self.gross) if self.off else ZERO

    @property
    def net(self) -> Decimal:
        return self.gross - self.discount


class Tender(msgspec.Struct, frozen=True, omit_defaults=True):
    """Money that was given. `rate`: units of its currency for one unit of the sale's."""

    kind: MoneyType
    currency: str
    amount: Decimal
    rate: Decimal = Decimal(1)

    @property
    def worth(self) -> Decimal:
        """In the sale's currency."""
        return round_cents(EXACT.divide(self.amount, self.rate))


class OpenSale(msgspec.Struct, frozen=True, omit_defaults=True):
    """`sale_id` is given when the sale begins and never changes: whatever is pressed twice is sold once."""

    sale_id: str
    currency: str = "USD"
    lines: tuple[OpenLine, ...] = ()
    off: Off | None = None
    tenders: tuple[Tender, ...] = ()
    buyer: Buyer | None = None
    type: ReceiptType = "FiscalInvoice"
    reference: NoteReference | None = None
    notes: str = ""
    print_form: PrintForm = "Receipt48"

    @property
    def subtotal(self) -> Decimal:
        """After the lines' discounts, before the sale's own."""
        return sum((line.net for line in self.lines), ZERO)

    @property
    def discount(self) -> Decimal:
        return self.off.of(self.subtotal) if self.off else ZERO

    @property
    def due(self) -> Decimal:
        return self.subtotal - self.discount

    @property
    def empty(self) -> bool:
        """Whether nothing would be lost by forgetting it."""
        return not (self.lines or self.tenders or self.buyer or self.notes)


class Settlement(NamedTuple):
    """What the money given comes to. `payments` are in the sale's currency, the change taken off; `problem` or ""."""

    payments: tuple[SalePayment, ...]
    paid: Decimal
    missing: Decimal
    change: Decimal
    problem: str = ""


class Written(NamedTuple):
    """The sale as FDMS will see it, and for each of its lines the open line it comes from (None: the whole sale's)."""

    sale: Sale
    rows: tuple[int | None, ...]


def settle(sale: OpenSale) -> Settlement:
    """Adds up the money; only cash gives change."""
    by_kind: dict[MoneyType, Decimal] = {}
    for tender in sale.tenders:
        by_kind[tender.kind] = by_kind.get(tender.kind, ZERO) + tender.worth
    paid = sum(by_kind.values(), ZERO)
    over = max(paid - sale.due, ZERO)
    cash = by_kind.get("Cash", ZERO)
    change = min(over, cash)
    if change:
        by_kind["Cash"] = cash - change
    problem = ""
    if over > change:
        problem = f"{over - change} too much was given without cash: only cash gives change. Take a payment back."
    payments = tuple(SalePayment(kind, amount) for kind, amount in by_kind.items() if amount)
    if not payments and not sale.due:
        payments = (SalePayment("Cash", ZERO),)  # FDMS wants one payment, also of nothing
    return Settlement(payments, paid, max(sale.due - paid, ZERO), change, problem)


def write_sale(sale: OpenSale, *, assume_paid: bool = False) -> Written:
    """The sale for the till. `assume_paid`: as if all of it were given in cash, to be judged before."""
    lines: list[SaleLine] = []
    rows: list[int | None] = []
    for index, line in enumerate(sale.lines):
        lines.append(_line("Sale", line.name, line, line.price, line.quantity))
        rows.append(index)
        if line.off and line.discount:
            lines.append(_line("Discount", line.off.words, line, -line.discount))
            rows.append(index)
    words = sale.off.words if sale.off else ""
    for largest, share in _shares(sale):
        lines.append(_line("Discount", words, largest, -share))
        rows.append(None)
    settled = settle(sale)
    payments = settled.payments
    if assume_paid:
        payments = (SalePayment("Cash", sale.due),)
    written = Sale(
        sale_id=sale.sale_id,
        type=sale.type,
        currency=sale.currency,
        invoice_no=sale.sale_id,
        lines=tuple(lines),
        payments=payments,
        buyer=sale.buyer,
        reference=sale.reference,
        notes=_notes(sale, settled) or None,
        print_form=sale.print_form,
        total=sale.due,
    )
    return Written(written, tuple(rows))


def add(sale: OpenSale, line: OpenLine) -> OpenSale:
    """One line more; the same product again raises its quantity. Raises BadInput."""
    if len(sale.lines) >= MAX_LINES // 2:
        raise BadInput("The sale has as many lines as a receipt may have: take the money, then go on with another.")
    last = len(sale.lines) - 1
    for index in range(last, -1, -1):
        held = sale.lines[index]
        same = held.sku and held.sku == line.sku and held.price == line.price and held.tax_id == line.tax_id
        if same and held.off is None:
            return change_line(sale, index, quantity=held.quantity + line.quantity)
    return msgspec.structs.replace(sale, lines=(*sale.lines, _sound(line)))


def change_line(
    sale: OpenSale, index: int, *, quantity: Decimal | None = None, price: Decimal | None = None, off: Off | None = None
) -> OpenSale:
    """A line with another quantity, price or discount (`Off()` takes it away). Raises BadInput."""
    line = _at(sale, index)
    if quantity is not None:
        line = msgspec.structs.replace(line, quantity=quantity)
    if price is not None:
        line = msgspec.structs.replace(line, price=price)
    if off is not None:
        line = msgspec.structs.replace(line, off=_sound_off(off, line.gross))
    return msgspec.structs.replace(sale, lines=(*sale.lines[:index], _sound(line), *sale.lines[index + 1 :]))


def void_line(sale: OpenSale, index: int) -> OpenSale:
    """Without that line. Raises BadInput."""
    _at(sale, index)
    return msgspec.structs.replace(sale, lines=(*sale.lines[:index], *sale.lines[index + 1 :]))


def take_off(sale: OpenSale, off: Off) -> OpenSale:
    """A discount on the whole sale; `Off()` takes it away. Raises BadInput."""
    return msgspec.structs.replace(sale, off=_sound_off(off, sale.subtotal))


def give(sale: OpenSale, tender: Tender) -> OpenSale:
    """Money over the counter. Raises BadInput."""
    if not is_amount(tender.amount) or tender.amount <= 0:
        raise BadInput("An amount given must be above zero, with at most two decimals.")
    if tender.worth <= 0:
        raise BadInput(f"{tender.amount} {tender.currency} is less than one cent of {sale.currency}.")
    if tender.amount >= Decimal(10) ** 12:
        raise BadInput("That amount is too large to be true: was something scanned into it?")
    return msgspec.structs.replace(sale, tenders=(*sale.tenders, tender))


def take_back(sale: OpenSale, index: int) -> OpenSale:
    """Without that payment."""
    return msgspec.structs.replace(sale, tenders=(*sale.tenders[:index], *sale.tenders[index + 1 :]))


def rate_between(per_usd: Mapping[str, Decimal], currency: str, base: str) -> Decimal | None:
    """Units of `currency` for one unit of `base` by the shop's rates (units for one USD); None where one is missing."""
    known = {"USD": Decimal(1), **per_usd}
    if currency == base:
        return Decimal(1)
    if currency not in known or base not in known:
        return None
    return EXACT.divide(known[currency], known[base])


def _at(sale: OpenSale, index: int) -> OpenLine:
    if not 0 <= index < len(sale.lines):
        raise BadInput("There is no such line: scan or type something first.")
    return sale.lines[index]


def _sound(line: OpenLine) -> OpenLine:
    if not (is_quantity(line.quantity) and 0 < line.quantity < MOST_AT_ONCE):
        raise BadInput("A quantity must be above zero and below 100,000, with at most 6 decimals.")
    if not (is_quantity(line.price) and line.price > 0):
        raise BadInput("A price must be above zero, with at most 6 decimals.")
    if line.gross < CENT:
        raise BadInput("Price times quantity is less than a cent.")
    return line


def _sound_off(off: Off, total: Decimal) -> Off | None:
    if off.percent is not None and not 0 <= off.percent <= HUNDRED:
        raise BadInput("A discount is 0 to 100 per cent.")
    if off.percent is None and (not is_amount(off.amount) or off.amount < 0 or off.amount > total):
        raise BadInput(f"A discount is at most {total}, with at most two decimals.")
    return off if off.percent or off.amount else None


def _line(kind: LineType, name: str, of: OpenLine, price: Decimal, quantity: Decimal = Decimal(1)) -> SaleLine:
    return SaleLine(
        type=kind,
        name=name,
        quantity=plain(quantity),
        tax_id=of.tax_id,
        price=plain(price),
        total=round_cents(EXACT.multiply(price, quantity)),
        hs_code=of.hs_code or None,
    )


def _shares(sale: OpenSale) -> list[tuple[OpenLine, Decimal]]:
    """The sale's discount shared out over its taxes by what they come to, to the cent, each with its largest line."""
    groups: dict[int, Decimal] = {}
    largest: dict[int, OpenLine] = {}
    for line in sale.lines:
        groups[line.tax_id] = groups.get(line.tax_id, ZERO) + line.net
        if line.tax_id not in largest or line.net > largest[line.tax_id].net:
            largest[line.tax_id] = line
    left, rest = sale.discount, sum(groups.values(), ZERO)
    shares = []
    for tax_id, total in groups.items():
        # Of what is left over what is left: the last group gets the rest, so the shares add up.
        share = min(total, round_cents(EXACT.divide(EXACT.multiply(left, total), rest))) if rest else ZERO
        left, rest = left - share, rest - total
        if share:
            shares.append((largest[tax_id], share))
    return shares


def _notes(sale: OpenSale, settled: Settlement) -> str:
    """Foreign money stands on the paper: FDMS takes a receipt in one currency only."""
    given = [
        f"{tender.kind} {tender.amount} {tender.currency} at {tender.rate.quantize(Decimal('0.0001')).normalize():f}"
        for tender in sale.tenders
        if tender.currency != sale.currency
    ]
    if not given:
        return sale.notes
    text = f"Paid with {', '.join(given)} for 1 {sale.currency}; change {settled.change} {sale.currency}."
    return f"{sale.notes} {text}".strip()[:500]
