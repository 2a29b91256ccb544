"""What the dashboard asks of the past: a calendar day's rollups, older messages, a receipt's way to FDMS. Protocols.

The store implements them; nothing here knows SQL. Blocking, on a reader's thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from ..domain.kpi import Delta
from ..events import Message


class HistoryArchive(Protocol):
    """Queries about days gone by; `devices` None means all."""

    def day(self, day: str) -> Iterator[Delta]:
        """The rollups of a shop's calendar day ("YYYY-MM-DD") as the deltas they are the sum of."""

    def first_day(self) -> str | None:
        """The calendar day of the first receipt; None before any."""

    def events_before(self, before: int, limit: int, devices: frozenset[int] | None = None) -> list[Message]:
        """The last messages before a `seq`, oldest first."""

    def way(self, row: int) -> dict[str, Any]:
        """A receipt's life: `signedAt`, `settledAt` (null while open), `serverDate`, `serverSignature`, `attempts`."""
