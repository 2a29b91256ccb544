"""Fiscal days as they are told: the newest day of a device for screens, and the lasting messages about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..books import Work
from ..domain.day_limit import day_end, end_warning, hours_left
from ..domain.day_record import DayRecord
from ..domain.fiscal_day import DayStatus
from ..domain.localtime import local_text, utc_text
from ..events import Message
from .devices import TillDevice
from .parts import Parts


class DayNews:
    """Reads days back from the books after a change and tells of them. One for all devices."""

    def __init__(self, parts: Parts) -> None:
        self._store = parts.store
        self._clock = parts.clock
        self._announcer = parts.announcer

    async def reload(self, device: TillDevice) -> None:
        """Take the device's newest day from the books."""
        days = await self._store.read(lambda archive: archive.last_days())
        device.day = days.get(device.device_id)

    async def change(
        self, device: TillDevice, step: Callable[[Work], None], type_: str, more: dict[str, Any] | None = None
    ) -> None:
        """A step of the newest day and the lasting message about it, in one transaction: none without the other."""
        device_id, day_no = device.device_id, device.day.fiscal_day_no if device.day else 0
        count, totals = await self._store.read(lambda archive: archive.day_totals(device_id, day_no))
        at = utc_text(self._clock.now())

        def job(work: Work) -> Message:
            step(work)
            facts = _facts(device_id, work.days.last(device_id), count, totals)
            return work.events.add(type_, at, device_id, {**facts, **(more or {})})

        message = await self._store.write(job)
        await self.reload(device)
        self._announcer.tell(message)

    async def tell(
        self, device: TillDevice, type_: str, data: dict[str, Any] | None = None, more: dict[str, Any] | None = None
    ) -> None:
        """A lasting message with the day's facts, or with `data` in their place."""
        facts = {**(await self._read_facts(device) if data is None else data), **(more or {})}
        at = utc_text(self._clock.now())
        message = await self._store.write(lambda work: work.events.add(type_, at, device.device_id, facts))
        self._announcer.tell(message)

    async def tell_once(self, device: TillDevice, type_: str, day: DayRecord) -> None:
        """A lasting message about a day, unless the log has it."""
        facts, at = await self._read_facts(device), utc_text(self._clock.now())

        def job(work: Work) -> Message | None:
            if work.events.told(type_, device.device_id, day.fiscal_day_no):
                return None
            return work.events.add(type_, at, device.device_id, facts)

        message = await self._store.write(job)
        if message is not None:
            self._announcer.tell(message)

    async def _read_facts(self, device: TillDevice) -> dict[str, Any]:
        device_id, day_no = device.device_id, device.day.fiscal_day_no if device.day else 0
        count, totals = await self._store.read(lambda archive: archive.day_totals(device_id, day_no))
        return _facts(device_id, device.day, count, totals)


def _facts(device_id: int, day: DayRecord | None, receipts: int, totals: dict[str, Decimal]) -> dict[str, Any]:
    if day is None:
        return {"deviceID": device_id}
    return {
        "deviceID": device_id,
        "fiscalDayNo": day.fiscal_day_no,
        "fiscalDayOpened": day.opened,
        "fiscalDayClosed": day.closed,
        "totals": totals,
        "receipts": receipts,
    }


def describe_day(device: TillDevice, now: datetime) -> dict[str, Any]:
    """A device's newest day as `day status` prints it; hours left while it is open."""
    day, config, local = device.day, device.registered.config, local_text(now)
    limited = day is not None and config is not None and day.status != DayStatus.CLOSED
    return {
        "deviceID": device.device_id,
        "fiscalDayNo": day.fiscal_day_no if day else None,
        "fiscalDayStatus": device.day_status,
        "fiscalDayOpened": day.opened if day else None,
        "fiscalDayClosed": day.closed if day else None,
        "fiscalDayClosingErrorCode": day.closing_error if day else None,
        "fiscalDayReconciliationMode": day.reconciliation_mode if day else None,
        "fiscalDayEnds": day_end(day.opened, config) if limited and day and config else None,
        "hoursLeft": hours_left(day.opened, config, local) if limited and day and config else None,
        "warning": end_warning(day.fiscal_day_no, day.opened, config, local) if limited and day and config else None,
        "announced": bool(day.announced) if day else None,
        "adopted": bool(day.adopted) if day else None,
        "queueDepth": device.queued,
    }


def in_words(status: str) -> str:
    """A day's state in a sentence for people."""
    return {
        "FiscalDayClosed": "closed",
        "FiscalDayOpened": "open",
        "FiscalDayCloseInitiated": "being closed",
        "FiscalDayCloseFailed": "open, its close failed",
    }.get(status, status)
