"""A look at the books over SQLite's own driver, for a command that asks a few questions and ends.

Importing SQLAlchemy alone would take longer than all the answers. Writes nothing; must not know what is asked.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from .archive import Archive
from .book_file import FILE_NAME, explained
from .migrations import HEAD


class Look:
    """The books of a data folder, on one connection. Books of an earlier version are brought up to date first.

    Raises StoreDamaged when they cannot be trusted.
    """

    def __init__(self, folder: Path) -> None:
        self._connection = _reading(folder / FILE_NAME)
        if _schema(self._connection) != HEAD:
            self._connection.close()
            from .database import open_engine

            open_engine(folder).dispose()
            self._connection = _reading(folder / FILE_NAME)
        self.archive = Archive(self._ask)

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def _ask(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as wrong:
            raise explained(wrong) from wrong


def _reading(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA query_only=ON")
    return connection


def _schema(connection: sqlite3.Connection) -> str | None:
    """The schema that the file carries; None where that cannot be read, which `open_engine` explains."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        return None
    return None if row is None else str(row[0])
