"""Debit notes from the sale page, by keys: begun from a receipt, paid like a sale, judged by the same rules."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fiscalmon.domain.errors import BadInput
from tests.gui.till_page import BREAD, MILK, Scene, Till
from tests.gui.waiting import until
from ui.dialogs.form_sheet import FormSheet
from ui.dialogs.held_sheet import HeldSheet
from ui.presenters.debit import debit_sale, line_choices

ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
RECEIPT: dict[str, Any] = {
    "receiptType": "FiscalInvoice",
    "receiptCurrency": "ZWG",
    "deviceID": 10001,
    "receiptGlobalNo": 1234,
    "fiscalDayNo": 7,
    "receipt": {
        "buyerData": {"buyerRegisterName": "Moyo Ltd", "buyerTIN": "2000417788"},
        "receiptLines": [
            {
                "receiptLineType": "Sale",
                "receiptLineNo": 1,
                "receiptLineName": "MILK <b>2</b> L",
                "receiptLineHSCode": "04012000",
                "receiptLineQuantity": 2,
                "receiptLineTotal": 4.98,
                "taxID": 3,
            },
            {
                "receiptLineType": "Discount",
                "receiptLineNo": 2,
                "receiptLineName": "Discount",
                "receiptLineQuantity": 1,
                "receiptLineTotal": -0.5,
                "taxID": 3,
            },
        ],
    },
}
GOOD = {"line": "1", "name": "", "price": "0.40", "quantity": "", "reason": " wrong  price "}


def test_a_debit_note_takes_tax_code_buyer_and_money_from_its_receipt() -> None:
    assert line_choices(RECEIPT) == (("2 × MILK <b>2</b> L   4.98", "1"),)
    note = debit_sale("D-1", RECEIPT, GOOD)
    (line,) = note.lines
    assert (line.name, line.tax_id, line.hs_code, line.price, line.quantity, line.sku) == (
        "MILK <b>2</b> L",
        3,
        "04012000",
        D("0.40"),
        D(1),
        "",
    )
    assert (note.type, note.currency, note.notes) == ("DebitNote", "ZWG", "wrong price")
    assert note.buyer is not None and note.buyer.tin == "2000417788"
    reference = note.reference
    assert reference is not None and reference.receipt_id is None
    assert (reference.device_id, reference.receipt_global_no, reference.fiscal_day_no) == (10001, 1234, 7)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"line": "2x"}, "Choose the line"),
        ({"reason": " \u202e "}, "Say why"),
        ({"price": "much"}, "price must be a number"),
        ({"price": "-1"}, "price must be"),
        ({"price": "0"}, "above zero"),
        ({"quantity": "0"}, "quantity must be above zero"),
    ],
    ids=["line", "reason", "price", "negative", "nothing", "quantity"],
)
def test_what_cannot_be_a_debit_note_is_said_by_field(change: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        debit_sale("D-1", RECEIPT, GOOD | change)


async def sold(till: Till, *codes: str) -> None:
    for code in codes:
        await till.enter(code)
    await till.enter("")
    till.press(Qt.Key.Key_Return)
    await till.settled()


async def begin(till: Till, *, price: str = "0.40", reason: str = "Wrong price") -> None:
    """Alt+E and nothing but keys, on receipt 1, for its first line."""
    QTest.keyClick(till.page.field, Qt.Key.Key_E, ALT)
    which = await till.sheet(FormSheet)
    till.type("1", which.fields["receipt"])
    QTest.keyClick(which.fields["receipt"], Qt.Key.Key_Return)
    await until(lambda: till.desk.sheet is not None and till.desk.sheet is not which, "the note's fields")
    sheet = await till.sheet(FormSheet)
    assert [sheet.fields["line"].itemText(row) for row in range(sheet.fields["line"].count())] == [
        "1 × MILK 2 L   2.49",
        "1 × BREAD WHITE 700 G   1.10",
    ]
    for name, text in (("price", price), ("quantity", ""), ("reason", reason)):
        till.type(text, sheet.fields[name])
        QTest.keyClick(sheet.fields[name], Qt.Key.Key_Return)
    await until(lambda: till.state.sale.type == "DebitNote", "the note on the screen")
    await until(till.page.field.hasFocus, "the keyboard back in the scan field")
    await till.settled()


def test_a_debit_note_by_keys_alone(scene: Scene) -> None:
    async def play(till: Till) -> None:
        await sold(till, MILK, BREAD)
        await begin(till)
        assert till.page.title.text() == "Debit note on receipt 1 · 1 line"
        assert till.rows() == [("1", "MILK 2 L", "0.40")]
        assert not till.page.buttons.actions["currency"].isEnabled()
        await till.enter("2*" + BREAD)  # something that was forgotten on the receipt, in the receipt's taxes
        await till.enter("")
        till.type("5", till.page.money.amount)
        till.press(Qt.Key.Key_Return)
        await till.settled()
        assert till.page.money.result.title.text() == "Debit note 2"
        assert till.page.money.result.change.whole() == "USD 2.40"
        rows = till.counter.shop.rows("SELECT receipt_type, receipt_total FROM receipts ORDER BY id")
        assert rows == [("FiscalInvoice", "3.59"), ("DebitNote", "2.60")]
        assert till.page.title.text() == "Sell" and till.state.sale.type == "FiscalInvoice"

    scene(play)


def test_what_breaks_a_rule_is_said_before_the_money(scene: Scene) -> None:
    async def play(till: Till) -> None:
        await sold(till, MILK, BREAD)
        await begin(till)
        await till.enter("rice")  # 0 %: the receipt has no such tax
        await until(lambda: "the original receipt did not have" in till.rows_note(1), "the finding at its line")
        await till.enter("")
        till.press(Qt.Key.Key_Return)
        await till.settled()
        assert len(till.counter.recorded()) == 1 and till.state.notice is not None

    scene(play)


def test_a_sale_on_the_screen_is_held_while_a_note_is_made(scene: Scene) -> None:
    async def play(till: Till) -> None:
        await sold(till, MILK, BREAD)
        await till.enter("3*" + MILK)
        await begin(till)
        assert till.state.notice == ("attention", "The sale that was on the screen is held; Alt+R brings it back.")
        QTest.keyClick(till.page.field, Qt.Key.Key_R, ALT)
        held = await till.sheet(HeldSheet)
        assert "MILK 2 L · USD 7.47" in held.list.item(0).text()
        QTest.mouseClick(held.recall, Qt.MouseButton.LeftButton)
        await until(lambda: till.rows() == [("3", "MILK 2 L", "7.47")], "the sale")
        await until(lambda: not till.desk.tasks)
        QTest.keyClick(till.page.field, Qt.Key.Key_R, ALT)
        held = await till.sheet(HeldSheet)
        assert "Debit note on receipt 1: MILK 2 L · USD 0.40" in held.list.item(0).text()

    scene(play)
