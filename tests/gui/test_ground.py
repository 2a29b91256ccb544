"""What the window stands on: a Qt that loses no references, and no nested event loop in our own code."""

from __future__ import annotations

import ast
import asyncio
import gc
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from tests.gui.waiting import until
from ui.collector import Collector

UI = Path(__file__).parents[2] / "ui"
NESTED = {"exec", "exec_", "processEvents", "waitForFinished"}
BEFORE_ANY_LOOP = {"app.py": 1}  # the shell is painted while no loop runs yet
STATIC_BOXES = {
    "question",
    "information",
    "warning",
    "critical",
    "about",
    "getText",
    "getInt",
    "getItem",
    "getOpenFileName",
    "getSaveFileName",
    "getExistingDirectory",
    "getColor",
    "getFont",
}
BOXES = {"QMessageBox", "QInputDialog", "QFileDialog", "QColorDialog", "QFontDialog"}


def nested_loops(source: str) -> list[int]:
    """Lines that would run a Qt loop inside the running one."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            named = owner.id if isinstance(owner, ast.Name) else ""
            if node.func.attr in NESTED or (named in BOXES and node.func.attr in STATIC_BOXES):
                lines.append(node.lineno)
    return lines


def test_the_ban_finds_what_it_bans() -> None:
    assert nested_loops("dialog.exec()\nQMessageBox.question(None, '', '')\nlog.warning('x')") == [1, 2]


def test_no_nested_loop_in_ui() -> None:
    files = [file for file in UI.rglob("*.py") if UI / "web" not in file.parents]
    assert len(files) > 20
    found = {str(f.relative_to(UI)): len(nested_loops(f.read_text("utf-8"))) for f in files}
    assert {name: count for name, count in found.items() if count} == BEFORE_ANY_LOOP


def test_the_loop_loses_no_reference_to_none(on_qt_loop: Callable[..., Any]) -> None:
    """PySide6 6.12 on Python 3.11 loses one per void call and dies after some 8,000 turns."""

    async def turns() -> int:
        before = sys.getrefcount(None)
        for _ in range(20_000):
            await asyncio.sleep(0)
        return sys.getrefcount(None) - before

    assert on_qt_loop(turns()) > -200


def test_signals_lose_no_reference_to_true(qapp: object) -> None:
    class Bell(QObject):
        rang = Signal()

    bell, heard = Bell(), []
    bell.rang.connect(lambda: heard.append(1))
    before = sys.getrefcount(True)
    for _ in range(500):
        bell.rang.emit()
    assert len(heard) == 500
    assert sys.getrefcount(True) - before > -100


def test_qt_objects_in_cycles_are_freed_in_qts_thread_only(on_qt_loop: Callable[..., Any], qapp: Any) -> None:
    """Without the collector a busy engine thread frees them, and their timers bring the process down."""
    freed_in: list[str] = []

    class Cycle(QTimer):
        def __init__(self) -> None:
            super().__init__()
            self.me = self
            self.start(1)

        def __del__(self) -> None:
            freed_in.append(threading.current_thread().name)

    def busy() -> None:
        for _ in range(200_000):
            a: list[Any] = []
            a.append(a)

    async def scene() -> None:
        gc.enable()
        collector = Collector(qapp)
        try:
            assert not gc.isenabled()
            for _ in range(5):
                Cycle()
            thread = threading.Thread(target=busy, name="engine")
            thread.start()
            await until(lambda: not thread.is_alive())
            await until(lambda: freed_in, "a collection")
        finally:
            collector.give_back()
            collector.deleteLater()
        assert gc.isenabled()

    on_qt_loop(scene())
    assert set(freed_in) == {"MainThread"} and len(freed_in) == 5
