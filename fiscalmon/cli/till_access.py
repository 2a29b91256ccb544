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
from ..domain.errors import FiscalmonError

if TYPE_CHECKING:
    from ..control import ControlClient
    from .books_only import BooksOnly

# Several commands may start at once on a slow machine: each waits its turn, none fails because others run.
TAKEOVER_SECONDS = 60.0
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
        "receipts.slips",
        "printer.list",
        "printer.jobs",
    }
)
# What may be asked again when an engine ended before it answered: a saleId is never recorded twice.
REPEATABLE = READING | {"submit", "check", "audit", "metrics", "device.ping", "device.config"}


# How an engine says that it ended, or that it is about to.
GONE = frozenset({"CONTROL", "TILL_STOPPING"})


class Access(Protocol):
    """Runs operations."""

    async def operate(self, operation: str, arguments: dict[str, Any]) -> Any:
        """The result. Raises FiscalmonError."""


@asynccontextmanager
async def access(folder: DataFolder, operation: str, config: Path | None = None) -> AsyncIterator[Access]:
    """The engine for an operation; an engine of our own (set up by `config`) is stopped in order afterwards."""
    given = _Given(folder, config)
    linger = 0.0
    try:
        await given.find(operation)
        yield given
        linger = LINGER_SECONDS
    finally:
        await given.leave(linger)


class _Given:
    """Whatever engine there is; when it ends in the middle of our work, the next one goes on with it."""

    def __init__(self, folder: DataFolder, config: Path | None) -> None:
        self._folder = folder
        self._config = config
        self._engine: ControlClient | BooksOnly | _OwnEngine | None = None
        self._finding = asyncio.Lock()

    async def operate(self, operation: str, arguments: dict[str, Any]) -> Any:
        give_up = time.monotonic() + TAKEOVER_SECONDS
        while True:
            engine = await self.find(operation)
            try:
                return await engine.operate(operation, arguments)
            except FiscalmonError as gone:
                if gone.code not in GONE or operation not in REPEATABLE or time.monotonic() > give_up:
                    raise
                await self._drop(engine)
                await asyncio.sleep(0.1)

    async def find(self, operation: str) -> ControlClient | BooksOnly | _OwnEngine:
        """The engine that was found, else the one that is there now. Raises FolderInUse when none can be had."""
        async with self._finding:
            if self._engine is None:
                self._engine = await _find(self._folder, operation, self._config)
            return self._engine

    async def leave(self, linger: float) -> None:
        """Let go of it."""
        if isinstance(self._engine, _OwnEngine):
            self._engine.linger = linger
        if self._engine is not None:
            await self._engine.close()

    async def _drop(self, engine: ControlClient | BooksOnly | _OwnEngine) -> None:
        async with self._finding:
            if self._engine is engine:
                self._engine = None
                await engine.close()


async def _find(folder: DataFolder, operation: str, config: Path | None) -> ControlClient | BooksOnly | _OwnEngine:
    give_up = time.monotonic() + TAKEOVER_SECONDS
    while True:
        client = await _running(folder)
        if client is not None:
            return client
        if operation in READING:
            from .books_only import BooksOnly

            return BooksOnly(folder)
        try:
            return await _OwnEngine.start(folder, config)
        except FolderInUse:
            # It is starting or stopping: its address will appear, or its lock will go.
            if time.monotonic() > give_up:
                raise
            await asyncio.sleep(0.1)


async def _running(folder: DataFolder) -> ControlClient | None:
    """The engine that runs on the folder; its client is imported only where there is one."""
    address = folder.running()
    if address is None:
        return None
    from ..control import ControlClient

    client = ControlClient(address)
    return client if await client.connect() else None


class _OwnEngine:
    """An engine for one command.

    `linger`: seconds that receipts which were just signed get to reach FDMS and paper; the rest waits for the next one.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.linger = 0.0

    @classmethod
    async def start(cls, folder: DataFolder, config: Path | None) -> _OwnEngine:
        from ..bootstrap import start_engine
        from ..logs import log_to
        from ..settings import load_settings

        log_to(folder.logs)
        return cls(await start_engine(folder, settings=load_settings(folder.path, config)))

    async def operate(self, operation: str, arguments: dict[str, Any]) -> Any:
        return await self._engine.operations.run(operation, arguments)

    async def close(self) -> None:
        """Linger, then stop in order."""
        until = time.monotonic() + self.linger
        try:
            while time.monotonic() < until and self._sending():  # noqa: ASYNC110 - nobody signals an empty queue
                await asyncio.sleep(0.05)
        finally:
            await self._engine.stop()

    def _sending(self) -> bool:
        return self._engine.till.printing.busy or any(
            device.queued and device.online is not False and not device.offline_mode for device in self._engine.devices
        )
