"""From facts about a till to findings that a person can act on: each with a code, ok/attention/failed, and advice.

Pure: who gathers the facts (a running engine, or a command alone over books that may be damaged) is another's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

import msgspec

from ..domain.localtime import utc_text
from . import disk_watch

State = Literal["ok", "attention", "failed"]
CLOCK_ATTENTION, CLOCK_FAILED = 30.0, 120.0
CERTIFICATE_ATTENTION = 30
BACKUP_ATTENTION, BACKUP_FAILED = timedelta(hours=26), timedelta(hours=72)
KEY_STORES: Final = MappingProxyType(
    {
        "file": "The key is encrypted; what unlocks it is a file of this machine that only this user may read.",
        "keyring": "The key is encrypted; the system's keyring holds what unlocks it.",
        "token": "The key is in a token and never leaves it.",
    }
)
WAIT_ATTENTION, WAIT_FAILED = timedelta(minutes=10), timedelta(hours=2)


class Finding(NamedTuple):
    """One check. `subject`: the device or printer it is about, None for the till as a whole."""

    code: str
    state: State
    what: str
    advice: str | None = None
    subject: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {**self._asdict()}


class DeviceFacts(msgspec.Struct, frozen=True):
    """One device. `unreachable`: why FDMS did not answer just now, None when it did; `drift` in seconds."""

    device_id: int
    certificate_till: datetime
    unreachable: str | None = None
    drift: float | None = None
    key_problem: str | None = None
    doubt: str | None = None
    refusal: str | None = None
    queued: int = 0
    oldest: datetime | None = None
    offline_mode: bool = False
    key_store: str | None = None


class PrinterFacts(msgspec.Struct, frozen=True):
    """One printer; `advice` of what is wrong with it."""

    name: str
    state: State
    what: str
    advice: str | None = None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a till looks like now. None where it could not be found out."""

    now: datetime
    running: bool
    unclean: bool = False
    free_bytes: int | None = None
    database: str | None = None
    problems: tuple[str, ...] = ()
    schema: str | None = None
    schema_known: str
    books_doubt: str | None = None
    devices: tuple[DeviceFacts, ...] = ()
    printers: tuple[PrinterFacts, ...] = ()
    open_files: tuple[str, ...] = ()
    backup_at: datetime | None = None
    backup_failed: str | None = None
    audit_at: datetime | None = None
    lan: str | None = None
    lan_owner: bool | None = None
    crashes: int = 0


def report(facts: Facts, version: str) -> dict[str, Any]:
    """{"at", "version", "running", "state", "checks": [{code, state, what, advice, subject}]}, gravest state on top."""
    checks = list(findings(facts))
    worst: State = "ok"
    for check in checks:
        if check.state == "failed" or (check.state == "attention" and worst == "ok"):
            worst = check.state
    return {
        "at": utc_text(facts.now),
        "version": version,
        "running": facts.running,
        "state": worst,
        "checks": [check.as_dict() for check in checks],
    }


def findings(facts: Facts) -> Iterator[Finding]:
    """Every check, in the order in which a person would ask."""
    yield _engine(facts)
    yield from _database(facts)
    yield _disk(facts)
    yield _backup(facts)
    yield _keys(facts)
    if not facts.devices:
        yield Finding("DEVICES", "ok", "No device is known here.", "Register one with `fiscalmon device register`.")
    for device in facts.devices:
        yield from _device(device, facts.now)
    if not facts.printers:
        yield Finding("PRINTER", "ok", "No printer is set up.")
    for printer in facts.printers:
        yield Finding("PRINTER", printer.state, printer.what, printer.advice, printer.name)
    yield _lan(facts)
    if facts.crashes:
        what = f"{facts.crashes} crash files lie in the data folder."
        yield Finding(
            "CRASHES", "attention", what, "Make a bundle with `fiscalmon doctor --bundle FILE.zip` for support."
        )


def _engine(facts: Facts) -> Finding:
    if facts.running:
        return Finding("ENGINE", "ok", "An engine runs on this data folder.")
    if facts.unclean:
        what = "No engine runs; the last one ended without a word (a crash or a power cut)."
        return Finding("ENGINE", "attention", what, "Start fiscalmon: it checks its books by itself.")
    return Finding("ENGINE", "ok", "No engine runs on this data folder.")


def _database(facts: Facts) -> Iterator[Finding]:
    if facts.database is not None:
        yield Finding("DATABASE", "failed", facts.database, 'See docs/operations.md, "Damaged books".')
        return
    if facts.problems:
        what = f"The database has {len(facts.problems)} faults: {facts.problems[0]}"
        advice = "Stop selling, keep a copy of the data folder, restore the last backup with `fiscalmon restore FILE`."
        yield Finding("DATABASE", "failed", what, advice)
    elif facts.books_doubt is not None:
        yield Finding("DATABASE", "failed", facts.books_doubt, "Restore the last backup, or call support.")
    elif facts.schema is None:
        yield Finding("DATABASE", "ok", "There are no books yet.")
    else:
        yield Finding("DATABASE", "ok", "All pages of the database are sound.")
    if facts.schema is not None:
        older = facts.schema < facts.schema_known
        what = f"Schema {facts.schema}" + (f"; the next start brings it to {facts.schema_known}." if older else ".")
        yield Finding("SCHEMA", "ok", what)
    if facts.audit_at is not None:
        yield Finding("AUDIT", "ok", f"The chain of receipts was last found whole at {utc_text(facts.audit_at)}.")


def _disk(facts: Facts) -> Finding:
    if facts.free_bytes is None:
        return Finding("DISK", "failed", "The data folder's disk cannot be looked at.", "Is it still connected?")
    level = disk_watch.level_of(facts.free_bytes)
    what = f"{facts.free_bytes // 2**20} MiB are free."
    return Finding("DISK", level, what, None if level == "ok" else disk_watch.advice(facts.free_bytes))


def _backup(facts: Facts) -> Finding:
    advice = "Make one with `fiscalmon backup FILE`; a till that stays on makes one each night."
    if facts.backup_at is None:
        state: State = "attention" if facts.schema is not None else "ok"
        failed = f" The last try failed: {facts.backup_failed}" if facts.backup_failed else ""
        return Finding("BACKUP", state, f"No verified backup was ever made.{failed}", advice)
    age = facts.now - facts.backup_at
    state = "failed" if age >= BACKUP_FAILED else "attention" if age >= BACKUP_ATTENTION else "ok"
    what = f"The last verified backup is {_hours(age)} old."
    if facts.backup_failed:
        return Finding("BACKUP", "attention" if state == "ok" else state, what, facts.backup_failed)
    return Finding("BACKUP", state, what, None if state == "ok" else advice)


def _keys(facts: Facts) -> Finding:
    if facts.open_files:
        names = ", ".join(facts.open_files)
        what = f"Other users of this machine may read: {names}."
        return Finding("KEY_FILES", "failed", what, "Run chmod 600 on the files and chmod 700 on their folders.")
    return Finding("KEY_FILES", "ok", "Only this user may read the keys.")


def _device(device: DeviceFacts, now: datetime) -> Iterator[Finding]:
    subject = str(device.device_id)
    if device.key_problem is not None:
        yield Finding("KEY", "failed", device.key_problem, "Without its key the device signs nothing.", subject)
    elif device.key_store is not None:
        yield Finding("KEY", "ok", KEY_STORES[device.key_store], None, subject)
    if device.doubt is not None:
        yield Finding("CHAIN", "failed", device.doubt, "Run `fiscalmon audit`; call support.", subject)
    yield _certificate(device, now, subject)
    if device.refusal is not None:
        yield Finding("GATEWAY", "failed", device.refusal, "Only ZIMRA can change this.", subject)
    elif device.unreachable is not None:
        advice = "Sales go on; receipts go out by themselves later. Check the internet connection."
        yield Finding("GATEWAY", "attention", f"FDMS does not answer: {device.unreachable}", advice, subject)
    else:
        yield Finding("GATEWAY", "ok", "FDMS answers.", None, subject)
    yield _clock(device, subject)
    yield _queue(device, now, subject)


def _certificate(device: DeviceFacts, now: datetime, subject: str) -> Finding:
    days = (device.certificate_till - now) // timedelta(days=1)
    if days < 0:
        advice = "Ask ZIMRA for a new activation key and register the device again."
        return Finding("CERTIFICATE", "failed", "The certificate has expired.", advice, subject)
    what = f"The certificate holds {days} days more."
    if days <= CERTIFICATE_ATTENTION:
        advice = f"Run `fiscalmon device renew-certificate {subject}`."
        return Finding("CERTIFICATE", "attention", what, advice, subject)
    return Finding("CERTIFICATE", "ok", what, None, subject)


def _clock(device: DeviceFacts, subject: str) -> Finding:
    if device.drift is None:
        what = "The clock could not be compared with FDMS's."
        return Finding("CLOCK", "attention", what, "Check the date and time of this machine yourself.", subject)
    off = abs(device.drift)
    state: State = "failed" if off >= CLOCK_FAILED else "attention" if off >= CLOCK_ATTENTION else "ok"
    way = "ahead of" if device.drift >= 0 else "behind"
    what = f"This machine's clock is {off:.0f} s {way} FDMS's."
    return Finding("CLOCK", state, what, None if state == "ok" else "Correct the clock, or let it set itself.", subject)


def _queue(device: DeviceFacts, now: datetime, subject: str) -> Finding:
    if not device.queued or device.oldest is None:
        return Finding("QUEUE", "ok", "Nothing waits for FDMS.", None, subject)
    age = now - device.oldest
    state: State = "failed" if age >= WAIT_FAILED else "attention" if age >= WAIT_ATTENTION else "ok"
    what = f"{device.queued} receipts wait for FDMS, the oldest for {_hours(age)}."
    if device.offline_mode:
        return Finding("QUEUE", "ok", what, "In offline mode they go in files: `fiscalmon files send`.", subject)
    advice = "Nothing is lost. `fiscalmon device status` says what holds them up."
    return Finding("QUEUE", state, what, None if state == "ok" else advice, subject)


def _lan(facts: Facts) -> Finding:
    if facts.lan is not None:
        advice = "Make an account with `fiscalmon user add NAME --role owner`." if facts.lan_owner is False else None
        return Finding("LAN", "ok", f"The dashboard is served at {facts.lan}.", advice)
    return Finding("LAN", "ok", "The dashboard is not served now.")


def _hours(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 72 * 60 else f"{minutes // (24 * 60)} days"
