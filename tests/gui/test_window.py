"""The window as people meet it: named controls, plain text, nothing cut off, at every size and in both schemes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QGraphicsEffect,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)

from tests.gui.scripted_engine import NOON, Message, device, progress, receipt, snapshot
from tests.gui.walk import cut_off, marked_up, unnamed
from ui.dialogs.day_sheet import DayCalls, DaySheet
from ui.dialogs.keys_sheet import KeysSheet
from ui.dialogs.notices import quit_sheet
from ui.failures import explain
from ui.main_window import MainWindow
from ui.presenters.progress import ProgressView
from ui.presenters.till_view import TillView
from ui.shortcuts import SHORTCUTS
from ui.theme import Theme, read_tokens
from ui.widgets.feed_view import whole_parts
from ui.widgets.series_chart import SeriesChart
from ui.widgets.trend_chart import TrendChart

SIZES = [(960, 512), (1024, 740), (1280, 800), (1920, 1080)]
ADVICE = "The tax total differs from the sum of its lines: compare the rates with the device's configuration"


def a_day() -> list[Message]:
    """Messages of a morning in which everything happened once."""
    errors = [{"code": "RCPT026", "color": "Red", "advice": ADVICE, "field": "receiptTaxes"}]
    said: list[tuple[str, dict[str, Any]]] = [("fiscal.opened", {"deviceID": 10001, "fiscalDayNo": 118})]
    said += [("receipt.completed", receipt(4700 + n, receiptTotal=f"{n * 13.37:.2f}")) for n in range(1, 9)]
    said += [
        ("receipt.failed", receipt(4709, validationErrors=errors)),
        ("device.offline", {"deviceID": 10002, "reason": "no answer within 30 s"}),
    ]
    said += [("receipt.queued", receipt(4710 + n, reason="FDMS timed out")) for n in range(12)]
    said += [
        ("device.online", {"deviceID": 10002}),
        ("certificate.expiring", {"deviceID": 10003, "daysLeft": 12}),
        ("clock.drift", {"seconds": 34}),
        ("receipt.completed", receipt(4722, receiptCurrency="ZWG", receiptTotal="1234567.89")),
    ]
    return [
        Message(kind, n + 1, data, f"2026-11-22T{6 + n // 6:02d}:{n % 6 * 9:02d}:11+00:00")
        for n, (kind, data) in enumerate(said)
    ]


@pytest.fixture
def window(qapp: object, theme: Theme) -> Iterator[MainWindow]:
    made = MainWindow(theme, "test")
    made.chart.set_chart(TrendChart(theme))
    made.overview.bring_charts(SeriesChart)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def fill(window: MainWindow, *, bar: int = 60, devices: list[dict[str, Any]] | None = None, **metrics: Any) -> None:
    """Shows a whole day, folded as the session folds it."""
    view = TillView(lambda: 0.0)
    messages = [
        Message("hello", 0, {"metrics": snapshot(**metrics), "events": [], "seq": 0}),
        *a_day(),
        Message("receipt.progress", 99, progress(4800, bar)),
    ]
    changes = view.fold(messages)
    view.heard_devices(devices or [device()])
    view.progress.tick(10)
    window.show_feed(changes)
    window.show_status(view.status())
    window.show_detail("Three demo devices · Dashboard for other screens: https://192.168.1.20:8443/")
    window.show_kpis(view.kpis())
    window.show_trend(view.trend())
    window.overview.show_panels(view)
    window.show_progress(view.progress.view)


def settle() -> None:
    QTest.qWait(250)  # the animations' 180 ms; no coroutine runs here


def dialogs(window: MainWindow) -> list[QWidget]:
    async def nothing(*_: Any) -> Any:
        return []

    calls = DayCalls(nothing, nothing, nothing, nothing, explain, lambda: NOON)
    DaySheet.show_devices, original = lambda self: None, DaySheet.show_devices  # type: ignore[method-assign]
    try:
        sheet = DaySheet(window, window.theme, calls)
    finally:
        DaySheet.show_devices = original  # type: ignore[method-assign]
    return [KeysSheet(window, window.theme), quit_sheet(window, window.theme, 12, [101, 102, 103, 104, 105]), sheet]


def test_every_control_has_a_name_and_every_label_is_plain(window: MainWindow) -> None:
    fill(window)
    for root in (window, *dialogs(window)):
        assert unnamed(root) == []
        assert marked_up(root) == []


def test_the_walk_finds_what_it_looks_for(qapp: object) -> None:
    from PySide6.QtWidgets import QListView, QPushButton

    root = QWidget()
    children = (QPushButton(root), QListView(root), QProgressBar(root))
    label = QLabel("<b>x</b>", root)
    label.setFixedWidth(5)
    root.resize(200, 100)
    assert unnamed(root) == [type(child).__name__ for child in children]
    assert marked_up(root) == ["<b>x</b>"] and len(cut_off(root)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_is_cut_off(
    window: MainWindow, scheme: str, size: tuple[int, int], leave_picture: Callable[[QWidget, str], Path]
) -> None:
    window.theme.choose(scheme)  # type: ignore[arg-type]
    window.resize(*size)
    fill(window)
    settle()
    assert (window.width(), window.height()) == size
    assert cut_off(window) == []
    leave_picture(window, f"till-{scheme}-{size[0]}x{size[1]}")


def test_words_belong_to_the_stage_that_the_fill_shows(window: MainWindow) -> None:
    begun = ProgressView("running", "r-1", "Receipt 1", 20, "", "4 ms")
    window.show_progress(begun)
    settle()
    window.show_progress(replace(begun, state="done", percent=100, note="Accepted by FDMS"))
    assert window.progress.bar.value() < 1000 and window.progress._note.text() == ""
    settle()
    assert window.progress.bar.value() == 1000 and window.progress._note.text() == "Accepted by FDMS"


def test_a_small_screen_leaves_out_the_chart_first(window: MainWindow) -> None:
    for height, there in ((512, False), (740, True)):
        window.resize(960, height)
        settle()
        assert window.overview.deck.isVisible() is there


def test_a_note_loses_whole_parts_where_there_is_no_room(theme: Theme) -> None:
    metrics = QFontMetrics(theme.font("small"))
    note = "14:03:07   INV-1 · device 10003 · 5 ms"
    assert whole_parts(note, metrics, metrics.horizontalAdvance(note)) == note
    assert whole_parts(note, metrics, metrics.horizontalAdvance(note) - 1) == "14:03:07   INV-1 · device 10003"
    assert whole_parts(note, metrics, 10) == "14:03:07   INV-1"


def test_a_bad_day_fits_too(window: MainWindow, leave_picture: Callable[[QWidget, str], Path]) -> None:
    window.resize(1024, 740)
    waiting = device(online=False, queueDepth=1234, oldestQueuedAt="2026-11-20T08:00:00+00:00")
    fill(
        window,
        devices=[waiting],
        queueDepth=1234,
        failedReceipts=127,
        successRate=81.5,
        activeDevices=0,
        avgLatencyMs=28400,
        receiptsToday=128456,
        sales={"ZWG": 123456789.5, "USD": 1234567.25, "ZAR": 12.5},
    )
    settle()
    assert cut_off(window) == []
    assert window.status.sentence().startswith("Selling offline — 1,234 receipts wait, oldest 2 d")
    leave_picture(window, "till-bad-day-1024x740")


def test_the_shell_before_the_engine(window: MainWindow, leave_picture: Callable[[QWidget, str], Path]) -> None:
    view = TillView(lambda: 0.0)
    window.show_status(view.status())
    window.show_kpis(view.kpis())
    window.show_trend(view.trend())
    settle()
    assert cut_off(window) == []
    assert "NaN" not in "".join(label.text() for label in window.findChildren(QLabel))
    leave_picture(window, "till-starting")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialogs_fit(window: MainWindow, scheme: str, leave_picture: Callable[[QWidget, str], Path]) -> None:
    window.theme.choose(scheme)  # type: ignore[arg-type]
    for name, sheet in zip(("keys", "quit", "day"), dialogs(window), strict=True):
        sheet.show()
        settle()
        assert cut_off(sheet) == []
        leave_picture(sheet, f"till-{name}-{scheme}")
        sheet.hide()


def test_colours_come_from_the_tokens_and_change_at_once(
    window: MainWindow, leave_picture: Callable[[QWidget, str], Path]
) -> None:
    fill(window)
    grounds = []
    for scheme in ("light", "dark"):
        window.theme.choose(scheme)  # type: ignore[arg-type]
        settle()
        picture = window.grab().toImage()
        grounds.append(picture.pixelColor(3, 3))
        assert picture.pixelColor(3, 3) == QColor(read_tokens().colors[scheme]["canvas"])
    assert grounds[0] != grounds[1]
    window.theme.toggle()
    assert window.theme.scheme == "light"


def test_keys_are_unique_shown_and_reach_their_act(window: MainWindow) -> None:
    keys = [QKeySequence(s.key).toString() for s in SHORTCUTS]
    assert len(set(keys)) == len(keys) and all(keys)
    acted: list[str] = []
    window.acted.connect(acted.append)
    window.resize(1920, 1080)
    settle()
    for button in window.keys.buttons:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert acted == [s.act for s in SHORTCUTS if s.bar]
    for shortcut, button in zip([s for s in SHORTCUTS if s.bar], window.keys.buttons, strict=True):
        assert shortcut.key in button.accessibleName() and shortcut.key in button.toolTip()
        assert button.height() >= read_tokens().target  # a finger's width


@pytest.mark.parametrize("field", [QLineEdit, QPlainTextEdit])
def test_keys_reach_their_act_while_one_types(window: MainWindow, field: type[QWidget]) -> None:
    """None of them is one that a text field takes for itself, as Ctrl+E and Ctrl+U are."""
    typed, acted = field(window), []
    typed.show()
    window.acted.connect(acted.append)
    window.activateWindow()
    typed.setFocus()
    for shortcut in SHORTCUTS:
        QTest.keySequence(typed, QKeySequence(shortcut.key))
    assert acted == [shortcut.act for shortcut in SHORTCUTS]


def test_a_scanner_cannot_press_anything(window: MainWindow) -> None:
    """A burst of characters and Enter goes nowhere while no control was chosen."""
    fill(window)
    acted: list[str] = []
    window.acted.connect(acted.append)
    window.close_asked.connect(lambda: acted.append("close"))
    window.rest()
    QTest.keyClicks(window.focusWidget(), "60017 8901234")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert acted == []


def test_closing_is_asked_not_done(window: MainWindow) -> None:
    asked: list[bool] = []
    window.close_asked.connect(lambda: asked.append(True))
    assert window.close() is False
    assert asked == [True] and window.isVisible()


def test_an_unchanged_view_repaints_nothing(window: MainWindow) -> None:
    fill(window)
    settle()
    card = window.cards["receiptsToday"]
    view = card.view()
    assert view is not None
    painted: list[int] = []
    card.paintEvent, original = lambda event: painted.append(1), card.paintEvent  # type: ignore[method-assign]
    card.show_kpi(view)
    window.show_kpis([view])
    QTest.qWait(20)
    assert painted == []
    card.paintEvent = original  # type: ignore[method-assign]


def test_no_graphics_effects_on_live_widgets(window: MainWindow) -> None:
    assert [w for w in window.findChildren(QWidget) if isinstance(w.graphicsEffect(), QGraphicsEffect)] == []


def test_the_feed_stays_where_one_reads_and_says_how_many_came(window: MainWindow) -> None:
    fill(window)
    for batch in range(30):
        window.show_feed(TillView(lambda: 0.0).fold([Message("receipt.completed", 1, receipt(batch))]))
    settle()
    feed = window.feed.list
    bar = feed.verticalScrollBar()
    assert bar.value() == 0 and not window.feed._pill.isVisible()
    bar.setValue(200)
    seen = feed.indexAt(QPoint(40, 30)).data()
    window.show_feed(
        TillView(lambda: 0.0).fold([Message("receipt.completed", n, receipt(900 + n)) for n in range(1, 4)])
    )
    QTest.qWait(20)
    assert feed.indexAt(QPoint(40, 30)).data() == seen
    assert window.feed._pill.isVisible() and window.feed._pill.text() == "3 new"
    QTest.mouseClick(window.feed._pill, Qt.MouseButton.LeftButton)
    assert bar.value() == 0 and not window.feed._pill.isVisible()


def test_markup_from_outside_is_shown_as_it_is(window: MainWindow) -> None:
    fill(window, devices=[device(health="attention", attention="<img src=x onerror=1><b>bold</b>")])
    assert "<b>bold</b>" in window.status.sentence()
