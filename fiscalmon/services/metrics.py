"""The live figures: one board, fed with each committed delta; one publisher, at most four snapshots a second.

One computes, three show: window, REST and sockets all get what `snapshot` returns.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import structlog

from ..books import Store
from ..bus import Bus
from ..domain.errors import FiscalmonError
from ..domain.kpi import Board, Delta
from ..domain.localtime import utc_text
from ..events import METRICS_UPDATED, Message
from ..ports import Clock
from .devices import Devices

INTERVAL = 0.25
# Windows move with time, not only with receipts: a quiet till still says so twice a minute.
QUIET = 30.0

log = structlog.get_logger()


class Metrics:
    """Use on the engine's loop only."""

    def __init__(self, board: Board, devices: Devices, bus: Bus, clock: Clock, store: Store) -> None:
        self._board = board
        self._store = store
        self._devices = devices
        self._bus = bus
        self._clock = clock
        self._dirty = asyncio.Event()
        # When the last verified backup was made: a card of its own beside the figures.
        self.backup_at: Callable[[], datetime | None] = lambda: None

    def apply(self, deltas: Iterable[Delta]) -> None:
        """Take in what was committed."""
        self._board.apply(deltas)
        self._dirty.set()

    def changed(self) -> None:
        """Something that the snapshot shows has changed."""
        self._dirty.set()

    def snapshot(self, devices: frozenset[int] | None = None) -> dict[str, Any]:
        """The metrics as of now, limited to some devices."""
        states = [device.state() for device in self._devices]
        lines = Counter(d.circuit()["state"] for d in self._devices if devices is None or d.device_id in devices)
        backup_at = self.backup_at()
        return {
            **self._board.snapshot(self._clock.now(), states, self._bus.last_seq, devices),
            "circuits": dict(lines),
            "backup": {"lastVerifiedAt": utc_text(backup_at) if backup_at is not None else None},
        }

    async def _follow_clock(self) -> None:
        """A clock that was ahead has moved figures out of the windows, and back again they belong in.

        Read on the writer: what was committed before is in the new board, what comes later is applied to it.
        """
        now = self._clock.now()
        if not self._board.lacks(now):
            return
        try:
            self._board = await self._store.write(lambda work: work.receipts.board(now))
        except FiscalmonError as wrong:
            log.warning("the live figures cannot follow the clock now", code=wrong.code, text=wrong.text)

    async def run(self) -> None:
        """Publish while anybody listens."""
        while True:
            # Not wait_for: before 3.12 it swallows a cancellation that comes together with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(QUIET):
                    await self._dirty.wait()
            self._dirty.clear()
            await self._follow_clock()
            if self._bus.listeners:
                at = utc_text(self._clock.now())
                self._bus.publish(Message(METRICS_UPDATED, self._bus.last_seq, at, None, self.snapshot()))
            await asyncio.sleep(INTERVAL)
