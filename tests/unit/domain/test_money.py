"""Amounts are exact: rounding half away from zero, cents there and back, no exponent in what is sent."""

from decimal import Decimal, getcontext, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiscalmon.domain.money import cents, from_cents, is_amount, is_line, is_quantity, plain, round_cents

D = Decimal
HUGE = 10**30


@pytest.mark.parametrize(
    ("amount", "rounded", "in_cents"),
    [
        ("0", "0.00", 0),
        ("-0.00", "0.00", 0),
        ("-0.004", "0.00", 0),
        ("0.005", "0.01", 1),
        ("-0.005", "-0.01", -1),
        ("0.0049999999999999999999999999999999999", "0.00", 0),
        ("2.675", "2.68", 268),
        ("1289.61", "1289.61", 128961),
        ("-40.35", "-40.35", -4035),
        ("500", "500.00", 50000),
        ("1E+3", "1000.00", 100000),
        ("999999999999999999999999999999.995", "1000000000000000000000000000000.00", HUGE * 100),
    ],
)
def test_rounding(amount, rounded, in_cents):
    assert str(round_cents(D(amount))) == rounded
    assert cents(D(amount)) == in_cents


@given(st.integers(-(10**25), 10**25))
def test_cents_there_and_back(value):
    amount = from_cents(value)
    assert cents(amount) == value
    assert amount.as_tuple().exponent == -2
    assert round_cents(amount) == amount


@given(st.decimals(-(10**15), 10**15, places=6))
def test_rounding_is_symmetric_and_near(amount):
    assert round_cents(-amount) == -round_cents(amount)
    assert abs(round_cents(amount) - amount) <= D("0.005")
    assert cents(amount) == round_cents(amount) * 100


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("15.500", "15.5"),
        ("2", "2"),
        ("2.000", "2"),
        ("1E+2", "100"),
        ("0.00", "0"),
        ("-1.10", "-1.1"),
        ("33.333000", "33.333"),
    ],
)
def test_plain_numbers(number, text):
    assert str(plain(D(number))) == text


@given(st.decimals(-(10**15), 10**15, places=6))
def test_plain_says_the_same_without_exponent(number):
    assert plain(number) == number
    assert "E" not in str(plain(number))


@pytest.mark.parametrize(
    ("number", "amount", "quantity"),
    [
        ("1.25", True, True),
        ("1.250000", True, True),
        ("1.255", False, True),
        ("1.2345678", False, False),
        ("1.23456700000", False, True),
        ("-999999999999999.99", True, True),
        ("999999999999999.999999", False, True),
        ("1000000000000000", False, False),
        ("1e30", False, False),
        ("1e-30", False, False),
        ("0e-400", True, True),
        ("NaN", False, False),
        ("sNaN", False, False),
        ("-Infinity", False, False),
    ],
)
def test_what_fdms_can_hold(number, amount, quantity):
    assert is_amount(D(number)) is amount
    assert is_quantity(D(number)) is quantity


def test_a_context_of_somebody_else_changes_nothing():
    with localcontext() as context:
        context.prec = 3
        context.rounding = "ROUND_DOWN"
        assert round_cents(D("123456.785")) == D("123456.79")
        assert cents(D("123456.785")) == 12345679
        assert str(from_cents(12345679)) == "123456.79"
        assert is_amount(D("123456.78"))
    assert getcontext().prec == 28


NUMBERS = st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(-(10**15), 10**15, places=2)


@given(NUMBERS, NUMBERS | st.none(), NUMBERS)
def test_a_lines_numbers_at_one_go(quantity, price, total):
    one_by_one = is_quantity(quantity) and (price is None or is_quantity(price)) and is_amount(total)
    assert is_line(quantity, price, total) is one_by_one
