"""The world as the alert rules see it: one reading for each thing that may be wrong, with a sentence for people.

Reads what the other services know already; decides nothing and asks nobody outside.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from ..domain.alerts import Level, Reading, RuleName, level_above, level_below
from ..domain.fiscal_day import CLOSE_ADVICE, DayStatus
from ..domain.localtime import parse_local, parse_utc
from ..domain.preferences import AlertRules
from .devices import Devices, TillDevice
from .parts import Parts

log = structlog.get_logger()
Cards = Callable[[], Awaitable[list[dict[str, Any]]]]
GIB: Final = 2**30
# What nobody can know yet leaves an incident as it is.
UNKNOWN: Final[Level] = "between"


class AlertFacts:
    """`cards`: the printers as their owners see them. `folder`: whose disk is watched."""

    def __init__(self, parts: Parts, cards: Cards, folder: Path) -> None:
        self._parts = parts
        self._cards = cards
        self._folder = folder

    async def readings(self, rules: AlertRules) -> list[Reading]:
        """Everything as it is now, rules that are off left out. Raises StoreDamaged, TillBusy."""
        now = self._parts.clock.now()
        found = [*of_books(self._parts.devices)]
        for device in self._parts.devices:
            found += of_device(device, rules, now)
        found.append(await self._disk(rules))
        found += map(of_printer, await self._cards())
        return [reading for reading in found if reading.rule not in rules.off]

    async def _disk(self, rules: AlertRules) -> Reading:
        try:
            free = (await asyncio.to_thread(shutil.disk_usage, self._folder)).free
        except OSError as wrong:
            log.warning("disk.unknown", detail=str(wrong))
            return Reading("disk", "", None, UNKNOWN, "")
        limit = rules.disk_gib * GIB
        text = f"The disk has {free // 2**20} MiB left: make room, or the till stops selling when it is full."
        return Reading("disk", "", None, level_below(free, limit, limit * 1.25), text)


def of_books(devices: Devices) -> Iterator[Reading]:
    """Whether the books can be trusted: as a whole, and each device's."""
    yield Reading("books", "", None, _level(devices.doubt), devices.doubt or "The books are sound again.")
    for device in devices:
        yield _of("books", device, _level(device.doubt), device.doubt or "The books are sound again.")


def of_device(device: TillDevice, rules: AlertRules, now: datetime) -> list[Reading]:
    """What may be wrong with one device."""
    blocked = device.blocked or (device.refusal if device.queued else None)
    return [
        _of("queue-blocked", device, _level(blocked), blocked or "The queue moves again."),
        _waiting(device, rules, now),
        _day(device, rules, now),
        _close(device),
        _certificate(device, rules, now),
        _clock(device, rules),
    ]


def of_printer(card: dict[str, Any]) -> Reading:
    """Whether a printer prints."""
    name, state = card["name"], card["state"]
    level: Level = "on" if state in ("stopped", "away") else "off" if state in ("ready", "attention") else UNKNOWN
    advice = next((found["advice"] for found in card["findings"] if found["advice"]), "Look at it.")
    text = f"Printer {name} does not print. {advice}" if level == "on" else f"Printer {name} prints again."
    return Reading("printer", name, card["deviceID"], level, text)


def _of(rule: RuleName, device: TillDevice, level: Level, text: str) -> Reading:
    return Reading(rule, str(device.device_id), device.device_id, level, text)


def _level(trouble: str | None) -> Level:
    return "on" if trouble else "off"


def _waiting(device: TillDevice, rules: AlertRules, now: datetime) -> Reading:
    if not device.queued or device.oldest_at is None or device.offline_mode:
        return _of("queue-waiting", device, "off", f"Nothing waits on device {device.device_id} any more.")
    hours = (now - parse_utc(device.oldest_at)) / timedelta(hours=1)
    text = (
        f"Device {device.device_id}: {device.queued} receipts wait for FDMS, the oldest for {hours:.1f} h. "
        "Look whether the Internet works; they go out by themselves."
    )
    return _of("queue-waiting", device, level_above(hours, rules.waiting_hours, rules.waiting_hours / 2), text)


def _day(device: TillDevice, rules: AlertRules, now: datetime) -> Reading:
    day = device.day
    if day is None or day.status == DayStatus.CLOSED:
        return _of("day-long", device, "off", f"The fiscal day of device {device.device_id} is closed.")
    hours = (now - parse_local(day.opened)) / timedelta(hours=1)
    text = f"Device {device.device_id}: day {day.fiscal_day_no} has been open for {hours:.0f} h. Close it."
    return _of("day-long", device, level_above(hours, rules.day_hours, rules.day_hours), text)


def _close(device: TillDevice) -> Reading:
    day = device.day
    if day is None or day.status != DayStatus.CLOSE_FAILED:
        # While another close is under way it is not known whether the trouble is over.
        level = UNKNOWN if day is not None and day.status == DayStatus.CLOSE_INITIATED else "off"
        return _of("day-close-failed", device, level, f"Device {device.device_id} has no day that failed to close.")
    advice = CLOSE_ADVICE.get(day.closing_error or "", "FDMS refused to close the day.")
    return _of("day-close-failed", device, "on", f"Device {device.device_id}: {advice}")


def _certificate(device: TillDevice, rules: AlertRules, now: datetime) -> Reading:
    days = (parse_utc(device.registered.certificate_till) - now).days
    text = f"The certificate of device {device.device_id} is valid for {days} days more."
    if days < 0:
        text = f"The certificate of device {device.device_id} has expired: ask ZIMRA to register the device again."
    elif days <= rules.certificate_days:
        text = f"The certificate of device {device.device_id} expires in {days} days: renew it."
    return _of("certificate", device, level_below(days, rules.certificate_days, rules.certificate_days), text)


def _clock(device: TillDevice, rules: AlertRules) -> Reading:
    # Before FDMS has answered there is no connection, and none is made for this.
    drift = device.gateway.clock_drift if device.online else None
    if drift is None:
        return _of("clock", device, UNKNOWN, "")
    level = level_above(abs(drift), rules.clock_seconds, rules.clock_seconds / 2)
    text = f"The till's clock differs from FDMS's by {abs(drift):.0f} s: set it, best by itself from the Internet."
    return _of("clock", device, level, text if level == "on" else "The till's clock is right again.")
