"""The rulebook's table read from its other side: which rules share a colour, a need, a part of the receipt."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from fiscalmon.domain.receipt import Payment
from fiscalmon.domain.rulebook import RULES, Situation, judge, judge_content, judge_position
from fiscalmon.domain.rulebook.meaning import MEANING, meaning
from tests.unit.domain.samples import AT, CONFIG, EXEMPT, NOW, OPENED, STANDARD, line, receipt_of

D = Decimal


def codes(*numbers: int) -> set[str]:
    return {f"RCPT{number:03d}" for number in numbers}


def test_colours_and_needs():
    assert {rule.code for rule in RULES if rule.color == "Yellow"} == codes(14, 31, 41)
    assert {rule.color for rule in RULES} == {"Red", "Yellow"}
    assert {rule.code for rule in RULES if rule.needs_previous} == codes(11, 12, 30)
    assert {rule.code for rule in RULES if rule.notes} == codes(15, 32, 33, 34, 35, 36, 42)
    position = codes(11, 12, 13, 14, 20, 30, 31, 35, 41)
    assert {rule.code for rule in RULES if not rule.content} == position


def test_every_rule_has_a_meaning():
    assert set(MEANING) == {rule.code for rule in RULES}
    assert meaning("RCPT016") == "The receipt has no lines."
    assert meaning("RCPT999") == "FDMS answered RCPT999, a code this version does not know."


def test_position_and_content_are_the_two_halves():
    wrong = receipt_of(line("5.00"), counter=9, total=D("6.00"), payments=(Payment("Cash", D("6.00")),))
    of_position = {finding.code for finding in judge_position(wrong, AT)}
    of_content = {finding.code for finding in judge_content(wrong, AT)}
    assert of_position == {"RCPT011"}
    assert of_content and not of_content & of_position
    assert {finding.code for finding in judge(wrong, AT)} == of_position | of_content


def test_a_situation_of_which_nothing_is_said_holds_nothing_against_a_receipt():
    at = Situation(CONFIG, OPENED)
    assert (at.previous_counter, at.previous_global_no, at.previous_date) == (0, 0, "")
    assert (at.previous_missing, at.invoice_no_taken, at.global_no_taken) == (False, False, False)
    assert (at.signature_valid, at.per_line_rounding, at.latest_date) == (True, False, "")
    assert judge(receipt_of(line("5.00")), at) == []


def test_a_currency_is_taken_from_its_first_second_to_its_last():
    receipt = receipt_of(line("5.00"))
    for span in ((NOW, "9999"), ("", NOW)):
        assert judge(receipt, replace(AT, currencies={"USD": span})) == []
    late = replace(AT, currencies={"USD": ("2026-03-02T10:00:01", "9999")})
    assert [finding.code for finding in judge(receipt, late)] == ["RCPT010"]


def rounded_by_line(amount: str, count: int = 3, each: str = "0.04"):
    """Lines of 0.04 at 15.5 %, tax not included: 0.02 for three together, 0.01 for each by itself."""
    lines = receipt_of(*[line(each)] * count, lines_tax_inclusive=False)
    sales = D(each) * count + D(amount)
    taxes = (replace(lines.taxes[0], amount=D(amount), sales_with_tax=sales),)
    return replace(lines, taxes=taxes, total=sales, payments=(Payment("Cash", sales),))


@pytest.mark.parametrize(("amount", "found"), [("0.02", []), ("0.03", []), ("0.01", ["RCPT026", "RCPT027"])])
def test_rounding_by_line_is_one_of_two_ways(amount, found):
    at = replace(AT, per_line_rounding=True)
    assert [finding.code for finding in judge(rounded_by_line(amount), at)] == found


def test_rounding_by_line_counts_only_the_lines_of_its_own_code():
    goods = [line("0.04", tax_code="A"), line("0.04", tax_code="A"), line("0.04", tax_code="B")]
    receipt = receipt_of(*goods, lines_tax_inclusive=False)
    taxes = tuple(replace(tax, amount=D("0.03"), sales_with_tax=D("0.11")) for tax in receipt.taxes)
    wrong = judge(replace(receipt, taxes=taxes), replace(AT, per_line_rounding=True))
    assert [finding.field for finding in wrong if finding.code == "RCPT026"] == [
        "receiptTaxes[0].taxAmount",
        "receiptTaxes[1].taxAmount",
    ]


@pytest.mark.parametrize(("of_line", "of_tax"), [(None, ""), ("", None)], ids=["tax empty", "line empty"])
def test_an_empty_tax_code_is_none(of_line, of_tax):
    receipt = receipt_of(*[line("0.04", tax_code=of_line)] * 3, lines_tax_inclusive=False)
    taxes = (replace(receipt.taxes[0], amount=D("0.03"), sales_with_tax=D("0.15"), tax_code=of_tax),)
    paid = replace(receipt, taxes=taxes, total=D("0.15"), payments=(Payment("Cash", D("0.15")),))
    assert judge(paid, replace(AT, per_line_rounding=True)) == []


@pytest.mark.parametrize(("tax", "says"), [(EXEMPT, "must have 8 digits, as the line is"), (STANDARD, "4 or 8 digits")])
def test_how_long_a_code_must_be_is_told_by_its_tax(tax, says):
    found = judge(receipt_of(line("5.00", tax, hs_code="12345")), AT)
    assert [finding.code for finding in found] == ["RCPT048"]
    assert says in found[0].advice
