"""The log (Ctrl+L): everything that happened, newest first; by level and text, copied, held still while one reads.

Shows lines of presenters/log.py; asks the engine through its desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from ui.i18n import translate
from ui.pages.page import Page, PageDesk
from ui.presenters.log import LEVEL_WORDS, LogLine, as_text, fitting, log_line
from ui.presenters.till_view import Heard
from ui.widgets.card import Card
from ui.widgets.choice import Choice
from ui.widgets.labels import plain, show_text
from ui.widgets.table import Column, RowsModel, Table

PAGE = 500  # messages read at once
_MOST = 20_000  # lines held; older ones are read again when they are scrolled to
_TYPED = 200  # ms


def _columns() -> tuple[Column, ...]:
    return (
        Column(translate("log", "Time"), lambda line: line.at, "0000-00-00 00:00:00"),
        Column(
            translate("log", "Level"),
            lambda line: translate("log", LEVEL_WORDS[line.level]),
            translate("log", "Warning"),
            state=lambda line: line.state,
        ),
        Column(translate("log", "Event"), lambda line: line.what, "certificate.expiring"),
        Column(translate("log", "Device"), lambda line: line.device, "000000"),
        Column(translate("log", "What happened"), lambda line: line.sentence, stretch=True),
    )


class LogPage(Page):
    """Follows the engine while it is looked at, unless it is paused."""

    def __init__(self, desk: PageDesk) -> None:
        super().__init__(desk, "log", translate("log", "Log"))
        self.search = QLineEdit()
        self.search.setAccessibleName(translate("log", "Text, receipt or code in the log"))
        self.search.setPlaceholderText(translate("log", "Text, receipt or code"))
        self.search.setClearButtonEnabled(True)
        self.level = Choice(self.theme, translate("log", "Least level"))
        for level, text in (
            ("info", translate("log", "Everything")),
            ("warning", translate("log", "Warnings, errors")),
            ("error", translate("log", "Errors")),
        ):
            self.level.addItem(text, level)
        columns = _columns()
        self.model = RowsModel(self.theme, columns, self)
        self.table = Table(self.theme, translate("log", "Log"), self.model, columns)
        self.table.opened.connect(self._open)
        self.count = plain(role="muted")
        self.count.setAccessibleName(translate("log", "Lines"))
        self._lines: list[LogLine] = []
        self._more_there = True
        self._reading = False
        self.paused = False
        self.pause_button = self.add_tool(translate("log", "Pause"), self.toggle_pause)
        self.add_tool(translate("log", "Copy"), self._copy)
        row = QHBoxLayout()
        row.setSpacing(self.theme.tokens.space["2"])
        row.addWidget(self.search, 1)
        row.addWidget(self.level)
        row.addWidget(self.count)
        card = Card(self.theme, self.theme.tokens.space["3"])
        card.body.addLayout(row)
        card.body.addWidget(self.table, 1)
        self.body.addWidget(card, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPED)
        self._pause.timeout.connect(self._show)
        self.search.textChanged.connect(lambda: self._pause.start())
        self.level.currentIndexChanged.connect(self._show)
        self.model.more = self._more

    def arrive(self, about: str) -> None:
        if about:
            self.search.setText(about)
        self.refresh()

    def home(self) -> QWidget:
        return self.search

    def refresh(self) -> None:
        """The newest messages; while paused nothing moves."""
        if not self.paused and not self._reading:
            self._reading = True
            self.work(self._read_newer())

    def told(self, messages: Iterable[Heard]) -> None:
        if any(m.type not in ("receipt.progress", "metrics.updated") for m in messages):
            self.refresh()

    def toggle_pause(self) -> None:
        self.paused = not self.paused
        self.pause_button.setText(translate("log", "Go on") if self.paused else translate("log", "Pause"))
        self.pause_button.setAccessibleName(self.pause_button.text())
        self.refresh()

    async def _read_newer(self) -> None:
        try:
            newest = self._lines[0].seq if self._lines else 0
            if newest:
                events = await self.desk.ask(lambda till: till.events(after=newest, limit=PAGE))
            else:
                events = await self.desk.ask(lambda till: till.history.events_before(1 << 62, PAGE))
        finally:
            self._reading = False
        self._lines = [*self._as_lines(events), *self._lines][:_MOST]
        self._show()
        if newest and len(events) == PAGE:
            self.refresh()

    async def _read_older(self) -> None:
        oldest = self._lines[-1].seq if self._lines else 1 << 62
        events = await self.desk.ask(lambda till: till.history.events_before(oldest, PAGE))
        self._more_there = len(events) == PAGE
        older = self._as_lines(events)
        self._lines.extend(older)
        self.model.append(self._fitting(older))
        self._count()
        self.model.more = self._more if self._more_there and len(self._lines) < _MOST else None

    def _more(self) -> None:
        if self._lines:
            self.model.more = None
            self.work(self._read_older())

    def _as_lines(self, events: list[dict[str, Any]]) -> list[LogLine]:
        """Newest first."""
        zone = self.desk.view.clock.zone
        return [log_line(event, zone) for event in reversed(events)]

    def _fitting(self, lines: list[LogLine]) -> list[LogLine]:
        return fitting(lines, self.level.currentData() or "info", self.search.text())

    def _show(self) -> None:
        self.model.show_rows(self._fitting(self._lines))
        self._count()

    def _count(self) -> None:
        show_text(
            self.count,
            translate("log", "{rows:,} of {lines:,}").format(rows=len(self.model.rows()), lines=len(self._lines)),
        )

    def _copy(self) -> None:
        lines = self.model.rows()
        QApplication.clipboard().setText(as_text(lines))
        self.desk.say(translate("log", "{lines:,} lines were copied").format(lines=len(lines)))

    def _open(self, line: LogLine) -> None:
        if line.receipt_id:
            self.desk.go("receipts", line.receipt_id)
        else:
            QApplication.clipboard().setText(line.whole)
            self.desk.say(translate("log", "The message was copied"))
