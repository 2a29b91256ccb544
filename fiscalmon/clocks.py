"""The engine's clocks: the machine's own, and one that can be moved on together with the simulator's.

Knows time only; what waits for it is the services' business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from .domain.errors import TillBusy
from .domain.localtime import local_text

# A sale may wait so long for the machine's clock. More means that the clock was set back.
LONGEST_WAIT = timedelta(seconds=60)
# How far a virtual clock moves beyond what is asked for, so that it does not move for every single receipt.
STEP = timedelta(seconds=30)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait_until(self, moment: datetime) -> None:
        if moment - self.now() > LONGEST_WAIT:
            raise TillBusy(
                f"This machine's clock was set back: the last receipt is dated later. Correct the clock, or sell again "
                f"after {local_text(moment)}."
            )
        while (left := (moment - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - nobody signals time
            # In short naps: the machine's clock may be set while we wait.
            await asyncio.sleep(min(left, 1.0))


class VirtualClock:
    """The machine's clock plus an offset that grows whenever somebody has to wait.

    `move` is told the new offset in seconds before this clock takes it, so that FDMS's clock is never behind.
    """

    def __init__(self, move: Callable[[float], Awaitable[None]]) -> None:
        self._move = move
        self._offset = timedelta()
        self._moving = asyncio.Lock()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    async def wait_until(self, moment: datetime) -> None:
        async with self._moving:
            ahead = moment - self.now()
            if ahead > timedelta():
                offset = self._offset + ahead + STEP
                await self._move(offset.total_seconds())
                self._offset = offset
