"""What a printer answers through, and how fast a serial line is. Knows bytes, no protocol and no kind of port."""

from __future__ import annotations

import asyncio
from typing import Protocol

BITS_A_BYTE = 10  # 8N1: a start bit, eight, a stop bit
TIMER = 0.0015  # how early to wake, in seconds
PAUSE = 0.1  # a line that is behind by more was idle


class Wire(Protocol):
    """One end of a line."""

    async def send(self, data: bytes) -> None:
        """Give the bytes to the line; returns when they have left. What nobody takes is lost, as on a cable."""
        ...


class Pace:
    """One direction of a line of so many bits a second; without a rate everything passes at once."""

    def __init__(self, baud: int | None) -> None:
        self._seconds = 0.0 if not baud else BITS_A_BYTE / baud
        self._free = 0.0

    @property
    def limited(self) -> bool:
        return self._seconds > 0

    async def pass_(self, count: int, *, idle: bool) -> None:
        """Return when `count` bytes have passed the line, after those before them. `idle`: it carried none just now.

        A loop's timer is late by up to a millisecond, which is a seventh of a frame at 115200; the rest is waited out.
        """
        if not self._seconds:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        if idle or self._free < now - PAUSE:
            self._free = max(self._free, now)
        self._free += count * self._seconds
        if self._free - now > TIMER:
            await asyncio.sleep(self._free - now - TIMER)
        while loop.time() < self._free:  # noqa: ASYNC110 - an event would be as late as the timer
            await asyncio.sleep(0)
