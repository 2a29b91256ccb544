"""The doctor without an engine: what the data folder, books that may be damaged, and FDMS itself tell a command.

Changes nothing: an empty folder stays empty, older books are not brought up to date, nothing is sent but a question.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy.exc import DatabaseError

from device.keys.device_keys import KeyRoom
from device.printers.findings import ADVICE

from . import __version__
from .books import Archive, Queue
from .clocks import SystemClock
from .data_folder import DataFolder
from .domain.errors import FiscalmonError
from .domain.localtime import parse_utc
from .domain.registered import RegisteredDevice
from .fdms.gateways import FdmsGateways
from .services.chores import AUDIT, BACKUP
from .services.diagnosis import DeviceFacts, Facts, report
from .services.doctor import ask, folder_facts, printer_facts
from .services.printer_card import books_card
from .settings import Settings
from .store.book_file import FILE_NAME
from .store.copies import LocalCopies
from .store.migrations import HEAD


async def examine(folder: DataFolder, settings: Settings) -> dict[str, Any]:
    """The report of `diagnosis.report` with nobody at work on the folder."""
    facts = Facts(
        now=datetime.now(UTC),
        running=False,
        unclean=folder.running() is not None,
        schema_known=HEAD,
        **await asyncio.to_thread(folder_facts, folder.path),
    )
    if not (folder.path / FILE_NAME).exists():
        return report(facts, __version__)
    try:
        copies = LocalCopies(folder.path)
        problems = await asyncio.to_thread(copies.problems_of_books)
        facts = msgspec.structs.replace(
            facts, problems=tuple(problems), schema=await asyncio.to_thread(_schema, folder)
        )
        if facts.schema != HEAD:
            # Older books are brought up to date by the next start, not by a look; newer ones are not understood.
            newer = (facts.schema or "") > HEAD
            text = "The books were written by a newer fiscalmon: update this one." if newer else None
            return report(msgspec.structs.replace(facts, database=text), __version__)
        read = await asyncio.to_thread(copies.look, folder.path / FILE_NAME, _read)
    except (FiscalmonError, DatabaseError, sqlite3.Error) as wrong:
        text = wrong.text if isinstance(wrong, FiscalmonError) else "The database cannot be read."
        return report(msgspec.structs.replace(facts, database=text), __version__)
    devices = await _devices(folder, settings, read.pop("registered"), read.pop("queues"), read.pop("doubts"))
    return report(msgspec.structs.replace(facts, devices=devices, **read), __version__)


def _schema(folder: DataFolder) -> str | None:
    with contextlib.closing(
        sqlite3.connect(f"{(folder.path / FILE_NAME).absolute().as_uri()}?mode=rw", uri=True)
    ) as books:
        if books.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
            return None
        row = books.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def _read(archive: Archive) -> dict[str, Any]:
    chores = archive.chores.all()
    backup, audit = chores.get(BACKUP), chores.get(AUDIT)
    counts, told = archive.prints.counts(), archive.prints.attention()
    done = {name: record.note.get("doneAt") for name, record in chores.items()}
    return {
        "backup_at": _moment(done.get(BACKUP)),
        "backup_failed": str(backup.note.get("reason")) if backup and backup.outcome == "failed" else None,
        "audit_at": _moment(done.get(AUDIT)),
        "printers": tuple(
            printer_facts(books_card(setup, told.get(setup.name), counts.get(setup.name, {}), ADVICE))
            for setup in archive.prints.printers()
        ),
        "registered": archive.devices(),
        "queues": archive.queues(),
        "doubts": dict(audit.note.get("doubts", {})) if audit and audit.outcome != "done" else {},
    }


def _moment(text: str | None) -> datetime | None:
    return parse_utc(text) if text else None


async def _devices(
    folder: DataFolder,
    settings: Settings,
    registered: list[RegisteredDevice],
    queues: dict[int, Queue],
    doubts: dict[str, str],
) -> tuple[DeviceFacts, ...]:
    keys = KeyRoom(folder.keys).keys
    gateways = FdmsGateways(keys, folder.certificates, SystemClock(), settings.gateway.timeout_seconds)

    async def one(device: RegisteredDevice) -> DeviceFacts:
        queue = queues.get(device.device_id, Queue(0, None))
        offline = device.config is not None and device.config.operating_mode == "Offline"
        key_problem = unreachable = drift = None
        try:
            keys.signer(device.device_id)
            gateway = gateways.for_device(device)
        except FiscalmonError as wrong:
            key_problem = wrong.text
        else:
            if not offline:
                unreachable = await ask(gateway.get_status)
            drift = gateway.clock_drift
            await gateway.close()
        return DeviceFacts(
            device.device_id,
            parse_utc(device.certificate_till),
            unreachable,
            drift,
            key_problem,
            doubts.get(str(device.device_id)),
            None,
            queue.depth,
            parse_utc(queue.oldest_at) if queue.depth and queue.oldest_at else None,
            offline,
            keys.place(device.device_id),
        )

    return tuple(await asyncio.gather(*(one(device) for device in registered)))
