"""A credit note on a receipt, whole or by lines: which lines come back, and why. The reason is typed, so Enter is safe.

Shows the receipt it is given; must not know the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from ui.dialogs.sheet import Sheet
from ui.i18n import translate
from ui.presenters import words
from ui.theme import Theme
from ui.widgets.labels import plain, show_text

_NUMBER = int(Qt.ItemDataRole.UserRole)


class CreditSheet(Sheet):
    """Accepted with `lines` (empty for all of the receipt) and `reason`."""

    def __init__(self, parent: QWidget, theme: Theme, receipt: Mapping[str, Any]) -> None:
        number = words.count(int(receipt["receiptGlobalNo"]))
        super().__init__(parent, theme, translate("credit", "Credit note on receipt {number}").format(number=number))
        self._receipt = receipt
        sent = receipt.get("receipt") or {}
        date = words.sentence(receipt.get("receiptDate")).replace("T", " ")
        total = f"{words.sentence(receipt.get('receiptCurrency'))} {words.money(receipt.get('receiptTotal'))}"
        self.body.addWidget(plain(f"{date} · {words.sentence(receipt.get('invoiceNo'))} · {total}", "muted", wrap=True))
        self.list = QListWidget()
        self.list.setAccessibleName(translate("credit", "Lines that come back"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMinimumSize(560, 200)
        for line in sent.get("receiptLines") or ():
            self.list.addItem(self._item(theme, line))
        self.list.itemChanged.connect(lambda _: self._show())
        self.body.addWidget(self.list, 1)
        self.body.addWidget(plain(translate("credit", "Why? It stands on the paper and goes to FDMS."), "muted"))
        self.reason = QLineEdit()
        self.reason.setAccessibleName(translate("credit", "Reason"))
        self.reason.setPlaceholderText(translate("credit", "Goods returned, wrong price …"))
        self.reason.setMaxLength(500)
        self.reason.textChanged.connect(lambda _: self._show())
        self.body.addWidget(self.reason)
        self.figure = plain("", "lead")
        self.body.addWidget(self.figure)
        self.leave = self.add_button(translate("credit", "Cancel"))
        self.leave.clicked.connect(self.reject)
        self.credit = self.add_button(translate("credit", "Issue the credit note"), act=True)
        self.credit.clicked.connect(self.accept)
        self._show()
        self.reason.setFocus()

    @property
    def lines(self) -> tuple[int, ...]:
        """The chosen line numbers; none when all are chosen: then the whole receipt is credited."""
        chosen = self._chosen()
        return () if len(chosen) == self.list.count() else chosen

    def why(self) -> str:
        return words.sentence(self.reason.text())

    def _chosen(self) -> tuple[int, ...]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return tuple(int(item.data(_NUMBER)) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _item(self, theme: Theme, line: Mapping[str, Any]) -> QListWidgetItem:
        name = words.sentence(line.get("receiptLineName"))
        many = words.sentence(line.get("receiptLineQuantity"))
        text = f"{many} × {name}   {words.money(line.get('receiptLineTotal'))}"
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked)
        item.setData(_NUMBER, int(line["receiptLineNo"]))
        item.setSizeHint(QSize(100, theme.tokens.target))
        return item

    def _show(self) -> None:
        chosen = set(self._chosen())
        held = (self._receipt.get("receipt") or {}).get("receiptLines") or ()
        total = sum((Decimal(str(x["receiptLineTotal"])) for x in held if int(x["receiptLineNo"]) in chosen), Decimal())
        whole = len(chosen) == self.list.count()
        what = translate("credit", "the whole receipt") if whole else words.plural(len(chosen), "line")
        show_text(
            self.figure,
            translate("credit", "Back to the customer for {what}: {total}").format(what=what, total=words.money(total))
            if chosen
            else translate("credit", "Choose a line"),
        )
        self.credit.setEnabled(bool(chosen) and bool(self.why()))
