"""Selling (F2): the scan field, the lines, the money. Shows what presenters/checkout.py says, tells it what was done.

The keyboard is back in the scan field after every act. What opens dialogs is in ui/sale_acts.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from fiscalmon.domain.localtime import SHOP_ZONE
from fiscalmon.domain.open_sale import change_line, take_back, void_line
from fiscalmon.domain.receipt import MoneyType
from ui.i18n import translate
from ui.pages.page import Page, PageDesk
from ui.pages.sale_pad import PadPlace
from ui.presenters import words
from ui.presenters.checkout import Calls, Checkout
from ui.presenters.sale_entry import read_entry
from ui.presenters.sale_view import price
from ui.presenters.till_view import Heard
from ui.sale_acts import SaleActs
from ui.sale_keys import ACTS
from ui.widgets.act_buttons import ActButtons
from ui.widgets.card import Card
from ui.widgets.labels import plain, set_property, show_text
from ui.widgets.money_card import MoneyCard
from ui.widgets.number_pad import NumberPad
from ui.widgets.sale_lines import SaleLines
from ui.widgets.scan_field import ScanField

_JUDGE = 150  # ms of quiet after which the rulebook is asked
_SUGGEST = 120  # ms of quiet after which products are looked for
_RECEIPT = "receipt."


def new_sale_id() -> str:
    """Its invoice number too: time of the shop and a little chance, so that two never meet."""
    return f"Q{datetime.now(UTC).astimezone(SHOP_ZONE):%y%m%d-%H%M%S}-{secrets.token_hex(2).upper()}"


def engine_calls(desk: PageDesk) -> Calls:
    """The engine's counter as the checkout asks it."""
    ask = desk.ask
    return Calls(
        desk=lambda: ask(lambda till: till.open_sales.desk()),
        begun=lambda: ask(lambda till: till.open_sales.begun()),
        save=lambda sale: ask(lambda till: till.open_sales.save(sale)),
        hold=lambda sale, label: ask(lambda till: till.open_sales.hold(sale, label)),
        held=lambda: ask(lambda till: till.open_sales.held()),
        recall=lambda sale_id: ask(lambda till: till.open_sales.recall(sale_id)),
        discard=lambda sale_id: ask(lambda till: till.open_sales.discard(sale_id)),
        pay=lambda sale: ask(lambda till: till.open_sales.pay(sale)),
        check=lambda sale: ask(lambda till: till.check(sale)),
        by_code=lambda code: ask(lambda till: till.products.by_code(code)),
        search=lambda text, limit: ask(lambda till: till.products.search(text, limit)),
    )


class SalePage(Page):
    """`arrive` with "scan:CODE" adds a code, with "credit:ID" or "debit:ID" begins a note on that
    receipt.
    """

    def __init__(self, desk: PageDesk) -> None:
        super().__init__(desk, "sale", translate("sale", "Sell"))
        self.checkout = Checkout(engine_calls(desk), new_sale_id, self.show_state)
        self.field = ScanField(self.theme, self)
        self.lines = SaleLines(self.theme)
        self.money = MoneyCard(self.theme)
        self.said = plain("", "notice", wrap=True)
        self.said.setAccessibleName(translate("sale", "What became of it"))
        self.acts = SaleActs(self, desk, self.checkout)
        self.buttons = ActButtons(self.theme, self, ACTS, self.acts.do)
        self.pad = NumberPad(self.theme, (self.field, self.money.amount))
        self.pad_place = PadPlace(self.pad, desk.screen)
        self._judge = _timer(self, _JUDGE, lambda: self.work(self.checkout.judge()))
        self._suggest = _timer(self, _SUGGEST, lambda: self.work(self.checkout.suggest(self.field.text())))
        self._judged: object = None
        self._lay_out()
        self.field.entered.connect(self._entered)
        self.field.picked.connect(self._picked)
        self.field.moved.connect(self._moved)
        self.field.act.connect(self._field_act)
        self.field.textEdited.connect(lambda _: self._suggest.start())
        self.lines.clicked.connect(self._clicked)
        self.money.given.connect(self._given)
        self.money.money_chosen.connect(self._ask_money)
        self.money.left.connect(self.field.setFocus)
        self.money.taken_back.connect(self._take_back)
        self.show_state()

    def arrive(self, about: str) -> None:
        self.work(self.checkout.start())
        what, _, value = about.partition(":")
        if what == "scan" and value:
            self.scanned(value)
        elif what in ("credit", "debit") and value:
            self.acts.note(what, value)

    def home(self) -> QWidget:
        return self.field

    def back(self) -> bool:
        """Esc: out of the money, out of what was typed, then out of the page."""
        if self.field.text() or not self.field.hasFocus():
            self.field.clear_text()
            self.field.setFocus()
            return True
        return False

    def refresh(self) -> None:
        self.work(self.checkout.start())

    def told(self, messages: Iterable[Heard]) -> None:
        for message in messages:
            if message.type.startswith(_RECEIPT) and message.type != "receipt.progress":
                self.checkout.heard(message.data)

    def scanned(self, code: str) -> None:
        """A scan, wherever the keyboard was. What stood in the field counts only if it says how many."""
        text = self.field.text()
        self.field.clear_text()
        if text.rstrip().endswith(("*", "×")):
            self.work(self.checkout.enter(text + code))
        elif QApplication.focusWidget() is self.field and read_entry(code).kind != "code":
            self._entered(code)
        elif QApplication.focusWidget() is self.field:
            self.work(self.checkout.enter(code))
        else:
            self.work(self.checkout.scan(code))
        if self.isVisible() and QApplication.activeModalWidget() is None:
            self.field.setFocus()

    # what was done

    def _entered(self, text: str) -> None:
        self.field.clear_text()
        self.work(self._enter(text))

    async def _enter(self, text: str) -> None:
        if await self.checkout.enter(text):
            self._ask_money()

    def _ask_money(self) -> None:
        state = self.checkout.state
        self.money.show_currencies(state.currencies(), state.sale.currency)
        self.money.ask(state.missing_in(self.money.currency.currentText()))

    def _given(self, kind: MoneyType, currency: str, amount: str) -> None:
        """Money, or the button beside an empty amount: then it is asked for first."""
        state = self.checkout.state
        if not amount.strip() and not state.view().can_pay:
            self._ask_money()
            return
        self.work(self._give(kind, currency, amount, state.sale.sale_id))

    async def _give(self, kind: MoneyType, currency: str, amount: str, sale_id: str) -> None:
        state = self.checkout.state
        if state.view().can_pay:
            sold = await self.checkout.pay(sale_id)
        else:
            sold = await self.checkout.give(kind, currency, amount, sale_id)
        if sold or state.sale.sale_id != sale_id or not state.sale.lines:
            self.money.kind.setCurrentIndex(0)
            self.money.amount.clear()
            self.field.setFocus()
        elif state.notice is None:
            self._ask_money()
        else:
            self.money.amount.setFocus()
            self.money.amount.selectAll()

    def _take_back(self, place: int) -> None:
        self.work(self.checkout.change(lambda sale: take_back(sale, place)))
        self.field.setFocus()

    def _picked(self, row: int) -> None:
        products = self.checkout.state.suggestions
        entry = read_entry(self.field.text())
        self.field.clear_text()
        self.field.setFocus()
        if 0 <= row < len(products):
            self.work(self.checkout.pick(products[row], entry.number))

    def _moved(self, step: int) -> None:
        state = self.checkout.state
        state.chosen = max(0, min(state.chosen + step, len(state.sale.lines) - 1)) if state.sale.lines else -1
        self.show_state()

    def _clicked(self) -> None:
        self.checkout.state.chosen = self.lines.currentIndex().row()
        self.field.setFocus()
        self.show_state()

    def _field_act(self, act: str) -> None:
        row = self.checkout.state.chosen
        if act == "void":
            self.work(self.checkout.change(lambda sale: void_line(sale, row)))
        else:
            more = self.checkout.state.sale.lines[row].quantity + 1 if row >= 0 else None
            self.work(self.checkout.change(lambda sale: change_line(sale, row, quantity=more)))

    # showing

    def show_state(self) -> None:
        state = self.checkout.state
        view = state.view()
        self.lines.show_lines(view.lines, state.chosen)
        self.money.show_currencies(state.currencies(), state.sale.currency)
        self.money.show_sale(view, paying=state.paying, result=state.result)
        notice = state.notice
        show_text(self.said, notice[1] if notice else "")
        set_property(self.said, "state", notice[0] if notice else "")
        self.said.setVisible(notice is not None)
        show_text(self.title, view.heading if view.empty else f"{view.heading} · {view.pieces}")
        self.field.show_suggestions(
            [
                "   ".join(
                    (words.sentence(one.name), one.sku, *(f"{name} {price(at)}" for name, at in one.prices.items()))
                )
                for one in state.suggestions
            ]
        )
        self.acts.allow(self.buttons, view)
        if self._judged is not state.sale:
            self._judged = state.sale
            if state.sale.lines:
                self._judge.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.buttons.set_narrow(event.size().width() < 1180)
        self.pad_place.fit(event.size().height())

    def _lay_out(self) -> None:
        space = self.theme.tokens.space
        left = Card(self.theme, padding=space["3"])
        left.body.setSpacing(space["2"])
        left.body.addWidget(self.field)
        left.body.addWidget(self.said)
        left.body.addWidget(self.lines, 1)
        left.body.addLayout(self.pad_place.under_lines)
        left.body.addWidget(self.buttons.of("line"))
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(left, 3)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.money, 1)
        right.addLayout(self.pad_place.under_money)
        row.addLayout(right, 2)
        self.body.addLayout(row, 1)
        self.tools.addWidget(self.buttons.of("sale"))


def _timer(page: QWidget, pause: int, act: Callable[[], None]) -> QTimer:
    """One that fires once `pause` ms after it was last started."""
    timer = QTimer(page)
    timer.setSingleShot(True)
    timer.setInterval(pause)
    timer.timeout.connect(act)
    return timer
