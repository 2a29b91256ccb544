"""Which engine a command works with: the one that runs on the data folder, else one of its own, else just the books.

The three answer the same operations, so commands do not care.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..data_folder import DataFolder, FolderInUse

if TYPE_CHECKING:
    from ..control import ControlClient

TAKEOVER_SECONDS = 15.0
LINGER_SECONDS = 10.0
# What the books alone can answer: no engine is started for these, and FDMS is not asked.
READING = frozenset(
    {
        "device.list",
        "device.status",
        "day.status",
        "receipts.list",
        "receipts.show",
        "events",
        "day.report",
        "receipts.document",
    }
)


class Access(Protocol):
    """Runs operations."""

    async def operate(self, operation: str, arguments: dict[str, Any]) -> Any:
        """The result. Raises FiscalmonError."""


@asynccontextmanager
async def access(folder: DataFolder, operation: str, config: Path | None = None) -> AsyncIterator[Access]:
    """The engine for an operation; an engine of our own (set up by `config`) is stopped in order afterwards."""
    give_up = time.monotonic() + TAKEOVER_SECONDS
    while True:
        client = await _running(folder)
        if client is not None:
            try:
                yield client
            finally:
                await client.close()
            return
        if operation in READING:
            from .books_only import BooksOnly

            books = BooksOnly(folder)
            try:
                yield books
            finally:
                books.close()
            return
        try:
            own = await _OwnEngine.start(folder, config)
        except FolderInUse:
            # It is starting or stopping: its address will appear, or its lock will go.
            if time.monotonic() > give_up:
                raise
            await asyncio.sleep(0.1)
            continue
        linger = 0.0
        try:
            yield own
            linger = LINGER_SECONDS
        finally:
            await own.stop(linger)
        return


async def _running(folder: DataFolder) -> ControlClient | None:
    """The engine that runs on the folder; its client is imported only where there is one."""
    address = folder.running()
    if address is None:
        return None
    from ..control import ControlClient

    client = ControlClient(address)
    return client if await client.connect() else None


class _OwnEngine:
    """An engine for one command."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    @classmethod
    async def start(cls, folder: DataFolder, config: Path | None) -> _OwnEngine:
        from ..bootstrap import start_engine
        from ..logs import log_to
        from ..settings import load_settings

        log_to(folder.logs)
        return cls(await start_engine(folder, settings=load_settings(folder.path, config)))

    async def operate(self, operation: str, arguments: dict[str, Any]) -> Any:
        return await self._engine.operations.run(operation, arguments)

    async def stop(self, linger: float) -> None:
        """Give receipts that were just signed so many seconds to reach FDMS; what stays waits for the next engine."""
        until = time.monotonic() + linger
        try:
            while time.monotonic() < until and self._sending():  # noqa: ASYNC110 - nobody signals an empty queue
                await asyncio.sleep(0.05)
        finally:
            await self._engine.stop()

    def _sending(self) -> bool:
        return any(device.queued and device.online is not False for device in self._engine.devices)
