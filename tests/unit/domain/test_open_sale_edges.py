"""Where a sale being rung up turns: the last cent, the last line, the last per cent, and what stands on the paper."""

from decimal import Decimal as D

import pytest
from msgspec.structs import replace

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
    take_back,
    take_off,
    void_line,
    write_sale,
)
from fiscalmon.domain.receipt import Buyer
from fiscalmon.domain.sale import MAX_LINES

SOAP = OpenLine("SOAP", 3, D("10.00"), sku="S1")
BREAD = OpenLine("BREAD", 1, D("1.10"), hs_code="19059000")
MILK = OpenLine("MILK", 2, D("2.00"))
THREE = OpenSale("Q-1", lines=(SOAP, BREAD, MILK))


def with_line(**changes) -> OpenSale:
    return OpenSale("Q-1", lines=(replace(SOAP, **changes),))


@pytest.mark.parametrize(
    "filled",
    [{"lines": (SOAP,)}, {"tenders": (Tender("Cash", "USD", D(1)),)}, {"buyer": Buyer("A", "B")}, {"notes": "x"}],
)
def test_a_sale_with_anything_in_it_is_not_empty(filled):
    assert OpenSale("Q-1").empty is True
    assert OpenSale("Q-1", **filled).empty is False


def test_a_discount_is_named_with_its_per_cent():
    lines = write_sale(with_line(off=Off(percent=D("12.50")))).sale.lines
    assert [line.name for line in lines] == ["SOAP", "Discount 12.5%"]
    lines = write_sale(take_off(THREE, Off(percent=D(100)))).sale.lines
    assert [(line.name, line.total) for line in lines[3:]] == [
        ("Discount 100%", D("-10.00")),
        ("Discount 100%", D("-1.10")),
        ("Discount 100%", D("-2.00")),
    ]
    assert [line.name for line in write_sale(take_off(THREE, Off(amount=D(1)))).sale.lines[3:]] == ["Discount"] * 3


def test_a_discount_that_rounds_to_nothing_is_no_line():
    assert len(write_sale(with_line(price=D("0.01"), off=Off(percent=D("0.1")))).sale.lines) == 1


def test_nothing_to_pay_is_paid_by_nothing_in_cash():
    free = take_off(THREE, Off(percent=D(100)))
    assert [(paid.money_type, paid.amount) for paid in settle(free).payments] == [("Cash", 0)]
    by_card = settle(give(free, Tender("Card", "USD", D(5))))
    assert [(paid.money_type, paid.amount) for paid in by_card.payments] == [("Card", 5)]
    assert settle(THREE).payments == ()


def test_the_whole_sales_discount_on_lines_that_are_free_already():
    free = with_line(off=Off(percent=D(100)))
    assert len(write_sale(replace(free, off=Off(percent=D(10)))).sale.lines) == 2


def test_a_discounts_share_stands_with_the_taxs_first_largest_line():
    lines = (
        replace(BREAD, price=D("1.00"), hs_code="11111111"),
        replace(BREAD, price=D("2.00"), hs_code="22222222"),
        replace(BREAD, price=D("2.00"), hs_code="33333333"),
        replace(BREAD, price=D("1.50"), hs_code="44444444"),
    )
    written = write_sale(OpenSale("Q-1", lines=lines, off=Off(amount=D("1.00")))).sale
    assert [(line.hs_code, line.total) for line in written.lines[4:]] == [("22222222", D("-1.00"))]


def test_what_is_not_said_is_not_written():
    written = write_sale(THREE).sale
    assert written.notes is None
    assert [line.hs_code for line in written.lines] == [None, "19059000", None]
    assert write_sale(replace(THREE, notes="For the office")).sale.notes == "For the office"


def test_notes_are_as_long_as_a_receipt_takes_them():
    foreign = give(replace(THREE, notes="x" * 600), Tender("Cash", "ZAR", D(100), D(18)))
    assert write_sale(foreign).sale.notes == "x" * 500


def test_half_the_lines_of_a_receipt_are_left_for_discounts():
    most = MAX_LINES // 2
    almost = OpenSale("Q-1", lines=(MILK,) * (most - 1))
    assert len(add(almost, MILK).lines) == most
    with pytest.raises(BadInput, match="as many lines"):
        add(OpenSale("Q-1", lines=(MILK,) * most), MILK)


def test_the_line_just_rung_up_takes_the_next_one_of_it():
    sale = add(add(OpenSale("Q-1"), SOAP), SOAP)
    assert [line.quantity for line in sale.lines] == [2]


def test_one_line_among_three():
    assert change_line(THREE, 1, quantity=D(4)).lines == (SOAP, replace(BREAD, quantity=D(4)), MILK)
    assert void_line(THREE, 1).lines == (SOAP, MILK)
    for wrong in (-1, 3):
        with pytest.raises(BadInput, match="no such line"):
            void_line(THREE, wrong)


def test_one_payment_among_three():
    given = [Tender("Cash", "USD", D(amount)) for amount in (1, 2, 3)]
    sale = replace(THREE, tenders=tuple(given))
    assert take_back(sale, 1).tenders == (given[0], given[2])
    assert take_back(sale, 0).tenders == (given[1], given[2])


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_money_that_is_none(amount):
    with pytest.raises(BadInput, match="must be above zero"):
        give(THREE, Tender("Cash", "USD", D(amount)))


def test_a_cent_is_money():
    assert give(THREE, Tender("Cash", "USD", D("0.01"))).tenders[0].amount == D("0.01")
    assert give(THREE, Tender("Cash", "ZWG", D("0.01"), D("0.5"))).tenders[0].worth == D("0.02")


def test_more_money_than_there_is():
    most = Tender("Cash", "USD", D("999999999999.99"))
    assert give(THREE, most).tenders == (most,)
    with pytest.raises(BadInput, match="too large"):
        give(THREE, Tender("Cash", "USD", D("1000000000000.00")))


def test_a_rate_needs_both_currencies():
    assert rate_between({"ZWG": D(26)}, "ZWG", "XXX") is None
    assert rate_between({"ZWG": D(26)}, "XXX", "ZWG") is None
    assert rate_between({}, "XXX", "XXX") == 1


@pytest.mark.parametrize("quantity", ["0", "-1", "0.0000001", "100000"])
def test_a_quantity_that_is_none(quantity):
    with pytest.raises(BadInput, match="quantity must be above zero and below 100,000"):
        add(OpenSale("Q-1"), replace(SOAP, quantity=D(quantity)))


@pytest.mark.parametrize("price", ["0", "-1", "0.0000001"])
def test_a_price_that_is_none(price):
    with pytest.raises(BadInput, match="price must be above zero"):
        add(OpenSale("Q-1"), replace(SOAP, price=D(price)))


@pytest.mark.parametrize(("price", "quantity"), [("0.01", "1"), ("0.5", "99999.999999"), ("10000", "0.000001")])
def test_the_least_and_the_most_of_a_line(price, quantity):
    line = replace(SOAP, price=D(price), quantity=D(quantity))
    assert add(OpenSale("Q-1"), line).lines == (line,)


def test_a_line_of_less_than_a_cent():
    with pytest.raises(BadInput, match="less than a cent"):
        add(OpenSale("Q-1"), replace(SOAP, price=D("0.004")))


@pytest.mark.parametrize("percent", ["0.5", "1", "50", "100"])
def test_so_many_per_cent(percent):
    assert take_off(with_line(), Off(percent=D(percent))).discount == D(percent) / 10


@pytest.mark.parametrize("percent", ["-0.1", "100.1"])
def test_more_per_cent_than_there_are(percent):
    with pytest.raises(BadInput, match="0 to 100 per cent"):
        take_off(with_line(), Off(percent=D(percent)))


@pytest.mark.parametrize("amount", ["0.01", "0.50", "10.00"])
def test_so_much_off(amount):
    assert take_off(with_line(), Off(amount=D(amount))).discount == D(amount)


@pytest.mark.parametrize("amount", ["-0.01", "10.01", "0.001"])
def test_more_off_than_there_is(amount):
    with pytest.raises(BadInput, match="at most 10"):
        take_off(with_line(), Off(amount=D(amount)))


@pytest.mark.parametrize("nothing", [Off(), Off(percent=D(0))], ids=["none", "0%"])
def test_no_discount_takes_the_one_before_away(nothing):
    assert take_off(take_off(THREE, Off(percent=D(5))), nothing).off is None
    assert change_line(with_line(off=Off(percent=D(5))), 0, off=nothing).lines[0].off is None
