"""What the window's start does not load: sources for PySide6's search, and what only a door or FDMS needs."""

from __future__ import annotations

import json
import subprocess
import sys

import ui.lean_imports

ASKED = """
import json, linecache, sys
{first}
import wave
print(json.dumps([any(file.endswith("wave.py") for file in linecache.cache), sorted(sys.modules)]))
"""


def _asked(first: str) -> tuple[bool, set[str]]:
    said = subprocess.run([sys.executable, "-c", ASKED.format(first=first)], check=True, capture_output=True, text=True)
    read, modules = json.loads(said.stdout)
    return read, set(modules)


def test_no_source_is_read_after_pyside() -> None:
    # The first line is the test of the test: without ours PySide6 reads it.
    assert _asked("import PySide6.QtCore")[0]
    assert not _asked("import ui.app")[0]


def test_a_pyside_without_the_search_is_left_alone(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "shibokensupport.feature", object())
    assert not ui.lean_imports.read_no_sources()


def test_an_engine_is_made_without_what_its_door_and_fdms_need() -> None:
    _, loaded = _asked("import fiscalmon.bootstrap")
    assert "sqlalchemy" in loaded
    assert not loaded & {"httpx", "uvicorn", "starlette", "websockets", "limits", "jwt", "pyqtgraph", "numpy"}
