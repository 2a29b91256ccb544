"""Receipts per hour as a line, and what the fiscal-day dialog says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.gui.scripted_engine import NOON, device, receipt, snapshot
from ui.presenters import day
from ui.presenters.trend import EMPTY, TrendView, present_trend


def test_hours_up_to_the_running_one() -> None:
    view = present_trend(snapshot(), NOON)
    assert len(view.counts) == 15 and view.counts[-1] == 63
    assert view.caption == "63 so far this hour"
    assert (view.first, view.last) == (6, 21)
    assert "12 h 214" in view.spoken()


def test_a_night_shop_widens_the_axis() -> None:
    hours = [0, 0, 0, 5] + [1] * 20
    view = present_trend(snapshot(receiptsPerHour=hours), NOON.replace(hour=23))
    assert (view.first, view.last) == (2, 24)


def test_nothing_yet_says_what_will_come() -> None:
    for view in (present_trend(None, None), present_trend(snapshot(receiptsPerHour=[0] * 24), NOON)):
        assert view.counts == () and view.spoken() == EMPTY


@pytest.mark.parametrize(("peak", "top"), [(0, 4), (3, 4), (5, 8), (9, 12), (214, 240), (1000, 1200), (99, 120)])
def test_the_axis_ends_on_a_round_number_above_the_peak(peak: int, top: int) -> None:
    assert TrendView((0, peak)).top == top


def test_a_row_offers_what_the_day_allows() -> None:
    assert [
        day.day_row(device(fiscalDayStatus=s), NOON).act
        for s in ("FiscalDayClosed", "FiscalDayOpened", "FiscalDayCloseFailed", "FiscalDayCloseInitiated")
    ] == ["open", "close", "close", ""]
    row = day.day_row(device(queueDepth=2), NOON)
    assert row.detail == "Day 118 since 07:58 · 17 h 54 left · 2 receipts wait"
    assert day.day_row(device(taxPayerDayMaxHrs=8), NOON).state == "attention"


def test_totals_come_from_the_balance_counters() -> None:
    counters = [
        {
            "fiscalCounterType": "BalanceByMoneyType",
            "fiscalCounterCurrency": "USD",
            "fiscalCounterValue": "9.25",
        },
        {
            "fiscalCounterType": "BalanceByMoneyType",
            "fiscalCounterCurrency": "ZWG",
            "fiscalCounterValue": "90",
        },
        {
            "fiscalCounterType": "BalanceByMoneyType",
            "fiscalCounterCurrency": "USD",
            "fiscalCounterValue": "0.75",
        },
        {"fiscalCounterType": "SaleByTax", "fiscalCounterCurrency": "USD", "fiscalCounterValue": "7"},
    ]
    assert day.day_totals({"counters": counters}) == [("ZWG", Decimal(90)), ("USD", Decimal("10.00"))]
    late = [receipt(212), receipt(900, fiscalDayNo=117)]
    summary = day.close_summary(device(counters=counters, lastReceipts=late, queueDepth=1), NOON)
    assert ("Receipts", "212") in summary.facts and ("Total USD", "10.00") in summary.facts
    assert summary.title == "Close day 118?" and summary.warning.startswith("1 receipt of this device is not at FDMS")


def test_how_a_close_ended() -> None:
    ended = {"deviceID": 10001, "fiscalDayNo": 118}
    assert day.closed({**ended, "fiscalDayStatus": "FiscalDayClosed"}).state == "ok"
    failed = day.closed(
        {**ended, "fiscalDayStatus": "FiscalDayCloseFailed", "fiscalDayClosingErrorCode": "CountersMismatch"}
    )
    assert failed.sentence == "Day 118 of device 10001 did not close: CountersMismatch."
    assert "audit" in failed.advice
    strange = day.closed({**ended, "fiscalDayStatus": "FiscalDayCloseFailed", "fiscalDayClosingErrorCode": "New"})
    assert strange.advice == "Ask support, and name this code."
    assert day.closed({**ended, "fiscalDayStatus": "FiscalDayCloseInitiated"}).state == "attention"
