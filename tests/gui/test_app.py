"""The app's life: shell first, engine after; every way of ending; errors said plainly."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from fiscalmon.domain.errors import FiscalmonError
from tests.gui.scripted_engine import Engine, Message, Till, device, progress, receipt, snapshot
from tests.gui.waiting import until
from tests.gui.walk import marked_up
from ui import app as desktop
from ui.dialogs.sheet import Sheet
from ui.ground import Ground
from ui.life import live
from ui.main_window import MainWindow
from ui.session import Session

ROOT = Path(__file__).parents[2]


@contextlib.asynccontextmanager
async def running(
    qapp: QApplication, opening: Any, ground: Ground | None = None
) -> AsyncIterator[tuple[MainWindow, asyncio.Task[int]]]:
    """The app on the current loop, with its window; ended at the latest when the block is left."""
    task = asyncio.ensure_future(live(qapp, desktop.shell(qapp, "test", ground or Ground()), opening))
    try:
        await until(lambda: window_of(qapp) is not None, "the window")
        window = window_of(qapp)
        assert window is not None
        await until(lambda: window.centralWidget().layout() is not None, "the window's parts")
        yield window, task
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
            await task


def window_of(qapp: QApplication) -> MainWindow | None:
    return next((w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()), None)


def sheet_of(window: MainWindow) -> Sheet | None:
    return next((s for s in window.findChildren(Sheet) if s.isVisible()), None)


def press(sheet: Sheet, name: str) -> None:
    button = next(b for b in sheet.findChildren(QPushButton) if b.isVisible() and b.accessibleName() == name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_numbers_feed_progress_and_chart_appear(qapp: QApplication, on_qt_loop: Callable[..., Any]) -> None:
    engine = Engine()

    async def scene() -> int:
        async with running(qapp, engine.open) as (window, task):
            assert "fiscalmon" in window.windowTitle()
            await until(lambda: "Ready to sell" in window.status.sentence(), "the status")
            view = window.cards["receiptsToday"].view()
            assert view is not None and view.value == "1,065"
            engine.say(Message("receipt.progress", 40, progress(4711, 60)))
            await until(lambda: window.progress.bar.value() == 600, "the bar at sending")
            engine.say(
                Message("receipt.completed", 41, receipt(4711)),
                Message("metrics.updated", 41, snapshot(receiptsToday=1066)),
            )
            await until(lambda: window.progress.bar.value() == 1000, "the bar at its end")
            assert window.model.index(0).data().startswith("14:03:07. Receipt 4,711 accepted")
            await until(window.chart.has_chart, "the chart")
            window.close()
            await until(lambda: sheet_of(window), "the question about the open days")
            assert "still open: device 10001, 10002, 10003." in texts(sheet_of(window))
            press(sheet_of(window), "Quit")  # type: ignore[arg-type]
            return await task

    assert on_qt_loop(scene()) == 0
    assert engine.stopped.is_set() and not any(t.name == "engine" for t in threading.enumerate())


def test_the_bar_is_never_ahead_of_the_stage(qapp: QApplication, on_qt_loop: Callable[..., Any]) -> None:
    engine, seen = Engine(), []

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            await until(lambda: engine.till.subscriptions)
            window.progress.bar.valueChanged.connect(seen.append)
            engine.say(Message("receipt.progress", 40, progress(1, 0)))
            for percent in (20, 40):
                engine.say(Message("receipt.progress", 40, progress(1, percent)))
                await until(lambda p=percent: window.progress.bar.value() == p * 10)
                assert max(seen) == percent * 10

    on_qt_loop(scene())
    assert len(seen) > 4 and seen == sorted(seen)  # it eased, and never ran back


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_close_in_order(qapp: QApplication, on_qt_loop: Callable[..., Any], number: int) -> None:
    engine = Engine()

    async def scene() -> int:
        async with running(qapp, engine.open) as (_, task):
            await until(lambda: engine.loop)
            os.kill(os.getpid(), number)
            return await asyncio.wait_for(task, 5)

    assert on_qt_loop(scene()) == 0
    assert engine.stopped.is_set()


def test_a_signal_before_the_window_has_its_parts_ends_in_order(
    qapp: QApplication, on_qt_loop: Callable[..., Any]
) -> None:
    engine = Engine()

    async def scene() -> int:
        window = desktop.shell(qapp, "test", Ground())
        task = asyncio.ensure_future(live(qapp, window, engine.open))
        await asyncio.sleep(0)
        assert window.centralWidget().layout() is None
        os.kill(os.getpid(), signal.SIGTERM)
        return await asyncio.wait_for(task, 10)

    before = sys.getswitchinterval()
    assert on_qt_loop(scene()) == 0
    assert engine.stopped.is_set() or engine.loop is None
    assert sys.getswitchinterval() == before


def test_a_busy_engine_hands_over_soon_while_there_is_a_window(
    qapp: QApplication, on_qt_loop: Callable[..., Any]
) -> None:
    engine = Engine()

    async def scene() -> None:
        async with running(qapp, engine.open):
            await until(lambda: sys.getswitchinterval() <= 0.001, "a shorter turn once all is loaded")

    before = sys.getswitchinterval()
    on_qt_loop(scene())
    assert sys.getswitchinterval() == before > 0.001


def test_quit_asks_only_while_receipts_wait(qapp: QApplication, on_qt_loop: Callable[..., Any]) -> None:
    engine = Engine(Till(metrics=snapshot(queueDepth=2)))

    async def scene() -> int:
        async with running(qapp, engine.open) as (window, task):
            await until(lambda: engine.till.calls.count("devices"))
            window.actions_by_name["quit"].trigger()
            await until(lambda: sheet_of(window), "the question")
            sheet = sheet_of(window)
            assert sheet is not None
            assert "2 receipts are signed but not at FDMS" in texts(sheet)
            QTest.keyClick(sheet, Qt.Key.Key_Return)  # a scanner's Enter answers nothing
            QTest.keyClick(sheet.focusWidget() or sheet, Qt.Key.Key_Return)
            assert sheet.isVisible()
            press(sheet, "Keep running")
            assert sheet_of(window) is None and not task.done()
            window.actions_by_name["quit"].trigger()  # in the same moment, before any task has had its turn
            await until(lambda: sheet_of(window), "the question once more")
            press(sheet_of(window), "Quit")  # type: ignore[arg-type]
            return await task

    assert on_qt_loop(scene()) == 0
    assert engine.stopped.is_set()


def test_a_known_error_is_said_with_its_code_and_a_way_out(qapp: QApplication, on_qt_loop: Callable[..., Any]) -> None:
    async def opening() -> Engine:
        raise FiscalmonError("The data folder is read-only: allow writing to it.", code="DATA_FOLDER")

    async def scene() -> int:
        async with running(qapp, opening) as (window, task):
            await until(lambda: window.quit_button.isVisible(), "the way out")
            assert window.status.sentence() == "The data folder is read-only: allow writing to it."
            assert "DATA_FOLDER" in texts(window)
            assert not window.actions_by_name["day"].isEnabled()
            QTest.mouseClick(window.quit_button, Qt.MouseButton.LeftButton)
            return await task

    assert on_qt_loop(scene()) == 1


def test_an_unexpected_error_shows_no_trace_but_the_log(
    qapp: QApplication, on_qt_loop: Callable[..., Any], tmp_path: Path
) -> None:
    handler = logging.FileHandler(tmp_path / "till.log")
    logging.getLogger("fiscalmon").addHandler(handler)

    async def opening() -> Engine:
        raise ValueError("secret inner text")

    async def scene() -> None:
        async with running(qapp, opening) as (window, _):
            await until(lambda: window.quit_button.isVisible())
            assert window.status.sentence() == "fiscalmon could not start"
            assert str(tmp_path / "till.log") in texts(window)
            assert "secret" not in texts(window) and "Traceback" not in texts(window)

    try:
        on_qt_loop(scene())
    finally:
        logging.getLogger("fiscalmon").removeHandler(handler)
        handler.close()
    assert "secret inner text" in (tmp_path / "till.log").read_text()


def test_an_engine_that_will_not_stop_does_not_hold_the_window(
    qapp: QApplication, on_qt_loop: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.session.STOP_SECONDS", 0.3)
    release = threading.Event()

    class Stuck(Engine):
        async def stop(self) -> None:
            await asyncio.to_thread(release.wait, 10)

    engine = Stuck()

    async def scene() -> int:
        async with running(qapp, engine.open) as (_, task):
            await until(lambda: engine.loop)
            os.kill(os.getpid(), signal.SIGTERM)
            return await asyncio.wait_for(task, 5)

    try:
        assert on_qt_loop(scene()) == 1
    finally:
        release.set()
    for thread in threading.enumerate():
        if thread.name == "engine":
            thread.join(5)


def test_devices_are_read_again_when_an_event_made_them_old(qapp: QApplication, on_qt_loop: Callable[..., Any]) -> None:
    engine = Engine(Till(devices=[device()]))

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            await until(lambda: "day 118 open" in window.status.sentence())
            engine.till.device_list = [device(fiscalDayStatus="FiscalDayClosed")]
            engine.say(Message("fiscal.closed", 41, {"fiscalDayNo": 118}))
            await until(lambda: "The day is closed" in window.status.sentence(), "the closed day")

    on_qt_loop(scene())


def test_keys_act(qapp: QApplication, on_qt_loop: Callable[..., Any]) -> None:
    engine = Engine()

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            await until(lambda: window.actions_by_name["day"].isEnabled() and "devices" in engine.till.calls)
            before = window.theme.scheme
            window.actions_by_name["scheme"].trigger()
            assert window.theme.scheme != before
            window.actions_by_name["address"].trigger()
            assert QApplication.clipboard().text() == "https://192.168.1.20:8443/"
            reads = engine.till.calls.count("devices")
            window.actions_by_name["refresh"].trigger()
            await until(lambda: "snapshot" in engine.till.calls and engine.till.calls.count("devices") > reads)
            window.actions_by_name["keys"].trigger()
            await until(lambda: sheet_of(window))
            assert "Open or close the fiscal day" in texts(sheet_of(window))  # type: ignore[arg-type]
            window.actions_by_name["day"].trigger()  # one dialog at a time
            await asyncio.sleep(0.05)
            assert len([s for s in window.findChildren(Sheet) if s.isVisible()]) == 1
            QTest.keyClick(sheet_of(window), Qt.Key.Key_Escape)  # type: ignore[arg-type]
            await until(lambda: sheet_of(window) is None)

    on_qt_loop(scene())


def test_a_row_of_the_feed_opens_in_full(
    qapp: QApplication, on_qt_loop: Callable[..., Any], leave_picture: Callable[..., Any]
) -> None:
    engine = Engine()
    advice = "The tax total differs from the sum of its lines: compare the rates with the configuration " * 3

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            await until(lambda: engine.till.subscriptions)
            engine.say(Message("device.attention", 41, {"deviceID": 10001, "reason": advice}))
            await until(lambda: window.model.rowCount() == 1)
            feed = window.feed.list
            feed.setCurrentIndex(window.model.index(0))
            QTest.keyClick(feed, Qt.Key.Key_Return)
            await until(lambda: sheet_of(window), "the row's sheet")
            shown = texts(sheet_of(window))
            assert "Device 10001 needs attention" in shown and advice.strip() in shown
            leave_picture(sheet_of(window), "till-row")
            press(sheet_of(window), "Close")  # type: ignore[arg-type]
            await until(lambda: sheet_of(window) is None)

    on_qt_loop(scene())


def test_a_fault_shows_its_report_and_the_window_goes_on(
    qapp: QApplication, on_qt_loop: Callable[..., Any], leave_picture: Callable[..., Any]
) -> None:
    engine = Engine()
    report = "<b>Traceback</b> (most recent call last):\n  ValueError: 7"

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, task):
            await until(lambda: engine.till.subscriptions)
            session = next(one for one in window.findChildren(Session))
            session.desktop.crashed("/till/crash/1.txt", report)
            await until(lambda: sheet_of(window), "the report")
            sheet = sheet_of(window)
            assert sheet is not None and "/till/crash/1.txt" in texts(sheet) and marked_up(sheet) == []
            leave_picture(sheet, "till-crash")
            press(sheet, "Copy")
            assert QApplication.clipboard().text() == report
            press(sheet, "Close")
            await until(lambda: sheet_of(window) is None)
            assert not task.done() and window.actions_by_name["sale"].isEnabled()

    on_qt_loop(scene())


def texts(widget: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_the_bad_pair_is_refused_with_a_sentence() -> None:
    assert "3.12" in desktop.pair_refusal((3, 11), "6.12.0") and "6.12.0" in desktop.pair_refusal((3, 11), "6.12.0")
    assert desktop.pair_refusal((3, 11), "6.13") != ""
    assert desktop.pair_refusal((3, 11), "6.11.2") == ""
    assert desktop.pair_refusal((3, 12), "6.12.0") == ""


def test_the_shell_is_painted_before_anything_heavy_is_loaded() -> None:
    """In a process of its own: what is imported when the first paint has happened, and a clean end with 0."""
    script = textwrap.dedent("""
        import os, sys, signal, threading
        from ui import app, main_window
        heavy = ("asyncio", "qasync", "pyqtgraph", "numpy", "sqlalchemy", "httpx", "uvicorn", "fiscalmon.services")
        def first(self, event, paint=main_window._Canvas.paintEvent):
            paint(self, event)
            if self.painted_once:
                return
            self.painted_once = True
            print("painted with", [name for name in heavy if name in sys.modules],
                  [t.name for t in threading.enumerate() if t.name == "engine"], flush=True)
        main_window._Canvas.painted_once = False
        main_window._Canvas.paintEvent = first
        engines = []
        async def opening():
            from tests.gui.scripted_engine import Engine
            handle = await Engine().open()
            engines.append(handle)
            os.kill(os.getpid(), signal.SIGTERM)
            return handle
        code = app.run(opening, heading="test")
        print("stopped", engines[0].stopped.is_set(), flush=True)
        sys.exit(code)
    """)
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-W", "error", "-c", script],
        cwd=ROOT,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == ["painted with [] []", "stopped True"], done.stderr
    assert (done.returncode, done.stderr.strip()) == (0, "")
