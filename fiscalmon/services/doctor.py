"""The doctor inside a running engine: asks each device's gateway, the books, the disk and the printers how they are."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from .. import __version__
from ..books.copies import Copies
from ..domain.errors import FiscalmonError
from ..domain.localtime import parse_utc
from .chores import AUDIT, BACKUP, Chores
from .devices import TillDevice
from .diagnosis import DeviceFacts, Facts, PrinterFacts, State, report
from .parts import Parts

ASK_SECONDS = 8.0
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
Cards = Callable[[], Awaitable[list[dict[str, Any]]]]


class Doctor:
    """`cards` gives the printers, `place` what keeps a device's key."""

    def __init__(
        self, parts: Parts, chores: Chores, copies: Copies, folder: Path, cards: Cards, place: Callable[[int], str]
    ) -> None:
        self._place = place
        self._parts = parts
        self._chores = chores
        self._copies = copies
        self._folder = folder
        self._cards = cards

    async def examine(self, lan: str | None) -> dict[str, Any]:
        """The report of `diagnosis.report`."""
        devices = tuple(await asyncio.gather(*(self._device(device) for device in self._parts.devices)))
        backup = self._chores.last(BACKUP)
        failed = backup is not None and backup.outcome == "failed"
        facts = Facts(
            now=self._parts.clock.now(),
            running=True,
            problems=tuple(await asyncio.to_thread(self._copies.problems_of_books)),
            schema=self._copies.schema,
            schema_known=self._copies.schema,
            books_doubt=self._parts.devices.doubt,
            devices=devices,
            printers=tuple(printer_facts(card) for card in await self._cards()),
            backup_at=self._chores.done_at(BACKUP),
            backup_failed=str(backup.note.get("reason")) if failed and backup is not None else None,
            audit_at=self._chores.done_at(AUDIT),
            lan=lan,
            **await asyncio.to_thread(folder_facts, self._folder),
        )
        return report(facts, __version__)

    async def _device(self, device: TillDevice) -> DeviceFacts:
        key_problem = unreachable = None
        try:
            _ = device.signer
        except FiscalmonError as wrong:
            key_problem = wrong.text
        if not device.offline_mode and key_problem is None:
            unreachable = await ask(device.gateway.get_status)
        return DeviceFacts(
            device.device_id,
            parse_utc(device.registered.certificate_till),
            unreachable,
            device.gateway.clock_drift if key_problem is None else None,
            key_problem,
            device.doubt,
            device.refusal,
            device.queued,
            parse_utc(device.oldest_at) if device.queued and device.oldest_at else None,
            device.offline_mode,
            self._place(device.device_id),
        )


async def ask(question: Callable[[], Awaitable[object]]) -> str | None:
    """None when FDMS answered, else why it did not."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            await question()
    except TimeoutError:
        return f"no answer within {ASK_SECONDS:g} s."
    except FiscalmonError as wrong:
        return wrong.text
    return None


def printer_facts(card: dict[str, Any]) -> PrinterFacts:
    """A printer's card as the doctor tells it."""
    # Nobody asks the printer now; what it suffered from last has not gone away by that.
    unknown: State = "attention" if card["findings"] else "ok"
    states: dict[str, State] = {"ready": "ok", "attention": "attention", "unknown": unknown}
    found = " ".join(f"{one['code']}: {one['advice']}".strip(" :") for one in card["findings"])
    waiting = f"; {card['waiting']} slips wait" if card["waiting"] else ""
    return PrinterFacts(card["name"], states.get(card["state"], "failed"), f"{card['state']}{waiting}.", found or None)


def folder_facts(folder: Path) -> dict[str, Any]:
    """What the data folder itself tells, without its books: free_bytes, open_files, crashes. Blocks."""
    try:
        free: int | None = shutil.disk_usage(folder).free
    except OSError:
        free = None
    return {
        "free_bytes": free,
        "open_files": tuple(open_files(folder)),
        "crashes": len(list((folder / "crashes").glob("*.json"))),
    }


def open_files(folder: Path) -> list[str]:
    """Secrets that others may read or exchange, named within the folder. POSIX only."""
    if os.name != "posix":
        return []
    secrets = [folder / "keys", *_inside(folder / "keys"), *_inside(folder / "tls", "*.key"), folder / "accounts.db"]
    return [str(path.relative_to(folder)) for path in secrets if path.exists() and path.stat().st_mode & _OTHERS]


def _inside(folder: Path, form: str = "*") -> list[Path]:
    return sorted(folder.glob(form)) if folder.is_dir() else []
