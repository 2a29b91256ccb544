"""What pages are given of the session: ask the engine, run a coroutine, go elsewhere, say a word, open a dialog.

Lives in Qt's thread; must not know what the pages show.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from ui.dialogs.sheet import Sheet
from ui.ground import Ground
from ui.presenters.till_view import TillView
from ui.screen_file import ScreenFile
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.session import Session

T = TypeVar("T")


class SessionDesk:
    """A PageDesk of a running session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.view: TillView = session.view

    @property
    def theme(self) -> Theme:
        return self._session.window.theme

    @property
    def ground(self) -> Ground:
        return self._session.window.ground

    @property
    def screen(self) -> ScreenFile:
        return self._session.window.screen_file

    def leave(self) -> None:
        self._session.close_now()

    async def ask(self, question: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        return await self._session.bridge.ask(question)

    async def operate(self, operation: str, **arguments: Any) -> Any:
        return await self._session.bridge.operate(operation, arguments)

    def spawn(self, work: Coroutine[Any, Any, Any], name: str = "act") -> None:
        self._session.tasks.spawn(work, name)

    def go(self, page: str, about: str = "") -> None:
        self._session.pages.go(page, about)

    def do(self, act: str) -> None:
        self._session.acts.do(act)

    def say(self, text: str) -> None:
        self._session.window.say(text)

    def dialog(self, make: Callable[[], Sheet]) -> Awaitable[bool]:
        return self._session.acts.dialog(make)
