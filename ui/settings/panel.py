"""What every panel of the settings shares: a title, why, a body, buttons, and what it is told when it is shown.

Must not know what is set.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.dialogs.sheet import push_button
from ui.pages.page import PageDesk
from ui.presenters.till_view import Heard
from ui.widgets.labels import plain

_A_ROW = 3  # buttons beside each other: more would not fit a small screen
Work = Callable[[Coroutine[Any, Any, Any]], None]


class Host(Protocol):
    """The page, as far as a panel needs it."""

    desk: PageDesk

    def work(self, work: Coroutine[Any, Any, Any]) -> None: ...


class Panel(QWidget):
    """`load` is awaited each time the panel is shown and after each act."""

    def __init__(self, host: Host, title: str, why: str) -> None:
        super().__init__()
        self.host, self.desk = host, host.desk
        self.setAccessibleName(title)
        self.setProperty("role", "sheet")
        space = self.desk.theme.tokens.space
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 8, 2)
        column.setSpacing(space["3"])
        column.addWidget(plain(title, "title"))
        column.addWidget(plain(why, "muted", wrap=True))
        self.body = QVBoxLayout()
        self.body.setSpacing(space["3"])
        column.addLayout(self.body, 1)
        self._foot: QHBoxLayout | None = None
        self._column = column

    async def load(self) -> None:
        """Read what is shown."""

    def told(self, messages: Iterable[Heard]) -> None:
        """What the engine said while the panel was on the screen."""

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        """An act, and the panel anew after it; what goes wrong is said by the page."""

        async def both() -> None:
            await work
            await self.load()

        self.host.work(both())

    def add_button(self, text: str, act: Callable[[], object], *, main: bool = False) -> QPushButton:
        if self._foot is None or self._foot.count() > _A_ROW:
            self._foot = QHBoxLayout()
            self._foot.setSpacing(self.desk.theme.tokens.space["2"])
            self._foot.addStretch(1)
            self._column.addLayout(self._foot)
        button = push_button(text, act=main)
        button.clicked.connect(lambda: act())
        self._foot.insertWidget(self._foot.count() - 1, button)
        return button
