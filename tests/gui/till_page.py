"""The sale page in a window over real books, with a keyboard and a scanner, for the tests that sell by it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.counter import Counter, Desk
from tests.gui.waiting import until
from ui.main_window import MainWindow
from ui.pages.sale import SalePage
from ui.scanner import ScanListener
from ui.theme import Theme

MILK, BREAD, RICE = "6001000000017", "6001000000024", "6001000000031"
Scene = Callable[[Callable[["Till"], Any]], None]


class Till:
    """The page in a window, with a scanner beside the keyboard."""

    def __init__(self, counter: Counter, desk: Desk, window: MainWindow, page: SalePage) -> None:
        self.counter, self.desk, self.window, self.page = counter, desk, window, page
        self.state = page.checkout.state
        self.listener = ScanListener(lambda _: True, window)
        self.listener.scanned.connect(page.scanned)

    async def settled(self) -> None:
        """Until nothing is under way but dialogs that wait for an answer."""
        if self.desk.sheet is None or not self.desk.sheet.isVisible():
            await until(lambda: not self.desk.tasks, "the page's work")

    def type(self, text: str, into: QWidget | None = None) -> None:
        """By hand: each key reaches the control that has the focus."""
        QTest.keyClicks(into or QApplication.focusWidget() or self.page.field, text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.page.field, key, modifier)

    async def enter(self, text: str) -> None:
        self.type(text, self.page.field)
        QTest.keyClick(self.page.field, Qt.Key.Key_Return)
        await self.settled()

    async def scan(self, code: str, at: QWidget | None = None) -> None:
        """A burst at a window, as a wedge scanner sends it: before any control sees a key."""
        await self.burst(code, at or self.window)

    async def burst(self, text: str, at: QWidget, *, enter: bool = True) -> None:
        window = at.windowHandle()
        self.listener._listen(window)

        def send() -> None:
            for char in text:
                QTest.keyClick(window, char)
            if enter:
                QTest.keyClick(window, Qt.Key.Key_Return)
            sent.append(True)

        # From Qt's loop as keys come, not from inside a coroutine: Qt looks for other events between them.
        sent: list[bool] = []
        QTimer.singleShot(0, send)
        await until(lambda: sent, "the burst")

    async def sheet(self, kind: type) -> Any:
        await until(lambda: isinstance(self.desk.sheet, kind) and self.desk.sheet.isVisible(), kind.__name__)
        return self.desk.sheet

    def rows_note(self, row: int) -> str:
        """What is said at that line."""
        return self.state.view().lines[row].note

    def rows(self) -> list[tuple[str, str, str]]:
        model = self.page.lines.rows
        found = [model.data(model.index(row), int(Qt.ItemDataRole.UserRole)) for row in range(model.rowCount())]
        return [(line.quantity, line.name, line.total) for line in found]


@asynccontextmanager
async def opened(theme: Theme, folder: Path) -> AsyncIterator[Till]:
    """The page over books in that folder."""
    counter = await Counter(folder).open()
    await counter.till.open_sales.set_rates({"ZWG": "26.9"})
    desk = Desk(counter, theme)
    window = MainWindow(theme, "test")
    page = SalePage(desk)  # type: ignore[arg-type]

    def rest() -> None:
        window.activateWindow()  # without a window manager nobody else does
        page.field.setFocus()

    desk.rest = rest
    window.stack.addWidget(page)
    window.resize(1280, 800)
    window.show()
    window.show_page(page, progress=False)
    window.acted.connect(lambda act: page.back() if act == "back" else None)
    window.activateWindow()
    page.arrive("")
    page.field.setFocus()
    till = Till(counter, desk, window, page)
    try:
        await until(lambda: page.checkout.state.desk is not None, "the engine")
        yield till
    finally:
        if desk.sheet is not None and desk.tasks:
            desk.sheet.reject()
        await until(lambda: not desk.tasks, "the end of what was begun", 3)
        page._judge.stop()
        page._suggest.stop()
        till.listener._timer.stop()
        window.hide()
        window.deleteLater()
        await counter.shop.close()
