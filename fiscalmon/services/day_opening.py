"""Opening fiscal days: written down before it is sent; FDMS being away is no hindrance.

A day opened while FDMS is away is announced before its first receipt goes out (Gateway v7.2 §12, §21).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..books import Work
from ..domain import clock_drift
from ..domain.day_limit import number_before
from ..domain.day_record import DayRecord
from ..domain.errors import DayRefused, GatewayError, GatewayRefused
from ..domain.fiscal_day import DayStatus, allows
from ..domain.gateway import Status
from ..domain.localtime import local_text, parse_local
from ..events import DEVICE_ATTENTION, FISCAL_OPENED
from . import configuration
from .devices import TillDevice
from .fiscal_days import DayNews, describe_day, in_words
from .fiscalise import MOST_AHEAD
from .parts import Parts


class DayOpening:
    """One for all devices of a till."""

    def __init__(self, parts: Parts, news: DayNews) -> None:
        self._parts = parts
        self._store, self._clock, self._devices, _, self._connection, _ = parts
        self._news = news
        # The devices of whose newest day people are known to have been told.
        self._told: set[int] = set()

    async def open(self, device_id: int, seen: frozenset[int] | None = None) -> dict[str, Any]:
        """Open the next day. Raises DayRefused, UnknownDevice; FDMS being away is no hindrance."""
        device = self._devices.get(device_id, seen)
        async with device.day_lock:
            if not allows(device.day_status, "open"):
                raise DayRefused(
                    f"Device {device_id} cannot open a day: its day {device.day and device.day.fiscal_day_no} is "
                    f"{in_words(device.day_status)}."
                )
            status = await self._prepare(device)
            await self._wait_out(device, status)
            opened = local_text(self._clock.now())
            self._told.discard(device_id)
            await self._store.write(lambda work: _add_day(work, device_id, opened, status))
            await self._news.reload(device)
            await self._announce(device, just_opened=True)
            await self._tell_opened(device)
        device.wake.set()
        return describe_day(device, self._clock.now())

    async def tell(self, device: TillDevice) -> None:
        """Tell of an open day that nobody was told of, since a crash or a full disk came between."""
        if device.device_id in self._told:
            return
        async with device.day_lock:
            await self._tell_opened(device)

    async def _tell_opened(self, device: TillDevice) -> None:
        """Once a day, however often it is called."""
        day = device.day
        if day is not None and not day.adopted:
            await self._news.tell_once(device, FISCAL_OPENED, day)
        self._told.add(device.device_id)

    async def announce(self, device: TillDevice) -> bool:
        """Tell FDMS of a day that it does not know yet; False when that must be tried again later."""
        day = device.day
        if day is None or day.announced or not day.takes_receipts or device.offline_mode:
            return True
        async with device.day_lock:
            return await self._announce(device)

    async def _wait_out(self, device: TillDevice, status: Status | None) -> None:
        """Receipts that these books lost may be dated a little ahead of FDMS's close: the next ones must be later."""
        seen = (status.last_global_no or 0) if status else 0
        if status is not None and status.closed is not None and seen > device.last_global_no:
            await self._clock.wait_until(parse_local(status.closed) + MOST_AHEAD + timedelta(seconds=1))

    async def _prepare(self, device: TillDevice) -> Status | None:
        """Fresh configuration before a day (§9), and what FDMS says of the last one; None when FDMS is away."""
        try:
            await configuration.take(self._parts, device, await device.gateway.get_config())
            # FDMS learns of an offline device's days from its files, and gives it no status (§10, §17).
            status = None if device.offline_mode else await device.gateway.get_status()
        except GatewayRefused as refused:
            raise DayRefused(f"FDMS does not let device {device.device_id} open a day: {refused.text}") from refused
        except GatewayError as failed:
            await self._connection.lost(device, failed.text)
            _ = device.config
            if device.behind is not None:
                raise DayRefused(device.behind) from failed
            return None
        await self._connection.heard(device)
        if device.drift is not None and device.clock_level == "refused":
            raise DayRefused(clock_drift.advice(device.drift, "refused"), code="CLOCK_WRONG")
        if status is None:
            return None
        if status.day_status != DayStatus.CLOSED:
            raise DayRefused(
                f"FDMS holds day {status.last_day_no} of device {device.device_id} as {in_words(status.day_status)}, "
                "but this till does not know that day: close it with `fiscalmon day recover --device "
                f"{device.device_id} --opened LOCALTIME`, giving the time at which it was opened."
            )
        # The day that begins goes on above whatever FDMS has.
        device.behind = None
        return status

    async def _announce(self, device: TillDevice, *, just_opened: bool = False) -> bool:
        day = device.day
        if day is None or day.announced or device.offline_mode:
            return True
        try:
            await device.gateway.open_day(day.opened, day.fiscal_day_no)
        except GatewayRefused as refused:
            try:
                there = refused.error_code == "FISC01" and await self._was_taken(device, day)
            except GatewayError as failed:
                await self._connection.lost(device, failed.text)
                return False
            if not there:
                return await self._opening_refused(device, day, refused, just_opened=just_opened)
        except GatewayError as failed:
            # Unknown or unreachable: asking again is safe, an open day answers FISC01 and its status tells the rest.
            await self._connection.lost(device, failed.text)
            return False
        await self._connection.heard(device)
        await self._store.write(lambda work: work.days.announced(device.device_id, day.fiscal_day_no))
        await self._news.reload(device)
        device.blocked = None
        return True

    async def _was_taken(self, device: TillDevice, day: DayRecord) -> bool:
        """Whether FDMS had opened the very day: an earlier answer was lost. One that holds receipts is another day.

        ZIMRA may have closed it by hand since: then it is taken over like any other.
        """
        try:
            status = await device.gateway.get_status()
        except GatewayRefused:
            return False
        by_hand = status.day_status == DayStatus.CLOSED and status.reconciliation_mode == "Manual"
        same = status.last_day_no == day.fiscal_day_no and (status.day_status == DayStatus.OPENED or by_hand)
        return same and not status.counters and not status.documents

    async def _opening_refused(
        self, device: TillDevice, day: DayRecord, refused: GatewayRefused, *, just_opened: bool
    ) -> bool:
        if just_opened:
            await self._store.write(lambda work: work.days.drop_empty(device.device_id, day.fiscal_day_no))
            await self._news.reload(device)
            raise DayRefused(f"FDMS refused to open day {day.fiscal_day_no}: {refused.text}")
        text = f"FDMS refuses day {day.fiscal_day_no} of device {device.device_id}: {refused.text}"
        if device.blocked != text:
            device.blocked = text
            await self._news.tell(device, DEVICE_ATTENTION, {"deviceID": device.device_id, "reason": text})
        return False


def _add_day(work: Work, device_id: int, opened: str, status: Status | None) -> None:
    """The next day, with the number its first receipt follows. Raises DayRefused."""
    last, tail = work.days.last(device_id), work.receipts.tail(device_id)
    last_no = last.fiscal_day_no if last else 0
    if last is not None and last.reconciliation_mode == "Manual" and work.receipts.unsettled(device_id, last_no):
        raise DayRefused(
            f"Receipts of day {last_no}, which ZIMRA closed by hand, are still being settled with FDMS: try again "
            "when the queue is empty."
        )
    known = (status.last_day_no or 0) if status else 0
    before = number_before(tail.global_no, status.last_global_no if status else None, untaken=tail.untaken)
    work.days.add(device_id, max(known, last_no) + 1, opened, number_before=before)
