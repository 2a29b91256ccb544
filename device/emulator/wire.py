"""What a printer answers through, and how fast a serial line is. Knows bytes, no protocol and no kind of port."""

from __future__ import annotations

import asyncio
from typing import Protocol

BITS_A_BYTE = 10  # 8N1: a start bit, eight, a stop bit


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

    async def pass_(self, count: int) -> None:
        """Return when `count` bytes have passed the line, after those before them."""
        if not self._seconds:
            return
        now = asyncio.get_running_loop().time()
        self._free = max(self._free, now) + count * self._seconds
        if self._free > now:
            await asyncio.sleep(self._free - now)
