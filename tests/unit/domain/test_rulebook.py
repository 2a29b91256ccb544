"""The rulebook as a table: for every rule a receipt that breaks it, and neighbours that do not."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from fiscalmon.domain.device import Tax
from fiscalmon.domain.receipt import Buyer, NoteReference, Payment, TaxLine
from fiscalmon.domain.rulebook import RULES, Finding, judge, judge_content, judge_position
from tests.unit.domain.samples import (
    AT,
    CONFIG,
    EXEMPT,
    NO_VAT,
    NOW,
    OPENED,
    REFERENCE,
    STANDARD,
    TAXES,
    WITHHOLDING,
    ZERO_RATED,
    invoice,
    line,
    note,
    original,
    receipt_of,
)

D = Decimal
CREDIT = {"original": original()}


def cash(*amounts):
    return tuple(Payment("Cash", D(amount)) for amount in amounts)


def two_groups(**changes):
    return receipt_of(line("10.00", STANDARD), line("10.00", ZERO_RATED), **changes)


def taxes(*rows):
    """(tax, amount, sales with tax) as entries."""
    percents = {EXEMPT: None, ZERO_RATED: D(0), STANDARD: D("15.5")}
    return tuple(TaxLine(tax, D(amount), D(sales), percents[tax]) for tax, amount, sales in rows)


def per_line(amount):
    """Three lines of 0.03 at 15.5%, each taxed by itself, tax not included: rounded once 0.01, line by line 0.00."""
    return receipt_of(
        *[line("0.03")] * 3,
        lines_tax_inclusive=False,
        taxes=(TaxLine(STANDARD, D(amount), D("0.09") + D(amount), D("15.5")),),
        total=D("0.09") + D(amount),
        payments=cash(D("0.09") + D(amount)),
    )


# code, colour, receipt, situation, field; `also`: rules that cannot but fail with it
BREAKS = [
    ("RCPT010", "Red", invoice(currency="XYZ"), {}, "receiptCurrency"),
    ("RCPT010", "Red", invoice(currency="ZWL"), {}, "receiptCurrency"),
    (
        "RCPT010",
        "Red",
        note(currency="ZWG", date="2024-04-04T23:59:59"),
        {
            "original": original(currency="ZWG", date="2024-04-01T00:00:00", taxes=frozenset({(STANDARD, D("15.5"))})),
            "day_opened": "2024-04-04T08:00:00",
            "config": replace(CONFIG, taxes=(Tax(STANDARD, "Standard", D("15.5")),)),
            "previous_date": "",
        },
        "receiptCurrency",
    ),
    ("RCPT011", "Red", invoice(counter=2), {}, "receiptCounter"),
    (
        "RCPT011",
        "Red",
        invoice(counter=1, global_no=8),
        {"previous_counter": 1, "previous_global_no": 7},
        "receiptCounter",
    ),
    (
        "RCPT012",
        "Red",
        invoice(counter=3, global_no=9),
        {"previous_counter": 2, "previous_global_no": 7},
        "receiptGlobalNo",
    ),
    (
        "RCPT012",
        "Red",
        invoice(counter=3, global_no=1),
        {"previous_counter": 2, "previous_global_no": 7},
        "receiptGlobalNo",
    ),
    ("RCPT012", "Red", invoice(global_no=7), {"previous_global_no": 7}, "receiptGlobalNo"),
    ("RCPT013", "Red", invoice(), {"invoice_no_taken": True}, "invoiceNo"),
    ("RCPT014", "Yellow", invoice(), {"day_opened": NOW}, "receiptDate"),
    ("RCPT015", "Red", note(reference=None), {}, "creditDebitNote"),
    ("RCPT015", "Red", note(reference=NoteReference(device_id=1, receipt_global_no=2)), {}, "creditDebitNote"),
    (
        "RCPT016",
        "Red",
        invoice(
            lines=(),
            taxes=taxes((ZERO_RATED, 0, 0)),
            payments=cash(0),
            total=D(0),
        ),
        {},
        "receiptLines",
    ),
    ("RCPT018", "Red", receipt_of(line("0.00"), payments=()), {}, "receiptPayments"),
    (
        "RCPT019",
        "Red",
        # The group stands twice: every sum but the one of the lines agrees.
        receipt_of(
            line("10.00", ZERO_RATED),
            taxes=taxes((ZERO_RATED, 0, 10), (ZERO_RATED, 0, 10)),
            total=D(20),
            payments=cash(20),
        ),
        {},
        "receiptTotal",
    ),
    ("RCPT020", "Red", invoice(), {"signature_valid": False}, "receiptDeviceSignature"),
    ("RCPT021", "Red", receipt_of(line("10.00", hs_code=None)), {"config": NO_VAT}, "receiptLines[0].taxID"),
    (
        "RCPT021",
        "Red",
        receipt_of(line("10.00", EXEMPT), taxes=taxes((EXEMPT, 0, 10), (STANDARD, 0, 0))),
        {"config": NO_VAT},
        "receiptTaxes[1].taxID",
    ),
    ("RCPT022", "Red", receipt_of(line("5.00"), line("-1.00", price=D(-1))), {}, "receiptLines[1].receiptLinePrice"),
    ("RCPT022", "Red", receipt_of(line("0.00", price=D(0))), {}, "receiptLines[0].receiptLinePrice"),
    (
        "RCPT022",
        "Red",
        receipt_of(line("5.00"), line("1.00", type="Discount", price=D(1))),
        {},
        "receiptLines[1].receiptLinePrice",
    ),
    (
        "RCPT022",
        "Red",
        note(line("-11.55"), line("0.50", price=D("0.5"))),
        CREDIT,
        "receiptLines[1].receiptLinePrice",
    ),
    (
        "RCPT022",
        "Red",
        note(line("-11.55"), line("-0.50", type="Discount", price=D("-0.5"))),
        CREDIT,
        "receiptLines[1].receiptLinePrice",
    ),
    (
        "RCPT022",
        "Red",
        note(line("11.55"), line("0.50", type="Discount", price=D("0.5")), kind="DebitNote"),
        CREDIT,
        "receiptLines[1].receiptLinePrice",
    ),
    ("RCPT023", "Red", receipt_of(line("5.00", quantity=D(0))), {}, "receiptLines[0].receiptLineQuantity"),
    ("RCPT023", "Red", note(line("-5.00", quantity=D(-1))), CREDIT, "receiptLines[0].receiptLineQuantity"),
    (
        "RCPT024",
        "Red",
        receipt_of(line("99.99", price=D("33.333"), quantity=D(3))),
        {},
        "receiptLines[0].receiptLineTotal",
    ),
    ("RCPT025", "Red", receipt_of(line("10.00", 99)), {}, "receiptLines[0].taxID"),
    ("RCPT025", "Red", receipt_of(line("10.00", tax_percent=D(15))), {}, "receiptLines[0].taxID"),
    ("RCPT025", "Red", receipt_of(line("10.00", EXEMPT, tax_percent=D(0))), {}, "receiptLines[0].taxID"),
    ("RCPT025", "Red", receipt_of(line("10.00", ZERO_RATED, tax_percent=None)), {}, "receiptLines[0].taxID"),
    (
        "RCPT025",
        "Red",
        receipt_of(line("10.00", ZERO_RATED), taxes=(*taxes((ZERO_RATED, 0, 10)), TaxLine(99, D(0), D(0)))),
        {},
        "receiptTaxes[1].taxID",
    ),
    (
        "RCPT025",
        "Red",
        receipt_of(line("10.00"), date="2025-12-14T23:59:59"),
        {"day_opened": "2025-12-14T08:00:00", "previous_date": ""},
        "receiptLines[0].taxID",
    ),
    (
        "RCPT026",
        "Red",
        two_groups(taxes=taxes((ZERO_RATED, 0, 10), (STANDARD, "1.35", 10))),
        {},
        "receiptTaxes[1].taxAmount",
    ),
    (
        "RCPT026",
        "Red",
        two_groups(taxes=taxes((ZERO_RATED, "0.01", 10), (STANDARD, "1.34", 10))),
        {},
        "receiptTaxes[0].taxAmount",
    ),
    (
        "RCPT027",
        "Red",
        two_groups(taxes=taxes((ZERO_RATED, 0, "9.99"), (STANDARD, "1.34", "10.01"))),
        {},
        "receiptTaxes[0].salesAmountWithTax",
    ),
    (
        "RCPT027",
        "Red",
        receipt_of(line("10.00", ZERO_RATED), line("0.00", EXEMPT), taxes=taxes((ZERO_RATED, 0, 10))),
        {},
        "receiptLines[1].taxID",
    ),
    ("RCPT028", "Red", receipt_of(line("8.00"), payments=cash(10, -2)), {}, "receiptPayments[1].paymentAmount"),
    ("RCPT028", "Red", note(payments=cash("-12.55", 1)), CREDIT, "receiptPayments[1].paymentAmount"),
    ("RCPT029", "Red", invoice(reference=REFERENCE), {}, "creditDebitNote"),
    ("RCPT030", "Red", invoice(), {"previous_date": NOW}, "receiptDate"),
    ("RCPT031", "Yellow", invoice(), {"latest_date": "2026-03-02T09:59:59"}, "receiptDate"),
    ("RCPT032", "Red", note(), {}, "creditDebitNote"),
    ("RCPT033", "Red", note(), {"original": original(date="2025-03-02T09:59:59")}, "creditDebitNote"),
    ("RCPT034", "Red", note(notes=None), CREDIT, "receiptNotes"),
    ("RCPT034", "Red", note(notes=" \n"), CREDIT, "receiptNotes"),
    ("RCPT035", "Red", note(), {"original": original(balance=D("11.54"))}, "receiptTotal"),
    ("RCPT036", "Red", note(line("-1.00", EXEMPT)), CREDIT, "receiptLines[0].taxID"),
    (
        "RCPT036",
        "Red",
        note(
            line("-1.00", STANDARD),
            taxes=taxes((STANDARD, "-0.13", -1), (EXEMPT, 0, 0)),
        ),
        CREDIT,
        "receiptTaxes[1].taxID",
    ),
    (
        "RCPT036",
        "Red",
        note(),
        {"original": original(taxes=frozenset({(STANDARD, D(15))}))},
        "receiptLines[0].taxID",
    ),
    (
        "RCPT037",
        "Red",
        receipt_of(
            line("10.00", ZERO_RATED),
            lines_tax_inclusive=False,
            taxes=taxes((ZERO_RATED, 0, 10), (ZERO_RATED, 0, 10)),
            total=D(20),
            payments=cash(20),
        ),
        {},
        "receiptTotal",
    ),
    (
        "RCPT038",
        "Red",
        receipt_of(line("10.00", ZERO_RATED), taxes=taxes((ZERO_RATED, 0, 10), (ZERO_RATED, 0, 10))),
        {},
        "receiptTotal",
    ),
    ("RCPT039", "Red", invoice(payments=cash("24.49")), {}, "receiptPayments"),
    ("RCPT041", "Yellow", invoice(), {"day_opened": "2026-03-01T09:59:59"}, "receiptDate"),
    ("RCPT042", "Red", note(currency="ZWG"), CREDIT, "receiptCurrency"),
    ("RCPT043", "Red", invoice(buyer=Buyer(register_name="Buyer")), {}, "buyerData"),
    ("RCPT043", "Red", invoice(buyer=Buyer(tin="2000000001")), {}, "buyerData"),
    ("RCPT047", "Red", receipt_of(line("1.00", hs_code=None)), {}, "receiptLines[0].receiptLineHSCode"),
    ("RCPT047", "Red", receipt_of(line("1.00", hs_code="")), {}, "receiptLines[0].receiptLineHSCode"),
    ("RCPT048", "Red", receipt_of(line("1.00", hs_code="340111")), {}, "receiptLines[0].receiptLineHSCode"),
    ("RCPT048", "Red", receipt_of(line("1.00", hs_code="34A1")), {}, "receiptLines[0].receiptLineHSCode"),
    ("RCPT048", "Red", receipt_of(line("1.00", hs_code="٣٤٠١")), {}, "receiptLines[0].receiptLineHSCode"),
    ("RCPT048", "Red", receipt_of(line("1.00", ZERO_RATED, hs_code="1905")), {}, "receiptLines[0].receiptLineHSCode"),
    ("RCPT048", "Red", receipt_of(line("1.00", EXEMPT, hs_code="1905")), {}, "receiptLines[0].receiptLineHSCode"),
    (
        "RCPT048",
        "Red",
        receipt_of(line("1.00", EXEMPT, hs_code="19059")),
        {"config": NO_VAT},
        "receiptLines[0].receiptLineHSCode",
    ),
]

# Rules that cannot fail alone: with no tax entry the lines are untaxed, with a total below zero payments are too.
TOGETHER = [
    (receipt_of(line("0.00", ZERO_RATED), taxes=()), {}, {"RCPT017": "Red", "RCPT027": "Red"}),
    (receipt_of(line("-5.00")), {}, {"RCPT040": "Red", "RCPT028": "Red"}),
    (note(line("5.00"), payments=cash("5.00")), CREDIT, {"RCPT040": "Red", "RCPT028": "Red"}),
    (invoice(lines=(), taxes=(), payments=(), total=D(0)), {}, {"RCPT016": "Red", "RCPT017": "Red", "RCPT018": "Red"}),
    (invoice(total=D("24.51")), {}, {"RCPT019": "Red", "RCPT038": "Red", "RCPT039": "Red"}),
    (
        invoice(counter=1, date=OPENED, currency="XYZ"),
        {"previous_global_no": 7, "previous_counter": 2, "latest_date": "2026-03-01T00:00:00"},
        {"RCPT010": "Red", "RCPT011": "Red", "RCPT012": "Red", "RCPT014": "Yellow", "RCPT031": "Yellow"},
    ),
    # A second "first receipt" of the same day does not start the numbers again.
    (invoice(), {"previous_counter": 1, "previous_global_no": 1}, {"RCPT011": "Red", "RCPT012": "Red"}),
]

# Not a thing wrong with these, though they lie beside what is.
PASSES = {
    "an invoice": (invoice(), {}),
    "the next of the day": (invoice(counter=3, global_no=8), {"previous_counter": 2, "previous_global_no": 7}),
    "numbers start again with a day": (invoice(), {"previous_global_no": 99}),
    "numbers run on over days": (invoice(global_no=100), {"previous_global_no": 99}),
    "a second after opening": (invoice(), {"day_opened": "2026-03-02T09:59:59"}),
    "a second after the one before": (invoice(), {"previous_date": "2026-03-02T09:59:59"}),
    "a device's very first": (invoice(), {"previous_date": ""}),
    "no later than the clock allows": (invoice(), {"latest_date": NOW}),
    "a judge without a clock": (invoice(), {"latest_date": ""}),
    "the last second of a long day": (invoice(), {"day_opened": "2026-03-01T10:00:00"}),
    "a shorter day": (invoice(), {"config": replace(CONFIG, day_max_hours=2)}),
    "ZWG from its first day": (
        receipt_of(line("1.00", EXEMPT), currency="ZWG", date="2024-04-05T00:00:00"),
        {"day_opened": "2024-04-04T20:00:00", "previous_date": ""},
    ),
    "the old dollar to its last second": (
        receipt_of(line("1.00", EXEMPT), currency="ZWL", date="2024-08-31T23:59:59"),
        {"day_opened": "2024-08-31T20:00:00", "previous_date": ""},
    ),
    "a currency that only this judge knows": (invoice(currency="XDR"), {"currencies": {"XDR": ("", "9999")}}),
    "the rate before the change": (
        receipt_of(line("10.00", tax_percent=D(15)), date="2025-12-14T23:59:59"),
        {"day_opened": "2025-12-14T08:00:00", "previous_date": ""},
    ),
    "the rate after the change": (
        receipt_of(line("10.00"), date="2025-12-15T00:00:00"),
        {"day_opened": "2025-12-14T08:00:00", "previous_date": ""},
    ),
    "everything zero": (receipt_of(line("0.00")), {}),
    "free goods, wholly discounted": (
        receipt_of(line("5.00", price=D(5)), line("-5.00", type="Discount", price=D(-5))),
        {},
    ),
    "three for a dollar, price not said": (receipt_of(line("1.00", quantity=D(3))), {}),
    "half a cent rounds up": (receipt_of(line("100.00", price=D("33.333"), quantity=D(3))), {}),
    "price times quantity at half a cent": (receipt_of(line("0.02", price=D("0.005"), quantity=D(3))), {}),
    "a credit note rounds away from zero": (note(line("-0.02", price=D("-0.005"), quantity=D(3))), CREDIT),
    "a huge quantity of fuel": (receipt_of(line("28.45", quantity=D(9781))), {}),
    "tax not included": (receipt_of(line("100.00"), lines_tax_inclusive=False), {}),
    "tax not included, several rates": (
        receipt_of(line("0.03"), line("0.03"), line("7.77", ZERO_RATED), lines_tax_inclusive=False),
        {},
    ),
    "tax by group": (per_line("0.01"), {}),
    "tax by group where lines may be rounded": (per_line("0.01"), {"per_line_rounding": True}),
    "tax by line where the judge allows it": (per_line("0.00"), {"per_line_rounding": True}),
    "tax by line, included": (
        receipt_of(*[line("0.03")] * 3, taxes=taxes((STANDARD, "0.00", "0.09"))),
        {"per_line_rounding": True},
    ),
    "tax codes": (
        receipt_of(line("1.00", tax_code="A"), line("2.00", tax_code="B"), line("3.00", tax_code="A")),
        {},
    ),
    "an empty tax code is none": (receipt_of(line("1.00", tax_code=""), line("1.00")), {}),
    "HS code of 4 digits": (receipt_of(line("1.00", hs_code="3401")), {}),
    "HS code of 8 digits where it must": (
        receipt_of(line("1.00", ZERO_RATED, hs_code="19059000"), line("1.00", EXEMPT, hs_code="49019900")),
        {},
    ),
    "no HS code without VAT": (receipt_of(line("1.00", EXEMPT, hs_code=None)), {"config": NO_VAT}),
    "HS code of 4 digits without VAT": (receipt_of(line("1.00", EXEMPT, hs_code="4901")), {"config": NO_VAT}),
    "zero-rated without VAT": (receipt_of(line("1.00", ZERO_RATED)), {"config": NO_VAT}),
    "withholding without VAT": (receipt_of(line("1.00", WITHHOLDING)), {"config": NO_VAT}),
    "withholding with VAT": (receipt_of(line("1.00", WITHHOLDING)), {}),
    "a withholding tax by any name": (
        receipt_of(line("1.00", WITHHOLDING)),
        {"config": replace(NO_VAT, taxes=(*TAXES[:4], Tax(WITHHOLDING, "WITHHOLDING 5%", D(5))))},
    ),
    "a note without VAT over an invoice that had it": (note(), {**CREDIT, "config": NO_VAT}),
    "a credit note": (note(), CREDIT),
    "a credit note with a discount taken back": (
        note(line("-11.55", price=D("-11.55")), line("1.10", type="Discount", price=D("1.10"))),
        CREDIT,
    ),
    "a credit note over nothing": (note(line("0.00")), CREDIT),
    "a credit note by FDMS's id": (note(reference=NoteReference(receipt_id=10431986)), CREDIT),
    "all that is left": (note(), {"original": original(balance=D("11.55"))}),
    "exactly a year old": (note(), {"original": original(date="2025-03-02T10:00:00")}),
    "a year from a leap day": (
        note(line("-1.00", EXEMPT), date="2028-02-29T10:00:00"),
        {
            "original": original(date="2027-02-28T10:00:00", taxes=frozenset({(EXEMPT, None)})),
            "day_opened": "2028-02-29T08:00:00",
            "latest_date": "",
        },
    ),
    "a debit note": (note(line("11.55", price=D("11.55")), kind="DebitNote"), CREDIT),
    "a debit note over an original used up": (
        note(line("11.55"), kind="DebitNote"),
        {"original": original(balance=D(0))},
    ),
    "change given": (receipt_of(line("8.00"), payments=cash(5, 3)), {}),
    "a payment of nothing": (receipt_of(line("8.00"), payments=cash(8, 0)), {}),
    "a named buyer": (invoice(buyer=Buyer(register_name="Buyer", tin="2000000001")), {}),
}


def found(receipt, changes, judged=judge):
    return judged(receipt, replace(AT, **changes))


@pytest.mark.parametrize(
    ("code", "color", "receipt", "changes", "field"),
    [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(BREAKS)],
)
def test_a_receipt_that_breaks_exactly_one_rule(code, color, receipt, changes, field):
    findings = found(receipt, changes)
    assert {(finding.code, finding.color) for finding in findings} == {(code, color)}
    assert findings[0].field == field
    assert findings[0].advice.endswith(".")


@pytest.mark.parametrize(("receipt", "changes", "broken"), TOGETHER)
def test_rules_that_fail_together(receipt, changes, broken):
    assert {finding.code: finding.color for finding in found(receipt, changes)} == broken


@pytest.mark.parametrize(("receipt", "changes"), [pytest.param(*case, id=name) for name, case in PASSES.items()])
def test_neighbours_that_pass(receipt, changes):
    assert found(receipt, changes) == []


def test_every_rule_is_broken_somewhere_in_its_colour():
    tested = {(case[0], case[1]) for case in BREAKS} | {pair for case in TOGETHER for pair in case[2].items()}
    assert tested == {(rule.code, rule.color) for rule in RULES}
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    numbers = {*range(10, 44), 47, 48}
    assert codes == [f"RCPT{number:03d}" for number in sorted(numbers)]


@pytest.mark.parametrize(
    ("code", "color", "receipt", "changes", "field"),
    [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(BREAKS)],
)
def test_the_two_halves_are_the_whole(code, color, receipt, changes, field):
    halves = found(receipt, changes, judge_content) + found(receipt, changes, judge_position)
    assert sorted(halves, key=repr) == sorted(found(receipt, changes), key=repr)


def test_rules_about_the_original_do_not_ask_invoices():
    strange = original(currency="ZWG", date="2020-01-01T00:00:00", taxes=frozenset(), balance=D(-99))
    codes = [finding.code for finding in found(invoice(reference=REFERENCE), {"original": strange})]
    assert codes == ["RCPT029"]


def test_a_group_rounded_by_line_is_wrong_for_a_strict_judge():
    codes = {finding.code for finding in found(per_line("0.00"), {})}
    assert codes == {"RCPT026", "RCPT027"}


# --- a gap before the receipt ----------------------------------------------------------------------------------------

GAP = {"previous_missing": True, "previous_counter": 2, "previous_global_no": 7}


def test_in_a_gap_the_chain_rules_are_grey():
    findings = found(invoice(counter=5, global_no=10), {**GAP, "previous_date": "2026-03-02T11:00:00"})
    assert [(finding.code, finding.color) for finding in findings] == [("RCPT011", "Gray"), ("RCPT012", "Gray")]
    assert [finding.field for finding in findings] == ["receiptCounter", "receiptGlobalNo"]


def test_in_a_gap_a_number_used_before_is_red():
    findings = found(invoice(counter=5, global_no=7), {**GAP, "global_no_taken": True})
    assert [(finding.code, finding.color) for finding in findings] == [("RCPT011", "Gray"), ("RCPT012", "Red")]


def test_in_a_gap_all_other_rules_are_judged():
    findings = found(invoice(counter=5, global_no=10, currency="XYZ"), {**GAP, "signature_valid": False})
    assert {finding.code: finding.color for finding in findings} == {
        "RCPT010": "Red",
        "RCPT011": "Gray",
        "RCPT012": "Gray",
        "RCPT020": "Red",
    }


def test_a_finding_as_programs_get_it():
    (finding,) = found(invoice(), {"invoice_no_taken": True})
    assert finding == Finding(
        "RCPT013", "Red", "Invoice number INV-000123 was used before; every receipt needs its own.", "invoiceNo"
    )
    assert finding.as_dict() == {
        "code": "RCPT013",
        "color": "Red",
        "advice": finding.advice,
        "field": "invoiceNo",
    }


def test_which_rules_wait_for_the_receipt_before_and_which_for_a_place():
    """§14's columns: Grey is for three rules alone; numbers, dates and what is left of an original need the place."""
    assert {rule.code for rule in RULES if rule.needs_previous} == {"RCPT011", "RCPT012", "RCPT030"}
    placed = {f"RCPT{number:03}" for number in (11, 12, 13, 14, 20, 30, 31, 35, 41)}
    assert {rule.code for rule in RULES if not rule.content} == placed
    about_notes = {f"RCPT{number:03}" for number in (15, 32, 33, 34, 35, 36, 42)}
    assert {rule.code for rule in RULES if rule.notes} == about_notes


def test_vat_is_told_by_the_tax_itself_whatever_the_line_says_it_is():
    hidden = judge(receipt_of(line("10.00", hs_code=None, tax_percent=None)), replace(AT, config=NO_VAT))
    assert [finding.code for finding in hidden] == ["RCPT021", "RCPT025"]
    invented = judge(receipt_of(line("10.00", ZERO_RATED, tax_percent=D("15.5"))), replace(AT, config=NO_VAT))
    assert [finding.code for finding in invented] == ["RCPT025"]
