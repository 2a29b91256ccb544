"""The open alerts (Ctrl+T): what is wrong and since when. Enter says that somebody looks after the chosen one.

Shows rows of presenters/alerts.py; asks the engine through its desk.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from ui.i18n import translate
from ui.pages.page import Page, PageDesk
from ui.presenters.alerts import AlertRow, alert_rows
from ui.presenters.till_view import Heard
from ui.widgets.card import Card
from ui.widgets.labels import plain
from ui.widgets.table import ROW, Column, RowsModel, Table


class AlertsPage(Page):
    """Follows the engine's news of alerts."""

    def __init__(self, desk: PageDesk) -> None:
        super().__init__(desk, "alerts", translate("alerts", "Alerts"))
        columns = (
            Column(translate("alerts", "State"), lambda row: row.word, "Seen by till", state=lambda row: row.state),
            Column(translate("alerts", "Since"), lambda row: row.since, "yesterday 00:00"),
            Column(translate("alerts", "Device"), lambda row: row.device, "000000"),
            Column(translate("alerts", "What is wrong"), lambda row: row.told, stretch=True),
        )
        self.model = RowsModel(self.theme, columns, self)
        self.table = Table(self.theme, translate("alerts", "Open alerts"), self.model, columns)
        self.table.setWordWrap(True)
        self.table.opened.connect(self.acknowledge)
        self.empty = plain(translate("alerts", "No alert is open."), "muted", wrap=True)
        self.seen = self.add_tool(translate("alerts", "I look after it"), self._chosen, main=True)
        # Nothing is said before the engine has answered.
        self.empty.hide()
        self.seen.setEnabled(False)
        card = Card(self.theme, self.theme.tokens.space["3"])
        card.body.addWidget(self.empty)
        card.body.addWidget(self.table, 1)
        self.body.addWidget(card, 1)

    def arrive(self, about: str) -> None:
        self.refresh()

    def home(self) -> QWidget:
        return self.table

    def told(self, messages: Iterable[Heard]) -> None:
        if any(message.type.startswith("alert.") for message in messages):
            self.refresh()

    def refresh(self) -> None:
        self.work(self._read())

    def acknowledge(self, row: AlertRow) -> None:
        """It is not repeated any more."""
        if row.fresh:
            self.work(self._acknowledge(row))

    def _chosen(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.acknowledge(index.data(ROW))

    async def _acknowledge(self, row: AlertRow) -> None:
        await self.desk.operate("alerts.ack", id=row.alert_id)
        self.desk.say(translate("alerts", "It is not repeated any more"))
        await self._read()

    async def _read(self) -> None:
        rows = alert_rows(await self.desk.operate("alerts.list", limit=200), self.desk.view.clock.now())
        self.model.show_rows(rows)
        self.table.resizeRowsToContents()
        self.empty.setVisible(not rows)
        self.seen.setEnabled(any(row.fresh for row in rows))
        if rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
