"""Finding a receipt (F3) by whatever a person has of it, and its whole life: the list and one receipt.

Shows views of presenters/receipts.py; asks the engine through its desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.pages.page import Page, PageDesk
from ui.presenters.receipts import ReceiptRow, life, life_title, receipt_row, searched
from ui.presenters.till_view import Heard
from ui.widgets.card import Card
from ui.widgets.choice import Choice
from ui.widgets.facts import FactsView
from ui.widgets.labels import plain
from ui.widgets.table import Column, RowsModel, Table

PAGE = 100  # receipts read at once
_TYPED = 250  # ms of silence after which what was typed is looked for
_ASK = QT_TRANSLATE_NOOP("receipts", "Number, amount, time, invoice, buyer, hash or a scanned QR code")
_STATES = (
    ("", QT_TRANSLATE_NOOP("receipts", "Every state")),
    ("completed", QT_TRANSLATE_NOOP("receipts", "Accepted")),
    ("queued", QT_TRANSLATE_NOOP("receipts", "Waits")),
    ("failed", QT_TRANSLATE_NOOP("receipts", "Refused")),
)

# The notes that may be begun on the receipt that is open.
_NOTES = (
    (QT_TRANSLATE_NOOP("receipts", "Credit note"), "credit", "Alt+K"),
    (QT_TRANSLATE_NOOP("receipts", "Debit note"), "debit", "Alt+E"),
)


def _columns() -> tuple[Column, ...]:
    return (
        Column(translate("receipts", "Number"), lambda row: row.number, "000,000", right=True),
        Column(translate("receipts", "Date"), lambda row: row.date, "0000-00-00 00:00:00"),
        Column(translate("receipts", "Kind"), lambda row: row.kind, translate("receipts", "Credit note")),
        Column(translate("receipts", "Invoice"), lambda row: row.invoice, stretch=True),
        Column(translate("receipts", "Device"), lambda row: row.device, "000000"),
        Column(translate("receipts", "Total"), lambda row: row.amount, "ZWG -0,000,000.00", right=True),
        Column(
            translate("receipts", "State"),
            lambda row: row.word,
            translate("receipts", "Accepted, remark"),
            state=lambda row: row.state,
        ),
    )


class ReceiptsPage(Page):
    """`arrive` with a receipt's id opens that receipt."""

    def __init__(self, desk: PageDesk) -> None:
        super().__init__(desk, "receipts", translate("receipts", "Receipts"))
        self.search = QLineEdit()
        self.search.setAccessibleName(
            translate("receipts", "Find receipts by {what}").format(what=translate("receipts", _ASK))
        )
        self.search.setPlaceholderText(translate("receipts", _ASK))
        self.search.setClearButtonEnabled(True)
        self.search.setMaxLength(300)
        self.state = Choice(self.theme, translate("receipts", "State of the receipts"))
        for value, word in _STATES:
            self.state.addItem(translate("receipts", word), value)
        columns = _columns()
        self.model = RowsModel(self.theme, columns, self)
        self.table = Table(self.theme, translate("receipts", "Receipts"), self.model, columns)
        self._next: str | None = None
        self._asked = 0
        self._opened: dict[str, Any] = {}
        self.model.more = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPED)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda: self._pause.start())
        self.search.returnPressed.connect(self._entered)
        self.state.currentIndexChanged.connect(self.refresh)
        self.table.opened.connect(lambda row: self.open(row.receipt_id))
        self.facts = FactsView(self.theme, translate("receipts", "The receipt's life"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self._list_side())
        self.stack.addWidget(self._life_side())
        self.body.addWidget(self.stack, 1)
        self._life_tools = [
            self.add_tool(translate("receipts", "Print copy  F4"), lambda: self.desk.do("reprint")),
            self.add_tool(translate("receipts", "Copy as text"), self._copy),
            self.add_tool(translate("receipts", "Save PDF"), lambda: self.desk.spawn(self._save_pdf())),
        ]

        def note(kind: str) -> None:
            self.desk.go("sale", f"{kind}:{self.receipt_id()}")

        self._note_tools = [
            self.add_tool(translate("receipts", word), partial(note, kind), key=key) for word, kind, key in _NOTES
        ]
        self._show_list()

    def arrive(self, about: str) -> None:
        if about:
            self.open(about)
        else:
            self._show_list()
            self.refresh()

    def home(self) -> QWidget:
        return self.facts if self.receipt_id() else self.search

    def back(self) -> bool:
        if not self.receipt_id():
            return False
        self._show_list()
        self.refresh()
        self.search.setFocus()
        return True

    def refresh(self) -> None:
        if self.receipt_id():
            self.work(self._read_life(self.receipt_id()))
        else:
            self._asked += 1
            self.work(self._read(self._asked))

    def told(self, messages: Iterable[Heard]) -> None:
        settled = [m for m in messages if m.type in ("receipt.completed", "receipt.failed", "receipt.queued")]
        if any(m.data.get("receiptId") == self.receipt_id() for m in settled):
            self.refresh()

    def open(self, receipt_id: str) -> None:
        self.work(self._read_life(receipt_id))

    def receipt_id(self) -> str:
        """The receipt that is open, "" while the list is shown."""
        return str(self._opened.get("receiptId") or "")

    def receipt(self) -> str:
        """The receipt that is open, or the one the reader is on in the list; "" without any."""
        row = self.table.chosen()
        return self.receipt_id() or (row.receipt_id if isinstance(row, ReceiptRow) else "")

    async def _read(self, asked: int, *, more: bool = False) -> None:
        wanted = {
            "search": searched(self.search.text()),
            "status": self.state.currentData() or None,
            "before": self._next if more else None,
        }
        page = await self.desk.ask(lambda till: till.receipts(limit=PAGE, **wanted))
        if asked != self._asked:
            return  # something else was typed meanwhile
        rows = [receipt_row(item) for item in page["items"]]
        self._next = page["next"]
        self.model.more = self._more if self._next else None
        if more:
            self.model.append(rows)
            return
        self.model.show_rows(rows)
        self._none.setVisible(not rows)

    def _more(self) -> None:
        self.model.more = None  # until this page is here
        self.work(self._read(self._asked, more=True))

    def _entered(self) -> None:
        """Enter, or a scanner's end: looks at once, and opens what is the only one."""
        self._pause.stop()
        self._asked += 1
        self.work(self._read_and_open(self._asked))

    async def _read_and_open(self, asked: int) -> None:
        await self._read(asked)
        rows = self.model.rows()
        if asked != self._asked or not rows:
            return
        if len(rows) == 1:
            await self._read_life(rows[0].receipt_id)
        else:
            self.table.selectRow(0)
            self.table.setFocus()

    async def _read_life(self, receipt_id: str) -> None:
        told = await self.desk.ask(lambda till: till.lives.of(receipt_id))
        again = self.receipt_id() == receipt_id
        self._opened = told
        self.facts.show_sections(life(told, self.desk.view.clock.zone))
        self.retitle(life_title(told))
        self.stack.setCurrentIndex(1)
        for button in self._life_tools:
            button.show()
        for button in self._note_tools:
            button.setVisible(told.get("receiptType") != "CreditNote")
        if not again:
            self.facts.verticalScrollBar().setValue(0)
            self.facts.setFocus()

    def _show_list(self) -> None:
        self._opened = {}
        self.retitle(translate("receipts", "Receipts"))
        self.stack.setCurrentIndex(0)
        for button in (*self._life_tools, *self._note_tools):
            button.hide()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.facts.text())
        self.desk.say(translate("receipts", "The receipt's life was copied"))

    async def _save_pdf(self) -> None:
        receipt_id, number = self.receipt_id(), self._opened.get("receiptGlobalNo")
        dialog = QFileDialog(
            self,
            translate("receipts", "Save the receipt as PDF"),
            f"receipt-{number}.pdf",
            translate("receipts", "PDF (*.pdf)"),
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda file: self.work(self._write_pdf(receipt_id, file)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    async def _write_pdf(self, receipt_id: str, file: str) -> None:
        await self.desk.ask(lambda till: till.lives.save_pdf(receipt_id, file))
        self.desk.say(translate("receipts", "Saved as {file}").format(file=file))

    def _list_side(self) -> QWidget:
        card = Card(self.theme, self.theme.tokens.space["3"])
        row = QHBoxLayout()
        row.setSpacing(self.theme.tokens.space["2"])
        row.addWidget(self.search, 1)
        row.addWidget(self.state)
        self._none = plain(translate("receipts", "No receipt fits. Fewer letters find more."), "muted", wrap=True)
        self._none.hide()
        card.body.addLayout(row)
        card.body.addWidget(self._none)
        card.body.addWidget(self.table, 1)
        return card

    def _life_side(self) -> QWidget:
        card = Card(self.theme, self.theme.tokens.space["3"])
        card.body.addWidget(self.facts)
        return card
