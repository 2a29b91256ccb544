"""What every page shares: a head with its title and the way back, a body, and what it is told by the window.

Must not know the engine: it asks through the desk it is given. A page is built once and lives with the window.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Protocol, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.dialogs.sheet import Sheet, push_button
from ui.failures import explain
from ui.ground import Ground
from ui.i18n import translate
from ui.presenters.till_view import Heard, TillView
from ui.screen_file import ScreenFile
from ui.theme import Theme
from ui.widgets.labels import CutLabel, plain, set_property, show_text

T = TypeVar("T")


class PageDesk(Protocol):
    """The session, as far as a page needs it. All of it is for Qt's thread."""

    view: TillView

    @property
    def theme(self) -> Theme: ...
    async def ask(self, question: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        """Runs `question(till)` on the engine's loop. EngineGone if there is none."""

    async def operate(self, operation: str, **arguments: Any) -> Any:
        """Runs an operation of the engine by its name. EngineGone if there is none."""

    def spawn(self, work: Coroutine[Any, Any, Any], name: str = "act") -> None:
        """Runs a coroutine of the window; an error is logged, the end of the window cancels it."""

    @property
    def ground(self) -> Ground:
        """What was known before the engine: the data folder, how the window was started."""

    @property
    def screen(self) -> ScreenFile:
        """What this screen remembers."""

    def leave(self) -> None:
        """Closes the window in order, without a question."""

    def go(self, page: str, about: str = "") -> None:
        """Shows a page by its name; `about` says what it is to show, as a receipt's id."""

    def do(self, act: str) -> None:
        """An act of ui/shortcuts.py, as if its key had been pressed."""

    def say(self, text: str) -> None:
        """One sentence under the status for a few seconds: what an act has done."""

    def dialog(self, make: Callable[[], Sheet]) -> Awaitable[bool]:
        """One dialog at a time, True if it was accepted; after it the keyboard is back in the page."""


class Page(QWidget):
    """Put widgets into `body`, buttons into `tools`. `name` is the registry's."""

    def __init__(self, desk: PageDesk, name: str, title: str) -> None:
        super().__init__()
        self.desk, self.theme, self.name = desk, desk.theme, name
        self.setAccessibleName(title)
        space = self.theme.tokens.space
        self.title = CutLabel(title, "title")
        self.tools = QHBoxLayout()
        self.tools.setSpacing(space["2"])
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 6, 0)
        head.setSpacing(space["3"])
        head.addWidget(self.title)
        head.addStretch(1)
        head.addLayout(self.tools)
        self.back_button = push_button(translate("page", "Back"))
        self.back_button.setToolTip(translate("page", "Back to the overview (Esc)"))
        self.back_button.clicked.connect(lambda: desk.go("back"))
        head.addWidget(self.back_button)
        self.trouble = plain(wrap=True)
        self.trouble.setAccessibleName(translate("page", "What went wrong"))
        set_property(self.trouble, "state", "failed")
        self.trouble.setContentsMargins(6, 0, 6, 0)
        self.trouble.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(space["2"])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, space["1"], 0, 0)
        column.setSpacing(space["2"])
        column.addLayout(head)
        column.addWidget(self.trouble)
        column.addLayout(self.body, 1)

    def arrive(self, about: str) -> None:
        """It is on the screen from now on. Read what it shows."""

    def leave(self) -> None:
        """Another page has taken its place."""

    def home(self) -> QWidget | None:
        """Where the keyboard belongs on this page; None: nowhere, so that a scanner's burst presses nothing."""
        return None

    def back(self) -> bool:
        """Esc: one step back within the page. False when the page itself is to be left."""
        return False

    def told(self, messages: Iterable[Heard]) -> None:
        """What the engine said while the page was on the screen."""

    def receipt(self) -> str:
        """The id of the receipt that is open or chosen here, "" without one: what F4 prints again."""
        return ""

    def refresh(self) -> None:
        """F5: read everything anew."""

    def work(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs what the page wants of the engine; an error is said in the page until the next one ends well."""
        self.desk.spawn(self._guarded(work), f"page {self.name}")

    async def _guarded(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception as error:
            code, text = explain(error)
            show_text(
                self.trouble, translate("page", "{text} (code {code})").format(text=text, code=code) if code else text
            )
            self.trouble.show()
        else:
            self.trouble.hide()

    def add_tool(self, text: str, act: Callable[[], object], *, main: bool = False, key: str = "") -> QPushButton:
        """A button at the page's head, with its key while it is shown."""
        button = push_button(text, act=main)
        if key:
            button.setShortcut(key)
            button.setToolTip(f"{text} ({key})")
        button.clicked.connect(lambda: act())
        self.tools.addWidget(button)
        return button

    def retitle(self, text: str) -> None:
        show_text(self.title, text)
