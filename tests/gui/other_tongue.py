"""A language that is not there: each text marked and 40 % longer, made by Qt's own tool; and what stays English in it.

Knows the catalogue and what widgets say; not which page or dialog they belong to.
"""

from __future__ import annotations

import importlib.resources
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QWidget,
)

from ui.i18n import install
from ui.widgets.table import NOWHERE, Table

ROOT = Path(__file__).parents[2]
OPEN, END = "‹", "›"
# Not the window's words: keys, names of things, units; what engine, FDMS and books say; the shop's own; licences.
KNOWN = re.compile(
    r"\b(?:F\d+|Esc|Ctrl|Shift|Alt|Del|Enter|Tab|Space|fiscalmon|FDMS|TIN|Python|Qt|HTTP|USD|ZWG|ZAR|BWP|QR|CSV|min|ms)\b"
    r"|https?://\S+|/[\w./-]+|Muonde[\w ().]*|Online|Server v1|\w+By\w+(?: Cash)?|[\w.:]+, [a-z]+\d+$"
    r"|Nothing keeps this day from going on.|\(NOTHING\)|Linux .*|[\w-]+: \d[\d.]+ · .*|^\d[\d.]+ · .*"
    r"|^(?:PySide6-Essentials|SQLAlchemy|cryptography|httpx|msgspec|reportlab|starlette|uvicorn)$"
)


def longer(text: str) -> str:
    """Marked at both ends and 40 % longer, in words that may be wrapped; {names} and outer spaces kept."""
    middle = text.strip()
    more = " ".join("~" * min(6, left) for left in range(max(1, round(len(middle) * 0.4) - 3), 0, -7))
    return text.replace(middle, f"{OPEN}{middle} {more}{END}", 1) if middle else text


@contextmanager
def other_tongue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[Path]:
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
    try:
        yield home
    finally:
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
