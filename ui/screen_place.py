"""Puts the window where it was the last time, light or dark as it was chosen by hand. Loads nothing of the engine."""

from __future__ import annotations

from PySide6.QtCore import QByteArray

from ui.main_window import MainWindow
from ui.screen_file import ScreenFile


def restore(window: MainWindow, screen: ScreenFile) -> None:
    """The window's place and scheme of the last time, before it is shown."""
    if screen.screen.scheme:
        window.theme.choose(screen.screen.scheme)
    if screen.screen.geometry:
        window.restoreGeometry(QByteArray.fromBase64(screen.screen.geometry.encode("ascii")))
