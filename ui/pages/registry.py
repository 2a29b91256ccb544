"""The pages as data: name, title and how to build each. Names are the acts of ui/shortcuts.py that lead there.

Nothing of a page is imported before it is built: the window is painted first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.pages.page import Page, PageDesk

OVERVIEW = "overview"


@dataclass(frozen=True)
class PageEntry:
    """`progress`: whether the bar of the receipt under way stands above this page."""

    name: str
    title: str
    make: Callable[[PageDesk], Page]
    progress: bool = False


PAGES: tuple[PageEntry, ...] = ()
