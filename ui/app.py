"""The desktop app: paints the shell first, then starts the engine in its own thread, and ends both in order.

Must not know what the engine is made of; whoever calls `run` brings a way to open one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

import PySide6
import qasync
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui.collector import Collector
from ui.engine_thread import OpenEngine
from ui.main_window import MainWindow
from ui.theme import Theme

log = logging.getLogger("fiscalmon.ui")
FIRST_PAINT = 2.0  # seconds to wait for it where the window is hidden, as on a minimised start


def run(open_engine: OpenEngine, *, heading: str = "") -> int:
    """Shows the window until it is closed. Exit code 0; 1 if the engine did not start or did not stop.

    `open_engine` is awaited in the engine's thread. `heading` stands in the window's title.
    """
    refusal = pair_refusal(sys.version_info[:2], PySide6.__version__)
    if refusal:
        print(refusal, file=sys.stderr)
        return 1
    app = application()
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
        return runner.run(show(app, open_engine, heading))


def pair_refusal(python: tuple[int, ...], qt: str) -> str:
    """Why this Python must not run with this PySide6, or ""."""
    version = tuple(int(part) for part in qt.split(".")[:2] if part.isdigit())
    if python < (3, 12) and version >= (6, 12):
        return (
            f"PySide6 {qt} makes Python {python[0]}.{python[1]} crash (it loses references to None). "
            "Install pyside6-essentials 6.11.2, or run fiscalmon with Python 3.12 or later."
        )
    return ""


def application() -> QApplication:
    """The one QApplication, told not to end the loop under our feet when the window closes."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("a Qt application without windows is already running")
    app.setQuitOnLastWindowClosed(False)
    app.setApplicationName("fiscalmon")
    QGuiApplication.setDesktopFileName("fiscalmon")
    return app


async def show(app: QApplication, open_engine: OpenEngine, heading: str = "") -> int:
    """The window's whole life, on the Qt loop."""
    collector = Collector(app)
    theme = Theme(app)
    window = MainWindow(theme, heading)
    painted = asyncio.Event()
    window.painted.connect(painted.set)
    previous = sys.excepthook
    sys.excepthook = _log_uncaught
    try:
        window.show()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(painted.wait(), FIRST_PAINT)
        from ui.session import Session  # after the first paint, like everything the shell does not need

        session = Session(window, open_engine)
        session.settled.connect(collector.settle)
        with _signals(session.close_now):
            return await session.run()
    finally:
        sys.excepthook = previous
        window.hide()
        window.deleteLater()
        theme.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # here, while there is a loop to do it in
        collector.give_back()
        collector.deleteLater()


@contextlib.contextmanager
def _signals(act: Callable[[], None]) -> Any:
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
