"""What makes the window a good guest of the desktop: tray, closing, lock, raising, its place, the first run.

Lives in Qt's thread, beside the session; asks the engine only through the bridge.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from fiscalmon.domain.errors import FiscalmonError
from ui.bridge import EngineGone
from ui.engine_thread import EngineHandle
from ui.presenters.notices import Notices
from ui.presenters.status import StatusView
from ui.presenters.till_view import Heard
from ui.screen_file import ScreenFile
from ui.tasks import SHOWING_A_FAULT

if TYPE_CHECKING:
    from ui.session import Session
    from ui.tray import Tray
    from ui.widgets.veil import Veil


class Desktop(QObject):
    """One a session. Works without a tray, without a folder and without an engine."""

    _raise_wanted = Signal()

    def __init__(self, session: Session, screen: ScreenFile) -> None:
        super().__init__(session.window)
        self._session, self._window = session, session.window
        self.screen = screen
        self.tray: Tray | None = None
        self.veil: Veil | None = None
        self._notices = Notices()
        self._asked = False
        self._raise_wanted.connect(self.raise_window, Qt.ConnectionType.QueuedConnection)
        self._window.theme.changed.connect(self._remember_scheme)

    def opened(self, handle: EngineHandle) -> None:
        """The engine is there: the tray, what it may ask of the window, a lock that outlived a restart."""
        from ui.tray import Tray, has_tray

        if self._window.ground.folder is not None and self.tray is None and has_tray():
            self.tray = Tray(self._window.theme, self._window)
            self.tray.chosen.connect(self._chosen)
        operations: Any = getattr(handle, "operations", None)
        if operations is None:
            return
        operations.offer({"window.raise": self._raise})
        if (replaced := getattr(handle, "replaced", None)) is not None:
            self._session.tasks.spawn(self._make_way(replaced), "books replaced")
        self._session.tasks.spawn(self._begin(), "first run")

    async def _make_way(self, replaced: asyncio.Event) -> None:
        """A backup takes the books' place: what is shown here is over. Whoever runs the window opens another."""
        with contextlib.suppress(EngineGone):
            await self._session.bridge.ask(lambda _: replaced.wait())
            self._session.close_now()

    def show_status(self, view: StatusView) -> None:
        if self.tray is None:
            return
        self.tray.show_status(view)
        seen = self._window.isActiveWindow() and self._window.isVisible()
        selling = self._window.isVisible() and self._session.pages.current == "sale"
        notice = self._notices.due(view, time.monotonic(), selling=selling, seen=seen)
        if notice is not None:
            self.tray.notify(notice)

    def heard(self, messages: list[Heard]) -> None:
        self._notices.heard(messages)

    def close_asked(self) -> None:
        """The window's close button. Where there is a tray: asked once what it means, remembered."""
        keep = self.screen.screen.keep
        if self.tray is None or keep is False:
            self._session.acts.ask_close()
        elif keep:
            self._window.hide()
        elif not self._session.acts.asking:
            self._session.tasks.spawn(self._ask_keep())

    def remember(self) -> None:
        """The window's place, for the next start."""
        geometry = bytes(self._window.saveGeometry().toBase64().data()).decode("ascii")
        self.screen.change(geometry=geometry)
        if self.tray is not None:
            self.tray.remove()

    def raise_window(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    # the lock

    def lock(self) -> None:
        """F12."""
        self._session.tasks.spawn(self._lock(), "lock")

    @property
    def locked(self) -> bool:
        return self.veil is not None and self.veil.isVisible()

    async def _lock(self) -> None:
        try:
            await self._session.bridge.operate("lock.lock", {})
        except FiscalmonError as wrong:
            self._window.say(wrong.text)
            if wrong.code == "NO_PIN":
                self._session.pages.go("settings", "screen")
            return
        self._cover()

    def _cover(self) -> None:
        from ui.acts import ALL
        from ui.widgets.veil import Veil

        if self.veil is None:
            self.veil = Veil(self._window.theme, self._window.centralWidget())
            self.veil.typed.connect(lambda pin: self._session.tasks.spawn(self._unlock(pin), "unlock"))
        self._window.allow(*(act for act in ALL if act in ("scheme",)))
        self.veil.cover()

    async def _unlock(self, pin: str) -> None:
        assert self.veil is not None  # noqa: S101 - the PIN was typed into it
        try:
            await self._session.bridge.operate("lock.unlock", {"pin": pin})
        except (FiscalmonError, EngineGone) as wrong:
            self.veil.refuse(wrong.text if isinstance(wrong, FiscalmonError) else "")
            return
        self.veil.hide()
        self._session.allow_all()
        self._session.pages.rest()

    # inside

    async def _begin(self) -> None:
        bridge, ground = self._session.bridge, self._window.ground
        state = await bridge.operate("lock.state", {})
        if state["locked"]:
            self._cover()
            return
        if ground.folder is None or ground.training:
            return
        from ui.wizard.page import wanted

        if wanted(ground, await bridge.operate("device.list", {})):
            self._session.pages.go("setup")

    def act_failed(self, error: BaseException) -> None:
        """What no page or dialog has told: said in the strip where it has words, else shown as any other fault."""
        if isinstance(error, FiscalmonError):
            self._window.say(error.text)
        else:
            sys.excepthook(type(error), error, error.__traceback__)

    def crashed(self, file: str, content: str) -> None:
        """A fault of the window or of one of its slots: the report is shown, one at a time."""
        from ui.dialogs.leaving import crash_sheet

        window = self._window
        self._session.tasks.spawn(
            self._session.acts.dialog(lambda: crash_sheet(window, window.theme, file, content)), SHOWING_A_FAULT
        )

    async def _ask_keep(self) -> None:
        from ui.dialogs.leaving import keep_sheet

        sheet, said = keep_sheet(self._window, self._window.theme)
        if not await self._session.acts.dialog(lambda: sheet) or not said:
            return
        self.screen.change(keep=said[0] == "keep")
        if said[0] == "keep":
            self._window.hide()
        else:
            self._session.acts.ask_close()

    async def _raise(self, _: dict[str, Any]) -> dict[str, Any]:
        """In the engine's thread; the signal goes into Qt's and carries nothing."""
        await asyncio.sleep(0)
        self._raise_wanted.emit()
        return {"raised": True}

    def _chosen(self, act: str) -> None:
        self.raise_window()
        if act != "show" and (act == "quit" or not self.locked):
            self._session.acts.do(act)

    def _remember_scheme(self) -> None:
        self.screen.change(scheme=self._window.theme.chosen or "")
