"""The file of the books: its name, and what an error of SQLite in it means to people. Opens nothing."""

from __future__ import annotations

import sqlite3

from ..domain.errors import FiscalmonError, StoreDamaged

FILE_NAME = "fiscalmon.db"
DAMAGED = (
    f"The database {FILE_NAME} is damaged and was left as it is: keep a copy of the file and restore the last "
    "backup before selling."
)


FAULT = (
    "The program asked its books for something that they cannot answer. That is a fault of the program, not of the "
    "file: send support a bundle (fiscalmon doctor --bundle FILE.zip)."
)


def explained(wrong: Exception) -> FiscalmonError:
    """An error of SQLite while the books were open: a query that is wrong says nothing about the file."""
    return FiscalmonError(FAULT, str(wrong)) if _of_the_query(wrong) else damaged(wrong)


def damaged(wrong: Exception) -> StoreDamaged:
    """What an error of SQLite means to people, and what to do."""
    return StoreDamaged(_advice(wrong), str(wrong))


def _of_the_query(wrong: Exception) -> bool:
    said = getattr(wrong, "orig", wrong)
    if isinstance(said, sqlite3.ProgrammingError | sqlite3.InterfaceError | sqlite3.NotSupportedError):
        return True
    # A table that is gone may be the file's fault, a column, a function or a word of SQL is not.
    code = getattr(said, "sqlite_errorcode", None)
    return code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_MISMATCH) and "no such table" not in str(
        said
    )


def _advice(wrong: Exception) -> str:
    # SQLAlchemy wraps what the driver says.
    words = str(wrong).lower()
    operational = isinstance(getattr(wrong, "orig", wrong), sqlite3.OperationalError)
    if operational and "readonly" in words:
        return f"The database {FILE_NAME} cannot be written: give this user the right to write its folder."
    if operational and "full" in words:
        return f"The disk of {FILE_NAME} is full: make room, then start again. Nothing was lost."
    if operational and "unable to open" in words:
        return (
            f"The database {FILE_NAME} cannot be opened: it lies on a disk that cannot be written, or this user may "
            "not write its folder. Mend that, then try again."
        )
    if operational and "locked" in words:
        return f"The database {FILE_NAME} cannot be opened ({words.splitlines()[0]}): close other programs that use it."
    return DAMAGED
