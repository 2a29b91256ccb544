"""The sale in progress: follows real stages, never runs ahead or back, and holds still on a busy till."""

from __future__ import annotations

from tests.gui.scripted_engine import progress, receipt
from ui.presenters.progress import HOLD, PATIENCE, STAGES, Progress


def test_the_six_stages_are_the_customers() -> None:
    assert STAGES == (
        (0, "Validating"),
        (20, "Building canonical"),
        (40, "Signing"),
        (60, "Sending to FDMS"),
        (80, "Verifying"),
        (100, "Completed"),
    )


def test_a_sale_goes_through_its_stages() -> None:
    bar = Progress()
    assert (bar.view.state, bar.view.stage) == ("idle", -1)
    for index, (percent, _) in enumerate(STAGES):
        bar.stage(progress(7, percent), now=index * 0.1)
        assert (bar.view.percent, bar.view.stage) == (percent, index)
    assert (bar.view.state, bar.view.title, bar.view.elapsed) == ("done", "Receipt 7 · INV-000007", "500 ms")


def test_between_two_stages_the_lower_one_counts() -> None:
    bar = Progress()
    bar.stage(progress(7, 59), now=0)
    assert STAGES[bar.view.stage][1] == "Signing"


def test_an_old_word_does_not_pull_the_bar_back() -> None:
    bar = Progress()
    bar.stage(progress(7, 60), now=0)
    bar.stage(progress(7, 20), now=0.1)
    assert bar.view.percent == 60


def test_before_it_has_a_number_a_sale_has_a_name_and_keeps_the_number_it_got() -> None:
    bar = Progress()
    bar.stage({"receiptId": "r1", "receiptGlobalNo": None, "invoiceNo": None, "percent": 0}, now=0)
    assert bar.view.title == "Sale"
    bar.stage(progress(1, 40), now=0.1)
    bar.stage({"receiptId": "r1", "percent": 60}, now=0.2)
    assert bar.view.title == "Receipt 1 · INV-000001"


def test_a_refusal_stops_where_it_happened_and_says_why() -> None:
    bar = Progress()
    bar.stage(progress(7, 80), now=0)
    errors = [{"code": "RCPT026", "color": "Red", "advice": "the totals differ", "field": ""}, {"code": "X"}]
    bar.settled("receipt.failed", receipt(7, validationErrors=errors), now=0.1)
    assert (bar.view.state, bar.view.percent) == ("failed", 80)
    assert bar.view.note == "RCPT026 — the totals differ (and 1 more)"


def test_offline_parks_at_sending() -> None:
    bar = Progress()
    bar.stage(progress(7, 60), now=0)
    bar.settled("receipt.queued", receipt(7), now=0.1)
    assert (bar.view.state, bar.view.percent, bar.view.note) == (
        "waiting",
        60,
        "Signed and kept; waiting for FDMS",
    )


def test_another_sale_waits_until_the_first_is_done_and_was_seen() -> None:
    bar = Progress()
    bar.stage(progress(1, 20), now=0)
    bar.stage(progress(2, 40), now=0.1)
    bar.stage(progress(3, 0), now=0.2)
    assert bar.view.receipt_id == "r1" and bar.pending()
    bar.settled("receipt.completed", receipt(1), now=1.0)
    bar.tick(1.0 + HOLD / 2)
    assert (bar.view.receipt_id, bar.view.state) == ("r1", "done")
    bar.tick(1.0 + HOLD)
    assert bar.view.receipt_id == "r3"  # the newest under way
    bar.settled("receipt.completed", receipt(2), now=1.5)  # finished unseen
    bar.settled("receipt.completed", receipt(3), now=1.6)
    bar.tick(9)
    assert (bar.view.receipt_id, bar.pending()) == ("r3", False)


def test_a_sale_without_news_gives_the_bar_to_a_newer_one() -> None:
    bar = Progress()
    bar.stage(progress(1, 60), now=0)
    bar.stage(progress(2, 20), now=0.5)
    bar.tick(PATIENCE - 0.1)
    assert bar.view.receipt_id == "r1"
    bar.tick(PATIENCE)
    assert bar.view.receipt_id == "r2"


def test_a_sale_that_was_refused_before_it_was_signed_leaves_the_bar() -> None:
    bar = Progress()
    bar.stage(progress(1, 0), now=0)
    bar.tick(PATIENCE)
    assert bar.view.receipt_id == "r1"
    bar.tick(PATIENCE + 0.1)
    assert (bar.view.state, bar.pending()) == ("idle", False)
    bar.stage(progress(2, 60), now=10)  # sent: FDMS may take its time
    bar.tick(10 + 40)
    assert bar.view.receipt_id == "r2"


def test_a_late_stage_of_a_finished_sale_is_ignored() -> None:
    bar = Progress()
    bar.settled("receipt.completed", receipt(1), now=0)
    bar.stage(progress(1, 60), now=5)
    assert (bar.view.state, bar.view.percent) == ("done", 100)


def test_thousands_under_way_are_bounded() -> None:
    bar = Progress()
    for number in range(5000):
        bar.stage(progress(number, 20), now=0)
    assert len(bar._under_way) <= 64
