"""Keeps PySide6 from reading the source of everything that is imported after it.

It searches each new module's text for its own name, for the sake of a switch (`__feature__`) that nothing here uses.
That is a tenth of a start, and Python's line cache keeps the text: 11 MB. Must not know what is imported.
"""

from __future__ import annotations

import sys
from types import ModuleType

_FEATURE, _SEARCH = "shibokensupport.feature", "_mod_uses_pyside"


def read_no_sources() -> bool:
    """Harmless to repeat. False where this PySide6 has no such search, so that nothing was changed."""
    feature = sys.modules.get(_FEATURE)
    if not hasattr(feature, _SEARCH):
        return False
    setattr(feature, _SEARCH, _is_ours)
    return True


def _is_ours(module: ModuleType) -> bool:
    return module.__name__.partition(".")[0] == "ui"
