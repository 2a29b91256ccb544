"""What the engine does from time to time by itself, as the books remember it: when it was done last and how it went."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol


class ChoreRecord(NamedTuple):
    """`at`: UTC text of the last run that ended; `outcome`: done, failed or asked (to run as soon as possible)."""

    at: str
    outcome: str
    note: dict[str, Any]


class ChoreBook(Protocol):
    """Chores inside a write transaction."""

    def put(self, name: str, record: ChoreRecord) -> None:
        """How a chore stands now."""


class ChoreArchive(Protocol):
    """Queries about chores."""

    def all(self) -> dict[str, ChoreRecord]:
        """Every chore that was ever done, by name."""
