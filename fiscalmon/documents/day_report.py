"""X and Z reports (Gateway v7.2 §20): a day's counters as net, tax and gross by tax, and its documents.

Figures come from the signed counters alone; documents are counted from the receipts, and the two must agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from ..domain.counters import Counter, CounterKey, from_totals
from ..domain.day_record import DayRecord
from ..domain.device import DeviceConfig, band_name
from ..domain.money import ZERO, from_cents, plain
from ..domain.receipt import MONEY_TYPES, RECEIPT_TYPES
from .layout import cells, centred, pair, row, safe, wrapped
from .receipt_document import MONEY_WORDS, Fact, amount, paper_date, seller_facts

_GROSS = frozenset({"SaleByTax", "CreditNoteByTax", "DebitNoteByTax"})
_TAX = frozenset({"SaleTaxByTax", "CreditNoteTaxByTax", "DebitNoteTaxByTax"})
_DOCUMENT_WORDS = ("Invoices", "Credit notes", "Debit notes")
# How many receipts of a type in a currency a day has, and their total.
Documents = Mapping[tuple[str, str], tuple[int, Decimal]]


class TaxFigures(msgspec.Struct, frozen=True, rename={"tax_id": "taxID", "percent": "taxPercent", "name": "taxName"}):
    """One tax in one currency; credit notes are in it with their negative amounts. `percent` is None for exempt."""

    tax_id: int
    percent: Decimal | None
    name: str
    band: str
    net: Decimal
    tax: Decimal
    gross: Decimal


class DocumentFigures(msgspec.Struct, frozen=True, rename={"type": "receiptType"}):
    """The receipts of one type in one currency."""

    type: str
    quantity: int
    amount: Decimal


class PaymentFigures(msgspec.Struct, frozen=True, rename={"money_type": "moneyTypeCode"}):
    """What one way of paying brought in one currency."""

    money_type: str
    amount: Decimal


class CurrencyFigures(msgspec.Struct, frozen=True, rename="camel"):
    """A day in one currency. `taxes` by descending percent, exempt last; `documents` always has all three types."""

    currency: str
    taxes: tuple[TaxFigures, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    documents: tuple[DocumentFigures, ...]
    documents_quantity: int
    documents_amount: Decimal
    payments: tuple[PaymentFigures, ...]


class DayReport(
    msgspec.Struct,
    frozen=True,
    rename={
        "device_id": "deviceID",
        "serial_no": "deviceSerialNo",
        "day_no": "fiscalDayNo",
        "opened": "fiscalDayOpened",
        "closed": "fiscalDayClosed",
        "status": "fiscalDayStatus",
        "counters": "fiscalDayCounters",
    },
):
    """A whole report; `report` is "Z" once the day is closed, "X" before. Dates are FDMS's local texts."""

    report: Literal["X", "Z"]
    title: str
    device_id: int
    serial_no: str
    day_no: int
    status: str
    opened: str
    closed: str | None
    seller: DeviceConfig
    currencies: tuple[CurrencyFigures, ...]
    counters: tuple[Counter, ...]


class Block(NamedTuple):
    """A part of the report in words: rows of a heading's table, the last one a total where `total`."""

    heading: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    total: bool


def day_report(
    day: DayRecord, config: DeviceConfig, counters: Mapping[CounterKey, int], documents: Documents
) -> DayReport:
    """The report of a day as its counters (cents) and its receipts stand."""
    closed = day.status == "FiscalDayClosed"
    found = {key.currency for key in counters} | {currency for _, currency in documents}
    return DayReport(
        report="Z" if closed else "X",
        title="Z REPORT" if closed else "X REPORT",
        device_id=day.device_id,
        serial_no=config.serial_no,
        day_no=day.fiscal_day_no,
        status=day.status,
        opened=day.opened,
        closed=day.closed if closed else None,
        seller=config,
        currencies=tuple(
            _currency(
                currency,
                _taxes({key: value for key, value in counters.items() if key.currency == currency}, config, day.opened),
                _payments({key: value for key, value in counters.items() if key.currency == currency}),
                documents,
            )
            for currency in sorted(found)
        ),
        counters=tuple(from_totals(counters)),
    )


def report_text(report: DayReport, width: int = 48) -> str:
    """The report as fixed-width text that ends with a line feed."""
    name, more = seller_facts(report.seller)
    lines = [text for part in (name, *more) for text in centred(part, width)]
    lines += ["", *centred(report.title, width), "-" * width]
    lines += [text for label, value in report_facts(report) for text in pair(f"{label}:", value, width)]
    if not report.currencies:
        lines += ["-" * width, "No receipt was issued."]
    for figures in report.currencies:
        lines += ["=" * width, *centred(figures.currency, width)]
        for block in blocks(figures):
            lines += ["-" * width, *_block_lines(block, width)]
    return "".join(f"{line.rstrip()}\n" for line in [*lines, "-" * width])


def report_facts(report: DayReport) -> list[Fact]:
    """The day and the device."""
    facts = [("Fiscal day No", str(report.day_no)), ("Fiscal day opened", paper_date(report.opened))]
    if report.closed:
        facts.append(("Fiscal day closed", paper_date(report.closed)))
    return [*facts, ("Device serial No", safe(report.serial_no)), ("Device ID", str(report.device_id))]


def blocks(figures: CurrencyFigures) -> list[Block]:
    """Net, tax (unless none was charged), gross, documents and payments of a currency, in this order."""
    labels = _labels(figures.taxes)
    net = [(label, amount(tax.net)) for label, tax in zip(labels, figures.taxes, strict=True)]
    taxed = [(label, amount(tax.tax)) for label, tax in zip(labels, figures.taxes, strict=True) if tax.tax]
    gross = [(label, amount(tax.gross)) for label, tax in zip(labels, figures.taxes, strict=True)]
    documents = [
        (word, str(found.quantity), amount(found.amount))
        for word, found in zip(_DOCUMENT_WORDS, figures.documents, strict=True)
    ]
    documents.append(("Total documents", str(figures.documents_quantity), amount(figures.documents_amount)))
    paid = [(MONEY_WORDS.get(p.money_type, p.money_type), amount(p.amount)) for p in figures.payments]
    found = [Block("Net sales by tax", (), [*net, ("Total net", amount(figures.net))], total=True)]
    if taxed:
        found.append(Block("Tax by tax", (), [*taxed, ("Total tax", amount(figures.tax))], total=True))
    found.append(Block("Gross sales by tax", (), [*gross, ("Total gross", amount(figures.gross))], total=True))
    found.append(Block("Documents", ("Quantity", "Amount"), [*documents], total=True))
    return [*found, Block("Payments", (), [*paid], total=False)] if paid else found


def _block_lines(block: Block, width: int) -> list[str]:
    if not block.columns:
        return [block.heading, *(text for label, value in block.rows for text in pair(label, value, width))]
    table = [(block.heading, *block.columns), *block.rows]
    columns = [max(*(cells(line[i]) + 1 for line in table), width // 5) for i in range(1, len(block.columns) + 1)]
    first = width - sum(columns)
    lines: list[str] = []
    for line in table:
        *above, last = wrapped(line[0], first - 2) if cells(line[0]) > first else [line[0]]
        lines += [*above, row((last, *line[1:]), (first, *columns))]
    return lines


def _currency(
    currency: str, taxes: Sequence[TaxFigures], paid: Sequence[PaymentFigures], documents: Documents
) -> CurrencyFigures:
    by_type = tuple(DocumentFigures(type_, *documents.get((type_, currency), (0, ZERO))) for type_ in RECEIPT_TYPES)
    return CurrencyFigures(
        currency=currency,
        taxes=tuple(taxes),
        net=sum((tax.net for tax in taxes), ZERO),
        tax=sum((tax.tax for tax in taxes), ZERO),
        gross=sum((tax.gross for tax in taxes), ZERO),
        documents=by_type,
        documents_quantity=sum(found.quantity for found in by_type),
        documents_amount=sum((found.amount for found in by_type), ZERO),
        payments=tuple(paid),
    )


def _taxes(counters: Mapping[CounterKey, int], config: DeviceConfig, date: str) -> list[TaxFigures]:
    sums: dict[tuple[int, str], tuple[int, int]] = {}
    for key, value in counters.items():
        if key.type in _GROSS or key.type in _TAX:
            gross, tax = sums.get((key.tax_id, key.percent), (0, 0))
            added = (gross + value, tax) if key.type in _GROSS else (gross, tax + value)
            sums[key.tax_id, key.percent] = added
    found = [
        TaxFigures(
            tax_id,
            plain(Decimal(percent)) if percent else None,
            _tax_name(config, tax_id, percent, date),
            band_name(Decimal(percent) if percent else None),
            from_cents(gross - tax),
            from_cents(tax),
            from_cents(gross),
        )
        for (tax_id, percent), (gross, tax) in sums.items()
    ]
    return sorted(found, key=lambda tax: (-tax.percent if tax.percent is not None else Decimal(1), tax.tax_id))


def _payments(counters: Mapping[CounterKey, int]) -> list[PaymentFigures]:
    paid = {key.money_type: value for key, value in counters.items() if key.type == "BalanceByMoneyType"}
    return [PaymentFigures(type_, from_cents(paid[type_])) for type_ in MONEY_TYPES if type_ in paid]


def _tax_name(config: DeviceConfig, tax_id: int, percent: str, date: str) -> str:
    """The tax's name at FDMS; one tax may change its percent during a day, so the day's opening alone does not tell."""
    named = [tax for tax in config.taxes if tax.tax_id == tax_id]
    same = [tax for tax in named if ("" if tax.percent is None else f"{tax.percent:.2f}") == percent]
    valid = config.tax_at(tax_id, date)
    if valid is not None and (valid in same or not same):
        return valid.name
    return same[0].name if same else ""


def _labels(taxes: Sequence[TaxFigures]) -> list[str]:
    """A tax goes by its percent; exempt, and taxes of the same percent, by their names."""
    bands = [tax.band for tax in taxes]
    return [
        safe(tax.name) if tax.name and (tax.percent is None or bands.count(tax.band) > 1) else tax.band for tax in taxes
    ]
