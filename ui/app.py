"""The desktop app: paints the shell before anything else is loaded, then hands over to ui/life.py.

Must not know what the engine is made of; whoever calls `run` brings a way to open one. Loads no asyncio, no
qasync and no plotting library before the first paint.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui.lean_imports import read_no_sources

read_no_sources()  # before all that is imported below

from ui.catalogue import install_catalogue
from ui.ground import Ground
from ui.main_window import MainWindow
from ui.screen_file import ScreenFile
from ui.screen_place import restore
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.engine_thread import OpenEngine

PATIENCE = 0.3  # seconds for the display to ask for the first paint; a hidden window is not asked


def run(open_engine: OpenEngine, *, heading: str = "", ground: Ground = Ground()) -> int:  # noqa: B008 - frozen
    """Shows the window until it is closed. Exit code 0; 1 if the engine did not start or did not stop.

    `open_engine` is awaited in the engine's thread. `heading` stands in the window's title.
    """
    refusal = pair_refusal(sys.version_info[:2], PySide6.__version__)
    if refusal:
        print(refusal, file=sys.stderr)
        return 1
    app = application()
    window = shell(app, heading, ground)
    from ui.life import run_loop

    return run_loop(app, window, open_engine)


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


def shell(app: QApplication, heading: str = "", ground: Ground = Ground()) -> MainWindow:  # noqa: B008 - frozen
    """The window, shown with the places of its parts; painted at once where the display is quick."""
    screen = ScreenFile(ground.folder)
    install_catalogue(app, screen.screen.language)
    window = MainWindow(Theme(app), heading, ground, furnished=False)
    window.screen_file = screen
    restore(window, screen)
    if ground.minimised:
        window.showMinimized()
    else:
        window.show()
    until = time.monotonic() + (0.0 if ground.minimised else PATIENCE)
    while not window.is_painted() and time.monotonic() < until:
        app.processEvents()  # no loop runs yet, so this nests in nothing
        time.sleep(0.001)
    return window
