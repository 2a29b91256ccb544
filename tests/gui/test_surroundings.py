"""What is wrong beside the devices: in the status strip until it is over, the newest first, never before a device."""

from __future__ import annotations

from typing import Any

from tests.gui.scripted_engine import Message, device, snapshot
from ui.presenters.till_view import TillView

GONE = {"printer": "kitchen", "advice": "The printer does not answer: look at its cable."}


def view_after(*told: tuple[str, dict[str, Any]], **more: Any) -> TillView:
    view = TillView(lambda: 0.0)
    view.refreshed(snapshot())
    view.heard_devices([device(101, **more)])
    view.fold([Message(kind, seq, data) for seq, (kind, data) in enumerate(told, 1)])
    return view


def test_a_printer_is_named_with_what_to_do_until_it_prints_again() -> None:
    status = view_after(("printer.attention", GONE)).status()
    assert (status.state, status.sentence) == (
        "attention",
        "You may sell — printer kitchen: The printer does not answer: look at its cable.",
    )
    again = view_after(("printer.attention", GONE), ("printer.ok", {"printer": "kitchen"})).status()
    assert again.state == "ok"


def test_two_troubles_are_told_newest_first_and_each_ends_by_itself() -> None:
    low = ("disk.low", {"reason": "The disk has 400 MiB left: make room."})
    resolved = ("alert.resolved", {"rule": "disk", "title": "The disk is nearly full"})
    assert "400 MiB" in view_after(("printer.attention", GONE), low).status().sentence
    assert "kitchen" in view_after(("printer.attention", GONE), low, resolved).status().sentence
    other = ("alert.resolved", {"rule": "clock", "title": "The clock"})
    assert "400 MiB" in view_after(low, other).status().sentence


def test_a_device_that_cannot_sell_comes_first() -> None:
    blocked = view_after(("printer.attention", GONE), health="failed", attention="Call ZIMRA.").status()
    assert blocked.sentence == "Stop — Call ZIMRA."


def test_the_feed_has_a_row_for_each() -> None:
    kinds = ("printer.attention", "printer.ok", "disk.low", "integrity.failed", "backup.failed")
    rows = view_after(*((kind, GONE) for kind in kinds)).feed.rows
    assert [row.state for row in rows] == ["attention", "failed", "attention", "ok", "attention"]
    assert rows[-1].sentence == "Printer kitchen wants somebody"
