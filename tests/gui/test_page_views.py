"""What the pages say, without Qt: searches, lives, queues, logs, stuck days, panels."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gui.scripted_engine import NOON, SHOP, device, receipt, snapshot
from ui.presenters.alerts import alert_rows
from ui.presenters.device_facts import device_line, device_sections
from ui.presenters.log import as_text, fitting, log_line
from ui.presenters.panels import nice, present_devices, present_latency, present_sales, present_tax, present_week
from ui.presenters.queue import queue_views
from ui.presenters.receipts import life, receipt_row, searched
from ui.presenters.stuck import dry_run, result, stuck_view

HASH = "bEtPuZ/7NJZtiGbxv+1FWVfOMa0JhAvs4YEYw4M+U0I="


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", None),
        ("  4,711 ", "4711"),
        ("USD 1,234.50", "1234.50"),
        ("48.05 USD", "48.05"),
        ("14:03", "14:03"),
        ("INV-000123", "INV-000123"),
        ("6c4b4fb99ffb34966d8866f1bfed455957ce31ad09840bece18118c3833e5342", HASH),
        ("Tariro\tMoyo\n", "Tariro Moyo"),
    ],
)
def test_what_is_typed_becomes_what_the_books_know(typed: str, asked: str | None) -> None:
    assert searched(typed) == asked


def test_a_row_says_state_by_word() -> None:
    assert receipt_row(receipt(4711)).word == "Accepted"
    assert receipt_row(receipt(1, status="queued")).state == "attention"
    remark = [{"code": "RCPT048", "color": "Yellow", "advice": "x"}]
    assert receipt_row(receipt(1, validationErrors=remark)).word == "Accepted, remark"


def whole(**changes: Any) -> dict[str, Any]:
    return {
        **receipt(7),
        "hash": HASH,
        "signature": "MEUC",
        "qrUrl": "https://fdms.example/1",
        "verificationCode": "AB12",
        "receiptTaxes": [{"taxPercent": "15.50", "taxAmount": "0.67", "salesAmountWithTax": "4.98"}],
        "receipt": {"receiptLines": [{"receiptLineName": "<b>Milk</b>", "receiptLineQuantity": 2}]},
        "previousReceiptHash": None,
        "signed": {"canonical": "1USD", "sha256Hex": "6c", "sha256Base64": HASH},
        "life": {
            "signedAt": "2026-11-22T12:00:00Z",
            "settledAt": None,
            "serverDate": None,
            "attempts": [{"at": "2026-11-22T12:00:01Z", "outcome": "unknown", "httpStatus": None, "error": "cut off"}],
        },
        "slip": "",
        **changes,
    }


def facts_of(sections: Any) -> dict[str, Any]:
    return {fact.name: fact for section in sections for fact in section.facts}


def test_a_life_tells_tries_chain_and_a_hash_that_does_not_hold() -> None:
    facts = facts_of(life(whole(), SHOP))
    assert facts["Try 1"].value == "2026-11-22 14:00:01 · no answer, may have arrived · cut off"
    assert facts["Previous hash"].value == "none, it is the first of its day"
    assert "Derived again" not in facts and facts["Line"].value.startswith("<b>Milk</b>")
    facts = facts_of(life(whole(signed={"canonical": "1USD", "sha256Base64": "other"}), SHOP))
    assert facts["Derived again"].state == "failed" and "audit" in facts["Derived again"].value


def test_a_queue_says_why_and_when() -> None:
    one = {"deviceID": 1, "queueDepth": 3, "oldestQueuedAt": "2026-11-22T11:49:07+00:00", "online": False}
    (view,) = queue_views({"devices": [{**one, "nextTryAt": "2026-11-22T12:03:37+00:00"}]}, NOON)
    assert view.state == "attention" and view.detail == "oldest 14 min · next try in 30 s"
    (view,) = queue_views({"devices": [{**one, "blocked": "Receipt 7 waits: too old"}]}, NOON)
    assert view.blocked and "Receipt 7 waits: too old" in view.sentence
    (view,) = queue_views({"devices": [{**one, "offlineMode": True}]}, NOON)
    assert "for the next file" in view.sentence


def event(seq: int, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"seq": seq, "type": kind, "at": "2026-11-22T12:00:00Z", "deviceID": 10001, "data": data}


def test_the_log_has_levels_a_filter_and_a_copy() -> None:
    lines = [
        log_line(event(2, "receipt.failed", receipt(9)), SHOP),
        log_line(event(1, "something.new", {"reason": "<i>who knows</i>"}), SHOP),
    ]
    assert [line.level for line in lines] == ["error", "info"]
    assert fitting(lines, "warning", "") == lines[:1]
    assert fitting(lines, "info", "WHO KNOWS") == lines[1:]
    assert [line.receipt_id for line in lines] == ["r9", ""]
    assert as_text(lines).splitlines()[0].startswith("2026-11-22 14:00:00  info")


def test_a_stuck_day_marks_what_differs_and_names_the_way_out() -> None:
    told = {
        "facts": {
            "books": {"day_no": 5, "status": "FiscalDayCloseFailed", "closing_error": "CountersMismatch", "red": (3,)},
            "fdms": {"day_no": 5, "status": "FiscalDayCloseFailed", "counters_agree": False},
            "device": {"online": True, "blocked": None},
        },
        "differences": [{"what": "fiscalDayCounters", "books": "differ", "fdms": "differ"}],
        "cause": {"code": "CountersMismatch", "text": "FDMS counted other totals."},
        "acts": [{"name": "recover", "text": "Close it", "sends": "x"}, {"name": None, "text": "Call", "sends": "-"}],
        "fdmsTrouble": None,
    }
    view = stuck_view(told)
    assert [row.name for row in view.facts if row.differs] == ["Counters"]
    assert view.stuck and [(act.name, act.needs_opened) for act in view.acts] == [("recover", True), ("", False)]
    away = stuck_view({**told, "facts": {**told["facts"], "fdms": None}, "fdmsTrouble": "no answer"})  # type: ignore[dict-item]
    assert away.trouble == "no answer" and {row.fdms for row in away.facts} <= {"", "—"}
    assert dry_run({"wouldSend": {"fiscalDayNo": 5}}) == '{\n  "fiscalDayNo": 5\n}'
    said = result(
        {**told, "result": {"fiscalDayNo": 5, "fiscalDayStatus": "FiscalDayClosed"}}, 1, "Close it", "why", "now"
    )
    assert "Reason: why" in said and "Day 5 is now closed" in said


def test_panels_round_as_the_dashboard_does() -> None:
    tax = present_tax(snapshot())
    assert (tax.currency, tax.total) == ("ZWG", "50,056.75")
    assert [(one.band, one.share) for one in tax.slices] == [("15.5%", "82.0 %"), ("5%", "18.0 %"), ("exempt", "0.0 %")]
    assert present_tax(None).empty and present_tax({"taxBreakdownByCurrency": {"USD": []}}).slices == ()
    sales = present_sales(snapshot(), NOON)
    assert len(sales.values) == 15 and sales.caption == "ZWG 324,500.50 · also USD" and sales.dashed
    week = present_week(snapshot())
    assert (week.low, week.values[-1], week.ticks[0][1]) == (90.0, 99.6, "Mon")
    assert present_latency([5.0]).values == () and present_latency([5.0, 9.0, 7.0]).caption == "middle 7 ms, last 7 ms"
    assert [nice(x) for x in (0.3, 3, 9, 61_000)] == [1, 4, 10, 80_000]


def test_a_day_without_receipts_has_a_dash_and_no_bar() -> None:
    days = [
        {"date": f"2026-11-{16 + i}", "rate": 100.0 if i == 3 else rate, "receipts": 0 if i == 3 else 900}
        for i, rate in enumerate((99.4, 98.9, 99.9, 0.0, 97.8, 99.5, 99.6))
    ]
    week = present_week(snapshot(successRate7d=days))
    assert week.ticks[3] == (3, "Thu —") and week.values[3] == week.low == 90.0
    assert "Thu —" in week.spoken() and week.ticks[4] == (4, "Fri")
    nothing = present_week(snapshot(successRate7d=[{**day, "receipts": 0} for day in days]))
    assert nothing.values == () and nothing.empty


def test_alerts_that_are_over_are_left_out_and_who_looks_after_one_is_told() -> None:
    one = {
        "alertId": "a1",
        "title": "Certificate",
        "grave": True,
        "deviceID": 10001,
        "reason": "It expires\nsoon.",
        "state": "open",
        "raisedAt": "2026-11-22T11:30:00Z",
        "acknowledgedBy": None,
    }
    seen = {**one, "alertId": "a2", "deviceID": None, "state": "acknowledged", "acknowledgedBy": "Rudo"}
    rows = alert_rows([one, seen, {**one, "state": "over"}], NOON)
    assert [(row.alert_id, row.fresh, row.state, row.word) for row in rows] == [
        ("a1", True, "failed", "Grave"),
        ("a2", False, "muted", "Seen by Rudo"),
    ]
    assert (rows[0].since, rows[0].told, rows[1].device) == ("13:30", "It expires soon.", "—")


def test_devices_stand_worst_first_with_their_certificate() -> None:
    lines = present_devices(
        [
            device(1, certificateValidTill="2027-11-22T12:00:00+00:00"),
            device(2, health="failed", attention="expired", certificateValidTill="2026-11-20T12:00:00+00:00"),
            device(3, health="attention", queueDepth=4, certificateValidTill="2026-12-02T12:00:00+00:00"),
        ],
        NOON,
    )
    assert [line.device for line in lines] == [2, 3, 1]
    assert [line.certificate for line in lines] == ["expired", "9 days", "364 days"]
    assert [line.certificate_state for line in lines] == ["failed", "attention", "ok"]
    assert device_line(device(4), None).certificate == "—"


def test_a_device_in_full() -> None:
    facts = facts_of(device_sections({**device(), "latencySeries": [{"latencyMs": 5}, {"latencyMs": 9}]}, NOON))
    assert facts["Open since"].value == "07:58" and facts["FDMS answers in"].value.startswith("9 ms")
