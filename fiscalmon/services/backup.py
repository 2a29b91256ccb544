"""Backups while the till goes on: a copy of one moment, looked through by page and by receipt, then sealed.

Only a copy whose chain holds gets the name of a backup. Knows no SQL; what is secret comes to it already sealed.
"""

from __future__ import annotations

import asyncio
import errno
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from .. import __version__
from ..books import Archive
from ..books.copies import Copies
from ..domain.errors import BadInput, FiscalmonError
from ..domain.localtime import utc_text
from ..domain.preferences import BackupPlan
from ..events import BACKUP_FAILED, BACKUP_MADE
from .backup_shelf import Shelf
from .chain_walk import Break, walk_chain
from .chores import BACKUP, Chores
from .parts import Parts
from .preferences import Preferences

log = structlog.get_logger()
# What a disk must have left after the copy: the till goes on selling on it.
SPARE_BYTES = 64 * 1024 * 1024


class BackupFailed(FiscalmonError):
    """No backup was made; nothing else changed."""

    code = "BACKUP_FAILED"


class Baggage(NamedTuple):
    """What goes along with the books: plain files now, keys only sealed by a passphrase. Both block."""

    files: Callable[[], Mapping[str, bytes]]
    sealed_keys: Callable[[str], bytes]


class Premises(NamedTuple):
    """What there is outside the books: the data folder, copies of the books, what a backup takes along, old logs.

    `damage_met`: whether anybody has come across damaged pages since the start.
    """

    folder: Path
    copies: Copies
    baggage: Baggage
    prune_logs: Callable[[], int]
    damage_met: Callable[[], bool] = lambda: False


class Backup:
    """One backup at a time."""

    def __init__(self, parts: Parts, chores: Chores, preferences: Preferences, premises: Premises) -> None:
        self._parts = parts
        self._chores = chores
        self._preferences = preferences
        self._folder, self._copies, self._baggage = premises[:3]
        self._lock = asyncio.Lock()

    async def make(self, target: Path, passphrase: str | None = None) -> dict[str, Any]:
        """A verified backup in one file: {"file", "bytes", "at", "schema", "devices", "receipts", "withKeys"}.

        `passphrase`: take the keys along, sealed by it. Raises BackupFailed, BadInput, StoreDamaged, KeyUnavailable.
        """
        if not target.is_absolute():
            raise BadInput("A backup needs a full path.")
        async with self._lock:
            return await self._make(target, passphrase)

    async def nightly(self) -> str:
        """The copy of this night, into the shelf of daily and weekly ones; a sentence on how it went."""
        plan = self._preferences.get(BackupPlan)
        shelf = Shelf(Path(plan.folder) if plan.folder else self._folder / "backups")
        async with self._lock:
            target = await asyncio.to_thread(shelf.place, self._parts.clock.now())
            made = await self._make(target, None)
            await asyncio.to_thread(shelf.tidy, plan.daily, plan.weekly)
        return f"{made['receipts']} receipts in {target.name}"

    async def _make(self, target: Path, passphrase: str | None) -> dict[str, Any]:
        try:
            made = await asyncio.to_thread(self._make_now, target, passphrase, utc_text(self._parts.clock.now()))
        except FiscalmonError as wrong:
            log.error("backup.failed", code=wrong.code, text=wrong.text, detail=wrong.detail)
            await self._tell(BACKUP_FAILED, {"reason": wrong.text})
            raise
        log.info("backup.made", receipts=made["receipts"], size=made["bytes"])
        await self._chores.done(BACKUP, made)
        await self._tell(BACKUP_MADE, {key: value for key, value in made.items() if key != "file"})
        return made

    async def _tell(self, type_: str, data: dict[str, Any]) -> None:
        at = utc_text(self._parts.clock.now())
        try:
            message = await self._parts.store.write(lambda work: work.events.add(type_, at, None, data))
        except FiscalmonError as wrong:
            # The books take nothing: whoever asked is told by what is raised, everybody else by the log.
            log.error("an event could not be recorded", code=wrong.code, text=wrong.text)
            return
        self._parts.announcer.tell(message)

    def _make_now(self, target: Path, passphrase: str | None, at: str) -> dict[str, Any]:
        draft = target.with_name(f".{target.name}.new")
        try:
            # A folder that is not there is a stick that is not in, or a slip of the pen: never made here.
            if not target.parent.is_dir():
                raise BackupFailed(f"There is no folder {target.parent}: make it, or put the stick in.")
            self._find_room(target.parent)
            files = dict(self._baggage.files())
            if passphrase is not None:
                files["keys"] = self._baggage.sealed_keys(passphrase)
            self._copies.copy(draft)
            facts = self._verified(draft)
            about = {
                "at": at, "fiscalmon": __version__, "schema": self._copies.schema, "withKeys": "keys" in files, **facts,
            }  # fmt: skip
            self._copies.seal(draft, about, files)
            size = draft.stat().st_size
            self._copies.publish(draft, target)
        except OSError as wrong:
            raise BackupFailed(_sentence(target, wrong), str(wrong)) from wrong
        finally:
            for rest in (draft, draft.with_name(draft.name + "-journal")):
                rest.unlink(missing_ok=True)
        return {"file": str(target), "bytes": size, "verified": True, **about}

    def _find_room(self, folder: Path) -> None:
        free, needed = shutil.disk_usage(folder).free, self._copies.size() + SPARE_BYTES
        if free < needed:
            raise BackupFailed(
                f"The disk of {folder} has {free // 2**20} MiB left, a backup needs {needed // 2**20}: "
                "make room or choose another folder."
            )

    def _verified(self, draft: Path) -> dict[str, Any]:
        """What is in the copy, once every page and every receipt of it was looked at. Raises BackupFailed."""
        problems = self._copies.problems(draft)
        if problems:
            raise BackupFailed(
                "The books have damaged pages, so their copy was not kept as a backup: do not delete earlier backups, "
                "stop selling, and restore the last good one.",
                "; ".join(problems),
            )
        facts, breaks = self._copies.look(draft, walk_books)
        if breaks:
            first = breaks[0]
            raise BackupFailed(
                f"The chain of receipts does not hold ({len(breaks)} breaks; device {first.device_id}: {first.what}), "
                "so this copy was not kept as a backup: keep earlier ones, run `fiscalmon audit`, call support."
            )
        return facts


def walk_books(archive: Archive) -> tuple[dict[str, Any], list[Break]]:
    """Every device's chain: what the books hold, and what is wrong with it."""
    walks = [walk_chain(device.device_id, device.certificate_pem, archive) for device in archive.devices()]
    facts = {
        "devices": [walk.device_id for walk in walks],
        "receipts": sum(walk.receipts for walk in walks),
        "lastReceiptGlobalNo": {str(walk.device_id): walk.global_no for walk in walks},
        "lastSeq": archive.last_seq(),
    }
    return facts, [found for walk in walks for found in walk.breaks]


def _sentence(target: Path, wrong: OSError) -> str:
    if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {target} is full: make room or choose another folder. The till itself goes on."
    if wrong.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{target} cannot be written: give this user the right, or choose another folder."
    return f"{target} cannot be written: {wrong.strerror or wrong}. Choose another folder."
