"""The store of a till as services use it: `write` a job durably, `read` anything, both without blocking the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from .archive import Archive
from .database import open_engine
from .writer import Work, Writer

T = TypeVar("T")
READERS = 3


class LocalStore:
    """fiscalmon.db in a data folder. Raises StoreDamaged when it cannot be trusted."""

    def __init__(self, folder: Path, before_commit: Callable[[], None] | None = None) -> None:
        self._engine = open_engine(folder, readers=READERS)
        self._writer = Writer(self._engine, before_commit)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="fiscalmon-reader")
        self.archive = Archive(self._engine)
        self._writer.start()

    async def write(self, job: Callable[[Work], T]) -> T:
        """Run a job in a transaction; returns once it is on the disk."""
        return await self._writer.run(job)

    async def read(self, query: Callable[[Archive], T]) -> T:
        """Run a query on a reader thread."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, query, self.archive)

    def close(self) -> None:
        """Finish what waits, close the file. Blocks until done."""
        self._writer.close()
        self._readers.shutdown(wait=True)
        self._engine.dispose()
