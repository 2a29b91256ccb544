"""Writing and reading what the engine did by itself: one row a chore."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..books.chores import ChoreRecord
from ..events import encode
from .session import Session

_PUT = """
    INSERT INTO chores (name, at, outcome, note) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at, outcome = excluded.outcome, note = excluded.note"""


class ChoreRows:
    """The chores' side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, name: str, record: ChoreRecord) -> None:
        """How a chore stands now."""
        self._session.run(_PUT, (name, record.at, record.outcome, encode(record.note).decode()))


class ChoreArchive:
    """Queries about chores. `ask` runs a SELECT."""

    def __init__(self, ask: Callable[[str], list[Any]]) -> None:
        self._ask = ask

    def all(self) -> dict[str, ChoreRecord]:
        """Every chore that was ever done, by name."""
        rows = self._ask("SELECT name, at, outcome, note FROM chores")
        return {row[0]: ChoreRecord(row[1], row[2], json.loads(row[3])) for row in rows}
