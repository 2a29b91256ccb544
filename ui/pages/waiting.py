"""The waiting list (F6): why receipts wait, since when, when the next try is, and what can be done about it.

Shows views of presenters/queue.py; asks the engine through its desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.dialogs.sheet import push_button
from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.pages.page import Page, PageDesk
from ui.presenters.queue import QueueView, queue_views, waiting_row
from ui.presenters.till_view import Heard
from ui.widgets.card import Card
from ui.widgets.icons import Icon
from ui.widgets.labels import plain, set_property, show_text
from ui.widgets.table import Column, RowsModel, Table

_PACE = 1_000  # ms between two readings while the page is on the screen
_EMPTY = QT_TRANSLATE_NOOP("waiting", "Nothing waits: every receipt of this till has FDMS's answer.")
_ICONS = MappingProxyType({"ok": "ok", "attention": "offline", "failed": "failed", "plain": "waiting"})


def _columns() -> tuple[Column, ...]:
    return (
        Column(translate("waiting", "Place"), lambda row: row.place, "00,000", right=True),
        Column(translate("waiting", "Number"), lambda row: row.number, "000,000", right=True),
        Column(translate("waiting", "Date"), lambda row: row.date, stretch=True),
        Column(translate("waiting", "Device"), lambda row: row.device, "000000"),
        Column(translate("waiting", "Total"), lambda row: row.amount, "ZWG -0,000,000.00", right=True),
        Column(translate("waiting", "Tries"), lambda row: row.tries, translate("waiting", "not yet"), right=True),
    )


class WaitingPage(Page):
    """Reads again every second while it is looked at."""

    def __init__(self, desk: PageDesk) -> None:
        super().__init__(desk, "waiting", translate("waiting", "Waiting for FDMS"))
        columns = _columns()
        self.model = RowsModel(self.theme, columns, self)
        self.table = Table(self.theme, translate("waiting", "Waiting receipts"), self.model, columns)
        self.table.opened.connect(lambda row: desk.go("receipts", row.receipt_id))
        self.empty = plain(translate("waiting", _EMPTY), "muted", wrap=True)
        self.queues = QVBoxLayout()
        self.queues.setSpacing(self.theme.tokens.space["2"])
        self._rows: list[_QueueRow] = []
        card = Card(self.theme, self.theme.tokens.space["3"])
        card.body.addLayout(self.queues)
        card.body.addWidget(self.empty)
        card.body.addWidget(self.table, 1)
        self.body.addWidget(card, 1)
        self.send = self.add_tool(translate("waiting", "Send now  F9"), lambda: desk.do("retry"), main=True)
        self._second = QTimer(self)
        self._second.setInterval(_PACE)
        self._second.timeout.connect(self.refresh)
        self._reading = False

    def arrive(self, about: str) -> None:
        self.refresh()
        self._second.start()

    def leave(self) -> None:
        self._second.stop()

    def home(self) -> QWidget:
        return self.table

    def told(self, messages: Iterable[Heard]) -> None:
        if any(m.type.startswith("receipt.") and m.type != "receipt.progress" for m in messages):
            self.refresh()

    def refresh(self) -> None:
        if not self._reading:
            self._reading = True
            self.work(self._read())

    async def _read(self) -> None:
        try:
            listed: dict[str, Any] = await self.desk.ask(lambda till: till.waiting.listed())
        finally:
            self._reading = False
        rows = [waiting_row(item) for item in listed["items"]]
        self.model.show_rows(rows)
        self.empty.setVisible(not rows)
        self.send.setEnabled(bool(rows))
        self._show_queues(queue_views(listed, self.desk.view.clock.now()))

    def _show_queues(self, views: tuple[QueueView, ...]) -> None:
        while len(self._rows) < len(views):
            row = _QueueRow(self)
            self._rows.append(row)
            self.queues.addWidget(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(views))
            if place < len(views):
                row.show_queue(views[place])


class _QueueRow(QWidget):
    """One device's queue with the way to its details."""

    def __init__(self, page: WaitingPage) -> None:
        super().__init__()
        self._device = 0
        self._icon = Icon(page.theme, 24)
        self._sentence = plain(role="lead", wrap=True)
        self._detail = plain(role="muted", wrap=True)
        self.ways = push_button(translate("waiting", "What can be done"))
        self.ways.clicked.connect(lambda: page.desk.go("stuck", str(self._device)))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._sentence)
        texts.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(page.theme.tokens.space["3"])
        row.addWidget(self._icon)
        row.addLayout(texts, 1)
        row.addWidget(self.ways)

    def show_queue(self, view: QueueView) -> None:
        self._device = view.device
        self._icon.show_icon(_ICONS[view.state], "muted" if view.state == "plain" else view.state)
        show_text(self._sentence, view.sentence)
        set_property(self._sentence, "state", view.state if view.blocked else "")
        show_text(self._detail, view.detail)
        self._detail.setVisible(bool(view.detail))
        self.ways.setAccessibleName(
            translate("waiting", "What can be done about device {device}").format(device=view.device)
        )
