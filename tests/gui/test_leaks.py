"""A day of going about in the window, many times as fast: what is opened and closed leaves nothing behind.

FISCALMON_LEAK_ROUNDS makes it as long as one likes; each round opens pages and dialogs while receipts flow.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from tests.gui.scripted_engine import Engine, Message, progress, receipt, snapshot
from tests.gui.test_app import running, sheet_of
from tests.gui.test_pages_real import settled
from tests.gui.waiting import until
from ui.main_window import MainWindow

ROUNDS = int(os.environ.get("FISCALMON_LEAK_ROUNDS", "20"))
WARM = 6  # rounds in which everything is built once
A_ROUND = 50  # receipts
SHEETS = ("keys", "day")
PAGES = ("receipts", "waiting", "device", "log", "doctor", "alerts", "settings")


def objects(window: MainWindow) -> int:
    return len(window.findChildren(QObject))


def files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def resident() -> int:
    """KiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


@pytest.mark.timeout(120 + 3 * ROUNDS)
def test_hundreds_of_pages_and_dialogs_leave_nothing_behind(qapp: QApplication, on_qt_loop: Callable[..., Any]) -> None:
    engine = Engine()
    seen: list[tuple[int, int, int, int]] = []

    async def one_round(window: MainWindow, number: int) -> None:
        first = 100 + number * A_ROUND
        for seq in range(first, first + A_ROUND):
            engine.say(
                Message("receipt.progress", seq, progress(seq, 60)),
                Message("receipt.completed", seq, receipt(seq)),
                Message("metrics.updated", seq, snapshot(receiptsToday=seq)),
            )
        for act in PAGES:
            window.actions_by_name[act].trigger()
            await until(lambda act=act: window.stack.currentWidget().name == act, act)  # type: ignore[union-attr]
            window.actions_by_name["back"].trigger()
            await until(lambda: window.stack.currentWidget() is window.overview, "the overview")
        for act in SHEETS:
            window.actions_by_name[act].trigger()
            await until(lambda: sheet_of(window), act)
            sheet_of(window).reject()  # type: ignore[union-attr]
            await until(lambda: sheet_of(window) is None, f"{act} to be gone")
            await settled()
        last = f"{first + A_ROUND - 1:,}"
        await until(lambda: f"Receipt {last} " in str(window.model.index(0).data()), "the last receipt")
        gc.collect()
        seen.append((objects(window), len(qapp.topLevelWidgets()), files(), resident()))

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            await until(lambda: "Ready to sell" in window.status.sentence(), "the engine")
            for number in range(WARM + ROUNDS):
                await one_round(window, number)

    on_qt_loop(scene(), 60 + 3 * ROUNDS)
    warm, last = seen[WARM - 1], seen[-1]
    assert last[0] <= warm[0], [row[0] for row in seen]
    assert last[1] <= warm[1] and last[2] <= warm[2], (warm, last)
    # The feed keeps its rows, a few hundred bytes each; what is more than that was not given back.
    rows = ROUNDS * A_ROUND
    assert last[3] - warm[3] < 4_000 + rows * 4, f"{last[3] - warm[3]} KiB more after {rows} receipts"
