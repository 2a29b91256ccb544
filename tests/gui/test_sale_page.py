"""The sale page as a cashier has it: real key events, a scanner's bursts, dialogs, and what is on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from fiscalmon.domain.open_sale import OpenLine, add
from tests.gui.counter import Desk
from tests.gui.till_page import BREAD, MILK, RICE, Scene, Till
from tests.gui.waiting import until
from ui.dialogs.credit_sheet import CreditSheet
from ui.dialogs.form_sheet import FormSheet
from ui.dialogs.held_sheet import HeldSheet
from ui.dialogs.import_sheet import ImportSheet
from ui.pages.sale import SalePage
from ui.presenters.sale_view import LineView
from ui.theme import read_tokens
from ui.widgets.sale_lines import SaleLinesModel


def test_a_sale_by_keys_alone(scene: Scene) -> None:
    async def play(till: Till) -> None:
        await till.enter(MILK)
        await till.enter("2*bread")
        await till.enter("-10%")
        assert till.rows() == [("1", "MILK 2 L", "2.49"), ("2", "BREAD WHITE 700 G", "1.98")]
        await till.enter("")
        assert till.page.money.amount.hasFocus() and till.page.money.amount.selectedText() == "4.47"
        till.type("10", till.page.money.amount)
        till.press(Qt.Key.Key_Return)
        till.press(Qt.Key.Key_Return)  # a double press
        await till.settled()
        assert [row[1:] for row in till.counter.recorded()] == [("4.47", "USD")]
        assert till.page.field.hasFocus() and till.rows() == []
        assert till.page.money.result.change.whole() == "USD 5.53" and till.page.money.amount.text() == ""
        till.press(Qt.Key.Key_Return)
        await till.settled()
        assert len(till.counter.recorded()) == 1

    scene(play)


def test_keys_of_the_lines(scene: Scene) -> None:
    async def play(till: Till) -> None:
        for code in (MILK, BREAD, RICE):
            await till.enter(code)
        till.press(Qt.Key.Key_Up)
        till.press(Qt.Key.Key_Plus)
        await till.settled()
        assert till.rows()[1] == ("2", "BREAD WHITE 700 G", "2.20")
        till.press(Qt.Key.Key_Delete)
        await till.settled()
        assert [row[1] for row in till.rows()] == ["MILK 2 L", "RICE 5 KG"]
        till.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await till.settled()
        assert till.rows()[1] == ("2", "BREAD WHITE 700 G", "2.20")
        till.type("abc", till.page.field)
        till.press(Qt.Key.Key_Escape)
        assert till.page.field.text() == ""

    scene(play)


def test_a_scan_reaches_the_sale_whatever_has_the_focus(scene: Scene) -> None:
    async def play(till: Till) -> None:
        pressed: list[str] = []
        for button in till.page.findChildren(QPushButton):
            button.clicked.connect(lambda *_, b=button: pressed.append(b.accessibleName()))
        for focus in (
            till.page.back_button,
            till.page.money.amount,
            till.page.buttons.buttons["more"],
            till.page.field,
        ):
            focus.setFocus()
            await till.scan(MILK)
            await till.settled()
            assert till.page.field.hasFocus() and till.page.money.amount.text() == ""
        assert till.rows() == [("4", "MILK 2 L", "9.96")] and pressed == []
        till.page.field.setText("3*")
        await till.scan(BREAD)
        await till.settled()
        assert till.rows()[1] == ("3", "BREAD WHITE 700 G", "3.30")
        till.page.field.setText("12")  # left behind by somebody
        await till.scan(RICE)
        await till.settled()
        assert till.rows()[2] == ("1", "RICE 5 KG", "7.20") and till.page.field.text() == ""

    scene(play)


def test_a_scan_while_a_dialog_is_open_presses_nothing_in_it(scene: Scene) -> None:
    async def play(till: Till) -> None:
        await till.enter(MILK)
        till.page.acts.do("quantity")
        sheet = await till.sheet(FormSheet)
        for many, focus in enumerate((*sheet.fields.values(), sheet.cancel, sheet.done_button), 1):
            before = sheet.values()
            focus.setFocus()
            await till.scan(BREAD, sheet)
            await until(
                lambda many=many: till.rows()[1:] == [(str(many), "BREAD WHITE 700 G", f"{many * D('1.1'):.2f}")]
            )
            assert sheet.isVisible() and sheet.values() == before
        sheet.fields["quantity"].setText("0")
        QTest.keyClick(sheet.fields["quantity"], Qt.Key.Key_Return)
        assert "above zero" in sheet.problem.text()
        sheet.fields["quantity"].setText("2")
        QTest.keyClick(sheet.fields["quantity"], Qt.Key.Key_Return)
        await till.settled()
        await until(lambda: till.rows()[0][0] == "2", "the quantity")

    scene(play)


def test_what_is_typed_by_a_quick_hand_is_no_scan(scene: Scene) -> None:
    async def play(till: Till) -> None:
        till.page.field.setFocus()
        await till.burst("mil", till.window, enter=False)  # fast, but no Enter behind it
        await until(lambda: till.page.field.text() == "mil", "what was typed")
        till.page.field.clear()
        await till.enter(MILK)
        till.page.money.ask(None)
        await till.burst("5.00", till.window)
        await until(lambda: len(till.counter.recorded()) == 1, "money typed fast")
        till.page.field.setFocus()
        await till.burst("rice", till.window)  # a word with Enter right behind it
        await until(lambda: till.rows() == [("1", "RICE 5 KG", "7.20")], "a name typed fast")

    scene(play)


def test_suggestions_are_picked_by_arrow_and_enter(scene: Scene) -> None:
    async def play(till: Till) -> None:
        till.type("2*l", till.page.field)
        till.type("k", till.page.field)
        QTest.keyClick(till.page.field, Qt.Key.Key_Backspace)
        till.page.field.setText("2*2 l")
        till.page.field.textEdited.emit("2*2 l")
        await until(lambda: till.page.field.list.isVisible() and till.page.field.list.count() == 2, "suggestions")
        till.press(Qt.Key.Key_Down)
        till.press(Qt.Key.Key_Return)
        await till.settled()
        assert till.rows() == [("2", "COOKING OIL 2 L", "9.30")] and not till.page.field.list.isVisible()

    scene(play)


def test_split_payment_and_taking_one_back(scene: Scene) -> None:
    async def play(till: Till) -> None:
        await till.enter("4*" + RICE)
        await till.enter("")
        money = till.page.money
        money.kind.setCurrentIndex(money.kind.findData("Card"))
        till.type("20", money.amount)
        till.press(Qt.Key.Key_Return)
        await till.settled()
        assert money.due.whole() == "USD 8.80" and money.amount.text() == "8.80"
        back = next(b for b in money.findChildren(QPushButton) if b.accessibleName() == "Take back Card 20.00")
        QTest.mouseClick(back, Qt.MouseButton.LeftButton)
        await till.settled()
        assert till.state.sale.tenders == ()
        await till.enter("")
        money.kind.setCurrentIndex(money.kind.findData("Cash"))
        money.currency.setCurrentText("ZWG")
        till.type("1000", money.amount)
        till.press(Qt.Key.Key_Return)
        await till.settled()
        assert money.result.change.whole() == "USD 8.37"
        assert [row[1:] for row in till.counter.recorded()] == [("28.80", "USD")]

    scene(play)


def test_hold_recall_buyer_and_give_up_through_their_dialogs(scene: Scene) -> None:
    async def play(till: Till) -> None:
        await till.enter(MILK)
        till.page.acts.do("buyer")
        sheet = await till.sheet(FormSheet)
        sheet.fields["name"].setText("Moyo Ltd")
        sheet.finish()
        assert sheet.isVisible() and "TIN" in sheet.problem.text()
        sheet.fields["tin"].setText("2000417788")
        sheet.finish()
        await until(lambda: till.state.sale.buyer is not None, "the buyer")
        till.page.acts.do("hold")
        (await till.sheet(FormSheet)).finish()
        await until(lambda: till.state.sale.empty and not till.desk.tasks, "an empty sale")
        till.page.acts.do("recall")
        held = await till.sheet(HeldSheet)
        assert "MILK 2 L · USD 2.49 · 1 line" in held.list.item(0).text()
        QTest.mouseClick(held.recall, Qt.MouseButton.LeftButton)
        await until(lambda: till.rows() == [("1", "MILK 2 L", "2.49")], "the sale")
        assert till.state.sale.buyer and till.state.sale.buyer.register_name == "Moyo Ltd"
        till.page.acts.do("drop")
        await till.settled()
        assert till.rows() == []
        till.page.acts.do("recall")
        await till.settled()
        assert till.desk.said[-1] == "No sale is held"

    scene(play)


def test_a_credit_note_by_lines_with_a_reason(scene: Scene) -> None:
    async def play(till: Till) -> None:
        for code in (MILK, BREAD):
            await till.enter(code)
        await till.enter("")
        till.press(Qt.Key.Key_Return)
        await till.settled()
        till.page.acts.do("credit")
        (form := await till.sheet(FormSheet)).fields["receipt"].setText("99")
        form.finish()
        await until(lambda: till.desk.sheet not in (None, form), "the same question again")
        again = await till.sheet(FormSheet)
        assert again.fields["receipt"].text() == "99" and again.problem.text() == "No receipt is found by that."
        assert again.problem.isVisible()
        again.fields["receipt"].setText("1")
        again.finish()
        sheet = await till.sheet(CreditSheet)
        assert not sheet.credit.isEnabled()  # no reason yet
        sheet.list.item(1).setCheckState(Qt.CheckState.Unchecked)
        till.type("Sour", sheet.reason)
        assert "1 line: 2.49" in sheet.figure.text() and sheet.lines == (1,)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QTest.keyClick(sheet.reason, key)
        assert sheet.isVisible()
        QTest.mouseClick(sheet.credit, Qt.MouseButton.LeftButton)
        await until(lambda: len(till.counter.recorded()) == 2, "the credit note")
        await till.settled()
        assert till.counter.recorded()[1][1] == "-2.49" and till.page.money.result.title.text() == "Credit note 2"

    scene(play)


def test_a_product_list_is_looked_at_before_it_is_taken(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("sku,name,tax,USD\nE1,EGGS <b>12</b>,3,2.80\nM2,MILK 2 L,3,2.59\nX,BAD,77,1\n")

    async def play(till: Till) -> None:
        till.page.work(till.page.acts.import_file(file))
        sheet = await till.sheet(ImportSheet)
        assert sheet.figures.text().startswith(
            "2 products: 1 new, 1 changed, 0 the same. 4 products of the list are not"
        )
        assert "Line 4: tax 77" in sheet.list.item(0).text()
        sheet.replace.setChecked(True)
        await until(lambda: "would be dropped" in sheet.figures.text(), "the other figures")
        QTest.mouseClick(sheet.take, Qt.MouseButton.LeftButton)
        await till.settled()
        await until(lambda: till.desk.said == ["2 products taken into the list"], "the end")
        assert {one.sku for one in await till.counter.till.products.search()} == {"E1", "M2"}
        till.page.work(till.page.acts.import_file(tmp_path / "none.csv"))
        await till.settled()
        assert "cannot be read" in till.page.trouble.text()

    scene(play)


def test_the_sale_is_there_again_after_a_crash(scene: Scene) -> None:
    async def play(till: Till) -> None:
        await till.enter("3*" + MILK)
        again = SalePage(Desk(till.counter, till.page.theme))  # type: ignore[arg-type]
        again.arrive("")
        await until(lambda: not again.desk.tasks, "the second start")  # type: ignore[attr-defined]
        assert again.checkout.state.sale == till.state.sale
        assert "nothing of it was lost" in again.said.text()
        again.deleteLater()

    scene(play)


def cut_off(root: QWidget) -> list[str]:
    """Labels whose text needs more room than they have, and controls smaller than a finger."""
    found = []
    for label in root.findChildren(QLabel):
        if not label.isVisibleTo(root) or not label.text():
            continue
        room, metrics = label.contentsRect(), QFontMetrics(label.font())
        if label.wordWrap():
            need = metrics.boundingRect(QRect(0, 0, room.width(), 9999), Qt.TextFlag.TextWordWrap, label.text())
            short = need.height() > room.height() + 2
        else:
            short = metrics.horizontalAdvance(label.text()) > room.width() + 1 or metrics.height() > room.height() + 4
        place = QRect(label.mapTo(root, QPoint(0, 0)), label.size())
        if short or not root.rect().contains(place):
            found.append(f"{label.text()!r} in {place}")
    buttons = [button for button in root.findChildren(QPushButton) if button.isVisibleTo(root)]
    small = [button for button in buttons if min(button.width(), button.height()) < read_tokens().target]
    return found + [f"{button.accessibleName()} is {button.size()}" for button in small]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_looks(scene: Scene, scheme: str, leave_picture: Callable[[QWidget, str], Path]) -> None:
    sizes = ((960, 512), (1024, 740), (1280, 800), (1920, 1040))

    async def play(till: Till) -> None:
        till.page.theme.choose(scheme)  # type: ignore[arg-type]
        wrong: list[str] = []

        async def look(name: str) -> None:
            for size in sizes:
                till.window.resize(*size)
                await asyncio.sleep(0.02)
                till.page.show_state()
                await asyncio.sleep(0.02)
                wrong.extend(f"{name} {size}: {what}" for what in cut_off(till.page))
                leave_picture(till.window, f"sale-{name}-{scheme}-{size[0]}x{size[1]}")

        await look("empty")
        for text in (MILK, "12*bread", "r5", "-10%", "s1", "--1.00"):
            await till.enter(text)
        await till.page.checkout.change(lambda sale: add(sale, OpenLine("Box <b>of</b> things", 3, D("1234.5"))))
        await until(lambda: till.page.checkout.state.view().lines[-1].state == "failed", "the rulebook's word")
        await look("ringing")
        await till.page.checkout.give("Card", "USD", "10", till.state.sale.sale_id)
        till.page._ask_money()
        await look("paying")
        await till.enter("nonsense")
        await look("refused")
        till.page.checkout.state.chosen = 4
        till.page.acts.do("void")
        await till.settled()
        await till.page.checkout.give("Cash", "USD", "50", till.state.sale.sale_id)
        await look("sold")
        assert till.counter.recorded() and wrong == []
        names = [w.accessibleName() for w in till.page.findChildren(QPushButton)]
        assert all(names)
        assert all(label.textFormat() == Qt.TextFormat.PlainText for label in till.page.findChildren(QLabel))
        await look_at_dialogs(till, scheme, leave_picture)

    scene(play)


async def look_at_dialogs(till: Till, scheme: str, leave_picture: Callable[[QWidget, str], Path]) -> None:
    for act in ("other", "buyer", "rates", "credit"):
        till.page.acts.do(act)
        sheet = await till.sheet(FormSheet)
        await asyncio.sleep(0.02)
        assert cut_off(sheet) == []
        leave_picture(sheet, f"sale-{act}-{scheme}")
        sheet.reject()
        await until(lambda: not till.desk.tasks, "the dialog's end")


def test_acts_have_keys_that_do_not_clash(scene: Scene) -> None:
    async def play(till: Till) -> None:
        page_keys = [a.shortcut().toString() for a in till.page.buttons.actions.values() if not a.shortcut().isEmpty()]
        window_keys = [action.shortcut().toString() for action in till.window.actions_by_name.values()]
        assert len(set(page_keys + window_keys)) == len(page_keys) + len(window_keys)
        assert len(page_keys) == len(till.page.buttons.actions) - 1  # Del is the field's own

    scene(play)


def test_the_model_of_the_lines_is_a_good_one(qapp: QApplication) -> None:
    model = SaleLinesModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    removed: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _, first, last: removed.append((first, last)))
    lines = tuple(LineView(name, "1", "1.00", "1.00") for name in "ABCDE")
    for shown in (
        lines,
        lines[:2] + lines[3:],
        (),
        lines[1:3],
        lines,
        (lines[0], LineView("X", "2", "1", "2"), *lines[2:]),
    ):
        model.show_lines(shown)
        assert tuple(model.data(model.index(row), 256) for row in range(model.rowCount())) == shown
    assert removed[0] == (2, 2) and model.data(model.index(1)) == "X, 2 at 1, total 2"
    assert tester is not None
