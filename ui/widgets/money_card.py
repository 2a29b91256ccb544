"""The money side of a sale: what it comes to, what was given, what is missing, and how the last one ended.

Shows views of presenters/sale_view.py and says what was typed; must not know the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.sheet import push_button
from ui.i18n import translate
from ui.presenters.sale_view import KINDS, ResultView, SaleView, TenderView
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.choice import Choice
from ui.widgets.icons import Icon
from ui.widgets.labels import FitLabel, plain, set_property, show_text

_LOW = 440  # height in px below which the card keeps to what must be seen


class AmountField(QLineEdit):
    """Enter gives the money; Esc and an empty Backspace go back to the scan field."""

    given = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.given.emit()
        elif key == Qt.Key.Key_Escape or (key == Qt.Key.Key_Backspace and not self.text()):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class MoneyChoice(Choice):
    """Enter goes on to the next field, so that no hand leaves the keys."""

    done = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
        else:
            super().keyPressEvent(event)


class MoneyCard(Card):
    """Signals: `given` (kind, currency, amount as typed), `taken_back` with a payment's place, `left` to go back,
    `money_chosen` once kind and currency are: the amount comes next.
    """

    given = Signal(str, str, str)
    taken_back = Signal(int)
    left = Signal()
    money_chosen = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, padding=theme.tokens.space["4"])
        self.setAccessibleName(translate("money", "Money"))
        space = theme.tokens.space
        self.body.setSpacing(space["1"])
        self._top = QVBoxLayout()
        self._top.setSpacing(2)
        self.caption = plain(translate("money", "Total"), "muted")
        self.total = FitLabel(theme, ("kpi", "numeral", "title"), strong=True)
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(space["3"])
        self.facts.setVerticalSpacing(2)
        self.facts.setColumnStretch(1, 1)
        self._fact_labels: list[QWidget] = []
        self._facts: tuple[tuple[str, str], ...] = ()
        self.brief = FitLabel(theme, ("body", "small"), role="muted")
        self._ended = False
        for part in (self.caption, self.total, self.brief):
            self._top.addWidget(part)
        self._top.addLayout(self.facts)
        self.body.addLayout(self._top)
        self.notices = plain("", "notice", wrap=True)
        self.notices.hide()
        self.body.addWidget(self.notices)
        self.result = ResultPanel(theme)
        self.result.hide()
        self.body.addWidget(self.result, 1)
        self._tenders = QVBoxLayout()
        self._tenders.setSpacing(2)
        self._tender_views: tuple[TenderView, ...] = ()
        self._tender_rows: list[QWidget] = []
        self.body.addLayout(self._tenders)
        self.body.addStretch(1)
        self.due_word = plain(translate("money", "To pay"), "muted")
        self.due = FitLabel(theme, ("numeral", "title", "lead"), strong=True)
        self.body.addWidget(self.due_word)
        self.body.addWidget(self.due)
        self._lay_out_entry(theme)

    def show_sale(self, view: SaleView, *, paying: bool, result: ResultView | None) -> None:
        ended = result is not None and view.empty
        self.result.setVisible(ended)
        self.total.setVisible(not ended)
        if ended and result is not None:
            self.result.show_result(result)
        self.total.show_whole(f"{view.currency} {view.total}")
        facts = [*view.taxes]
        if view.discount:
            facts.insert(0, (translate("money", "Discount"), f"−{view.discount}"))
        if view.buyer:
            facts.append((translate("money", "Buyer"), view.buyer))
        if view.why:
            facts.append((translate("money", "Why"), view.why))
        self._show_facts(() if ended else tuple(facts))
        self.brief.show_whole(" · ".join(f"{name} {value}" for name, value in facts))
        self._ended = ended
        self._make_room()
        self._show_tenders(view.tenders)
        show_text(self.due_word, translate("money", "Change") if view.change else translate("money", "To pay"))
        owed, low = bool(view.missing or view.change) and bool(view.tenders), self.height() < _LOW
        self.due_word.setVisible(owed and not low)
        self.due.setVisible(owed)
        word = f"{self.due_word.text()} " if low else ""
        self.due.show_whole(f"{word}{view.currency} {view.change or view.missing}")
        show_text(self.notices, "\n".join(text for _, text in view.notices))
        set_property(self.notices, "state", view.notices[0][0] if view.notices else "")
        self.notices.setVisible(bool(view.notices) and not ended)
        if view.empty:
            self.amount.clear()
        for part in (self.kind, self.currency, self.amount):
            part.setEnabled(not view.empty and not paying)
        self.pay.setEnabled(not view.empty and not paying)
        self.pay.setText(
            translate("money", "Being signed …")
            if paying
            else translate("money", "Take the money")
            if view.missing
            else translate("money", "Sell")
        )
        self.pay.setAccessibleName(self.pay.text())

    def show_currencies(self, currencies: Sequence[str], chosen: str) -> None:
        """The money that can be taken."""
        if [self.currency.itemText(i) for i in range(self.currency.count())] != list(currencies):
            self.currency.clear()
            self.currency.addItems(list(currencies))
        being_chosen = any(part.hasFocus() for part in (self.kind, self.currency, self.amount))
        if self.currency.currentText() not in currencies or not being_chosen:
            self.currency.setCurrentText(chosen)

    def ask(self, amount: Decimal | None) -> None:
        """The keyboard into the amount, which is what is missing until something else is typed."""
        self.amount.setText("" if amount is None else f"{amount:f}")
        self.amount.setFocus()
        self.amount.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """A low window has the facts in one line."""
        low = self.height() < _LOW
        self.caption.setVisible(not low and not self._ended)
        self.brief.setVisible(low and not self._ended and bool(self._facts))
        for label in self._fact_labels:
            label.setVisible(not low)

    def chosen_kind(self) -> str:
        return str(self.kind.currentData())

    def _lay_out_entry(self, theme: Theme) -> None:
        space = theme.tokens.space
        self.kind = MoneyChoice(theme, translate("money", "Kind of money"))
        self.kind.setToolTip(translate("money", "Kind of money (Alt+Y), Enter goes on"))
        for code, word in KINDS.items():
            self.kind.addItem(translate("sale_view", word), code)
        self.currency = MoneyChoice(theme, translate("money", "Its currency"))
        self.kind.done.connect(self.currency.setFocus)
        self.amount = AmountField()
        self.amount.setAccessibleName(translate("money", "Amount given"))
        self.amount.setPlaceholderText(translate("money", "Amount given"))
        self.amount.setProperty("money", True)
        self.amount.setMaxLength(30)
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.amount.given.connect(self._give)
        self.amount.left.connect(self.left.emit)
        self.currency.done.connect(self.money_chosen.emit)
        self.pay = push_button(translate("money", "Take the money"), act=True)
        self.pay.setToolTip(
            translate("money", "Takes the amount and sells (Enter in the empty scan field, then Enter)")
        )
        self.pay.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pay.clicked.connect(self._give)
        for part in (self.kind, self.currency, self.amount):
            part.setMinimumHeight(theme.tokens.target)
        self.kind.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout()
        row.setSpacing(space["2"])
        row.addWidget(self.kind, 2)
        row.addWidget(self.currency, 1)
        self.body.addLayout(row)
        foot = QHBoxLayout()
        foot.setSpacing(space["2"])
        foot.addWidget(self.amount, 1)
        foot.addWidget(self.pay, 1)
        self.body.addLayout(foot)

    def _give(self) -> None:
        self.given.emit(self.chosen_kind(), self.currency.currentText(), self.amount.text())

    def _show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        if facts == self._facts:
            return
        self._facts = facts
        for label in self._fact_labels:
            self.facts.removeWidget(label)
            label.deleteLater()
        self._fact_labels = []
        for row, (name, value) in enumerate(facts):
            shown = FitLabel(self.theme, ("body", "small"))  # a buyer's name may be longer than the window is wide
            shown.show_whole(value)
            for column, label in enumerate((plain(name, "muted"), shown)):
                label.setAlignment(Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
                self.facts.addWidget(label, row, column)
                self._fact_labels.append(label)

    def _show_tenders(self, tenders: tuple[TenderView, ...]) -> None:
        if tenders == self._tender_views:
            return
        self._tender_views = tenders
        for row in self._tender_rows:
            self._tenders.removeWidget(row)
            row.deleteLater()
        self._tender_rows = [self._tender_row(place, tender) for place, tender in enumerate(tenders)]
        for row in self._tender_rows:
            self._tenders.addWidget(row)

    def _tender_row(self, place: int, tender: TenderView) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        back = QPushButton(translate("money", "Take back"))
        back.setAccessibleName(
            translate("money", "Take back {what} {amount}").format(what=tender.what, amount=tender.amount)
        )
        back.setProperty("kind", "key")
        back.setAutoDefault(False)
        back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        back.clicked.connect(lambda: self.taken_back.emit(place))
        line.addWidget(plain(tender.what), 1)
        line.addWidget(plain(tender.amount, "lead"))
        line.addWidget(back)
        return row


class ResultPanel(QWidget):
    """How the last sale ended, large enough to be read across the counter."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(translate("money", "The last sale"))
        self._icon = Icon(theme, 40)
        self.title = plain("", "title")
        self.total = plain("", "muted")
        self.change_word = plain(translate("money", "Change"), "muted")
        self.change = FitLabel(theme, ("kpi", "numeral", "title"), strong=True)
        self.note = plain("", "", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(theme.tokens.space["3"])
        head.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.total)
        head.addLayout(words, 1)
        column.addLayout(head)
        column.addWidget(self.change_word)
        column.addWidget(self.change)
        column.addWidget(self.note)

    def show_result(self, view: ResultView) -> None:
        self._icon.show_icon(view.state, view.state)
        show_text(self.title, view.title)
        show_text(self.total, view.total)
        show_text(self.note, view.note)
        set_property(self.note, "state", view.state)
        show_text(
            self.change_word,
            translate("money", "Change") if view.change else translate("money", "No change, paid exactly"),
        )
        self.change.show_whole(view.change or view.total)
        self.total.setVisible(bool(view.change))
