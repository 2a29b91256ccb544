"""A credit note from its original: signs turned, discounts with their lines, money paid back as it came."""

from decimal import Decimal

import pytest

from fiscalmon.domain.crediting import Credit, credit_note, default_sale_id, invoice_no, same_credit
from fiscalmon.domain.drafting import draft
from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.receipt import NoteReference, Payment
from tests.unit.domain.samples import CONFIG, NOW, line, receipt_of

D = Decimal
REFERENCE = NoteReference(device_id=1, receipt_global_no=2, fiscal_day_no=3)


def paid(*pairs):
    return tuple(Payment(kind, D(amount)) for kind, amount in pairs)


def original(*payments, **more):
    return receipt_of(line("12.00"), line("5.00"), line("3.00"), payments=paid(*payments), **more)


def credit(of, *lines, so_far=()):
    return credit_note(of, so_far, Credit("S-1", REFERENCE, "Returned", lines))


def amounts(sale):
    return [(payment.money_type, payment.amount) for payment in sale.payments]


def test_a_whole_credit_is_the_original_turned_round():
    of = original(("Cash", "15.00"), ("Card", "5.00"))
    sale = credit(of)
    note = draft(sale, CONFIG, NOW)
    assert note.total == -of.total
    assert [(tax.amount, tax.sales_with_tax) for tax in note.taxes] == [
        (-tax.amount, -tax.sales_with_tax) for tax in of.taxes
    ]
    assert [(one.quantity, one.total) for one in note.lines] == [(one.quantity, -one.total) for one in of.lines]
    assert amounts(sale) == [("Cash", D("-15.00")), ("Card", D("-5.00"))]
    assert (sale.type, sale.currency, sale.reference, sale.notes) == ("CreditNote", of.currency, REFERENCE, "Returned")
    assert same_credit(note, sale)
    assert not same_credit(note, credit(of, 1))


@pytest.mark.parametrize(
    ("lines", "back"),
    [
        ((1,), [("Cash", "-12.00")]),
        ((1, 2), [("Cash", "-15.00"), ("Card", "-2.00")]),
        ((2, 3, 3), [("Cash", "-8.00")]),
    ],
)
def test_chosen_lines_are_paid_back_in_the_order_of_the_original(lines, back):
    sale = credit(original(("Cash", "15.00"), ("Card", "5.00")), *lines)
    assert amounts(sale) == [(kind, D(amount)) for kind, amount in back]


def test_what_was_paid_back_before_is_not_paid_back_again():
    of = original(("Cash", "15.00"), ("Card", "5.00"))
    first = draft(credit(of, 1), CONFIG, NOW)
    assert amounts(credit(of, 2, 3, so_far=[first])) == [("Cash", D("-3.00")), ("Card", D("-5.00"))]
    # More than there is goes to the first kind of money; the rulebook refuses it anyway (RCPT035).
    everything = draft(credit(of), CONFIG, NOW)
    assert amounts(credit(of, 3, so_far=[everything])) == [("Cash", D("-3.00"))]


def test_tax_comes_on_top_where_it_did_before():
    of = receipt_of(line("10.00"), line("3.33"), lines_tax_inclusive=False)
    sale = credit(of)
    note = draft(sale, CONFIG, NOW)
    assert note.total == -of.total == sum(payment.amount for payment in sale.payments)


def test_a_discount_goes_with_the_line_before_it():
    of = receipt_of(line("12.00"), line("-2.00", type="Discount"), line("-1.00", type="Discount"), line("5.00"))
    assert [one.total for one in credit(of, 1).lines] == [D("-12.00"), D("2.00"), D("1.00")]
    assert [one.total for one in credit(of, 4).lines] == [D("-5.00")]


def test_what_cannot_be_credited_is_said():
    with pytest.raises(BadInput, match="no line 4"):
        credit(original(("Cash", "20.00")), 1, 4)
    note = draft(credit(original(("Cash", "20.00"))), CONFIG, NOW)
    with pytest.raises(BadInput, match="credit note itself"):
        credit(note)


def test_names_are_derived_and_fit():
    assert invoice_no("INV-1", "S-1") == invoice_no("INV-1", "S-1") != invoice_no("INV-1", "S-2")
    assert invoice_no("INV-1", "S-1").startswith("INV-1-CR")
    assert len(invoice_no("X" * 50, "S-1")) == 50
    assert default_sale_id("abc", ()) == "CREDIT-abc"
    assert default_sale_id("abc", (3, 1, 3)) == "CREDIT-abc-1.3"
