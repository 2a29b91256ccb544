"""One run of the window: engine news into views, and the orderly end.

Lives in Qt's thread; crosses into the engine only through the bridge.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer, Signal

from ui.acts import ALL, BEFORE_ENGINE, Acts
from ui.bridge import Bridge
from ui.desk import SessionDesk
from ui.desktop import Desktop
from ui.engine_thread import EngineHandle, OpenEngine
from ui.failures import start_failure
from ui.i18n import translate
from ui.main_window import MainWindow
from ui.navigation import Navigator
from ui.presenters import words
from ui.presenters.status import CLOSING, STOPPED, failed_start, in_words
from ui.presenters.till_view import Heard, TillView
from ui.scan_route import ScanRoute
from ui.tasks import Tasks

log = logging.getLogger("fiscalmon.ui")
STOP_SECONDS = 4.5  # how long the engine may take to stop; SIGTERM promises 5 s
SLICE = 0.006  # seconds of loading in one go: the window is to move in between
DEVICES_PACE = 1.0  # seconds between two readings of the device list


class Session(QObject):
    """The bridge's Listener. `run` returns the exit code."""

    settled = Signal()  # all there is to load has been loaded

    def __init__(self, window: MainWindow, open_engine: OpenEngine) -> None:
        super().__init__(window)
        self.window = window
        self.view = TillView(time.monotonic)
        self.bridge = Bridge(self, window)
        self.tasks = Tasks(lambda error: self.desktop.act_failed(error))
        self._open_engine = open_engine
        self.pages = Navigator(window, SessionDesk(self))
        self.acts = Acts(self)
        self.desktop = Desktop(self, window.screen_file)
        self._handle: EngineHandle | None = None
        self._failed = False
        self._closing = False
        self._end = asyncio.Event()
        self._told_of_door: tuple[str | None, str] = (None, "")
        self._devices_read = 0.0
        self._second = QTimer(window)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)
        self._hold = QTimer(window)
        self._hold.setInterval(100)
        self._hold.timeout.connect(self._move_on)
        window.acted.connect(self.acts.do)
        window.feed.list.opened.connect(self.acts.open_row)
        window.overview.devices.opened.connect(lambda device: self.pages.go("device", str(device)))
        window.close_asked.connect(self.desktop.close_asked)
        self.scans = ScanRoute(self)
        window.allow(*BEFORE_ENGINE)

    async def run(self) -> int:
        """From the painted shell to the stopped engine. 1 if the engine did not start or did not stop."""
        self._show_all()
        self.bridge.start(self._open_engine)
        self._second.start()
        await self._end.wait()
        return await self._stop()

    def close_now(self) -> None:
        """SIGTERM, SIGINT, or a quit that was decided: no question asked, nothing lost."""
        self._end.set()

    def must_ask(self) -> bool:
        """Whether leaving now leaves receipts behind that FDMS does not have, or a day that is open."""
        days = () if self.window.ground.training else self.view.open_days()
        return (self.view.waiting() > 0 or bool(days)) and not self._failed

    def address(self) -> str | None:
        return self._handle.dashboard_url if self._handle else None

    # what the bridge tells

    def engine_opened(self, handle: EngineHandle) -> None:
        self._handle = handle
        self.allow_all()
        self._show_door()
        self.desktop.opened(handle)

    def _door(self) -> tuple[str | None, str]:
        """The dashboard's address, and why nobody can look in although somebody should."""
        return self.address(), str(getattr(getattr(self._handle, "lan", None), "reason", None) or "")

    def _show_door(self) -> None:
        """It opens after the window shows what the books know, and may move."""
        self._told_of_door = address, trouble = self._door()
        parts = [str(getattr(self._handle, "summary", "") or ""), trouble]
        if address:
            parts.append(translate("session", "Dashboard: {address}").format(address=address))
        self.window.show_detail(" · ".join(words.sentence(part) for part in parts if part))

    def allow_all(self) -> None:
        """Everything that can be done with a running engine."""
        self.window.allow(*(act for act in ALL if act != "address" or self.address()))

    def engine_failed(self, error: BaseException) -> None:
        sentence, detail = start_failure(error, running=self._handle is not None)
        self._give_up(sentence, detail)

    def engine_stopped(self) -> None:
        if not self._closing and not self._failed:
            self._give_up(translate("status", STOPPED), "")

    def heard(self, messages: list[Heard], lost: int) -> None:
        if self._closing or self._failed:
            return
        changes = self.view.fold(messages)
        if lost:
            log.warning("the window was behind: %d rows of the feed were left out", lost)
            self.view.devices_outdated = True
        self.window.show_feed(changes)
        self.pages.told(messages)
        self.desktop.heard(messages)
        self._show_all()
        self._read_devices()
        wanted = self.view.metrics is not None and not self.window.chart.has_chart()
        if wanted and not self.tasks.running("chart"):
            self.tasks.spawn(self._bring_chart(), "chart")

    async def reread(self) -> None:
        """The device list, fresh from the engine."""
        self.view.heard_devices(await self.bridge.ask(lambda till: till.devices()))
        self._show_all()

    # showing

    def _show_all(self) -> None:
        if self._closing or self._failed:
            return
        status = self.view.status()
        self.window.show_status(status)
        self.desktop.show_status(status)
        self.window.show_kpis(self.view.kpis())
        self.window.show_trend(self.view.trend())
        self.window.overview.show_panels(self.view)
        self._move_on()

    def _tick(self) -> None:
        if self._door() != self._told_of_door and not (self._closing or self._failed or self.desktop.locked):
            self.allow_all()
            self._show_door()
        self._show_all()
        self._read_devices()

    def _move_on(self) -> None:
        progress = self.view.progress
        progress.tick(time.monotonic())
        self.window.show_progress(progress.view)
        if not progress.pending():
            self._hold.stop()
        elif not self._hold.isActive():
            self._hold.start()

    def _read_devices(self) -> None:
        """Reads the device list again when an event made it old, at most once a second."""
        now = time.monotonic()
        due = now - self._devices_read >= DEVICES_PACE
        if self.view.devices_outdated and self._handle is not None and due:
            self._devices_read = now
            self.view.devices_outdated = False
            self.tasks.spawn(self.reread())

    async def _bring_chart(self) -> None:
        """The plotting library takes most of a second to import, so it comes in pieces and the window stays alive."""
        with ThreadPoolExecutor(1, thread_name_prefix="import") as aside:
            await asyncio.wrap_future(aside.submit(importlib.import_module, "numpy"))
        # It touches every name of Qt, each of which makes a class then: in another thread that has crashed PySide.
        rest = time.monotonic()
        for module in (QtCore, QtGui, QtWidgets):
            for name in dir(module):
                getattr(module, name)
                if time.monotonic() - rest > SLICE:
                    await asyncio.sleep(0)
                    rest = time.monotonic()
        from ui.widgets.series_chart import SeriesChart
        from ui.widgets.trend_chart import TrendChart

        self.window.chart.set_chart(TrendChart(self.window.theme))
        self.window.overview.bring_charts(SeriesChart)
        self.settled.emit()

    # the end

    def _give_up(self, sentence: str, detail: str) -> None:
        self._failed = True
        self._second.stop()
        self._hold.stop()
        self.window.show_status(failed_start(sentence))
        self.window.show_detail(detail)
        self.window.show_stopped()

    async def _stop(self) -> int:
        self._closing = True
        self._second.stop()
        self._hold.stop()
        await self.tasks.cancel_all()
        self.desktop.remember()
        self.window.show_status(in_words(CLOSING))
        self.window.allow()
        self.bridge.request_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while not self.bridge.ended() and time.monotonic() < deadline:  # noqa: ASYNC110 - a thread has no event
            await asyncio.sleep(0.02)
        self.window.hide()
        self.bridge.detach()
        if not self.bridge.ended():
            log.error("the engine did not stop within %.1f s; what it had signed is on disk", STOP_SECONDS)
            return 1
        return 1 if self._failed else 0
