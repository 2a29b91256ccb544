"""The store of a till as services use it: `write` a job durably, `read` anything, both without blocking the loop."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DatabaseError

from ..domain.errors import FiscalmonError, StoreDamaged
from .archive import Archive
from .book_file import DAMAGED, FILE_NAME, explained
from .database import asking, check, open_engine
from .writer import Work, Writer

T = TypeVar("T")
READERS = 3
# A damaged file is found before the start ends, unless it is so large that looking at all of it would delay the till:
# then what is known is shown meanwhile, and selling waits.
CHECKED_AT_ONCE = 8 * 1024 * 1024
CHECK_SECONDS = 0.5


class LocalStore:
    """fiscalmon.db in a data folder. Raises StoreDamaged when it cannot be trusted.

    Nothing is written before every page of the file has been looked at once.
    """

    def __init__(self, folder: Path, before_commit: Callable[[], None] | None = None) -> None:
        self._engine = open_engine(folder, readers=READERS)
        self._damaged = False
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="fiscalmon-reader")
        checked = self._readers.submit(self._check)
        self._writer = Writer(self._engine, checked.result, before_commit)
        self.archive = Archive(asking(self._engine))
        self._writer.start()
        try:
            if (folder / FILE_NAME).stat().st_size <= CHECKED_AT_ONCE:
                with suppress(TimeoutError):
                    checked.result(CHECK_SECONDS)
        except BaseException:
            self.close()
            raise

    async def write(self, job: Callable[[Work], T]) -> T:
        """Run a job in a transaction; returns once it is on the disk."""
        try:
            return await self._writer.run(job)
        except StoreDamaged as wrong:
            self._met(wrong)
            raise

    async def read(self, query: Callable[[Archive], T]) -> T:
        """Run a query on a reader thread; whatever it asks, it sees the books at one moment."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._look, query)

    def _look(self, query: Callable[[Archive], T]) -> T:
        try:
            with self._engine.connect() as connection:
                return query(Archive(asking(connection)))
        except (DatabaseError, sqlite3.DatabaseError) as wrong:
            raise self._met(explained(wrong)) from wrong

    def damage_met(self) -> bool:
        """Whether damaged pages were come across since the start."""
        return self._damaged

    def _check(self) -> None:
        try:
            check(self._engine)
        except StoreDamaged as wrong:
            self._met(wrong)
            raise

    def _met(self, wrong: FiscalmonError) -> FiscalmonError:
        self._damaged = self._damaged or wrong.text == DAMAGED
        return wrong

    def hurry(self) -> None:
        """The till stops: whoever waits for another program to let go of the file is refused."""
        self._writer.hurry()

    def close(self) -> None:
        """Finish what waits, close the file. Blocks until done."""
        self._writer.close()
        self._readers.shutdown(wait=True)
        self._engine.dispose()
