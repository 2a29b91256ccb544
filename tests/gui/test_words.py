"""Numbers and times as the window says them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.gui.scripted_engine import NOON, SHOP
from ui.presenters import words
from ui.presenters.shop_clock import ShopClock


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (840, "14 min"),
        (20400, "5 h 40"),
        (3600, "1 h"),
        (47 * 3600, "47 h"),
        (49 * 3600, "2 d 1 h"),
        (96 * 3600, "4 d"),
        (3660, "1 h 01"),
    ],
)
def test_span(seconds: float, said: str) -> None:
    assert words.span(seconds) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("12340.5", "12,340.50"),
        (0, "0.00"),
        ("-3.005", "-3.00"),
        ("NaN", "—"),
        ("Infinity", "—"),
        ("x", "—"),
        (None, "—"),
        (324500.0, "324,500.00"),
    ],
)
def test_money(amount: object, said: str) -> None:
    assert words.money(amount) == said


def test_milliseconds_turn_into_seconds_when_long() -> None:
    assert words.milliseconds(540.4) == "540 ms"
    assert words.milliseconds(9_999) == "9,999 ms"
    assert words.milliseconds(12_400) == "12.4 s"


def test_instant_knows_local_and_utc() -> None:
    assert words.instant("2026-11-22T07:58:00", SHOP) == datetime(2026, 11, 22, 7, 58, tzinfo=SHOP)
    assert words.clock(words.instant("2026-11-22T12:03:07+00:00", SHOP)) == "14:03:07"
    assert words.instant("yesterday", SHOP) is None
    assert words.instant(None, SHOP) is None


def test_since_names_the_day_when_it_is_not_today() -> None:
    assert words.since(NOON.replace(hour=7, minute=58), NOON) == "07:58"
    assert words.since(NOON - timedelta(days=1), NOON) == "yesterday 14:03"
    assert words.since(NOON - timedelta(days=5), NOON) == "Tue 17 Nov 14:03"


def test_text_from_outside_is_one_harmless_line() -> None:
    assert words.sentence("a\nb\t\x1b[31mc\u202egnp.exe") == "a b [31mc gnp.exe"
    assert words.sentence("  <b>x</b> ") == "<b>x</b>"
    assert words.sentence(None) == ""


def test_shop_clock_runs_on_from_the_last_word() -> None:
    seconds = [100.0]
    clock = ShopClock(lambda: seconds[0])
    assert clock.now() is None
    clock.heard("no time")
    clock.heard("2026-11-22T14:03:07")  # without offset it says nothing about the shop's zone
    assert clock.now() is None
    clock.heard(NOON.isoformat())
    seconds[0] += 65
    assert clock.now() == NOON + timedelta(seconds=65)
