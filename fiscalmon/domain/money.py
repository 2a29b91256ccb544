"""Exact amounts: Decimal in major units at the edges, integer cents inside canonical strings and counters.

No float ever enters; products of decimal(25,6) values stay exact because the context below is wide enough.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
EXACT = Context(prec=64, rounding=ROUND_HALF_UP)


def round_cents(amount: Decimal) -> Decimal:
    """Two decimals, half away from zero (Gateway v7.2 §18.2 for the canonical string, §13.4 for taxes); never -0.00."""
    rounded = amount.quantize(CENT, ROUND_HALF_UP, EXACT)
    return rounded if rounded else ZERO


def cents(amount: Decimal) -> int:
    """Integer cents with sign, rounded like `round_cents`; zero is 0, never -0."""
    return int(_multiply(amount.quantize(CENT, ROUND_HALF_UP, EXACT), _HUNDRED))


def from_cents(value: int) -> Decimal:
    """Integer cents back to an amount with two decimals."""
    return Decimal(value).scaleb(-2, EXACT).quantize(CENT, ROUND_HALF_UP, EXACT)


def plain(number: Decimal) -> Decimal:
    """The same number without exponent or superfluous zeros, as JSON for FDMS wants it (15.500 is refused there)."""
    whole = number.quantize(_ONE, ROUND_HALF_UP, EXACT)
    return whole if whole == number else number.normalize(EXACT)


def is_amount(number: Decimal) -> bool:
    """Whether FDMS can hold the number as an amount: finite, at most two decimals (zeros not counted), below 1e15."""
    try:
        return number.quantize(CENT, ROUND_HALF_UP, _FIFTEEN_TWO) == number
    except InvalidOperation:
        return False


def is_quantity(number: Decimal) -> bool:
    """Whether FDMS can hold the number as a quantity or price: finite, at most six decimals, below 1e15."""
    try:
        return number.quantize(_MILLIONTH, ROUND_HALF_UP, _FIFTEEN_SIX) == number
    except InvalidOperation:
        return False


def is_line(quantity: Decimal, price: Decimal | None, total: Decimal) -> bool:
    """`is_quantity` of the first two and `is_amount` of the third, at one go: every line of a sale is asked this."""
    try:
        return (
            quantity.quantize(_MILLIONTH, ROUND_HALF_UP, _FIFTEEN_SIX) == quantity
            and total.quantize(CENT, ROUND_HALF_UP, _FIFTEEN_TWO) == total
            and (price is None or price.quantize(_MILLIONTH, ROUND_HALF_UP, _FIFTEEN_SIX) == price)
        )
    except InvalidOperation:
        return False


_ONE = Decimal(1)
_HUNDRED = Decimal(100)
_multiply = EXACT.multiply
_MILLIONTH = Decimal("0.000001")
# Fifteen digits before the point, the declared decimals behind it; more is an InvalidOperation.
_FIFTEEN_TWO = Context(prec=17)
_FIFTEEN_SIX = Context(prec=21)
