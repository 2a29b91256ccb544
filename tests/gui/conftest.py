"""The window's tests run without a screen; a warning of Qt fails the test that caused it."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before PySide6 is imported anywhere

import pytest
import qasync
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.till_page import Scene, Till, opened
from ui.theme import Theme

SCREENS = Path(__file__).parents[2] / "build" / "screens"


@pytest.fixture(autouse=True)
def quiet_qt(qtlog: Any) -> Iterator[None]:
    yield
    loud = [record.message for record in qtlog.records if record.log_type_name not in ("QtDebugMsg", "QtInfoMsg")]
    # the offscreen platform says this of every window that asks for the keyboard
    assert [text for text in loud if "does not support" not in text] == []


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp)
    made.choose("light")
    yield made
    qapp.styleHints().colorSchemeChanged.disconnect(made._follow_system)
    made.deleteLater()


@pytest.fixture
def on_qt_loop(qapp: QApplication) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Runs a coroutine on a fresh qasync loop, as the app does."""
    qapp.setQuitOnLastWindowClosed(False)

    def run(work: Coroutine[Any, Any, Any], seconds: float = 60) -> Any:
        gc.disable()  # as ui/collector.py does: never free a Qt object in the engine's thread
        try:
            with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(qapp)) as runner:
                return runner.run(asyncio.wait_for(work, seconds))
        finally:
            gc.collect()
            gc.enable()

    return run


@pytest.fixture
def leave_picture() -> Callable[[QWidget, str], Path]:
    """Saves what a widget shows to build/screens/ and gives the file back."""

    def save(widget: QWidget, name: str) -> Path:
        SCREENS.mkdir(parents=True, exist_ok=True)
        file = SCREENS / f"{name}.png"
        assert widget.grab().save(str(file))
        return file

    return save


@pytest.fixture
def scene(qapp: QApplication, theme: Theme, tmp_path: Path, on_qt_loop: Callable[..., Any]) -> Scene:
    """Runs what a cashier does at the sale page: a coroutine that gets the Till."""

    def run(play: Callable[[Till], Any]) -> None:
        async def whole() -> None:
            async with opened(theme, tmp_path) as till:
                await play(till)

        on_qt_loop(whole())

    return run
