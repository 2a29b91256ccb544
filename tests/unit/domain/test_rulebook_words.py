"""What the rulebook tells people: the right line, payment and amount; and rules that look at two things at once."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from fiscalmon.domain.receipt import Payment, TaxLine
from fiscalmon.domain.rulebook import judge
from tests.unit.domain.samples import AT, NO_VAT, STANDARD, ZERO_RATED, line, note, original, receipt_of

D = Decimal


def told(receipt, at=AT) -> dict[str, str]:
    return {finding.code: finding.advice for finding in judge(receipt, at)}


@pytest.mark.parametrize(
    ("kind", "price", "says"),
    [("Sale", "-1", "above"), ("Discount", "1", "below"), ("Sale", "0", "above"), ("Discount", "0", "below")],
)
def test_a_price_is_told_on_which_side_of_zero_it_has_to_be(kind, price, says):
    receipt = receipt_of(line("5.00"), line(price, type=kind, price=D(price)))
    assert told(receipt)["RCPT022"] == f"The price on line 2 must be {says} zero."
    credit = note(line("-5.00"), line(price, type=kind, price=D(price)))
    other = {"above": "below", "below": "above"}[says]
    wrong = told(credit, replace(AT, original=original())).get("RCPT022")
    assert wrong == (f"The price on line 2 must be {other} zero." if price == "0" else None)


def test_payments_are_counted_from_one():
    receipt = receipt_of(line("8.00"), payments=(Payment("Cash", D(10)), Payment("Card", D(-2))))
    assert told(receipt)["RCPT028"] == "Payment 2 may not be below zero."


@pytest.mark.parametrize(
    ("left", "says"),
    [
        ("0.00", "The original was credited in full before: nothing is left of it to credit."),
        ("-0.01", "The original was credited in full before: nothing is left of it to credit."),
        ("0.01", "The note credits 11.55, but only 0.01 is left of the original."),
    ],
)
def test_what_is_left_of_an_original(left, says):
    assert told(note(), replace(AT, original=original(balance=D(left))))["RCPT035"] == says


def test_vat_of_a_note_is_no_wrong_only_where_the_original_had_it():
    without = replace(AT, config=NO_VAT, original=original(taxes=frozenset({(ZERO_RATED, D(0))})))
    assert set(told(note(), without)) == {"RCPT021", "RCPT036"}
    assert told(note(), replace(AT, config=NO_VAT, original=original())) == {}


def test_line_by_line_each_group_has_its_own_taxes():
    """Three lines of 0.03 and three of 0.07 under another code, tax not included: 0.00 and 0.03 line by line."""
    lines = [line("0.03")] * 3 + [line("0.07", tax_code="B")] * 3
    by_line = (
        TaxLine(STANDARD, D("0.00"), D("0.09"), D("15.5")),
        TaxLine(STANDARD, D("0.03"), D("0.24"), D("15.5"), "B"),
    )
    receipt = receipt_of(
        *lines, lines_tax_inclusive=False, taxes=by_line, total=D("0.33"), payments=(Payment("Cash", D("0.33")),)
    )
    assert told(receipt, replace(AT, per_line_rounding=True)) == {}
    once = told(receipt)
    assert once["RCPT026"] == f"The tax of tax {STANDARD} must be 0.01, not 0.00."
    assert {finding.field for finding in judge(receipt, AT)} >= {"receiptTaxes[0].taxAmount"}
