"""The strip's sentence for every state a till can be in, the worst first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gui.scripted_engine import NOON, device, snapshot
from ui.presenters.status import NO_DEVICE, STARTING, present_status


def said(*devices: dict[str, Any], **metrics: Any) -> tuple[str, str]:
    view = present_status(devices, snapshot(**metrics), NOON)
    return view.state, view.sentence


def test_before_the_engine_has_told() -> None:
    assert present_status(None, None, None) == STARTING
    assert present_status([], snapshot(), NOON) == NO_DEVICE


def test_ready_says_day_since_when_and_how_long() -> None:
    assert said(device(taxPayerDayMaxHrs=12)) == (
        "ok",
        "Ready to sell — day 118 open since 07:58, 5 h 54 left",
    )


def test_several_devices_are_counted() -> None:
    closed = device(10002, fiscalDayStatus="FiscalDayClosed", fiscalDayOpened=None)
    assert said(device(), closed) == (
        "ok",
        "Ready to sell — 1 of 2 devices have their day open, the first with 17 h 54 left",
    )


def test_offline_counts_what_waits_and_says_that_it_goes_by_itself() -> None:
    waiting = device(online=False, queueDepth=12, oldestQueuedAt="2026-11-22T11:49:00+00:00")
    assert said(waiting, queueDepth=12) == (
        "attention",
        "Selling offline — 12 receipts wait, oldest 14 min; they go out by themselves",
    )
    one = device(online=False, queueDepth=1, oldestQueuedAt="2026-11-22T12:03:00+00:00")
    assert said(one, queueDepth=1)[1] == "Selling offline — 1 receipt waits, oldest 7 s; it goes out by itself"
    unreachable = device(online=False, health="attention", attention="FDMS cannot be reached.")
    assert said(unreachable)[1].startswith("Selling offline — FDMS does not answer")
    assert said(device(online=False))[0] == "ok"  # just started: FDMS was not tried yet


def test_a_short_queue_while_online_is_not_worth_a_word_a_long_wait_is() -> None:
    fresh = device(queueDepth=2, oldestQueuedAt="2026-11-22T12:03:00+00:00")
    assert said(fresh, queueDepth=2)[0] == "ok"
    stuck = device(queueDepth=2, oldestQueuedAt="2026-11-22T11:03:07+00:00")
    assert said(stuck, queueDepth=2) == ("attention", "Ready to sell — but 2 receipts wait since 1 h")


@pytest.mark.parametrize(
    ("limit", "state", "start"),
    [
        (8, "attention", "Ready to sell — day 118 has only 1 h 54 left: close it with F7"),
        (7, "failed", "Close the day soon — day 118 has 54 min left: press F7"),
        (5, "failed", "Close the day — day 118 is 1 h 05 over its limit: press F7"),
    ],
)
def test_a_day_that_ends_soon(limit: int, state: str, start: str) -> None:
    assert said(device(taxPayerDayMaxHrs=limit)) == (state, start)


def test_a_failed_close_comes_before_everything_but_a_dead_device() -> None:
    stuck = device(fiscalDayStatus="FiscalDayCloseFailed", online=False, health="failed", attention="x")
    assert said(stuck) == ("failed", "Day 118 did not close — press F7 to see why and what to do")
    dead = device(10002, health="failed", attention="the certificate has expired: press F8")
    assert said(stuck, dead)[1] == ("1 of 2 devices cannot sell — device 10002: the certificate has expired: press F8")
    assert said(dead) == ("failed", "Stop — the certificate has expired: press F8")


def test_closed_and_closing_days() -> None:
    assert said(device(fiscalDayStatus="FiscalDayClosed"))[1] == (
        "The day is closed — press F7 to open it before you sell"
    )
    assert said(device(fiscalDayStatus="FiscalDayCloseInitiated"))[1].startswith("Closing day 118 — FDMS checks")


def test_a_remark_of_a_device_and_its_tricks() -> None:
    assert said(device(health="attention", attention="paper\nis low\u202e")) == (
        "attention",
        "Ready to sell — paper is low",
    )
