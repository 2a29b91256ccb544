"""The file of the books: its name, and what an error of SQLite in it means to people. Opens nothing."""

from __future__ import annotations

import sqlite3

from ..domain.errors import StoreDamaged

FILE_NAME = "fiscalmon.db"
DAMAGED = (
    f"The database {FILE_NAME} is damaged and was left as it is: keep a copy of the file and restore the last "
    "backup before selling."
)


def damaged(wrong: Exception) -> StoreDamaged:
    """What an error of SQLite means to people, and what to do."""
    return StoreDamaged(_advice(wrong), str(wrong))


def _advice(wrong: Exception) -> str:
    # SQLAlchemy wraps what the driver says.
    words = str(wrong).lower()
    operational = isinstance(getattr(wrong, "orig", wrong), sqlite3.OperationalError)
    if operational and "readonly" in words:
        return f"The database {FILE_NAME} cannot be written: give this user the right to write its folder."
    if operational and "full" in words:
        return f"The disk of {FILE_NAME} is full: make room, then start again. Nothing was lost."
    if operational and ("unable to open" in words or "locked" in words):
        return f"The database {FILE_NAME} cannot be opened ({words.splitlines()[0]}): close other programs that use it."
    return DAMAGED
