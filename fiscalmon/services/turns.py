"""Sales of one device that wait for the clock: numbered in the order in which they came, newer ones behind them.

Asked in the writer's thread, where the order is decided; must not know what a sale is.
"""

from __future__ import annotations

import asyncio
import threading


class Turns:
    """One a device. `gate`: whoever waits for the clock holds it meanwhile; it is given on in order."""

    def __init__(self) -> None:
        self.gate = asyncio.Lock()
        self._waiting: dict[str, None] = {}
        # The writer's thread and the loop both change it.
        self._door = threading.Lock()

    def is_behind(self, name: str) -> bool:
        """Whether somebody who came before waits still."""
        with self._door:
            return next(iter(self._waiting), name) != name

    def wait(self, name: str) -> None:
        """It has to wait; it keeps its place when it is told so again."""
        with self._door:
            self._waiting.setdefault(name)

    def leave(self, name: str) -> None:
        """It waits no longer, whatever came of it; harmless for one that never did."""
        with self._door:
            self._waiting.pop(name, None)
