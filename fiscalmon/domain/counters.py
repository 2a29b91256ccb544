"""Fiscal counters of a day (Gateway v7.2 §15): what each receipt adds, and the order in which they are signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

from .money import cents, from_cents
from .receipt import MONEY_TYPES, Receipt, Value

CounterType = Literal[
    "SaleByTax",
    "SaleTaxByTax",
    "CreditNoteByTax",
    "CreditNoteTaxByTax",
    "DebitNoteByTax",
    "DebitNoteTaxByTax",
    "BalanceByMoneyType",
    "PayoutByTax",
    "PayoutTaxByTax",
]
COUNTER_TYPES: tuple[CounterType, ...] = (
    "SaleByTax",
    "SaleTaxByTax",
    "CreditNoteByTax",
    "CreditNoteTaxByTax",
    "DebitNoteByTax",
    "DebitNoteTaxByTax",
    "BalanceByMoneyType",
    "PayoutByTax",
    "PayoutTaxByTax",
)
_BY_RECEIPT: Mapping[str, tuple[CounterType, CounterType]] = MappingProxyType(
    {
        "FiscalInvoice": ("SaleByTax", "SaleTaxByTax"),
        "CreditNote": ("CreditNoteByTax", "CreditNoteTaxByTax"),
        "DebitNote": ("DebitNoteByTax", "DebitNoteTaxByTax"),
    }
)


class Counter(
    Value,
    frozen=True,
    rename={
        "type": "fiscalCounterType",
        "currency": "fiscalCounterCurrency",
        "value": "fiscalCounterValue",
        "tax_id": "fiscalCounterTaxID",
        "tax_percent": "fiscalCounterTaxPercent",
        "money_type": "fiscalCounterMoneyType",
    },
):
    """One counter as closeDay and getStatus carry it; `tax_percent` is absent for exempt."""

    type: CounterType
    currency: str
    value: Decimal
    tax_id: int | None = None
    tax_percent: Decimal | None = None
    money_type: str | None = None


class CounterKey(NamedTuple):
    """What makes a counter one: its type, currency, and tax (id and percent text) or money type.

    `percent` is "" for exempt and for balances, else two decimals; `tax_id` is 0 for balances.
    """

    type: str
    currency: str
    tax_id: int
    percent: str
    money_type: str


def moves(receipt: Receipt) -> list[tuple[CounterKey, int]]:
    """What a receipt adds, in cents as sent: credit notes are negative already (§15)."""
    by_tax, tax_by_tax = _BY_RECEIPT[receipt.type]
    currency = receipt.currency
    added: list[tuple[CounterKey, int]] = []
    for tax in receipt.taxes:
        percent = "" if tax.percent is None else f"{tax.percent:.2f}"
        added.append((CounterKey(by_tax, currency, tax.tax_id, percent, ""), cents(tax.sales_with_tax)))
        amount = cents(tax.amount)
        if amount:
            added.append((CounterKey(tax_by_tax, currency, tax.tax_id, percent, ""), amount))
    for payment in receipt.payments:
        key = CounterKey("BalanceByMoneyType", currency, 0, "", payment.money_type)
        added.append((key, cents(payment.amount)))
    return added


def fold(receipts: Iterable[Receipt]) -> dict[CounterKey, int]:
    """The counters of a day from all its receipts, in cents."""
    totals: dict[CounterKey, int] = {}
    for receipt in receipts:
        for key, value in moves(receipt):
            totals[key] = totals.get(key, 0) + value
    return totals


def from_totals(totals: Mapping[CounterKey, int]) -> list[Counter]:
    """Counters for the wire: zero ones left out, in the order in which they are signed."""
    return sorted_counters(
        Counter(
            type=key.type,  # type: ignore[arg-type]  # keys are made from CounterType alone
            currency=key.currency,
            value=from_cents(value),
            tax_id=None if key.money_type else key.tax_id,
            tax_percent=Decimal(key.percent) if key.percent else None,
            money_type=key.money_type or None,
        )
        for key, value in totals.items()
    )


def to_totals(counters: Iterable[Counter]) -> dict[CounterKey, int]:
    """The way back, so that two lists of counters can be compared whatever their order."""
    totals: dict[CounterKey, int] = {}
    for counter in counters:
        percent = "" if counter.tax_percent is None else f"{counter.tax_percent:.2f}"
        key = CounterKey(counter.type, counter.currency, counter.tax_id or 0, percent, counter.money_type or "")
        if value := cents(counter.value):
            totals[key] = totals.get(key, 0) + value
    return totals


def sorted_counters(counters: Iterable[Counter]) -> list[Counter]:
    """Non-zero counters by type in enum order, currency, then tax id (and percent) or money type in enum order."""
    return sorted((c for c in counters if c.value), key=_order)


def _order(counter: Counter) -> tuple[int, str, int, Decimal]:
    if counter.money_type is not None:
        third = MONEY_TYPES.index(counter.money_type)
    else:
        third = counter.tax_id or 0
    percent = counter.tax_percent if counter.tax_percent is not None else Decimal(-1)
    return COUNTER_TYPES.index(counter.type), counter.currency, third, percent
