"""The room on the data folder's disk, told once at each limit: a full disk stops sales, so people hear of it early."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Literal

from ..domain.localtime import utc_text
from ..events import DISK_LOW
from .parts import Parts

ATTENTION_BYTES = 2 * 2**30
FAILED_BYTES = 500 * 2**20
Level = Literal["ok", "attention", "failed"]


class DiskWatch:
    """One disk."""

    def __init__(self, parts: Parts, folder: Path) -> None:
        self._parts = parts
        self._folder = folder
        self._level: Level = "ok"

    async def look(self) -> None:
        """Measure; tell when it has got worse. Raises StoreDamaged, TillBusy."""
        free = (await asyncio.to_thread(shutil.disk_usage, self._folder)).free
        level, before = level_of(free), self._level
        self._level = level
        if level == "ok" or level == before or before == "failed":
            return
        at, data = utc_text(self._parts.clock.now()), {"freeBytes": free, "level": level, "reason": advice(free)}
        self._parts.announcer.tell(
            await self._parts.store.write(lambda work: work.events.add(DISK_LOW, at, None, data))
        )


def level_of(free: int) -> Level:
    """How bad it is."""
    return "failed" if free < FAILED_BYTES else "attention" if free < ATTENTION_BYTES else "ok"


def advice(free: int) -> str:
    """What to do, in a sentence."""
    return f"The disk has {free // 2**20} MiB left: make room, or the till stops selling when it is full."
