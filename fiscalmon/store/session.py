"""One write transaction as the rows' classes see it: SQL in, rows out. Lives on the writer's thread alone.

Statements run on the driver itself: SQLAlchemy's own execution would cost more than the commit on a fast disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


class Session:
    """The cursor of the running transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.row_factory = sqlite3.Row

    def run(self, sql: str, values: Row | tuple[Any, ...] = ()) -> int:
        """Execute one statement; the number of rows it touched."""
        return self._connection.execute(sql, values).rowcount

    def insert(self, sql: str, values: Row | tuple[Any, ...]) -> int:
        """Execute one INSERT; the new row's key."""
        key = self._connection.execute(sql, values).lastrowid
        return key or 0

    def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Execute one statement for many rows."""
        self._connection.executemany(sql, rows)

    def one(self, sql: str, values: Row | tuple[Any, ...] = ()) -> sqlite3.Row | None:
        """The first row, or None."""
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: Row | tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        """All rows."""
        return self._connection.execute(sql, values).fetchall()
