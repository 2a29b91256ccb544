"""A sale being rung up as its page shows it: lines, total, taxes, money, findings, and how it ended.

Must not know Qt nor call the engine. Totals and taxes come from the same drafting that makes the receipt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from fiscalmon.domain import drafting
from fiscalmon.domain.device import DeviceConfig, band_name
from fiscalmon.domain.money import plain
from fiscalmon.domain.open_sale import OpenLine, OpenSale, Written, settle, write_sale
from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words
from ui.presenters.debit import heading

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "Cash": QT_TRANSLATE_NOOP("sale_view", "Cash"),
        "Card": QT_TRANSLATE_NOOP("sale_view", "Card"),
        "MobileWallet": QT_TRANSLATE_NOOP("sale_view", "Mobile money"),
        "Coupon": QT_TRANSLATE_NOOP("sale_view", "Coupon"),
        "Credit": QT_TRANSLATE_NOOP("sale_view", "On account"),
        "BankTransfer": QT_TRANSLATE_NOOP("sale_view", "Bank transfer"),
        "Other": QT_TRANSLATE_NOOP("sale_view", "Other"),
    }
)
_LINE_NUMBER = re.compile(r" on line \d+|^Line \d+: ")
# What only counts once money is given, or once it is handed in: not said while a sale is rung up.
_LATER = frozenset({"RCPT018", "RCPT039"})


@dataclass(frozen=True)
class LineView:
    """One row. `state` is "", "attention" or "failed" by the findings in `note`."""

    name: str
    quantity: str
    price: str
    total: str
    note: str = ""
    state: str = ""

    def spoken(self) -> str:
        parts = (
            self.name,
            translate("sale_view", "{quantity} at {price}").format(quantity=self.quantity, price=self.price),
            translate("sale_view", "total {total}").format(total=self.total),
            self.note,
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class TenderView:
    what: str
    amount: str


@dataclass(frozen=True)
class SaleView:
    """The whole page but the entry fields. `due` and `change` are "" when there is none."""

    lines: tuple[LineView, ...]
    currency: str
    total: str
    pieces: str
    taxes: tuple[tuple[str, str], ...]
    discount: str
    tenders: tuple[TenderView, ...]
    missing: str
    change: str
    buyer: str
    notices: tuple[tuple[str, str], ...]
    can_pay: bool
    heading: str = field(default_factory=lambda: translate("sale_view", "Sell"))
    why: str = ""

    @property
    def empty(self) -> bool:
        return not self.lines


@dataclass(frozen=True)
class ResultView:
    """How the last sale ended: state "ok", "attention" or "failed"; `change` is "" when none is due."""

    state: str
    title: str
    total: str
    change: str
    note: str


def present(
    sale: OpenSale, config: DeviceConfig | None, now: str, findings: Sequence[Mapping[str, Any]] = ()
) -> SaleView:
    """`findings`: those of `judged` for this very sale."""
    written = write_sale(sale, assume_paid=True)
    notes, notices = _sorted(findings, written)
    settled = settle(sale)
    if settled.problem:
        notices.append(("failed", settled.problem))
    return SaleView(
        lines=tuple(_line(line, notes.get(index, ())) for index, line in enumerate(sale.lines)),
        currency=sale.currency,
        total=words.money(sale.due),
        pieces=_pieces(sale),
        taxes=_taxes(written, config, now) if config and sale.lines else (),
        discount=words.money(sale.discount) if sale.discount else "",
        tenders=tuple(
            TenderView(
                translate("sale_view", KINDS[tender.kind])
                + ("" if tender.currency == sale.currency else f" {tender.currency} {words.money(tender.amount)}"),
                words.money(tender.worth),
            )
            for tender in sale.tenders
        ),
        missing=words.money(settled.missing) if settled.missing and sale.lines else "",
        change=words.money(settled.change) if settled.change and sale.lines else "",
        buyer=words.sentence(sale.buyer.register_name) if sale.buyer else "",
        notices=tuple(notices),
        can_pay=bool(sale.lines) and not settled.missing and not settled.problem,
        heading=heading(sale),
        why=words.sentence(sale.notes) if sale.reference else "",
    )


def sold(result: Mapping[str, Any]) -> ResultView:
    """The result of a sale or a credit note, first as it was signed, later as FDMS answered."""
    number = words.count(int(result["receiptGlobalNo"]))
    currency, status = str(result["receiptCurrency"]), str(result.get("status"))
    change = result.get("change")
    what = {"CreditNote": translate("sale_view", "Credit note"), "DebitNote": translate("sale_view", "Debit note")}.get(
        str(result.get("receiptType")), translate("sale_view", "Receipt")
    )
    state, note = {
        "completed": ("ok", translate("sale_view", "Accepted by FDMS")),
        "failed": (
            "failed",
            translate("sale_view", "FDMS found a fault: {first_advice}").format(first_advice=_first_advice(result)),
        ),
        "queued": ("attention", translate("sale_view", "Signed. FDMS cannot be reached: it goes out by itself")),
    }.get(status, ("ok", translate("sale_view", "Signed and on its way to FDMS")))
    if result.get("otherContent"):
        state = "attention"
        note = translate(
            "sale_view",
            "This sale had been recorded before it was changed: what stands here is what was sold. Ring up the rest",
        )
    elif result.get("repeated") and status not in ("failed", "queued"):
        note = translate("sale_view", "It had been recorded already; it was not sold twice. {note}").format(note=note)
    return ResultView(
        state,
        f"{what} {number}",
        f"{currency} {words.money(result['receiptTotal'])}",
        f"{currency} {words.money(change)}" if change else "",
        note,
    )


def _first_advice(result: Mapping[str, Any]) -> str:
    errors = result.get("validationErrors") or ()
    first = errors[0] if errors else {}
    return words.sentence(first.get("advice") or first.get("code") or translate("sale_view", "see the receipt"))


def _line(line: OpenLine, notes: Sequence[tuple[str, str]]) -> LineView:
    said = [f"{line.off.words} −{words.money(line.discount)}"] if line.off and line.discount else []
    said += [text for _, text in notes]
    states = [state for state, _ in notes]
    state = "failed" if "failed" in states else "attention" if states else ""
    return LineView(
        words.sentence(line.name),
        number(line.quantity),
        price(line.price),
        words.money(line.net),
        " · ".join(said),
        state,
    )


def number(value: Decimal) -> str:
    """A quantity: "3", "0.75", "1,200"."""
    return f"{plain(value):,f}"


def price(value: Decimal) -> str:
    """Two decimals, more only where it has more."""
    exact = f"{plain(value):,f}"
    return words.money(value) if len(exact.partition(".")[2]) <= 2 else exact


def _pieces(sale: OpenSale) -> str:
    if not sale.lines:
        return translate("sale_view", "Nothing yet")
    return words.plural(len(sale.lines), "line")


def _taxes(written: Written, config: DeviceConfig, now: str) -> tuple[tuple[str, str], ...]:
    """(band, tax in it) by the receipt's own arithmetic."""
    receipt = drafting.draft(written.sale, config, now)
    rows = []
    for tax in receipt.taxes:
        known = config.tax_at(tax.tax_id, now)
        if tax.amount:
            name = (
                known.name
                if known and known.withholding
                else translate("sale_view", "VAT {band_name}").format(band_name=band_name(tax.percent))
            )
            rows.append((words.sentence(name), words.money(tax.amount)))
    return tuple(rows)


def _sorted(
    findings: Sequence[Mapping[str, Any]], written: Written
) -> tuple[dict[int, list[tuple[str, str]]], list[tuple[str, str]]]:
    """Findings by the open line they are about, and those about the sale as a whole; each (state, words)."""
    by_line: dict[int, list[tuple[str, str]]] = {}
    whole: list[tuple[str, str]] = []
    for finding in findings:
        if finding.get("code") in _LATER:
            continue
        state = "attention" if finding.get("color") == "Yellow" else "failed"
        text = words.sentence(finding.get("advice"))
        row = _row(str(finding.get("field") or ""), written.rows)
        if row is None and str(finding.get("field")).startswith("receiptLines["):
            continue  # of the sale's discount: the line that it was made from says the same
        place = whole if row is None else by_line.setdefault(row, [])
        # Discounts are lines of the receipt too: its numbers are not those on the screen.
        said = (state, text if row is None else _LINE_NUMBER.sub("", text))
        if said not in place:
            place.append(said)
    return by_line, whole


def _row(field: str, rows: Sequence[int | None]) -> int | None:
    """The open line behind "receiptLines[3].taxID"."""
    if not field.startswith("receiptLines["):
        return None
    index = field.removeprefix("receiptLines[").partition("]")[0]
    return rows[int(index)] if index.isdigit() and int(index) < len(rows) else None
