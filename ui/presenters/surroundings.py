"""What is wrong around the till as its messages tell: printers, the disk. Kept for the status strip until it is over.

Must not know Qt nor the engine. Devices say for themselves what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui.i18n import translate
from ui.presenters import words

_DISK = "disk"


class Surroundings:
    """`remark` is the newest trouble that is still there, "" while all is well."""

    def __init__(self) -> None:
        self._troubles: dict[str, str] = {}

    @property
    def remark(self) -> str:
        return list(self._troubles.values())[-1] if self._troubles else ""

    def heard(self, kind: str, data: Mapping[str, Any]) -> None:
        """One lasting message, in its order."""
        printer = words.sentence(data.get("printer"))
        if kind == "printer.attention":
            self._troubles.pop(f"printer {printer}", None)
            advice = words.sentence(data.get("advice")) or translate("surroundings", "look at it")
            self._troubles[f"printer {printer}"] = translate("surroundings", "printer {printer}: {advice}").format(
                printer=printer, advice=advice
            )
        elif kind == "printer.ok":
            self._troubles.pop(f"printer {printer}", None)
        elif kind == "disk.low":
            self._troubles.pop(_DISK, None)
            self._troubles[_DISK] = words.sentence(data.get("reason")) or translate(
                "surroundings", "the disk is nearly full: make room"
            )
        elif kind == "alert.resolved" and data.get("rule") == _DISK:
            self._troubles.pop(_DISK, None)
