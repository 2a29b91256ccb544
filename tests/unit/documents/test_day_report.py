"""X and Z reports: exact text for the worked day, and figures that equal the counters and the receipts for any day."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiscalmon.documents.day_report import DayReport, blocks, report_text
from fiscalmon.documents.layout import cells
from fiscalmon.domain.counters import fold, from_totals
from fiscalmon.domain.device import Tax
from fiscalmon.domain.drafting import draft
from fiscalmon.domain.sale import decode_sale
from fiscalmon.events import encode
from fiscalmon.services.reports import as_plain
from tests.support.worked_day import NO_VAT, SELLER, report

GOLDEN = Path(__file__).parents[2] / "golden" / "papers"
TAX_IDS = st.sampled_from([1, 2, 517])
LINES = st.lists(st.tuples(st.integers(1, 10**7), TAX_IDS), min_size=1, max_size=5)
SALES = st.tuples(
    st.sampled_from(["FiscalInvoice", "CreditNote", "DebitNote"]),
    st.sampled_from(["USD", "ZWG", "EUR"]),
    st.booleans(),
    st.sampled_from(["Cash", "Card", "BankTransfer"]),
    LINES,
)
GROSS = ("SaleByTax", "CreditNoteByTax", "DebitNoteByTax")
TAX = ("SaleTaxByTax", "CreditNoteTaxByTax", "DebitNoteTaxByTax")


def receipt_of(kind, currency, inclusive, money, lines):
    """A random receipt, drafted as the till drafts it."""
    sign = -1 if kind == "CreditNote" else 1
    content = {
        "saleId": "S",
        "receiptType": kind,
        "receiptCurrency": currency,
        "invoiceNo": "I",
        "receiptLinesTaxInclusive": inclusive,
        "receiptLines": [
            {
                "receiptLineType": "Sale",
                "receiptLineName": "X",
                "receiptLineQuantity": 1,
                "receiptLineTotal": str(Decimal(sign * cents).scaleb(-2)),
                "taxID": tax_id,
            }
            for cents, tax_id in lines
        ],
        "receiptPayments": [{"moneyTypeCode": money, "paymentAmount": 0}],
    }
    made = draft(decode_sale(content), SELLER, "2026-03-02T09:00:00")
    paid = msgspec.structs.replace(made.payments[0], amount=made.total)
    return msgspec.structs.replace(made, payments=(paid,))


@given(st.lists(SALES, max_size=12))
@settings(max_examples=150, deadline=None)
def test_the_figures_are_those_of_the_counters_and_of_the_receipts(sales):
    receipts = [receipt_of(*sale) for sale in sales]
    made = report(receipts)
    assert [figures.currency for figures in made.currencies] == sorted({receipt.currency for receipt in receipts})
    assert made.counters == tuple(from_totals(fold(receipts)))
    for figures in made.currencies:
        ours = [receipt for receipt in receipts if receipt.currency == figures.currency]
        total = sum(receipt.total for receipt in ours)
        assert figures.net + figures.tax == figures.gross == figures.documents_amount == total
        counted = [counter for counter in made.counters if counter.currency == figures.currency]
        assert figures.gross == sum(counter.value for counter in counted if counter.type in GROSS)
        assert figures.tax == sum(counter.value for counter in counted if counter.type in TAX)
        assert figures.tax == sum(tax.amount for receipt in ours for tax in receipt.taxes)
        assert sum(paid.amount for paid in figures.payments) == total
        assert {d.type: d.quantity for d in figures.documents if d.quantity} == Counter(r.type for r in ours)
        assert figures.documents_quantity == len(ours)
        for tax in figures.taxes:
            assert tax.net + tax.tax == tax.gross
        percents = [Decimal(-1) if tax.percent is None else tax.percent for tax in figures.taxes]
        assert percents == sorted(percents, reverse=True)


@given(st.lists(SALES, max_size=6), st.sampled_from([48, 42, 32]))
@settings(max_examples=40, deadline=None)
def test_a_report_keeps_its_width(sales, width):
    lines = report_text(report([receipt_of(*sale) for sale in sales]), width).splitlines()
    assert max(cells(line) for line in lines) <= width


@pytest.mark.parametrize(("closed", "name"), [(True, "z-report"), (False, "x-report")])
def test_the_worked_day_as_text(closed, name):
    assert report_text(report(closed=closed)) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_the_worked_day_by_hand():
    dollars = report().currencies[0]
    # 22.00 + 5.00 + 7.40 sold, 11.55 credited, 0.50 debited
    assert [(tax.band, tax.net, tax.tax, tax.gross) for tax in dollars.taxes] == [
        ("15.5%", Decimal("9.05"), Decimal("1.40"), Decimal("10.45")),
        ("0%", Decimal("5.50"), Decimal("0.00"), Decimal("5.50")),
        ("Exempt", Decimal("7.40"), Decimal("0.00"), Decimal("7.40")),
    ]
    assert [(d.type, d.quantity, d.amount) for d in dollars.documents] == [
        ("FiscalInvoice", 1, Decimal("34.40")),
        ("CreditNote", 1, Decimal("-11.55")),
        ("DebitNote", 1, Decimal("0.50")),
    ]
    assert (dollars.documents_quantity, dollars.documents_amount) == (3, Decimal("23.35"))


def test_only_a_closed_day_is_a_z():
    assert (report().report, report().title, report().closed) == ("Z", "Z REPORT", "2026-03-02T20:01:00")
    assert (report(closed=False).report, report(closed=False).closed) == ("X", None)
    assert "closed" not in report_text(report(closed=False))


def test_a_day_without_receipts_says_so():
    assert "No receipt was issued." in report_text(report([]))


def test_no_tax_no_block_of_tax():
    figures = report([receipt_of("FiscalInvoice", "USD", True, "Cash", [(100, 2), (50, 1)])], seller=NO_VAT).currencies[
        0
    ]
    headings = [block.heading for block in blocks(figures)]
    assert headings == ["Net sales by tax", "Gross sales by tax", "Documents", "Payments"]


def test_two_taxes_of_one_percent_go_by_their_names():
    more = msgspec.structs.replace(SELLER, taxes=(*SELLER.taxes, Tax(9, "Special rated", Decimal("15.5"))))
    receipt = receipt_of("FiscalInvoice", "USD", True, "Cash", [(1000, 517)])
    both = msgspec.structs.replace(receipt, taxes=(*receipt.taxes, msgspec.structs.replace(receipt.taxes[0], tax_id=9)))
    rows = blocks(report([both], seller=more).currencies[0])[0].rows
    assert [label for label, _ in rows] == ["Special rated", "Standard rated 15.5%", "Total net"]


def test_a_report_travels_as_json():
    sent = json.loads(encode(as_plain(report())), parse_float=Decimal)
    assert sent["currencies"][0]["taxes"][0]["taxPercent"] == Decimal("15.5")
    assert msgspec.convert(sent, DayReport) == report()
