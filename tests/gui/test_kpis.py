"""The cards: the engine's numbers in words, and never a number that is not known."""

from __future__ import annotations

from typing import Any

from tests.gui.scripted_engine import NOON, device, snapshot
from ui.presenters.kpis import KpiView, present_kpis


def card(key: str, devices: list[dict[str, Any]] | None = None, **metrics: Any) -> KpiView:
    return next(view for view in present_kpis(snapshot(**metrics), devices, NOON, NOON) if view.key == key)


def test_the_labels_are_the_packs() -> None:
    assert [view.label for view in present_kpis(None)] == [
        "Active Devices",
        "Receipts Today",
        "Failed Receipts",
        "Success Rate",
        "FDMS Latency",
        "Waiting",
        "Sales Totals",
    ]
    assert [view.label for view in present_kpis(snapshot())] == [view.label for view in present_kpis(None)]


def test_unknown_is_a_dash_with_its_reason() -> None:
    for view in present_kpis(None):
        assert view.value == "—" and view.reason
    assert (card("latency", avgLatencyMs=0).value, card("latency", avgLatencyMs=0).reason) == (
        "—",
        "No receipt was sent in the last 24 h",
    )
    assert card("latency", avgLatencyMs=None).value == "—"
    assert card("successRate", successRate=None).value == "—"
    assert card("sales", sales={}).reason == "No receipt was signed today"
    assert card("sales", sales={"USD": "NaN"}).value == "—"


def test_devices_that_are_quiet_show_amber() -> None:
    assert (card("activeDevices").state, card("activeDevices").context) == ("ok", "of 3 devices")
    quiet = card("activeDevices", activeDevices=1)
    assert (quiet.value, quiet.state, quiet.chip) == ("1", "attention", "2 quiet")
    assert quiet.context == "of 3, 2 quiet"


def test_failures_are_red_and_none_is_plain() -> None:
    assert (card("failedReceipts").state, card("failedReceipts").context) == ("ok", "none today")
    assert (
        card("failedReceipts", failedReceipts=3).state,
        card("failedReceipts", failedReceipts=3).chip,
    ) == ("failed", "refused")


def test_success_rate_has_three_states_and_a_week() -> None:
    assert [card("successRate", successRate=rate).state for rate in (100.0, 99.0, 98.9, 95.0, 94.9)] == [
        "ok",
        "ok",
        "attention",
        "attention",
        "failed",
    ]
    assert card("successRate").value == "99.6" and len(card("successRate").spark) == 7


def test_sales_one_line_a_currency_largest_first() -> None:
    view = card("sales")
    assert view.amounts == (("ZWG", "324,500.50"), ("USD", "12,340.00"))
    assert view.spoken() == "Sales Totals: ZWG 324,500.50, USD 12,340.00. today, with tax"


def test_waiting_says_the_age_of_the_oldest() -> None:
    assert card("waiting").context == "nothing waits"
    old = [device(queueDepth=2, oldestQueuedAt="2026-11-22T11:40:00+00:00")]
    assert (card("waiting", old, queueDepth=2).context, card("waiting", old, queueDepth=2).state) == (
        "late, oldest 23 min",
        "attention",
    )
    assert card("waiting", [], queueDepth=2).context == "on their way"


def test_receipts_today_with_time_and_history() -> None:
    view = card("receiptsToday")
    assert (view.value, view.context, len(view.spark)) == ("1,065", "last 14:03:07", 24)
