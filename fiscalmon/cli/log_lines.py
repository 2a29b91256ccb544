"""The technical log as messages of the shape that events have, oldest first; whoever follows gets what is new.

`seq` is that of the last event before the line, as with every message that is no event itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

LINE = "log"
_LEVELS: Mapping[str, str] = MappingProxyType({"debug": "info", "critical": "error"})
_NOT_DATA = frozenset({"timestamp", "level"})


class LogLines:
    """The log files of a data folder from one look to the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # How far each file has been read, by its inode: a rotated file keeps its own.
        self._read: dict[int, int] = {}

    def new(self) -> Iterator[dict[str, Any]]:
        """What was written since the last look; every line at the first one."""
        from ..logs import files_of

        for path in files_of(self._folder):
            try:
                with path.open("rb") as file:
                    key = path.stat().st_ino
                    file.seek(self._read.get(key, 0))
                    for line in file:
                        # A line that is still being written is read whole at the next look.
                        if line.endswith(b"\n"):
                            self._read[key] = self._read.get(key, 0) + len(line)
                            if (told := _message(line)) is not None:
                                yield told
            except FileNotFoundError:
                # Rotated away between the listing and the look.
                continue


def _message(line: bytes) -> dict[str, Any] | None:
    try:
        held = json.loads(line)
        at = str(held["timestamp"])[:23].rstrip("Z") + "Z"
    except (ValueError, KeyError, TypeError):
        return None
    level = str(held.get("level", "info"))
    device = held.get("device")
    return {
        "seq": 0,
        "type": LINE,
        "at": at,
        "deviceID": device if isinstance(device, int) else None,
        "data": {key: value for key, value in held.items() if key not in _NOT_DATA},
        "level": _LEVELS.get(level, level),
    }
