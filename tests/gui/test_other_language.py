"""The window in a language that is not there: every page, every panel of the settings and two dialogs over a real till.

What stays English was written past the catalogue, and what is cut off leaves no room for a language with longer words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from tests.gui.other_tongue import OPEN, english, other_tongue
from tests.gui.test_app import running, sheet_of
from tests.gui.test_pages_real import RealTill, page_of, settled
from tests.gui.waiting import until
from tests.gui.walk import clashing, cut_off, unnamed
from tests.support.simulator import Simulator
from ui.ground import Ground
from ui.main_window import MainWindow
from ui.pages.registry import PAGES

WALKS = (
    ("cut", partial(cut_off, may_give_way=True)),
    ("english", english),
    ("unnamed", unnamed),
    ("clash", clashing),
)


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[Path]:
    with other_tongue(tmp_path, monkeypatch, qapp) as home:
        yield home


def test_every_page_speaks_another_language_and_has_room_for_it(
    qapp: QApplication,
    on_qt_loop: Callable[..., Any],
    fdms: Simulator,
    catalogue: Path,
    leave_picture: Callable[..., Path],
) -> None:
    real = RealTill(fdms, catalogue)
    wrong: dict[str, list[str]] = {}

    async def look(window: MainWindow, name: str) -> None:
        # The overview's small cards shorten a long word on a small screen, and tell it in their tip.
        window.resize(1366 if name == "overview" else 1024, 740)
        await settled()
        for kind, search in WALKS:
            if found := search(window):
                wrong[f"{name} {kind}"] = found
        leave_picture(window, f"language-{name}")

    async def scene() -> None:
        async with running(qapp, real.open, ground=Ground(folder=catalogue)) as (window, _):
            await until(lambda: OPEN + "Ready to sell" in window.status.sentence(), "the engine", 30)
            await until(lambda: window.model.rowCount() > 4 and window.chart.has_chart(), "the overview")
            await look(window, "overview")
            for entry in PAGES:
                window.actions_by_name[entry.name].trigger()
                await until(lambda entry=entry: page_of(window).name == entry.name, entry.name)
                await settled()
                await look(window, entry.name)
                if entry.name == "settings":
                    page = page_of(window)
                    for panel in page._makers:
                        page.arrive(panel)
                        await until(lambda page=page, panel=panel: page.panel() is page.panels.get(panel), panel)
                        await settled()
                        await look(window, f"settings-{panel}")
                window.actions_by_name["back"].trigger()
                window.actions_by_name["back"].trigger()
            for act in ("keys", "day"):
                window.actions_by_name[act].trigger()
                await until(lambda: sheet_of(window), act)
                await settled()
                sheet = sheet_of(window)
                assert sheet is not None
                sheet.resize(sheet.sizeHint().expandedTo(QSize(1000, 730)))  # the test's display is 800 px wide
                await settled()
                for kind, search in WALKS:
                    if found := search(sheet):
                        wrong[f"{act} {kind}"] = found
                leave_picture(sheet, f"language-{act}")
                sheet.reject()
                await until(lambda: sheet_of(window) is None, f"{act} to be gone")

    on_qt_loop(scene())
    assert not wrong, "\n".join(f"{where}: {found}" for where, found in wrong.items())


@pytest.fixture(scope="module")
def fdms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    made = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield made
    made.end()
