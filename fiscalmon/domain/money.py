"""Exact amounts: Decimal in major units at the edges, integer cents inside canonical strings and counters.

No float ever enters; products of decimal(25,6) values stay exact because the context below is wide enough.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
EXACT = Context(prec=64, rounding=ROUND_HALF_UP)


def round_cents(amount: Decimal) -> Decimal:
    """Two decimals, half away from zero (Gateway v7.2 §18.2 for the canonical string, §13.4 for taxes)."""
    return EXACT.quantize(amount, CENT)


def cents(amount: Decimal) -> int:
    """Integer cents with sign; zero is 0, never -0."""
    return int(EXACT.multiply(amount, _HUNDRED).to_integral_value(ROUND_HALF_UP, EXACT))


def from_cents(value: int) -> Decimal:
    """Integer cents back to an amount with two decimals."""
    return Decimal(value).scaleb(-2, EXACT).quantize(CENT)


def plain(number: Decimal) -> Decimal:
    """The same number without exponent or superfluous zeros, as JSON for FDMS wants it (15.500 is refused there)."""
    whole = EXACT.quantize(number, _ONE)
    return whole if whole == number else number.normalize(EXACT)


def fits(number: Decimal, step: Decimal) -> bool:
    """Whether the number has no more decimals than the step (e.g. 0.01), trailing zeros not counted."""
    return EXACT.quantize(number, step) == number


_ONE = Decimal(1)
_HUNDRED = Decimal(100)
