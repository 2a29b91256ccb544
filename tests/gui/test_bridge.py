"""Between the engine's thread and Qt's: order, bounds, merging, questions and the end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from fiscalmon.bus import Overflow
from fiscalmon.domain.errors import DayRefused
from tests.gui.scripted_engine import Engine, Message, progress, receipt, snapshot
from tests.gui.waiting import until
from ui.bridge import Bridge, EngineGone
from ui.engine_thread import EngineThread
from ui.inbox import BEHIND, BOUND, Inbox


class Listener:
    """Notes what it is told and in which thread."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.drains = 0
        self.lost = 0
        self.events: list[str] = []
        self.errors: list[BaseException] = []
        self.threads: set[str] = set()

    def engine_opened(self, handle: object) -> None:
        self._note("opened")

    def engine_failed(self, error: BaseException) -> None:
        self.errors.append(error)
        self._note("failed")

    def engine_stopped(self) -> None:
        self._note("stopped")

    def heard(self, messages: list[Any], lost: int) -> None:
        self.drains += 1
        self.lost += lost
        self.messages += messages
        self.threads.add(threading.current_thread().name)

    def _note(self, event: str) -> None:
        self.events.append(event)
        self.threads.add(threading.current_thread().name)


def test_inbox_keeps_order_and_wakes_once() -> None:
    inbox = Inbox()
    assert [inbox.put(n) for n in range(3)] == [True, False, False]
    assert inbox.take(2) == ([0, 1], 0)
    assert not inbox.empty()
    assert inbox.put(3) is False  # the taker has not finished: it will come back by itself
    assert inbox.take(9) == ([2, 3], 0)
    assert inbox.empty() and inbox.put(4) is True


def test_inbox_keeps_only_the_newest_metrics() -> None:
    inbox = Inbox()
    for n in range(9):
        inbox.put(Message("metrics.updated", n))
    assert [m.seq for m in inbox.take(99)[0]] == [8]


def test_inbox_merges_progress_only_when_behind() -> None:
    inbox = Inbox()
    for n in range(BEHIND + 50):
        inbox.put(Message("receipt.progress", n))
    taken, lost = inbox.take(10_000)
    assert [m.seq for m in taken] == [*range(BEHIND), BEHIND + 49] and lost == 0


def test_inbox_is_bounded_counts_what_it_lost_and_keeps_what_the_thread_says_of_itself() -> None:
    inbox, own = Inbox(), object()
    inbox.put(own)
    for n in range(BOUND + 10):
        inbox.put(Message("receipt.completed", n))
    taken, lost = inbox.take(10_000)
    assert (len(taken), lost) == (BOUND, 11)
    assert taken[0] is own and taken[-1].seq == BOUND + 9 and taken[1].seq == 11
    assert inbox.take(1) == ([], 0)


def test_news_cross_in_order_and_are_told_in_qts_thread(on_qt_loop: Callable[..., Any]) -> None:
    engine, listener = Engine(), Listener()

    async def scene() -> None:
        bridge = Bridge(listener)
        bridge.start(engine.open)
        await until(lambda: listener.messages, "hello")
        engine.say(*(Message("receipt.completed", 100 + n, receipt(n)) for n in range(1000)))
        await until(lambda: len(listener.messages) == 1001, "a thousand events")
        bridge.request_stop()
        await until(bridge.ended)
        await until(lambda: "stopped" in listener.events)

    on_qt_loop(scene())
    assert listener.messages[0].type == "hello"
    assert [m.seq for m in listener.messages[1:]] == list(range(100, 1100))
    assert listener.events == ["opened", "stopped"]
    assert listener.threads == {"MainThread"} and engine.till.threads == {"engine"} and engine.opened_in == "engine"
    assert listener.drains < 60  # many messages a drain, not a wake-up each
    assert engine.stopped.is_set() and engine.till.subscriptions[0].closed


def test_a_subscription_that_ends_is_resumed_after_the_last_message(on_qt_loop: Callable[..., Any]) -> None:
    engine, listener = Engine(), Listener()

    async def scene() -> None:
        bridge = Bridge(listener)
        bridge.start(engine.open)
        await until(lambda: listener.messages)
        engine.say(Message("receipt.completed", 77, receipt(1)))
        engine.on_loop(lambda: engine.till.subscriptions[-1].queue.put_nowait(None))
        await until(lambda: len(engine.till.subscriptions) == 2, "a second subscription")
        engine.say(Message("receipt.completed", 78, receipt(2)))
        engine.on_loop(lambda: engine.till.subscriptions[-1].queue.put_nowait(Overflow()))
        await until(lambda: len(engine.till.subscriptions) == 3, "a third, after an overflow")
        bridge.request_stop()
        await until(bridge.ended)

    on_qt_loop(scene())
    assert engine.till.calls[:3] == ["subscribe None", "subscribe 77", "subscribe 78"]
    assert "failed" not in listener.events


def test_questions_are_answered_here_and_asked_there(on_qt_loop: Callable[..., Any]) -> None:
    engine, listener = Engine(), Listener()
    engine.till.close_result = DayRefused("Two receipts wait")

    async def scene() -> None:
        bridge = Bridge(listener)
        with pytest.raises(EngineGone):
            await bridge.ask(lambda till: till.devices())
        bridge.start(engine.open)
        await until(lambda: "opened" in listener.events)
        assert len(await bridge.ask(lambda till: till.devices())) == 3
        with pytest.raises(DayRefused, match="Two receipts wait"):
            await bridge.ask(lambda till: till.close_day(10001))
        engine.till.close_gate = asyncio.Event()
        hanging = asyncio.ensure_future(bridge.ask(lambda till: till.close_day(10001)))
        await until(lambda: engine.till.calls.count("close 10001") == 2)
        bridge.request_stop()
        with pytest.raises(EngineGone):  # the loop went away under the question
            await hanging
        await until(bridge.ended)
        with pytest.raises(EngineGone):
            await bridge.ask(lambda till: till.devices())

    on_qt_loop(scene())
    assert engine.till.threads == {"engine"}


def test_an_engine_that_does_not_open_is_told_and_the_thread_still_ends(
    on_qt_loop: Callable[..., Any],
) -> None:
    listener = Listener()

    async def broken() -> Engine:
        raise RuntimeError("boom")

    async def scene() -> None:
        bridge = Bridge(listener)
        bridge.start(broken)
        await until(lambda: listener.errors)
        bridge.request_stop()
        await until(bridge.ended)
        await until(lambda: "stopped" in listener.events)

    on_qt_loop(scene())
    assert [str(e) for e in listener.errors] == ["boom"] and listener.events == ["failed", "stopped"]


def test_an_engine_that_breaks_while_running_is_told_and_was_stopped(on_qt_loop: Callable[..., Any]) -> None:
    engine, listener = Engine(), Listener()

    class Broken:
        def subscribe(self, **_: Any) -> Any:
            raise RuntimeError("no bus")

    engine.till = Broken()  # type: ignore[assignment]

    async def scene() -> None:
        bridge = Bridge(listener)
        bridge.start(engine.open)
        await until(lambda: "stopped" in listener.events)
        await until(bridge.ended)

    on_qt_loop(scene())
    assert listener.events == ["opened", "failed", "stopped"] and engine.stopped.is_set()


def test_stopping_while_opening_cancels_the_opening() -> None:
    cancelled = threading.Event()
    begun = threading.Event()

    async def slow() -> Engine:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return Engine()

    class Port(Listener):
        def opened(self, handle: object, loop: object) -> None: ...
        def failed(self, error: BaseException) -> None: ...
        def stopped(self) -> None: ...
        async def follow(self, till: object) -> None: ...

    thread = EngineThread(slow, Port())
    assert thread.join(0)  # never started
    thread.start()
    assert begun.wait(5)
    thread.request_stop()
    assert thread.join(5) and cancelled.is_set()
    thread.request_stop()  # once more does nothing


def test_hello_with_metrics_reaches_the_view(on_qt_loop: Callable[..., Any]) -> None:
    """The view built from bridged messages is the view built from the same messages directly."""
    from ui.presenters.till_view import TillView

    past = [
        {
            "seq": 2,
            "type": "receipt.completed",
            "at": "2026-11-22T12:00:00+00:00",
            "deviceID": 1,
            "data": receipt(2),
        },
        {
            "seq": 1,
            "type": "fiscal.opened",
            "at": "2026-11-22T06:00:00+00:00",
            "deviceID": 1,
            "data": {"fiscalDayNo": 118},
        },
    ]
    view = TillView(lambda: 0.0)
    hello = Message("hello", 40, {"metrics": snapshot(), "events": past, "seq": 40})
    changes = view.fold(
        [
            hello,
            hello,
            Message("receipt.progress", 40, progress(3, 40)),
            Message("receipt.completed", 40, receipt(9)),
            Message("receipt.failed", 41, receipt(4)),
            Message("metrics.updated", 41, snapshot(queueDepth=3)),
        ]
    )
    assert [c.row.sentence for c in changes] == ["Day 118 opened", "Receipt 2 accepted", "Receipt 4 refused"]
    assert view.waiting() == 3 and view.devices_outdated and view.progress.view.receipt_id == "r3"
    assert view.last_receipt is not None
