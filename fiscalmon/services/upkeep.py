"""The engine's own housekeeping: checks, backup and pruning at night, the disk by day, a check after an unclean stop.

One task; each chore at its hour, one after the other. A chore that fails is tried again and never ends the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog

from ..correlation import correlated
from ..domain.errors import FiscalmonError
from ..domain.preferences import BackupPlan
from .audit import Audit
from .backup import Backup, Premises
from .chores import AUDIT, BACKUP, INTEGRITY, LOGS, Chores
from .disk_watch import DiskWatch
from .integrity import Integrity
from .parts import Parts
from .preferences import Preferences

log = structlog.get_logger()
LOOK_SECONDS = 60.0
DAMAGE_SECONDS = 1.0


class Upkeep:
    """`load` at a start, `run` for an engine that stays."""

    def __init__(self, parts: Parts, preferences: Preferences, audit: Audit, premises: Premises) -> None:
        self._preferences = preferences
        self._premises = premises
        self.chores = Chores(parts.store, parts.clock)
        self.backup = Backup(parts, self.chores, preferences, premises)
        self.integrity = Integrity(parts, self.chores, premises.copies, audit)
        self._disk = DiskWatch(parts, premises.folder)
        self._damage_seen = False
        self._jobs: tuple[tuple[str, Callable[[], Awaitable[object]]], ...] = (
            (INTEGRITY, self.integrity.check_pages),
            (AUDIT, self.integrity.check_chain),
            (BACKUP, self._back_up),
            (LOGS, self._prune),
        )

    def operations(self) -> dict[str, Callable[[dict[str, Any]], Awaitable[Any]]]:
        """What commands may ask of it, by name."""
        return {"backup": lambda given: self.backup.make(Path(given["file"]), given.get("passphrase"))}

    async def load(self, *, unclean: bool) -> None:
        """Read what was done before. After an unclean stop the books are looked at as soon as somebody has the time."""
        await self.chores.load()
        await self.integrity.recall()
        if unclean:
            for name in (INTEGRITY, AUDIT):
                before = self.chores.last(name)
                await self.chores.ask(name, before.note if before is not None else {})

    async def run(self) -> None:
        """Look at the clock, do what is due, sleep."""
        looked = float("-inf")
        while True:
            await self.mind_damage()
            if asyncio.get_running_loop().time() - looked >= LOOK_SECONDS:
                await self._begin()
                await self.turn()
                looked = asyncio.get_running_loop().time()
            await asyncio.sleep(DAMAGE_SECONDS)

    async def _begin(self) -> None:
        try:
            for name, _ in self._jobs:
                await self.chores.begin(name)
        except FiscalmonError as wrong:
            # The books take nothing now: there is more to be done than chores, and the next look tries again.
            log.error("chore.unrecorded", code=wrong.code)

    async def mind_damage(self) -> None:
        """Somebody came across damaged pages: look at all of them at once, not at night."""
        if self._premises.damage_met() and not self._damage_seen:
            self._damage_seen = True
            await self._do(INTEGRITY, self.integrity.check_pages)

    async def turn(self) -> None:
        """Whatever is due now."""
        at = self._preferences.get(BackupPlan).at
        for name, job in self._jobs:
            if self.chores.is_due(name, at):
                await self._do(name, job)
        try:
            await self._disk.look()
        except (FiscalmonError, OSError) as wrong:
            log.warning("disk.unknown", detail=str(wrong))

    async def _do(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        with correlated():
            try:
                await job()
            except Exception as wrong:
                # Whatever it is: the other chores must be done, and this one is tried again.
                known = isinstance(wrong, FiscalmonError)
                log.error("chore.failed", chore=name, exc_info=None if known else wrong, detail=str(wrong))
                try:
                    await self.chores.failed(name, {"reason": str(wrong) if known else type(wrong).__name__})
                except FiscalmonError as refused:
                    log.error("chore.unrecorded", chore=name, code=refused.code)

    async def _back_up(self) -> None:
        if self._preferences.get(BackupPlan).nightly:
            await self.backup.nightly()

    async def _prune(self) -> None:
        gone = await asyncio.to_thread(self._premises.prune_logs)
        await self.chores.done(LOGS, {"removed": gone})
