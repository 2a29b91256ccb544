"""The sales that were put aside: one is chosen to go on with, or given up.

Shows what it is given; must not know the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from fiscalmon.services.open_sales import Held
from ui.dialogs.sheet import Sheet
from ui.i18n import translate
from ui.presenters import words
from ui.presenters.debit import heading
from ui.theme import Theme


def held_words(held: Held, now: datetime | None) -> str:
    """One line: who or what, how much, since when."""
    begun = words.instant(held.at, now.tzinfo if now else None)
    when = words.since(begun, now) if begun and now else ""
    first = words.sentence(held.sale.lines[0].name) if held.sale.lines else translate("held", "nothing yet")
    what = words.sentence(held.label) or first
    if held.sale.reference is not None:
        what = f"{heading(held.sale)}: {what}"
    total = f"{held.sale.currency} {words.money(held.sale.due)}"
    lines = words.plural(len(held.sale.lines), "line")
    return " · ".join(
        part
        for part in (what, total, lines, translate("held", "held {when}").format(when=when) if when else "")
        if part
    )


class HeldSheet(Sheet):
    """Accepted with `chosen` set when a sale is to come back; `given_up` names those to be forgotten."""

    def __init__(self, parent: QWidget, theme: Theme, held: Sequence[Held], now: datetime | None) -> None:
        super().__init__(parent, theme, translate("held", "Held sales"))
        self._held = list(held)
        self.chosen = ""
        self.given_up: list[str] = []
        self.list = QListWidget()
        self.list.setAccessibleName(translate("held", "Held sales"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMinimumSize(520, 240)
        for one in held:
            item = QListWidgetItem(held_words(one, now))
            item.setSizeHint(QSize(100, theme.tokens.target + 4))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _: self._recall())  # Enter by hand, or a double click
        self.body.addWidget(self.list)
        self.give_up = self.add_button(translate("held", "Give it up"))
        self.give_up.clicked.connect(self._give_up)
        self.leave = self.add_button(translate("held", "Cancel"))
        self.leave.clicked.connect(self.reject)
        self.recall = self.add_button(translate("held", "Go on with it"), act=True)
        self.recall.clicked.connect(self._recall)
        self.list.setFocus()

    def _recall(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.chosen = self._held[row].sale.sale_id
            self.accept()

    def _give_up(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.given_up.append(self._held.pop(row).sale.sale_id)
            self.list.takeItem(row)
        for button in (self.recall, self.give_up):
            button.setEnabled(bool(self._held))
