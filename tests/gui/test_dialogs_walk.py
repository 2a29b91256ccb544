"""Every dialog, form and step of the first run in a language that is not there: translated, whole, named, no key twice.

The forms of the sale page are opened by its own acts over real books; the others are made from what they show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from tests.gui.other_tongue import OPEN, english, other_tongue
from tests.gui.test_notes_at_the_page import RECEIPT
from tests.gui.test_pages_real import settled
from tests.gui.till_page import MILK, Scene, Till
from tests.gui.waiting import until
from tests.gui.walk import clashing, cut_off, marked_up, unnamed
from ui.catalogue import install_catalogue
from ui.dialogs.credit_sheet import CreditSheet
from ui.dialogs.form_sheet import FormSheet
from ui.dialogs.leaving import crash_sheet, keep_sheet
from ui.dialogs.notices import quit_sheet
from ui.dialogs.sheet import Sheet
from ui.theme import Theme
from ui.wizard.stage import Stage
from ui.wizard.steps import STEPS, Facts
from ui.wizard.walk import Walk

CURRENCIES = ("AUD", "CNY", "EUR", "GBP", "INR", "JPY")
SMALL = QSize(900, 500)  # inside of the smallest window that is supported
WALKS = (("cut", cut_off), ("english", english), ("unnamed", unnamed), ("markup", marked_up), ("clash", clashing))
ALT = Qt.KeyboardModifier.AltModifier
CRASH = "fiscalmon 1.0 · window\nValueError: <b>a part of the window</b> was not there\n" + "  in a line\n" * 40
FORMS = ("other", "buyer", "hold", "quantity", "off", "whole", "currency", "form", "rates", "credit", "debit")


@pytest.fixture
def tongue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[None]:
    with other_tongue(tmp_path, monkeypatch, qapp):
        assert install_catalogue(qapp, "xx")
        yield


@pytest.fixture
def parent(theme: Theme) -> Iterator[QWidget]:
    made = QWidget()
    yield made
    made.deleteLater()


def faults(shown: QWidget, *own: str) -> dict[str, list[str]]:
    """By walk; `own` are texts of the shop or of a fault, which no catalogue holds."""
    found = {name: walk(shown) for name, walk in WALKS}
    found["english"] = [text for text in found["english"] if not any(one in text for one in own)]
    return {name: texts for name, texts in found.items() if texts}


def asked(sheet: Sheet) -> None:
    """As it opens by itself: no larger than it wants to be, and it fits the smallest window."""
    sheet.show()
    QApplication.processEvents()


def sheets(parent: QWidget, theme: Theme) -> dict[str, Sheet]:
    return {
        "quit-one": quit_sheet(parent, theme, 1),
        "quit-many": quit_sheet(parent, theme, 12, [101, 102, 103, 104, 105]),
        "quit-day": quit_sheet(parent, theme, 0, [101]),
        "keep": keep_sheet(parent, theme)[0],
        "crash": crash_sheet(parent, theme, "crashes/20261122T100000-window.txt", CRASH),
        "credit": CreditSheet(parent, theme, RECEIPT | {"receiptDate": "2026-11-22T10:00:00", "receiptTotal": "4.48"}),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialogs_made_of_what_they_show(
    tongue: None, parent: QWidget, theme: Theme, scheme: str, leave_picture: Callable[[QWidget, str], Path]
) -> None:
    theme.choose(scheme)  # type: ignore[arg-type]
    wrong: dict[str, Any] = {}
    for name, sheet in sheets(parent, theme).items():
        asked(sheet)
        if found := faults(sheet, "MILK", "Discount", "crashes/"):
            wrong[name] = found
        if SMALL.expandedTo(sheet.size()) != SMALL:
            wrong[f"{name} size"] = sheet.size()
        assert OPEN in sheet.windowTitle(), name
        leave_picture(sheet, f"longer-{name}-{scheme}")
        sheet.hide()
        sheet.deleteLater()
    assert not wrong, wrong


def test_the_forms_and_lists_of_the_sale_page(
    tongue: None, scene: Scene, tmp_path: Path, leave_picture: Callable[[QWidget, str], Path]
) -> None:
    wrong: dict[str, Any] = {}

    async def look(till: Till, name: str) -> None:
        await until(lambda: till.desk.sheet is not None and till.desk.sheet.isVisible(), name)
        sheet = till.desk.sheet
        assert sheet is not None
        await settled()
        if found := faults(sheet, "MILK", "Standard rated", "Zero rated", "Exempt", "BREAD", "SOAP", *CURRENCIES):
            wrong[name] = found
        if SMALL.expandedTo(sheet.size()) != SMALL:
            wrong[f"{name} size"] = sheet.size()
        leave_picture(sheet, f"longer-{name}")
        sheet.reject()
        await until(lambda: not till.desk.tasks, f"{name} to be left")

    async def play(till: Till) -> None:
        await till.enter(MILK)
        for name in FORMS[:-2]:
            till.page.buttons.actions[name].trigger()
            await look(till, name)
        wrong.update({f"page {key}": value for key, value in faults(till.window, "MILK", "Starting").items()})
        QTest.keyClick(till.page.field, Qt.Key.Key_H, ALT)
        (await till.sheet(FormSheet)).finish()
        await until(lambda: not till.desk.tasks and not till.rows(), "the sale to be held")
        till.page.buttons.actions["recall"].trigger()
        await look(till, "held")
        for name in FORMS[-2:]:
            till.page.buttons.actions[name].trigger()
            await look(till, name)
        till.desk.spawn(till.page.acts.import_file(_list(tmp_path)))
        await look(till, "import")

    scene(play)
    assert not wrong, wrong


def _list(folder: Path) -> Path:
    file = folder / "list.csv"
    file.write_text("sku,name,tax,price USD\nM2,MILK 2 L,15.5%,2.55\nX,,15.5%,much\n")
    return file


# Stands for itself in every language: examples, a language's own name; what an account needs is in the engine's words.
EXAMPLES = (
    "/srv/till",
    "192.168",
    "English",
    "/dev/ttyUSB0",
    "ca.pem",
    "Tariro",
    "https://",
    "An account",
    "The password",
)
FACTS = Facts("/srv/till/fiscalmon", addresses=("192.168.1.20", "10.0.0.7"))


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_every_step_of_the_first_run(
    tongue: None, theme: Theme, step: str, leave_picture: Callable[[QWidget, str], Path]
) -> None:
    stage = Stage(theme)
    stage.resize(900, 380)  # what the page has left of the smallest window
    walk = Walk(at=step)
    wrong: dict[str, Any] = {}
    # As it opens, with everything asked that an answer brings along, and with everything missing.
    for state in ("open", "other", "wrong"):
        if state == "other":
            walk.answers |= {"folder_choice": "other", "gateway": "other", "lan": "yes"}
        stage.show_step(walk, FACTS)
        stage.allow(walk.step(), busy=False)
        stage.show()
        if state == "wrong" and stage.form is not None:
            stage.form.show_problems(walk.problems(dict.fromkeys(stage.form.values(), "")))
        for _ in range(3):
            QApplication.processEvents()
        if found := faults(stage, *EXAMPLES):
            wrong[state] = found
        leave_picture(stage, f"longer-setup-{step}-{state}")
    stage.deleteLater()
    assert not wrong, wrong


def test_the_walk_finds_keys_that_clash(qapp: QApplication) -> None:
    root = QWidget()
    for text in ("&Save", "&Send"):
        QPushButton(text, root)
    label, field = QLabel("&Sum", root), QLineEdit(root)
    label.setBuddy(field)
    for words in ("one", "two"):
        act = QAction(words, root)
        act.setShortcut(QKeySequence("Ctrl+K"))
        root.addAction(act)
    assert sorted(clashing(root)) == ["Alt+S: ['&Save', '&Send', '&Sum']", "Ctrl+K: ['one', 'two']"]
