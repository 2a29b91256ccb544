"""What waits to cross into Qt's thread: bounded, in order, metrics and progress merged when Qt is behind.

Must not know Qt nor asyncio; any thread may put, one takes.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

BEHIND = 256  # entries after which progress is merged into the newest one
BOUND = 4096  # lasting entries after which the oldest are given up and counted


class Inbox:
    """A locked deque with two slots for what may be merged."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Any] = deque()
        self._metrics: Any = None
        self._progress: Any = None
        self._lost = 0
        self._armed = False

    def put(self, entry: Any) -> bool:
        """True when the taker has to be woken: the first entry since it last looked."""
        kind = getattr(entry, "type", "")
        with self._lock:
            if kind == "metrics.updated":
                self._metrics = entry
            elif kind == "receipt.progress" and len(self._entries) >= BEHIND:
                self._progress = entry
            else:
                self._entries.append(entry)
                if len(self._entries) > BOUND:
                    self._lost += self._give_up_oldest()
            first, self._armed = not self._armed, True
            return first

    def take(self, limit: int) -> tuple[list[Any], int]:
        """At most `limit` entries in order and how many were lost. When it gives all, the next put wakes."""
        with self._lock:
            taken = [self._entries.popleft() for _ in range(min(limit, len(self._entries)))]
            lost, self._lost = self._lost, 0
            if not self._entries:
                taken += [slot for slot in (self._progress, self._metrics) if slot is not None]
                self._progress = self._metrics = None
                self._armed = False
            return taken, lost

    def empty(self) -> bool:
        with self._lock:
            return not self._armed

    def _give_up_oldest(self) -> int:
        """Drops one message; what the engine thread says of itself (no `type`) is never dropped."""
        for index, entry in enumerate(self._entries):
            if getattr(entry, "type", ""):
                del self._entries[index]
                return 1
        return 0
