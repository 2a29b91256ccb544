"""Open or close the fiscal day, device by device; a close shows what it sends and is asked for twice.

Shows views of presenters/day.py and calls the four engine calls it is given; must not know threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.sheet import Sheet, push_button
from ui.i18n import translate
from ui.presenters import day
from ui.presenters.words import span
from ui.theme import Theme
from ui.widgets.facts import ExactText
from ui.widgets.icons import Icon
from ui.widgets.labels import plain, set_property, show_text

_ICONS = MappingProxyType({"ok": "ok", "attention": "waiting", "failed": "failed"})

_Wanted = Callable[[day.DayRow], None]


@dataclass(frozen=True)
class DayCalls:
    """The engine, as far as this dialog needs it. Each call raises FiscalmonError when it is refused."""

    devices: Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]
    device: Callable[[int], Awaitable[Mapping[str, Any]]]
    open_day: Callable[[int], Awaitable[Mapping[str, Any]]]
    close_day: Callable[[int], Awaitable[Mapping[str, Any]]]
    explain: Callable[[BaseException], tuple[str, str]]  # an error as (code, sentence)
    now: Callable[[], datetime | None]
    report: Callable[[int], Awaitable[str]] | None = None  # the X or Z report of a device's newest day, as text
    way_out: Callable[[int], None] | None = None  # leads to the six steps of a stuck day


class DaySheet(Sheet):
    """Pages: the devices, the question before a close, the act while it runs and how it ended."""

    def __init__(self, parent: QWidget, theme: Theme, calls: DayCalls) -> None:
        super().__init__(parent, theme, translate("day_sheet", "Fiscal day"))
        self._calls = calls
        self._task: asyncio.Task[None] | None = None
        self.pages = QStackedWidget()
        self.list_page = _ListPage(theme, self._wanted, self._report_wanted if calls.report else None)
        self.ask_page = _AskPage(theme)
        self.act_page = _ActPage(theme)
        self.report_page = _ReportPage(theme)
        for page in (self.list_page, self.ask_page, self.act_page, self.report_page):
            self.pages.addWidget(page)
        self.body.addWidget(self.pages)
        self.back = self.add_button(translate("day_sheet", "Back"))
        self.confirm = self.add_button(translate("day_sheet", "Close the day"), act=True)
        self.help = self.add_button(translate("day_sheet", "The way out"))
        self.help.clicked.connect(self._help)
        self._stuck: int | None = None
        self.z_report = self.add_button(translate("day_sheet", "Z report"))
        self.z_report.clicked.connect(self._z_wanted)
        self.leave = self.add_button(translate("day_sheet", "Done"))
        self.leave.clicked.connect(self.accept)
        self.back.clicked.connect(self.show_devices)
        self.confirm.clicked.connect(self._confirmed)
        self.finished.connect(self._left)
        self.setMinimumSize(600, 420)
        self._asked: day.CloseSummary | None = None
        self.show_devices()

    def show_devices(self) -> None:
        """Back to the list, read again."""
        self._show(translate("day_sheet", "Fiscal day"), self.list_page)
        self._run(self._list())

    async def _list(self) -> None:
        devices = await self._calls.devices()
        self.list_page.show_rows([day.day_row(device, self._calls.now()) for device in devices])

    def _wanted(self, row: day.DayRow) -> None:
        self._run(self._open(row.device) if row.act == "open" else self._ask(row.device))

    def _report_wanted(self, row: day.DayRow) -> None:
        self._run(self._report(row.device, row.title))

    async def _report(self, device: int, title: str) -> None:
        if self._calls.report is not None:
            self.report_page.show_report(await self._calls.report(device))
            self._show(translate("day_sheet", "Report of {title}").format(title=title), self.report_page)
            self.back.show()

    def _help(self) -> None:
        if self._calls.way_out is not None and self._stuck is not None:
            self._calls.way_out(self._stuck)
            self.reject()

    async def _open(self, device: int) -> None:
        self._show(translate("day_sheet", "Open day"), self.act_page)
        self.act_page.begin(translate("day_sheet", "Opening the day of device {device}").format(device=device))
        self._ended(day.opened(await self._calls.open_day(device)))

    async def _ask(self, device: int) -> None:
        self._asked = day.close_summary(await self._calls.device(device), self._calls.now())
        self._show(self._asked.title, self.ask_page)
        self.ask_page.show_summary(self._asked)

    def _confirmed(self) -> None:
        if self._asked is not None:
            self._run(self._close(self._asked))

    def _z_wanted(self) -> None:
        if self._asked is not None:
            device = translate("day_sheet", "device {number}").format(number=self._asked.device)
            self._run(self._report(self._asked.device, device))

    async def _close(self, asked: day.CloseSummary) -> None:
        self._show(asked.title.rstrip("?"), self.act_page)
        self.act_page.begin(
            translate(
                "day_sheet",
                "The signed counters go to FDMS, which checks them. This can take half a minute; "
                "the till works on meanwhile.",
            )
        )
        begun = asyncio.get_running_loop().time()
        closing = asyncio.ensure_future(self._calls.close_day(asked.device))
        try:
            while not closing.done():
                self.act_page.show_elapsed(asyncio.get_running_loop().time() - begun)
                await asyncio.wait((closing,), timeout=1.0)
            result = closing.result()
        finally:
            closing.cancel()
        outcome = day.closed(result)
        self._ended(outcome)
        self._stuck = asked.device if outcome.state == "failed" else None
        self.help.setVisible(self._stuck is not None and self._calls.way_out is not None)
        self.z_report.setVisible(outcome.state == "ok" and self._calls.report is not None)

    def _ended(self, outcome: day.Outcome) -> None:
        self.act_page.end(outcome)
        self.back.show()
        self.leave.setFocus()

    def _show(self, title: str, page: QWidget) -> None:
        show_text(self.title, title)
        self.pages.setCurrentWidget(page)
        asking = page is self.ask_page
        self.confirm.setVisible(asking)
        self.back.setVisible(asking)
        self.leave.setVisible(not asking)
        self.help.hide()
        self.z_report.hide()
        (self.back if asking else self.leave).setFocus()

    def _run(self, act: Any) -> None:
        """One act at a time; an error of the engine becomes its outcome."""
        if self._task is not None and not self._task.done():
            act.close()
            return
        self._task = asyncio.ensure_future(self._guarded(act))

    async def _guarded(self, act: Any) -> None:
        try:
            await act
        except Exception as error:
            code, text = self._calls.explain(error)
            self._show(translate("day_sheet", "Fiscal day"), self.act_page)
            self._ended(day.refused(code, text))

    def _left(self) -> None:
        """Leaving stops the waiting, never the act: the engine goes on and the feed tells the end."""
        if self._task is not None:
            self._task.cancel()


class _ListPage(QScrollArea):
    """A row a device, with the one thing that can be done now."""

    def __init__(self, theme: Theme, wanted: _Wanted, report: _Wanted | None) -> None:
        super().__init__()
        self.setAccessibleName(translate("day_sheet", "Devices"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme, self._wanted, self._report = theme, wanted, report
        self.rows: list[_Row] = []
        self.show_rows(None)

    def show_rows(self, rows: list[day.DayRow] | None) -> None:
        """None while they are being read."""
        inner = QWidget()
        inner.setProperty("role", "sheet")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(self._theme.tokens.space["2"])
        self.rows = []
        if not rows:
            column.addWidget(
                plain(
                    translate("day_sheet", "Reading the devices")
                    if rows is None
                    else translate("day_sheet", "No fiscal device is registered on this till yet."),
                    "muted",
                )
            )
        for view in rows or ():
            row = _Row(self._theme, view, self._wanted, self._report)
            self.rows.append(row)
            column.addWidget(row)
        column.addStretch(1)
        self.setWidget(inner)
        first = next((row.button for row in self.rows if row.button is not None), None)
        if first is not None and self.isVisible():
            first.setFocus()


class _Row(QFrame):
    def __init__(self, theme: Theme, view: day.DayRow, wanted: _Wanted, report: _Wanted | None) -> None:
        super().__init__()
        self.view = view
        space = theme.tokens.space
        words = QVBoxLayout()
        words.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(space["2"])
        # Wrapped: a shop's long name must not push the buttons out of the sheet.
        head.addWidget(plain(view.title, "lead", wrap=True), 1)
        chip = plain(view.word, "chip" if view.state != "plain" else "small")
        chip.setProperty("state", view.state)
        head.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        words.addLayout(head)
        words.addWidget(plain(view.detail, "muted", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, space["1"], 0, space["1"])
        row.addLayout(words, 1)
        if report is not None and view.day is not None:
            shown = push_button(translate("day_sheet", "Report"))
            shown.setAccessibleName(translate("day_sheet", "Report of {title}").format(title=view.title))
            shown.clicked.connect(lambda: report(view))
            row.addWidget(shown)
        self.button = push_button(view.act_label) if view.act else None
        if self.button is not None:
            self.button.setAccessibleName(
                translate("day_sheet", "{act_label} of {title}").format(act_label=view.act_label, title=view.title)
            )
            self.button.clicked.connect(lambda: wanted(view))
            row.addWidget(self.button)


class _ReportPage(QScrollArea):
    """An X or Z report as it stands on paper."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(translate("day_sheet", "Report"))
        self.setWidgetResizable(True)
        self.text: ExactText | None = None

    def show_report(self, text: str) -> None:
        self.text = ExactText(translate("day_sheet", "Report"), text, self._theme, wrap=False)
        self.setWidget(self.text)


class _AskPage(QWidget):
    """The facts of the day about to be closed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.tokens.space["6"])
        self._grid.setVerticalSpacing(theme.tokens.space["2"])
        self._grid.setColumnStretch(1, 1)
        self._warning = plain(wrap=True)
        set_property(self._warning, "state", "attention")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.tokens.space["4"])
        column.addLayout(self._grid)
        column.addWidget(self._warning)
        column.addWidget(
            plain(
                translate("day_sheet", "A closed day takes no more receipts; the next sale needs a new day."),
                "muted",
                wrap=True,
            )
        )
        column.addStretch(1)

    def show_summary(self, summary: day.CloseSummary) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for row, (name, value) in enumerate(summary.facts):
            self._grid.addWidget(plain(name, "muted"), row, 0)
            self._grid.addWidget(plain(value, "lead"), row, 1)
        self._warning.setText(summary.warning)
        self._warning.setVisible(bool(summary.warning))


class _ActPage(QWidget):
    """What is being done, for how long, and how it ended."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._icon = Icon(theme, 28)
        self.sentence = plain(role="lead", wrap=True)
        self.sentence.setAccessibleName(translate("day_sheet", "Result"))
        self._advice = plain(role="muted", wrap=True)
        self._advice.setAccessibleName(translate("day_sheet", "What to do"))
        texts = QVBoxLayout()
        texts.addWidget(self.sentence)
        texts.addWidget(self._advice)
        row = QHBoxLayout()
        row.setSpacing(theme.tokens.space["3"])
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addStretch(1)

    def begin(self, sentence: str) -> None:
        self._icon.show_icon("waiting", "accent")
        show_text(self.sentence, sentence)
        set_property(self.sentence, "state", "")
        show_text(self._advice, "")

    def show_elapsed(self, seconds: float) -> None:
        show_text(self._advice, translate("day_sheet", "{span} so far").format(span=span(seconds)))

    def end(self, outcome: day.Outcome) -> None:
        self._icon.show_icon(_ICONS[outcome.state], outcome.state)
        show_text(self.sentence, outcome.sentence)
        set_property(self.sentence, "state", outcome.state)
        show_text(self._advice, outcome.advice)

    def advice(self) -> str:
        return self._advice.text()
