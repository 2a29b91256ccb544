"""Which page is on the screen: builds pages when they are first wanted, keeps them, and minds the keyboard.

Must not know what the pages show.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from ui.main_window import MainWindow
from ui.pages.page import Page, PageDesk
from ui.pages.registry import OVERVIEW, PAGES, PageEntry
from ui.presenters.till_view import Heard

BACK = "back"


class Navigator:
    """The overview is the window's own; every other page comes from the registry."""

    def __init__(self, window: MainWindow, desk: PageDesk, entries: Iterable[PageEntry] = PAGES) -> None:
        self._window, self._desk = window, desk
        self._entries = {entry.name: entry for entry in entries}
        self._built: dict[str, Page] = {}
        self._current: Page | None = None

    @property
    def current(self) -> str:
        return self._current.name if self._current else OVERVIEW

    def page(self, name: str) -> Page:
        """A page by its name, built if need be. KeyError for a name the registry does not have."""
        if name not in self._built:
            page = self._entries[name].make(self._desk)
            self._built[name] = page
            self._window.stack.addWidget(page)
        return self._built[name]

    def go(self, name: str, about: str = "") -> None:
        """Shows a page. BACK is one step back: within the page first, then to the overview."""
        if name == BACK:
            if self._current is not None and not self._current.back():
                self.go(OVERVIEW)
            return
        wanted = None if name == OVERVIEW else self.page(name)
        if self._current is not None and self._current is not wanted:
            self._current.leave()
        self._current = wanted
        shown: QWidget = self._window.overview if wanted is None else wanted
        self._window.show_page(shown, progress=wanted is None or self._entries[name].progress)
        if wanted is not None:
            wanted.arrive(about)
        self.rest()

    def receipt(self) -> str:
        """The id of the receipt that the page is about, "" without one."""
        return self._current.receipt() if self._current else ""

    def rest(self) -> None:
        """Puts the keyboard where it belongs on this page."""
        home = self._current.home() if self._current else None
        if home is not None:
            home.setFocus()
        else:
            self._window.rest()

    def told(self, messages: Iterable[Heard]) -> None:
        if self._current is not None:
            self._current.told(messages)

    def refresh(self) -> None:
        if self._current is not None:
            self._current.refresh()
