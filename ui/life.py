"""The window's life on the Qt loop: engine started once the shell is painted, signals, and the orderly end.

Must not know what the engine is made of nor what the window shows.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

import qasync
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from ui.collector import Collector
from ui.engine_thread import OpenEngine
from ui.main_window import MainWindow

if TYPE_CHECKING:
    from ui.session import Session

log = logging.getLogger("fiscalmon.ui")
# Seconds after which a busy thread hands the interpreter over. Python's own 5 ms are waited anew by each painted part.
HAND_OVER = 0.001
FIRST_PAINT = 2.0  # seconds to wait for it where the window is hidden, as on a minimised start


def run_loop(app: QApplication, window: MainWindow, open_engine: OpenEngine) -> int:
    """Runs the loop until the window has been closed and the engine has stopped; gives the exit code."""
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        return runner.run(live(app, window, open_engine))


async def live(app: QApplication, window: MainWindow, open_engine: OpenEngine) -> int:
    """The same, on a loop that runs already."""
    collector = Collector(app)
    hand_over = sys.getswitchinterval()
    previous = sys.excepthook
    sys.excepthook = _log_uncaught
    end = asyncio.Event()  # somebody may want it before there is a session
    try:
        with _signals(end.set):
            await _first_paint(window)
            for _ in window.furnish():
                await asyncio.sleep(0)  # between two slices the window answers
            from ui.session import Session

            session = Session(window, open_engine)
            session.settled.connect(collector.settle)
            # Not before: two threads that load side by side lose time with each change.
            session.settled.connect(partial(sys.setswitchinterval, HAND_OVER))
            sys.excepthook = partial(_keep_uncaught, window, session)
            ending = asyncio.create_task(_close(end, session))
            try:
                return await session.run()
            finally:
                ending.cancel()
    finally:
        sys.excepthook = previous
        sys.setswitchinterval(hand_over)
        window.hide()
        window.deleteLater()
        window.theme.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # here, while there is a loop to do it in
        collector.give_back()
        collector.deleteLater()


async def _close(end: asyncio.Event, session: Session) -> None:
    await end.wait()
    session.close_now()


async def _first_paint(window: MainWindow) -> None:
    painted = asyncio.Event()
    window.painted.connect(painted.set)
    if not window.is_painted():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(painted.wait(), FIRST_PAINT)


@contextlib.contextmanager
def _signals(act: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and SIGINT close in order. `signal.signal` would not run while Qt idles; Windows lacks this."""
    loop = asyncio.get_running_loop()
    taken = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError, AttributeError):
            loop.add_signal_handler(number, act)
            taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            loop.remove_signal_handler(number)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What a slot did not catch goes to the log; the window goes on."""
    log.critical("uncaught in the window", exc_info=(kind, error, trace))


def _keep_uncaught(
    window: MainWindow, session: Session, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """The same, kept as a file beside the engine's own crashes and shown before anybody may share it."""
    _log_uncaught(kind, error, trace)
    if window.ground.folder is None:
        return
    from fiscalmon.crash_files import keep_crash  # here: it brings the engine's log, which the window starts without

    file = keep_crash(window.ground.folder, "window", error)
    if file is not None and threading.current_thread() is threading.main_thread():
        session.desktop.crashed(str(file), file.read_text(encoding="utf-8"))
