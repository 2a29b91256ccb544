"""The feed's sentences and folding, and its Qt model."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester, QTest

from tests.gui.scripted_engine import SHOP, receipt
from ui.presenters import feed as feed_presenter
from ui.presenters.feed import Change, Feed, FeedRow
from ui.theme import Theme
from ui.widgets import feed_model
from ui.widgets.feed_model import ROW, FeedModel
from ui.widgets.feed_view import FeedCard

LIMIT = 300


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed that is full sooner."""
    for module in (feed_presenter, feed_model):
        monkeypatch.setattr(module, "LIMIT", LIMIT)


def add(feed: Feed, kind: str, data: dict[str, Any], at: str = "2026-11-22T12:03:07+00:00") -> FeedRow:
    change = feed.add(kind, at, 10001, data, SHOP)
    assert change is not None
    return change.row


def test_an_accepted_receipt() -> None:
    row = add(Feed(), "receipt.completed", receipt(4711))
    assert (row.time, row.state, row.sentence, row.amount) == (
        "14:03:07",
        "ok",
        "Receipt 4,711 accepted",
        "USD 48.05",
    )
    assert row.note == "INV-004711 · device 10001 · 512 ms"


def test_a_remark_is_amber_a_refusal_red_with_code_first() -> None:
    errors = [{"code": "RCPT048", "color": "Yellow", "advice": "name the HS code", "field": ""}]
    assert add(Feed(), "receipt.completed", receipt(1, validationErrors=errors)).state == "attention"
    row = add(Feed(), "receipt.failed", receipt(1, receiptType="CreditNote", validationErrors=errors))
    assert (row.state, row.sentence) == ("failed", "Credit note 1 refused")
    assert row.note.startswith("RCPT048 — name the HS code")


def test_repeats_fold_into_one_row_that_counts_and_comes_on_top() -> None:
    feed = Feed()
    for minute in range(12, 26):
        add(
            feed,
            "receipt.queued",
            receipt(minute, reason="FDMS timed out"),
            f"2026-11-22T07:{minute}:00+00:00",
        )
        if minute == 12:
            add(
                feed,
                "device.offline",
                {"deviceID": 10001, "reason": "no answer"},
                "2026-11-22T07:12:30+00:00",
            )
    assert [row.sentence for row in feed.rows] == [
        "14 receipts wait: FDMS timed out",
        "Device 10001 has lost FDMS",
    ]
    assert feed.rows[0].note.startswith("09:12–09:25") and feed.rows[0].amount == ""


def test_device_repeats_fold_only_for_the_same_device_and_reason() -> None:
    feed = Feed()
    for device, reason in ((1, "a"), (1, "a"), (2, "a"), (1, "b")):
        add(feed, "device.attention", {"deviceID": device, "reason": reason})
    assert [(row.times, row.sentence) for row in feed.rows] == [
        (1, "Device 1 needs attention"),
        (1, "Device 2 needs attention"),
        (2, "Device 1 needs attention"),
    ]
    assert feed.rows[2].note == "2 times · a"


def test_day_certificate_and_clock() -> None:
    feed = Feed()
    closed = {"deviceID": 7, "fiscalDayNo": 118, "receipts": 212, "totals": {"USD": 12.3, "ZWG": 5}}
    row = add(feed, "fiscal.closed", closed)
    assert (row.sentence, row.amount, row.note) == (
        "Day 118 closed",
        "USD 12.30",
        "212 receipts · ZWG 5.00 · device 7",
    )
    failed = add(feed, "fiscal.close_failed", {"fiscalDayNo": 118, "errorCode": "CountersMismatch", "advice": "audit"})
    assert (failed.sentence, failed.note) == (
        "Day 118 did not close: CountersMismatch",
        "audit · device 10001",
    )
    assert add(feed, "certificate.expiring", {"daysLeft": 1}).sentence == "The certificate ends in 1 day"
    assert add(feed, "certificate.expiring", {"daysLeft": 0}).state == "failed"
    assert add(feed, "clock.drift", {"seconds": -34}).sentence == "The clock differs from FDMS by 34 s"
    assert feed.add("something.new", None, None, {}, SHOP) is None


def test_a_hostile_reason_stays_a_reason() -> None:
    row = add(Feed(), "receipt.queued", receipt(1, reason="<b>{0}</b>\u202e\n"))
    assert row.sentence == "Receipt 1 waits: <b>{0}</b>"
    feed = Feed()
    add(feed, "receipt.queued", receipt(1, reason="{times.__class__}"))
    assert add(feed, "receipt.queued", receipt(2, reason="{times.__class__}")).sentence == (
        "2 receipts wait: (times.__class__)"
    )


@pytest.mark.usefixtures("short")
def test_the_model_follows_and_stays_bounded(qapp: object) -> None:
    feed, model = Feed(), FeedModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    grown: list[int] = []
    model.grew.connect(grown.append)
    for start in range(0, 600, 50):
        changes = []
        for number in range(start, start + 50):
            kind, data = (
                ("receipt.queued", receipt(number, reason="x"))
                if number % 3 == 0
                else ("receipt.completed", receipt(number))
            )
            change = feed.add(kind, "2026-11-22T12:03:07+00:00", 1, data, SHOP)
            assert change is not None
            changes.append(change)
        model.apply(changes)
        assert [model.index(i).data(ROW) for i in range(model.rowCount())] == feed.rows
    assert model.rowCount() == LIMIT == len(feed.rows)
    assert LIMIT < sum(grown) < 420  # folded rows are no new rows
    assert "accepted" in model.index(0).data() or "wait" in model.index(0).data()
    assert model.index(LIMIT).data(ROW) is None
    del tester


@pytest.mark.usefixtures("short")
def test_one_batch_larger_than_the_feed(qapp: object) -> None:
    feed, model = Feed(), FeedModel()
    changes = [feed.add("receipt.completed", None, 1, receipt(n), SHOP) for n in range(LIMIT + 40)]
    model.apply([change for change in changes if change is not None])
    assert [model.index(i).data(ROW) for i in range(model.rowCount())] == feed.rows


def plain_rows(number: int) -> list[Change]:
    return [
        Change(None, FeedRow(None, "ok", "ok", f"Receipt {n} accepted", f"INV-{n}", "USD 1.00")) for n in range(number)
    ]


def test_a_hundred_thousand_rows_hold_up_no_frame(qapp: object, theme: Theme) -> None:
    model = FeedModel()
    card = FeedCard(theme, model)
    card.resize(400, 700)
    card.show()
    model.apply(plain_rows(100_000))
    QTest.qWait(1)
    took = []
    for change in plain_rows(12):
        begun = time.perf_counter()
        model.apply([change])
        card.grab()
        took.append(time.perf_counter() - begun)
    # A list that lays every row out again takes half a second for each.
    assert sorted(took)[len(took) // 2] < 0.1
    card.filter.setText("receipt 77")
    while model.looking():
        begun = time.perf_counter()
        QTest.qWait(1)
        took.append(time.perf_counter() - begun)
    assert model.rowCount() == sum("77" in f"{n}"[:2] for n in range(100_000))
    assert sorted(took)[len(took) // 2] < 0.1
    card.deleteLater()


def test_a_filter_shows_what_fits_of_what_was_and_of_what_comes(qapp: object) -> None:
    feed, model = Feed(), FeedModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)

    def say(kind: str, data: dict[str, Any]) -> None:
        change = feed.add(kind, None, 1, data, SHOP)
        assert change is not None
        model.apply([change])

    for n in range(30):
        say("receipt.completed", receipt(n))
    say("device.offline", {"deviceID": 7, "reason": "gone"})
    model.filter("INV-00001")
    while model.looking():
        QTest.qWait(1)
    assert model.rowCount() == 10
    say("receipt.completed", receipt(15))
    say("receipt.completed", receipt(40))
    say("device.offline", {"deviceID": 7, "reason": "gone"})  # folds into the one before
    assert model.rowCount() == 11 and "INV-000015" in model.index(0).data()
    model.filter("HAS LOST")
    while model.looking():
        QTest.qWait(1)
    assert [model.index(i).data(ROW).times for i in range(model.rowCount())] == [2]
    say("device.offline", {"deviceID": 7, "reason": "gone"})
    assert [model.index(i).data(ROW).times for i in range(model.rowCount())] == [3]
    model.filter("", "failed")
    assert model.rowCount() == 0
    model.filter()
    assert [model.index(i).data(ROW) for i in range(model.rowCount())] == feed.rows
    del tester


def test_an_alert_its_end_and_who_looks_after_it() -> None:
    trouble = {"title": "A printer has stopped", "reason": "Put paper in.", "by": "rudo"}
    row = add(Feed(), "alert.raised", {**trouble, "grave": True})
    assert (row.state, row.sentence, row.detail) == ("failed", "Alert: A printer has stopped", "Put paper in.")
    assert add(Feed(), "alert.raised", trouble).state == "attention"
    assert add(Feed(), "alert.resolved", trouble).sentence == "Over: A printer has stopped"
    assert add(Feed(), "alert.acknowledged", trouble).sentence == "rudo looks after it: A printer has stopped"
    for kind in ("alert.raised", "alert.resolved", "alert.acknowledged"):
        assert "None" not in add(Feed(), kind, {}).sentence
