"""One sale for each rule of §14 through the simulator's judge: its code, its colour, and nothing beside what must be.

And the settings that change a rule's say, and gaps in the chain that are filled later.
"""

from decimal import Decimal as D

import pytest
from msgspec.structs import replace

from fiscalmon.domain.device import Tax
from fiscalmon.domain.receipt import Buyer, NoteReference, Payment, TaxLine
from fiscalmon.domain.rulebook import RULES
from fiscalmon.simulator.problems import Problem
from tests.support.fdms_schema import SCHEMA
from tests.support.simulation import NOON, OPENED, codes, stored_codes
from tests.unit.domain.samples import STANDARD, TAXES, ZERO_RATED, line, note, receipt_of

COLOURS = {rule.code: rule.color for rule in RULES}
SOAP = line("11.55")
BREAD = line("2.50", ZERO_RATED, hs_code="19059000")


def invoice(*lines, **changes):
    return receipt_of(*(lines or (SOAP, BREAD)), **changes)


def sold(device, *lines, **place):
    """An original for notes; its reference."""
    return NoteReference(receipt_id=device.sell(invoice(*lines), **place).receipt_id)


def with_taxes(**changes):
    made = invoice(SOAP)
    return replace(made, taxes=(replace(made.taxes[0], **changes),))


def off_by_a_cent(**changes):
    made = invoice(SOAP, **changes)
    total = made.total + D("0.01")
    return replace(made, total=total, payments=(Payment("Cash", total),))


def settings(device, **changes):
    ledger = device.simulation.ledger
    ledger.change_settings(replace(ledger.settings, **changes))


def again_at_counter_one(device):
    device.sell(invoice())
    device.previous = None
    return device.sell(invoice(), counter=1)


def same_invoice_no(device):
    device.sell(invoice(), invoice_no="A-1")
    return device.sell(invoice(), invoice_no="A-1")


def same_second(device):
    device.sell(invoice())
    return device.sell(invoice(), date=device.book.latest.date)


def no_vat_payer(device):
    device.change(taxpayer_id=2)
    return device.sell(invoice())


def old_original(device):
    reference = sold(device, BREAD, date="2025-02-01T09:00:00")
    bread = replace(BREAD, total=D("-1.00"))
    return device.sell(note(bread, reference=reference), date="2026-03-02T09:00:00")


def too_many_hours(device):
    settings(device, future_tolerance=10**6)
    return device.sell(invoice(), date="2026-03-03T08:00:01")


def altered_after_signing(device):
    signed = device.sign(device.placed(invoice()))
    return device.submit(replace(signed, date="2026-03-02T09:00:00"))


def soap_note(device, *lines, original=(SOAP, BREAD), **changes):
    return device.sell(note(*lines, **{"reference": sold(device, *original), **changes}))


CASES = {
    "RCPT010": (lambda d: d.sell(invoice(currency="XXX")), {}),
    "RCPT011": (again_at_counter_one, {}),
    "RCPT012": (lambda d: d.sell(invoice(), global_no=7), {}),
    "RCPT013": (same_invoice_no, {}),
    "RCPT014": (lambda d: d.sell(invoice(), date="2026-03-02T07:59:59"), {}),
    "RCPT015": (lambda d: d.sell(note(reference=None)), {}),
    "RCPT016": (
        lambda d: d.sell(
            invoice(
                lines=(),
                taxes=(TaxLine(STANDARD, D(0), D(0), D("15.5")),),
                total=D(0),
                payments=(Payment("Cash", D(0)),),
            )
        ),
        {},
    ),
    "RCPT017": (lambda d: d.sell(invoice(line("0.00"), taxes=())), {"RCPT027"}),
    "RCPT018": (lambda d: d.sell(invoice(SOAP, line("-11.55", type="Discount"), payments=())), {}),
    "RCPT019": (lambda d: d.sell(off_by_a_cent()), {"RCPT038"}),
    "RCPT020": (altered_after_signing, {}),
    "RCPT021": (no_vat_payer, {}),
    "RCPT022": (lambda d: d.sell(invoice(SOAP, line("-1.00", price=D(-1)))), {}),
    "RCPT023": (lambda d: d.sell(invoice(line("11.55", quantity=D(0)))), {}),
    "RCPT024": (lambda d: d.sell(invoice(line("11.55", price=D("11.54")))), {}),
    "RCPT025": (lambda d: d.sell(invoice(line("11.55", tax_percent=D(15)))), {}),
    "RCPT026": (lambda d: d.sell(with_taxes(amount=D("1.56"))), {}),
    "RCPT027": (lambda d: d.sell(with_taxes(sales_with_tax=D("11.56"))), {"RCPT038"}),
    "RCPT028": (lambda d: d.sell(invoice(SOAP, payments=(Payment("Cash", D("12.55")), Payment("Card", D(-1))))), {}),
    "RCPT029": (lambda d: d.sell(invoice(reference=sold(d))), {}),
    "RCPT030": (same_second, {}),
    "RCPT031": (lambda d: d.sell(invoice(), date="2026-03-02T12:10:00"), {}),
    "RCPT032": (lambda d: d.sell(note(reference=NoteReference(receipt_id=4711))), {}),
    "RCPT033": (old_original, {}),
    "RCPT034": (lambda d: soap_note(d, notes=" "), {}),
    "RCPT035": (lambda d: soap_note(d, line("-14.06")), {}),
    "RCPT036": (lambda d: soap_note(d, original=(BREAD, BREAD, BREAD, BREAD, BREAD)), {}),
    "RCPT037": (lambda d: d.sell(off_by_a_cent(lines_tax_inclusive=False)), {"RCPT038"}),
    "RCPT038": (lambda d: d.sell(with_taxes(sales_with_tax=D("11.54"))), {"RCPT027"}),
    "RCPT039": (lambda d: d.sell(invoice(SOAP, payments=(Payment("Cash", D("11.50")),))), {}),
    "RCPT040": (lambda d: d.sell(invoice(line("-1.00", type="Discount"))), {"RCPT028"}),
    "RCPT041": (too_many_hours, {}),
    "RCPT042": (lambda d: soap_note(d, currency="ZWG"), {}),
    "RCPT043": (lambda d: d.sell(invoice(buyer=Buyer(register_name="Moyo and Sons"))), {}),
    "RCPT047": (lambda d: d.sell(invoice(line("11.55", hs_code=None))), {}),
    "RCPT048": (lambda d: d.sell(invoice(line("11.55", hs_code="340111"))), {}),
}


def test_every_rule_of_the_document_has_its_sale():
    assert set(CASES) == set(COLOURS) == set(SCHEMA["ruleColours"])
    assert SCHEMA["ruleColours"] == COLOURS


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_sale_that_breaks_the_rule(fresh, code):
    sell, beside = CASES[code]
    assert codes(sell(fresh)) == {code: COLOURS[code], **{other: COLOURS[other] for other in beside}}
    assert fresh.book.latest is not None  # stored all the same


def test_a_gap_is_gray_until_it_is_filled(fresh):
    first = fresh.sell(invoice())
    second = fresh.sign(fresh.placed(invoice()))
    fresh.counter, fresh.previous = 2, second.signature.hash
    third = fresh.sign(fresh.placed(invoice(), global_no=3, date="2026-03-02T08:30:00", invoice_no="third"))
    answer = fresh.submit(third)
    assert codes(answer) == {"RCPT011": "Gray", "RCPT012": "Gray"}
    fourth = fresh.sell(invoice())
    assert codes(fourth) == codes(first) == {}
    assert codes(fresh.submit(second)) == {}
    assert stored_codes(fresh, answer.receipt_id) == {}


def test_a_gap_that_is_filled_wrongly_turns_red(fresh):
    fresh.sell(invoice())
    third = fresh.sign(fresh.placed(invoice(), counter=3, global_no=4, date="2026-03-02T08:30:00"))
    answer = fresh.submit(third)
    assert codes(answer) == {"RCPT011": "Gray", "RCPT012": "Gray"}
    fresh.counter = 1
    late = fresh.placed(invoice(), counter=2, global_no=2, date="2026-03-02T08:31:00")
    fresh.previous = fresh.simulation.archive.receipts.at_counter(fresh.device_id, 1, 1).hash
    assert codes(fresh.submit(fresh.sign(late))) == {}
    assert stored_codes(fresh, answer.receipt_id) == {"RCPT012": "Red", "RCPT020": "Red", "RCPT030": "Red"}


def test_a_number_used_before_is_red_in_a_gap_as_well(fresh):
    fresh.sell(invoice())
    again = fresh.sign(fresh.placed(invoice(), counter=5, global_no=1))
    assert codes(fresh.submit(again)) == {"RCPT011": "Gray", "RCPT012": "Red"}


def test_grey_in_the_documents_spelling(fresh):
    settings(fresh, grey="Grey")
    assert codes(fresh.sell(invoice(), counter=2, global_no=2)) == {"RCPT011": "Grey", "RCPT012": "Grey"}


def test_the_very_second_of_the_opening(fresh):
    assert codes(fresh.sell(invoice(), date=OPENED)) == {"RCPT014": "Yellow"}
    fresh.start_over()
    settings(fresh, strict_opening=False)
    assert codes(fresh.sell(invoice(), date=OPENED)) == {}


def test_the_future_has_a_tolerance(fresh):
    settings(fresh, future_tolerance=60)
    assert codes(fresh.sell(invoice(), date="2026-03-02T12:00:30")) == {}
    assert codes(fresh.sell(invoice(), date="2026-03-02T12:05:00")) == {"RCPT031": "Yellow"}
    assert codes(fresh.sell(invoice(), date=NOON)) == {"RCPT030": "Red"}
    # The number of the latest date, though a later receipt has come: as measured live.
    assert fresh.book.last_global_no("latest-date") == 2
    assert fresh.book.last_global_no("highest") == 3


def test_a_day_may_be_shorter(fresh):
    fresh.change(day_max_hours=1)
    assert codes(fresh.sell(invoice(), date="2026-03-02T09:00:00")) == {}
    assert codes(fresh.sell(invoice(), date="2026-03-02T09:00:01")) == {"RCPT041": "Yellow"}


def test_taxes_change_in_the_middle_of_a_day(fresh):
    """15.5 % until ten, 16 % from then on: each receipt by its own date."""
    until, since = "2026-03-02T09:59:59", "2026-03-02T10:00:00"
    changing = (Tax(STANDARD, "15.5%", D("15.5"), "", until), Tax(STANDARD, "16%", D(16), since))
    fresh.change(taxes=(TAXES[1], *changing))
    dearer = invoice(line("11.60", tax_percent=D(16)))
    assert codes(fresh.sell(invoice(), date=until)) == {}
    assert codes(fresh.sell(dearer, date=since)) == {}
    assert codes(fresh.sell(invoice(), date="2026-03-02T10:00:01")) == {"RCPT025": "Red"}
    percents = [key.percent for key in fresh.book.chain.totals if key.type == "SaleByTax" and key.tax_id == STANDARD]
    assert percents == ["15.50", "16.00"]


@pytest.mark.parametrize(
    ("rounding", "tax", "expected"),
    [
        # 0.50 at 5 % exclusive is 0.025: half up 0.03, half even 0.02.
        ("half-up", "0.03", {}),
        ("half-up", "0.02", {"RCPT026", "RCPT027"}),
        ("half-even", "0.02", {}),
        ("half-even", "0.03", {"RCPT026", "RCPT027"}),
        ("up", "0.03", {}),
    ],
)
def test_how_fdms_rounds_is_a_setting(fresh, rounding, tax, expected):
    settings(fresh, rounding=rounding)
    total = D("0.50") + D(tax)
    made = invoice(line("0.50", 514), lines_tax_inclusive=False)
    made = replace(
        made,
        taxes=(TaxLine(514, D(tax), total, D(5)),),
        total=total,
        payments=(Payment("Cash", total),),
    )
    assert set(codes(fresh.sell(made))) == set(expected)


def test_other_roundings_know_lines_and_groups(fresh):
    settings(fresh, rounding="up")
    made = invoice(line("0.11", price=D("0.105001"), quantity=D(1)))
    assert codes(fresh.sell(replace(made, taxes=(replace(made.taxes[0], amount=D("0.02")),)))) == {}
    assert codes(fresh.sell(invoice(line("0.00"), taxes=()))) == {"RCPT017": "Red", "RCPT027": "Red"}
    assert codes(fresh.sell(invoice(line("0.10", price=D("0.105001")), BREAD))) == {"RCPT024": "Red", "RCPT026": "Red"}


def test_taxes_rounded_line_by_line_are_a_setting(fresh):
    lines = [line("0.03") for _ in range(4)]  # the group's tax is 0.02, the lines' 0.00 each
    made = invoice(*lines)
    by_line = replace(made, taxes=(replace(made.taxes[0], amount=D("0.00")),))
    assert codes(fresh.sell(by_line)) == {"RCPT026": "Red"}
    settings(fresh, per_line_rounding=True)
    assert codes(fresh.sell(by_line)) == {}
    assert codes(fresh.sell(made)) == {}


def test_lines_out_of_order_are_refused_and_nothing_is_stored(fresh):
    made = fresh.placed(invoice())
    with pytest.raises(Problem) as caught:
        fresh.submit(fresh.sign(replace(made, lines=made.lines[::-1])))
    assert caught.value.code == "RCPT02"
    assert fresh.book.latest is None
