"""How this till is (Ctrl+D): the doctor's checks with what to do, and a file for support without any secret (Ctrl+B).

Shows lines of presenters/doctor.py; asks the engine through its desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from ui.i18n import translate
from ui.pages.page import Page, PageDesk
from ui.presenters.doctor import as_text, check_lines, headline
from ui.widgets.card import Card
from ui.widgets.labels import plain, set_property, show_text
from ui.widgets.table import Column, RowsModel, Table

BUNDLE = "bundle"


def _columns() -> tuple[Column, ...]:
    return (
        Column(
            translate("doctor", "State"),
            lambda line: line.word,
            translate("doctor", "Look here"),
            state=lambda line: line.state,
        ),
        Column(translate("doctor", "Code"), lambda line: line.code, "CERTIFICATE"),
        Column(translate("doctor", "About"), lambda line: line.subject, "000000"),
        Column(translate("doctor", "What there is, and what to do"), lambda line: line.told, stretch=True),
    )


class DoctorPage(Page):
    """`arrive` with BUNDLE asks at once where the file for support shall go."""

    def __init__(self, desk: PageDesk) -> None:
        super().__init__(desk, "doctor", translate("doctor", "How this till is"))
        self.head = plain(role="lead", wrap=True)
        self.head.setAccessibleName(translate("doctor", "Result"))
        columns = _columns()
        self.model = RowsModel(self.theme, columns, self)
        self.table = Table(self.theme, translate("doctor", "Checks"), self.model, columns)
        self.table.setWordWrap(True)
        self.table.opened.connect(lambda line: self._said(f"{line.code}: {line.told}"))
        self._report: Mapping[str, Any] = {}
        self.add_tool(translate("doctor", "Examine again"), self.refresh)
        self.add_tool(translate("doctor", "Copy"), self._copy)
        self.bundle_button = self.add_tool(translate("doctor", "File for support"), self.ask_for_bundle, main=True)
        card = Card(self.theme, self.theme.tokens.space["3"])
        card.body.addWidget(self.head)
        card.body.addWidget(self.table, 1)
        self.body.addWidget(card, 1)

    def arrive(self, about: str) -> None:
        self.refresh()
        if about == BUNDLE:
            self.ask_for_bundle()

    def home(self) -> QWidget:
        return self.table

    def refresh(self) -> None:
        show_text(self.head, translate("doctor", "Examining the till"))
        set_property(self.head, "state", "")
        self.work(self._examine())

    def ask_for_bundle(self) -> None:
        dialog = QFileDialog(
            self,
            translate("doctor", "Save the file for support"),
            "fiscalmon-support.zip",
            translate("doctor", "Zip (*.zip)"),
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(lambda file: self.work(self.write_bundle(file)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    async def write_bundle(self, file: str) -> None:
        """Writes the file for support."""
        made = await self.desk.operate("doctor.bundle", file=file)
        self.desk.say(
            translate("doctor", "For support: {file}, {count} files, no secret inside").format(
                file=made["file"], count=len(made["files"])
            )
        )

    async def _examine(self) -> None:
        self._report = report = await self.desk.operate("doctor")
        self.model.show_rows(check_lines(report))
        self.table.resizeRowsToContents()
        show_text(self.head, headline(report))
        set_property(self.head, "state", str(report.get("state")))

    def _copy(self) -> None:
        self._said(as_text(self._report))

    def _said(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self.desk.say(translate("doctor", "Copied"))
