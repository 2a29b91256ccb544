"""The number pad under a finger: it types where the keyboard is, never takes the keyboard, is large enough, is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from tests.gui.till_page import BREAD, MILK, Scene, Till
from tests.gui.waiting import until
from tests.gui.walk import cut_off, unnamed
from ui.dialogs.keys_sheet import KeysSheet
from ui.presenters.sale_entry import HINTS
from ui.sale_keys import ACTS
from ui.screen_file import ScreenFile
from ui.theme import Theme
from ui.widgets.labels import plain
from ui.widgets.number_pad import NumberPad

ALT = Qt.KeyboardModifier.AltModifier


async def show_pad(till: Till) -> NumberPad:
    QTest.keyClick(till.page.field, Qt.Key.Key_U, ALT)
    await until(till.page.pad.isVisible, "the pad")
    return till.page.pad


async def tap(till: Till, names: str) -> None:
    for name in names.split():
        QTest.mouseClick(till.page.pad.keys[name], Qt.MouseButton.LeftButton)
        await till.settled()


def test_a_sale_with_a_finger(scene: Scene) -> None:
    async def play(till: Till) -> None:
        await show_pad(till)
        await till.enter(MILK)
        await tap(till, "3 * enter")  # three of the chosen line
        assert till.rows() == [("3", "MILK 2 L", "7.47")] and till.page.field.hasFocus()
        await tap(till, "- 1 0 % enter")
        assert till.rows()[0][2] == "6.72"
        await tap(till, "= 2 . 00 enter")
        assert till.rows()[0][2] == "5.40"
        await tap(till, "1 2 back back 9 9 clear")
        assert till.page.field.text() == ""
        await tap(till, "enter 1 0 enter")  # to the money, ten given
        assert [row[1:] for row in till.counter.recorded()] == [("5.40", "USD")]
        assert till.page.money.result.change.whole() == "USD 4.60" and till.page.field.hasFocus()

    scene(play)


def test_it_never_takes_the_keyboard_and_gives_it_back(scene: Scene) -> None:
    async def play(till: Till) -> None:
        pad = await show_pad(till)
        assert till.page.field.hasFocus()
        assert {key.focusPolicy() for key in pad.keys.values()} == {Qt.FocusPolicy.NoFocus}
        await till.enter(MILK)
        till.page.buttons.buttons["more"].setFocus()
        await tap(till, "7")
        assert till.page.field.hasFocus() and till.page.field.text() == "7"
        till.page.field.clear_text()
        await till.scan(BREAD)
        await till.settled()
        assert [row[1] for row in till.rows()] == ["MILK 2 L", "BREAD WHITE 700 G"]
        QTest.keyClick(till.page.field, Qt.Key.Key_U, ALT)
        await until(lambda: not pad.isVisible(), "the pad to be gone")
        assert till.page.field.hasFocus() and not till.desk.screen.screen.pad

    scene(play)


@pytest.mark.parametrize("size", [(920, 512), (1024, 740), (1920, 1040)], ids=["least", "small", "large"])
def test_its_keys_are_as_large_as_a_finger_and_nothing_is_cut(
    scene: Scene, size: tuple[int, int], leave_picture: Any
) -> None:
    async def play(till: Till) -> None:
        pad = await show_pad(till)
        for code in (MILK, BREAD):
            await till.enter(code)
        till.state.sale = till.state.sale.__class__(  # a buyer whose name is longer than any card
            **{name: getattr(till.state.sale, name) for name in till.state.sale.__struct_fields__}
            | {"notes": "note " * 40}
        )
        till.page.show_state()
        till.window.resize(*size)
        for scheme in ("light", "dark"):
            till.page.theme.choose(scheme)
            await until(lambda: (till.window.width(), till.window.height()) == size, "the size")
            await until(lambda: cut_off(till.page) == [], f"a layout without cut text, {size}")
            leave_picture(till.window, f"sale-pad-{scheme}-{size[0]}x{size[1]}")
            shown = [key for key in pad.keys.values() if key.isVisible()]
            assert len(shown) >= 16
            assert min(min(key.width(), key.height()) for key in shown) >= till.page.theme.tokens.target
            assert unnamed(till.window) == []
        assert till.page.lines.viewport().height() >= 44  # a line of the sale is seen beside it

    scene(play)


def test_it_is_remembered_and_a_damaged_file_costs_nothing(tmp_path: Path) -> None:
    assert ScreenFile(tmp_path).screen.pad is False
    ScreenFile(tmp_path).change(pad=True)
    assert ScreenFile(tmp_path).screen.pad is True
    (tmp_path / "screen.json").write_text('{"pad": "yes"}')
    assert ScreenFile(tmp_path).screen.pad is False


def test_f1_lists_what_selling_has_and_what_may_be_typed(qapp: object, theme: Theme, leave_picture: Any) -> None:
    parent = QWidget()
    sheet = KeysSheet(parent, theme, selling=True)
    sheet.show()
    QTest.qWait(50)  # no coroutine runs here
    texts = {label.text() for label in sheet.stack.currentWidget().findChildren(type(plain()))}
    assert {form for form, _ in HINTS} <= texts and {meaning for _, meaning in HINTS} <= texts
    assert {act.key for act in ACTS} <= texts and {act.words for act in ACTS} <= texts
    assert sheet.height() <= 700 and sheet.width() <= 1000 and cut_off(sheet) == []
    leave_picture(sheet, "keys-selling-light")
    everywhere = next(tab for tab in sheet.findChildren(QPushButton) if "Everywhere" in tab.text())
    QTest.keyClick(everywhere, Qt.Key.Key_Space)
    assert "F12" in {label.text() for label in sheet.stack.currentWidget().findChildren(type(plain()))}
    leave_picture(sheet, "keys-everywhere-light")
    parent.deleteLater()


def test_every_typed_form_that_is_listed_is_read() -> None:
    from ui.presenters.sale_entry import read_entry

    kinds = [read_entry(form.partition(" or ")[0].replace("nothing, Enter", "")).kind for form, _ in HINTS]
    assert kinds == ["code", "code", "quantity", "off", "sale_off", "price", "nothing"]
