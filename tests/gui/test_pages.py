"""Going from page to page: built when first wanted, left by Esc, with the keyboard where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.main_window import MainWindow
from ui.navigation import Navigator
from ui.pages.page import Page
from ui.pages.registry import PAGES, PageEntry
from ui.presenters.till_view import TillView
from ui.shortcuts import SHORTCUTS
from ui.theme import Theme


class NoDesk:
    """A desk for pages that ask nothing."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.view = TillView(lambda: 0.0)
        self.went: list[str] = []

    def go(self, page: str, about: str = "") -> None:
        self.went.append(page)


class Plain(Page):
    """A page with one field and an inner step."""

    def __init__(self, desk: Any, name: str) -> None:
        super().__init__(desk, name, name.title())
        self.field = QLineEdit()
        self.field.setAccessibleName("Field")
        self.body.addWidget(self.field)
        self.told_of: list[str] = []
        self.inner = False

    def arrive(self, about: str) -> None:
        self.told_of.append(f"arrive {about}".strip())

    def leave(self) -> None:
        self.told_of.append("leave")

    def home(self) -> QWidget:
        return self.field

    def back(self) -> bool:
        was, self.inner = self.inner, False
        return was


@pytest.fixture
def window(qapp: object, theme: Theme) -> Iterator[MainWindow]:
    made = MainWindow(theme, "test")
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def test_a_page_is_built_once_and_left_step_by_step(window: MainWindow, theme: Theme) -> None:
    built: list[str] = []

    def make(name: str) -> Any:
        def page(desk: Any) -> Page:
            built.append(name)
            return Plain(desk, name)

        return page

    pages = Navigator(
        window, NoDesk(theme), [PageEntry("one", "One", make("one")), PageEntry("two", "Two", make("two"), True)]
    )
    assert built == [] and pages.current == "overview"
    pages.go("one", "r1")
    one = pages.page("one")
    assert isinstance(one, Plain)
    assert window.stack.currentWidget() is one and window.focusWidget() is one.field
    assert not window.progress.isVisible()
    pages.go("two")
    assert window.progress.isVisible() and one.told_of == ["arrive r1", "leave"]
    pages.go("one")
    assert built == ["one", "two"]
    one.inner = True
    pages.go("back")
    assert pages.current == "one"
    pages.go("back")
    assert pages.current == "overview" and window.stack.currentWidget() is window.overview
    assert window.focusWidget() is not one.field
    pages.go("back")
    assert pages.current == "overview"


def test_escape_is_the_way_back_and_a_click_on_a_key_leaves_the_keyboard(window: MainWindow, theme: Theme) -> None:
    pages = Navigator(window, NoDesk(theme), [PageEntry("one", "One", lambda desk: Plain(desk, "one"))])
    acted: list[str] = []
    window.acted.connect(acted.append)
    pages.go("one")
    field = window.focusWidget()
    QTest.mouseClick(window.keys.buttons[0], Qt.MouseButton.LeftButton)
    assert window.focusWidget() is field
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert acted == ["keys", "back"]


def test_every_page_has_a_key_of_its_own_name(window: MainWindow) -> None:
    acts = {shortcut.act for shortcut in SHORTCUTS}
    assert {entry.name for entry in PAGES} <= acts


def test_a_narrow_window_keeps_the_menu_and_never_cuts_a_key(window: MainWindow) -> None:
    for width in (920, 1024, 1280, 1920):
        window.resize(width, 600)
        QTest.qWait(20)
        shown = [b for b in window.keys.buttons if b.isVisible()]
        assert any(b.accessibleName() == "Menu, F10" for b in shown)
        assert all(b.width() >= b.sizeHint().width() for b in shown)
        assert window.width() == width
