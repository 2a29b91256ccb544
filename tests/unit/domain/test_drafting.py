"""From a sale to a draft: totals, taxes once a group, forms (§13.3-§13.6)."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from fiscalmon.domain.drafting import draft, tax_lines, tax_of, tax_totals
from fiscalmon.domain.receipt import Payment, TaxLine
from tests.unit.domain.samples import (
    CONFIG,
    EXEMPT,
    NOW,
    STANDARD,
    ZERO_RATED,
    line,
    line_json,
    sale,
    sale_json,
)

D = Decimal


def test_the_draft_of_a_sale():
    made = draft(sale(), CONFIG, NOW)
    assert (made.counter, made.global_no, made.date) == (0, 0, NOW)
    assert [given.no for given in made.lines] == [1, 2, 3]
    assert made.taxes == (
        TaxLine(ZERO_RATED, D("0.00"), D("2.50"), D(0)),
        TaxLine(STANDARD, D("2.95"), D("22.00"), D("15.5")),
    )
    assert made.total == D("24.50")
    assert made.payments == (Payment("Cash", D("20.00")), Payment("Card", D("4.50")))
    assert made.print_form == "Receipt48"
    assert made.signature is None


@pytest.mark.parametrize(
    ("total", "percent", "inclusive", "tax"),
    [
        ("115.50", "15.5", True, "15.50"),
        ("100.00", "15.5", False, "15.50"),
        ("22.00", "15.5", True, "2.95"),
        ("-11.55", "15.5", True, "-1.55"),
        ("-0.03", "15.5", True, "0.00"),
        ("0.10", "5", False, "0.01"),
        ("-0.10", "5", False, "-0.01"),
        ("10.00", None, True, "0.00"),
        ("10.00", "0", False, "0.00"),
    ],
)
def test_the_tax_of_a_group(total, percent, inclusive, tax):
    assert str(tax_of(D(total), None if percent is None else D(percent), inclusive)) == tax


def test_a_group_is_rounded_once():
    lines = tuple(line("0.03") for _ in range(3))
    assert tax_lines(lines, inclusive=False) == (TaxLine(STANDARD, D("0.01"), D("0.10"), D("15.5")),)


def test_groups_are_by_id_percent_and_code():
    lines = (
        line("1.00", tax_code="B"),
        line("2.00"),
        line("4.00", tax_code="B"),
        line("8.00", tax_percent=D(15)),
        line("16.00", EXEMPT),
    )
    assert tax_totals(lines) == {
        (STANDARD, "B", D("15.5")): D(5),
        (STANDARD, "", D("15.5")): D(2),
        (STANDARD, "", D(15)): D(8),
        (EXEMPT, "", None): D(16),
    }
    ordered = [(tax.tax_id, tax.tax_code, tax.percent) for tax in tax_lines(lines, inclusive=True)]
    assert ordered == [
        (EXEMPT, None, None),
        (STANDARD, None, D(15)),
        (STANDARD, None, D("15.5")),
        (STANDARD, "B", D("15.5")),
    ]


def test_the_total_given_is_kept_to_be_judged():
    assert draft(sale(receiptTotal="24.5"), CONFIG, NOW).total == D("24.50")
    assert draft(sale(receiptTotal="99"), CONFIG, NOW).total == D("99.00")


def test_price_times_quantity_where_no_total_is_given():
    made = draft(sale(receiptLines=[line_json(price="33.333", quantity="3")]), CONFIG, NOW)
    assert made.lines[0].total == D("100.00")


def test_the_percent_is_the_devices():
    lines = [
        line_json(taxPercent="99"),
        line_json(tax=EXEMPT, taxPercent="99"),
        line_json(tax=99, taxPercent="7"),
        line_json(tax=99),
    ]
    made = draft(sale(receiptLines=lines), CONFIG, NOW)
    assert [given.tax_percent for given in made.lines] == [D("15.5"), None, D(7), None]


def test_numbers_are_sent_plainly():
    made = draft(sale(receiptLines=[line_json(price="2.500000", quantity="1E+2", total="250")]), CONFIG, NOW)
    given = made.lines[0]
    assert (str(given.price), str(given.quantity), str(given.total)) == ("2.5", "100", "250.00")


@pytest.mark.parametrize(("said", "sent"), [("usd", "USD"), ("ZIG", "ZWG"), ("zig", "ZWG"), ("ZWL", "ZWL")])
def test_currencies(said, sent):
    assert draft(sale(receiptCurrency=said), CONFIG, NOW).currency == sent


@pytest.mark.parametrize(
    ("changes", "form"),
    [
        ({"receiptPrintForm": None}, "Receipt48"),
        ({"receiptPrintForm": None, "receiptLinesTaxInclusive": False}, "InvoiceA4"),
        ({"receiptPrintForm": "InvoiceA4"}, "InvoiceA4"),
        ({"receiptPrintForm": "Receipt48", "receiptLinesTaxInclusive": False}, "Receipt48"),
    ],
)
def test_the_form_on_paper(changes, form):
    assert draft(sale(**changes), CONFIG, NOW).print_form == form


def test_an_empty_tax_code_is_none():
    made = draft(sale(receiptLines=[line_json(taxCode="")]), CONFIG, NOW)
    assert made.lines[0].tax_code is made.taxes[0].tax_code is None


def test_what_goes_through_untouched():
    buyer = {"buyerRegisterName": "Buyer", "buyerTIN": "2000000001"}
    reference = {"deviceID": 12345, "receiptGlobalNo": 101, "fiscalDayNo": 7}
    given = sale(buyerData=buyer, creditDebitNote=reference, receiptNotes="because", receiptType="CreditNote")
    made = draft(given, CONFIG, NOW)
    assert (made.buyer, made.reference, made.notes, made.type) == (
        given.buyer,
        given.reference,
        "because",
        "CreditNote",
    )


def test_a_sale_without_lines():
    made = draft(sale(receiptLines=[]), CONFIG, NOW)
    assert (made.lines, made.taxes, made.total) == ((), (), D("0.00"))


def test_a_draft_takes_the_taxes_of_its_date():
    made = draft(sale(), CONFIG, "2025-12-14T23:59:59")
    assert made.taxes[1].percent == D(15)
    assert draft(sale(), replace(CONFIG, taxes=()), NOW).lines[0].tax_percent is None
    assert sale_json()["receiptLines"][0]["taxID"] == ZERO_RATED
