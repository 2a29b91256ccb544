"""A sale being rung up: what it comes to, what FDMS gets of it, what the money makes."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiscalmon.domain import drafting, rulebook
from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.open_sale import (
    Off,
    OpenLine,
    OpenSale,
    Tender,
    add,
    change_line,
    give,
    rate_between,
    settle,
    take_off,
    void_line,
    write_sale,
)
from fiscalmon.domain.receipt import MONEY_TYPES
from fiscalmon.domain.sale import decode_sale
from tests.support.books import CONFIG

MILK = OpenLine("MILK 2 L", 3, D("2.49"), hs_code="04012000", sku="M2")
BREAD = OpenLine("BREAD", 1, D("1.10"), hs_code="19059000", sku="B1")
SITUATION = rulebook.Situation(CONFIG, "2026-11-22T08:00:00")


def rung(*lines: OpenLine, **more) -> OpenSale:
    sale = OpenSale("Q-1", **more)
    for line in lines:
        sale = add(sale, line)
    return sale


def paid(sale: OpenSale, *money: tuple[str, str]) -> OpenSale:
    for kind, amount in money:
        sale = give(sale, Tender(kind, sale.currency, D(amount)))
    return sale


def findings(sale: OpenSale) -> list[str]:
    import msgspec

    written = decode_sale(msgspec.json.encode(write_sale(sale).sale))
    receipt = drafting.draft(written, CONFIG, "2026-11-22T12:00:00")
    return [finding.advice for finding in rulebook.judge_content(receipt, SITUATION)]


def test_the_same_product_again_is_one_line_with_more_of_it():
    sale = rung(MILK, BREAD, MILK)
    assert [(line.sku, line.quantity) for line in sale.lines] == [("M2", 2), ("B1", 1)]
    assert sale.due == D("6.08")
    discounted = change_line(sale, 0, off=Off(percent=D(10)))
    assert len(add(discounted, MILK).lines) == 3  # a discount was given on those, not on this one


def test_discounts_are_lines_behind_what_they_are_on():
    sale = take_off(change_line(rung(MILK, BREAD), 0, off=Off(percent=D(10))), Off(amount=D("1.00")))
    written = write_sale(paid(sale, ("Cash", "2.34")))
    assert [(line.type, line.total, line.tax_id) for line in written.sale.lines] == [
        ("Sale", D("2.49"), 3),
        ("Discount", D("-0.25"), 3),
        ("Sale", D("1.10"), 1),
        ("Discount", D("-0.67"), 3),
        ("Discount", D("-0.33"), 1),
    ]
    assert written.rows == (0, 0, 1, None, None)
    assert sale.due == D("2.34") == written.sale.total
    assert findings(paid(sale, ("Cash", "2.34"))) == []


def test_void_and_change_give_new_values():
    sale = rung(MILK, BREAD)
    assert void_line(sale, 0).lines == (BREAD,) and len(sale.lines) == 2
    assert change_line(sale, 1, quantity=D("0.5")).lines[1].net == D("0.55")
    for wrong in ({"quantity": D(0)}, {"quantity": D(6001234567890)}, {"price": D(0)}, {"off": Off(percent=D(101))}):
        with pytest.raises(BadInput):
            change_line(sale, 0, **wrong)
    with pytest.raises(BadInput):
        take_off(sale, Off(amount=D("3.60")))


def test_only_cash_gives_change():
    settled = settle(paid(rung(MILK), ("Card", "2.00"), ("Cash", "5.00")))
    assert (settled.change, settled.missing, settled.problem) == (D("4.51"), 0, "")
    assert [(p.money_type, p.amount) for p in settled.payments] == [("Card", D("2.00")), ("Cash", D("0.49"))]
    too_much = settle(paid(rung(MILK), ("Card", "3.00")))
    assert "only cash gives change" in too_much.problem and too_much.change == 0
    assert settle(rung(MILK)).missing == D("2.49")


def test_money_of_another_currency_counts_at_the_shops_rate():
    rate = rate_between({"ZWG": D("26.9")}, "ZWG", "USD")
    sale = give(rung(MILK), Tender("Cash", "ZWG", D("100"), rate))
    settled = settle(sale)
    assert (settled.paid, settled.change) == (D("3.72"), D("1.23"))
    notes = write_sale(sale).sale.notes
    assert notes == "Paid with Cash 100 ZWG at 26.9 for 1 USD; change 1.23 USD."
    assert findings(sale) == []
    assert rate_between({"ZWG": D("26.9")}, "USD", "ZWG") * D("26.9") == pytest.approx(D(1))
    assert rate_between({}, "ZWG", "USD") is None and rate_between({}, "ZWG", "ZWG") == 1
    with pytest.raises(BadInput):
        give(rung(MILK), Tender("Cash", "ZWG", D("0.01"), rate))


def test_before_money_is_given_it_is_judged_as_if_it_were():
    assert write_sale(rung(MILK), assume_paid=True).sale.payments[0].amount == D("2.49")
    assert findings(rung(MILK)) != []


offs = st.one_of(
    st.none(),
    st.builds(Off, percent=st.decimals(0, 100, places=1)),
    st.builds(Off, amount=st.decimals("0.01", "30", places=2)),
)
lines = st.builds(
    OpenLine,
    name=st.just("X"),
    tax_id=st.sampled_from([1, 2, 3]),
    price=st.decimals("0.01", "500", places=2),
    quantity=st.decimals(1, 20, places=3),
    hs_code=st.just("04012000"),
    off=offs,
)
money = st.lists(st.tuples(st.sampled_from(MONEY_TYPES), st.decimals("0.01", "100", places=2)), max_size=4)


@given(st.lists(lines, min_size=1, max_size=8), offs, money)
def test_whatever_is_rung_up_and_paid_breaks_no_rule(lines, off, money):
    sale = OpenSale("Q-1", lines=tuple(lines), off=off)
    for kind, amount in money:
        sale = give(sale, Tender(kind, "USD", amount))
    settled = settle(sale)
    if settled.missing or not settled.paid:
        sale = give(sale, Tender("Cash", "USD", settled.missing + 5))
        settled = settle(sale)
    assert sum(p.amount for p in settled.payments) + settled.change == settled.paid
    if not settled.problem:
        assert findings(sale) == []
