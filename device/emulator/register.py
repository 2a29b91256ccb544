"""The fiscal register inside a printer: the open receipt, its sums, the day's totals, document and closure numbers.

Pure arithmetic and states; must not know frames, paper or dialects. Amounts have cents; tax groups are 0 to 7."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from .refusals import Refusal, demand

Kind = Literal["fiscal", "refund", "nonfiscal"]
CENT = Decimal("0.01")
ZERO = Decimal("0.00")
GROUPS = 8
MOST_ITEMS = 512
# More does not fit into the nine digits of an answer.
MOST_AMOUNT = Decimal("9999999.99")


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass
class OpenReceipt:
    """A receipt that was begun. `paid` is what has been tendered, `payments` by mode."""

    kind: Kind
    items: int = 0
    taxes: list[Decimal] = field(default_factory=lambda: [ZERO] * GROUPS)
    payments: dict[str, Decimal] = field(default_factory=dict)
    paid: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return sum(self.taxes, ZERO)

    @property
    def tendered(self) -> bool:
        return bool(self.payments)


class Closure:
    """The last daily closure, as command 40h reads it."""

    def __init__(self, number: int, totals: list[Decimal], refunds: list[Decimal], at: datetime | None) -> None:
        self.number, self.totals, self.refunds, self.at = number, totals, refunds, at


class Day:
    """The sums since the last closure: by tax group, by means of payment, and the drawer."""

    def __init__(self) -> None:
        self.totals = [ZERO] * GROUPS
        self.refunds = [ZERO] * GROUPS
        self.payments: dict[str, Decimal] = {}
        self.receipts = 0
        self.cash_in = ZERO
        self.cash_out = ZERO

    def take(self, receipt: OpenReceipt) -> None:
        """Add a closed receipt; change was given in cash."""
        refund = receipt.kind == "refund"
        into = self.refunds if refund else self.totals
        for group, tax in enumerate(receipt.taxes):
            into[group] += tax
        change = receipt.paid - receipt.total
        for mode, paid in receipt.payments.items():
            kept = paid - change if mode == "P" else paid
            self.payments[mode] = self.payments.get(mode, ZERO) + (-kept if refund else kept)
        self.receipts += 1

    @property
    def cash(self) -> Decimal:
        return self.payments.get("P", ZERO) + self.cash_in - self.cash_out

    def move_cash(self, amount: Decimal) -> None:
        if amount >= 0:
            self.cash_in += amount
        else:
            self.cash_out -= amount


class Register:
    """What a fiscal printer remembers through a loss of power."""

    def __init__(self) -> None:
        self.receipt: OpenReceipt | None = None
        self.last_document = 0
        self.last_fiscal = 0
        self.last_nonfiscal = 0
        self.closures = 0
        self.last_closure = Closure(0, [ZERO] * GROUPS, [ZERO] * GROUPS, None)
        self.day = Day()
        self.memory: Literal["ok", "near-full", "full", "error"] = "ok"

    @property
    def fiscal_open(self) -> bool:
        return self.receipt is not None and self.receipt.kind != "nonfiscal"

    @property
    def nonfiscal_open(self) -> bool:
        return self.receipt is not None and self.receipt.kind == "nonfiscal"

    def may_open(self, kind: Kind) -> None:
        """Raises Refusal unless a receipt of this kind may begin now."""
        demand(self.receipt is None)
        if kind != "nonfiscal":
            demand(self.memory in ("ok", "near-full"), "memory")

    def open(self, kind: Kind) -> None:
        self.may_open(kind)
        self.receipt = OpenReceipt(kind)

    def fiscal(self) -> OpenReceipt:
        """The open fiscal receipt. Raises Refusal where there is none."""
        receipt = self.receipt
        if receipt is None or receipt.kind == "nonfiscal":
            raise Refusal("state")
        return receipt

    def selling(self) -> OpenReceipt:
        """The same, as long as nothing has been tendered."""
        receipt = self.fiscal()
        demand(not receipt.tendered)
        return receipt

    def may_sell(self, group: int, amount: Decimal) -> None:
        receipt = self.selling()
        demand(receipt.items < MOST_ITEMS)
        demand(0 <= group < GROUPS, "syntax")
        demand(abs(receipt.total + amount) <= MOST_AMOUNT, "overflow")

    def sell(self, group: int, amount: Decimal) -> None:
        self.may_sell(group, amount)
        receipt = self.selling()
        receipt.items += 1
        receipt.taxes[group] += amount

    def spread(self, change: Decimal) -> list[Decimal]:
        """A discount or surcharge on the whole, by tax group in proportion; the last group takes the odd cents."""
        receipt = self.selling()
        total = receipt.total
        demand(total > 0 and total + change >= 0)
        shares = [cents(change * tax / total) for tax in receipt.taxes]
        last = max(index for index, tax in enumerate(receipt.taxes) if tax)
        shares[last] += change - sum(shares, ZERO)
        return [tax + share for tax, share in zip(receipt.taxes, shares, strict=True)]

    def pay(self, mode: str, amount: Decimal | None) -> tuple[str, Decimal]:
        """(code, amount): D and what is left, R and the change, E and the sum where it is negative.

        `amount` None pays the rest.
        """
        receipt = self.fiscal()
        if receipt.total < 0:
            return "E", receipt.total
        if any(tax < 0 for tax in receipt.taxes):
            return "I", receipt.total
        rest = receipt.total - receipt.paid
        given = max(rest, ZERO) if amount is None else amount
        demand(ZERO <= given <= MOST_AMOUNT, "payment")
        receipt.paid += given
        receipt.payments[mode] = receipt.payments.get(mode, ZERO) + given
        if given < rest:
            return "D", rest - given
        return "R", given - rest

    def may_close(self) -> OpenReceipt:
        receipt = self.fiscal()
        demand(receipt.tendered and receipt.paid >= receipt.total)
        return receipt

    def close(self) -> int:
        """The document number that the receipt got."""
        receipt = self.may_close()
        self.day.take(receipt)
        self.receipt = None
        self.last_fiscal += 1
        return self.count()

    def may_cancel(self) -> None:
        demand(not self.fiscal().tendered)

    def cancel(self) -> None:
        self.may_cancel()
        self.receipt = None

    def close_nonfiscal(self) -> int:
        demand(self.nonfiscal_open)
        self.receipt = None
        self.last_nonfiscal += 1
        return self.count()

    def count(self) -> int:
        """One more document is closed; its number."""
        self.last_document += 1
        return self.last_document

    def may_report(self, *, closing: bool) -> None:
        demand(self.receipt is None)
        if closing:
            demand(self.memory in ("ok", "near-full"), "memory")

    def end_day(self, at: datetime) -> Closure:
        """The daily closure: totals into memory, the day begins anew."""
        self.may_report(closing=True)
        self.closures += 1
        self.last_closure = Closure(self.closures, self.day.totals, self.day.refunds, at)
        self.day = Day()
        return self.last_closure

    def view(self) -> dict[str, Any]:
        receipt = self.receipt
        shown = None
        if receipt is not None:
            shown = {
                "kind": receipt.kind,
                "items": receipt.items,
                "total": str(receipt.total),
                "paid": str(receipt.paid),
                "tendered": receipt.tendered,
            }
        return {
            "receiptOpen": receipt is not None,
            "receipt": shown,
            "lastDocument": self.last_document,
            "counters": {
                "documents": self.last_document,
                "fiscal": self.last_fiscal,
                "nonFiscal": self.last_nonfiscal,
                "dayReceipts": self.day.receipts,
                "closures": self.closures,
            },
            "dayTotals": [str(total) for total in self.day.totals],
            "dayPayments": {mode: str(paid) for mode, paid in self.day.payments.items()},
            "fiscalMemory": self.memory,
        }
