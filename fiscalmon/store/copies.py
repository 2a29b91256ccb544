"""Copies of a data folder's books: implements books.Copies over SQLite's online backup."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError

from . import backup_file
from .archive import Archive
from .backup_file import BackupUnusable
from .book_file import FILE_NAME, damaged
from .database import asking
from .migrations import HEAD

T = TypeVar("T")


class LocalCopies:
    """Of fiscalmon.db in a data folder."""

    def __init__(self, folder: Path) -> None:
        self._books = folder / FILE_NAME

    @property
    def schema(self) -> str:
        return HEAD

    def size(self) -> int:
        wal = self._books.with_name(FILE_NAME + "-wal")
        return sum(path.stat().st_size for path in (self._books, wal) if path.exists())

    def copy(self, draft: Path) -> None:
        backup_file.copy_books(self._books, draft)

    def problems(self, draft: Path) -> list[str]:
        connection = sqlite3.connect(f"{draft.absolute().as_uri()}?mode=rw", uri=True)
        try:
            return backup_file.integrity_problems(connection)
        except sqlite3.Error as wrong:
            return [str(wrong)]
        finally:
            connection.close()

    def problems_of_books(self) -> list[str]:
        return self.problems(self._books)

    def look(self, draft: Path, query: Callable[[Archive], T]) -> T:
        engine = create_engine("sqlite://", creator=lambda: _reading(draft))
        try:
            with engine.connect() as connection:
                return query(Archive(asking(connection)))
        except (DatabaseError, sqlite3.DatabaseError) as wrong:
            raise damaged(wrong) from wrong
        finally:
            engine.dispose()

    def seal(self, draft: Path, about: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
        backup_file.seal(draft, about, files)

    def publish(self, draft: Path, target: Path) -> None:
        if target.exists() and target.stat().st_size and not backup_file.is_backup(target):
            raise BackupUnusable(f"{target} exists and is no backup of fiscalmon: choose another name.")
        draft.replace(target)
        backup_file.sync_folder(target.parent)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
