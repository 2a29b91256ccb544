"""What a driver needs of a line: bytes out, bytes in, time; and one command over it. device/link.py implements Wire.

Knows neither ports nor the meaning of a command. All calls block the calling thread, which is the port's own.
"""

from __future__ import annotations

from typing import Protocol

from .exchange import Session
from .frames import Answer


class Wire(Protocol):
    """An open line."""

    def read(self, seconds: float) -> bytes:
        """What has come, waiting at most so long for its first byte; b"" for nothing. Raises LineLost, Stopped."""

    def write(self, data: bytes) -> None:
        """Hand over all of it. Raises LineLost (also when the other end takes nothing for seconds), Stopped."""

    def discard(self) -> None:
        """Forget what has come and was not read. Raises LineLost."""

    def now(self) -> float:
        """Seconds of a clock that never goes back."""

    @property
    def baud(self) -> int:
        """Bits a second."""


def converse(wire: Wire, session: Session, command: int, data: bytes, limit: float) -> tuple[Answer, bool]:
    """One command over the line, and whether its frame went out more than once.

    Raises LineLost, NoAnswer, NotUnderstood, PrinterFailure for an echo, Stopped.
    """
    wire.discard()
    exchange = session.begin(command, data, limit, wire.now())
    wire.write(exchange.frame)
    while exchange.answer is None:
        pause = exchange.deadline - wire.now()
        chunk = wire.read(pause) if pause > 0 else b""
        out = exchange.receive(chunk, wire.now()) if chunk else b""
        if exchange.answer is None and not out and wire.now() >= exchange.deadline:
            out = exchange.overdue(wire.now())
        if out:
            wire.write(out)
    return exchange.answer, exchange.again
