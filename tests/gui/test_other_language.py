"""The window in a language that is not there: each text marked and 40 % longer, made and read as a real catalogue.

Every page of the registry, every panel of the settings and the dialogs are shown in it: what stays English was written
past the catalogue, and what is cut off leaves no room for a language with longer words.
"""

from __future__ import annotations

import importlib.resources
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QWidget,
)

from tests.gui.test_app import running, sheet_of
from tests.gui.test_pages_real import RealTill, page_of, settled
from tests.gui.waiting import until
from tests.gui.walk import cut_off, unnamed
from tests.support.simulator import Simulator
from ui.ground import Ground
from ui.i18n import install
from ui.main_window import MainWindow
from ui.pages.registry import PAGES
from ui.widgets.table import NOWHERE, Table

ROOT = Path(__file__).parents[2]
OPEN, END = "‹", "›"
# Not the window's words: keys, names of things, units; what engine, FDMS and books say; the shop's own; licences.
KNOWN = re.compile(
    r"\b(?:F\d+|Esc|Ctrl|Shift|Alt|Del|Enter|Tab|fiscalmon|FDMS|TIN|Python|Qt|HTTP|USD|ZWG|ZAR|BWP|QR|CSV|min|ms)\b"
    r"|https?://\S+|/[\w./-]+|Muonde[\w ().]*|Online|Server v1|\w+By\w+(?: Cash)?|[\w.:]+, [a-z]+\d+$"
    r"|Nothing keeps this day from going on.|\(NOTHING\)|Linux .*|[\w-]+: \d[\d.]+ · .*|^\d[\d.]+ · .*"
    r"|^(?:PySide6-Essentials|SQLAlchemy|cryptography|httpx|msgspec|reportlab|starlette|uvicorn)$"
)


def longer(text: str) -> str:
    """Marked at both ends and 40 % longer, in words that may be wrapped; {names} and outer spaces kept."""
    middle = text.strip()
    more = " ".join("~" * min(6, left) for left in range(max(1, round(len(middle) * 0.4) - 3), 0, -7))
    return text.replace(middle, f"{OPEN}{middle} {more}{END}", 1) if middle else text


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[Path]:
    """A data folder whose screen speaks "xx", and that language as Qt's own tool makes it."""
    tree = ElementTree.parse(ROOT / "resources" / "i18n" / "fiscalmon_en.ts")
    tree.getroot().set("language", "sn")
    for message in tree.getroot().iter("message"):
        translation = message.find("translation")
        assert translation is not None
        translation.attrib.pop("type", None)
        translation.text = longer(message.findtext("source") or "")
    resources = tmp_path / "resources"
    folder = resources / "i18n"
    folder.mkdir(parents=True)
    for entry in (ROOT / "resources").iterdir():
        if entry.name != "i18n":
            (resources / entry.name).symlink_to(entry)
    tree.write(folder / "fiscalmon_xx.ts", encoding="utf-8", xml_declaration=True)
    made = [ROOT / ".venv" / "bin" / "pyside6-lrelease", folder / "fiscalmon_xx.ts", "-qm", folder / "fiscalmon_xx.qm"]
    subprocess.run(made, check=True, capture_output=True)
    whole = importlib.resources.files
    monkeypatch.setattr(
        importlib.resources, "files", lambda name=None: resources if name == "resources" else whole(name)
    )
    home = tmp_path / "till"
    home.mkdir()
    (home / "setup.json").write_text('{"at": "summary", "finished": true, "skipped": [], "answers": {}}')
    (home / "screen.json").write_text('{"language": "xx"}')
    yield home
    install(None)
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


def texts(root: QWidget) -> Iterator[str]:
    """What a person reads, or hears from a screen reader, of everything that is shown."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root) or widget.objectName().startswith("qt_"):
            continue
        yield widget.accessibleName()
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(row) for row in range(widget.count()))
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QListWidget):
            yield from (widget.item(row).text() for row in range(widget.count()))
        elif isinstance(widget, Table):
            model, across = widget.model(), Qt.Orientation.Horizontal
            yield from (str(model.headerData(n, across)) for n in range(model.columnCount(NOWHERE)))


def english(root: QWidget) -> list[str]:
    """Texts with words of which none is marked, and that are neither the engine's nor a person's."""
    return sorted(
        {text for text in texts(root) if OPEN not in text and re.search(r"[A-Za-z]{2,}", KNOWN.sub("", text))}
    )


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
        for kind, search in (("cut", cut_off), ("english", english), ("unnamed", unnamed)):
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
                for kind, search in (("cut", cut_off), ("english", english)):
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
