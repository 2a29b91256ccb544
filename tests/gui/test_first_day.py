"""What a cashier meets who never saw this till: Enter on a button, a menu on a small screen, words, a long title."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget

from tests.gui.scripted_engine import NOON, device, progress, receipt
from ui.dialogs.form_sheet import Field, FormSheet
from ui.dialogs.sheet import Sheet
from ui.presenters.device_facts import device_sections
from ui.presenters.progress import Progress
from ui.shortcuts import SHORTCUTS
from ui.theme import Theme
from ui.widgets.act_menu import ActMenu
from ui.widgets.labels import CutLabel

CHOICES = (("15.5 %", "3"), ("Exempt", "1"))


def shown(widget: QWidget) -> None:
    widget.show()
    QTest.qWaitForWindowExposed(widget)


def test_enter_goes_on_from_a_choice_to_the_next_field_and_at_the_last_it_is_done(theme: Theme) -> None:
    taken: list[dict[str, str]] = []
    root = QWidget()
    shown(root)
    fields = [Field("name", "What it is"), Field("tax", "Tax", choices=CHOICES), Field("hs", "HS code")]
    fields.append(Field("form", "Form", choices=CHOICES))
    sheet = FormSheet(root, theme, "Another item", fields, taken.append)
    shown(sheet)
    for name in ("name", "tax", "hs"):
        assert sheet.focusWidget() is sheet.fields[name]
        QTest.keyClick(sheet.fields[name], Qt.Key.Key_Return)
    last = sheet.fields["form"]
    assert sheet.focusWidget() is last and isinstance(last, QComboBox) and not taken
    QTest.keyClick(last, Qt.Key.Key_Enter)
    assert len(taken) == 1 and not sheet.isVisible()


def test_enter_on_a_button_says_which_key_presses_it(theme: Theme) -> None:
    root = QWidget()
    shown(root)
    pressed: list[bool] = []
    sheet = Sheet(root, theme, "Fiscal day")
    button = sheet.add_button("Open day")
    button.clicked.connect(lambda: pressed.append(True))
    shown(sheet)
    assert not sheet.by_space.isVisible()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert sheet.by_space.isVisible() and "space bar" in sheet.by_space.text() and not pressed
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert len(pressed) == 1


@pytest.mark.parametrize("times", [1, 3])
def test_the_menu_stands_in_one_column_and_is_as_high_as_the_screen_at_most(theme: Theme, times: int) -> None:
    root = QWidget()
    shown(root)
    acts = [QAction(one.words, root) for one in SHORTCUTS * times]
    menu = ActMenu(root, acts)
    menu.over(root)
    QTest.qWaitForWindowExposed(menu)
    room = root.screen().availableSize()
    assert menu.height() <= room.height()
    assert len({menu.actionGeometry(act).left() for act in acts}) == 1
    assert menu.property("tight") is (times == 3 or room.height() < 950)
    menu.close()


def test_a_receipt_that_is_tried_again_still_waits_until_something_has_come_of_it() -> None:
    bar = Progress()
    bar.stage(progress(7, 60), now=0)
    bar.settled("receipt.queued", receipt(7), now=0.1)
    bar.stage(progress(7, 60), now=2)
    assert (bar.view.state, bar.view.note) == ("waiting", "Signed and kept; waiting for FDMS")
    bar.stage(progress(8, 20), now=3)
    bar.settled("receipt.queued", receipt(8), now=3.1)
    bar.stage(progress(7, 60), now=9)
    assert (bar.view.receipt_id, bar.view.state) == ("r8", "waiting"), "another try of 7 must not take the bar"
    bar.stage(progress(7, 80), now=10)
    assert (bar.view.receipt_id, bar.view.state, bar.view.percent) == ("r7", "running", 80)


def test_a_days_counters_have_a_shops_words() -> None:
    def counter(kind: str, **more: str) -> dict[str, str]:
        return {"fiscalCounterType": kind, "fiscalCounterCurrency": "USD", "fiscalCounterValue": "7.00", **more}

    counters = [
        counter("SaleByTax"),
        counter("SaleTaxByTax", fiscalCounterTaxPercent="15.50"),
        counter("CreditNoteByTax", fiscalCounterTaxPercent="0.00"),
        counter("BalanceByMoneyType", fiscalCounterMoneyType="MobileWallet"),
    ]
    day = device_sections({**device(), "counters": counters}, NOON)[1]
    names = [fact.name for fact in day.facts][-4:]
    assert names == ["Sales, exempt", "Tax of sales, 15.5 %", "Credit notes, 0 %", "Taken, Mobile money"]


def test_a_title_gives_way_and_keeps_the_whole_in_its_tooltip(theme: Theme) -> None:
    label = CutLabel("Invoice 12,345 · ZWG 123,456.78 <b>", "title")
    label.resize(label.sizeHint())
    shown(label)
    assert label.shown() == label.text() and label.toolTip() == ""
    label.resize(120, label.height())
    label.grab()
    assert label.shown().endswith("…") and "&lt;b&gt;" in label.toolTip()
    assert label.text() == "Invoice 12,345 · ZWG 123,456.78 <b>" and label.minimumSizeHint().width() < 120
