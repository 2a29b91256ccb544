"""Closing a fiscal day that FDMS holds open and these books do not know, e.g. after the data folder was lost.

FDMS gives out its counters of an open day (Gateway v7.2 §10, §24 no. 15), but not the opening time, which is signed: a
person has to know it. The day is taken into the books as adopted: nothing is sold in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from ..books import Work
from ..domain.canonical import fiscal_day_parts, join
from ..domain.errors import BadInput, DayRefused, GatewayError
from ..domain.fiscal_day import DayStatus
from ..domain.gateway import CloseDayRequest, Status
from ..domain.localtime import is_local_text, local_text
from ..events import encode
from .day_closing import DayClosing, signed_close
from .devices import TillDevice
from .fiscal_days import DayNews, in_words
from .parts import Parts


class Close(NamedTuple):
    """What would be, or was, sent."""

    day_no: int
    opened: str
    request: CloseDayRequest

    def as_dict(self, device_id: int) -> dict[str, Any]:
        parts = fiscal_day_parts(device_id, self.day_no, self.opened[:10], self.request.counters)
        return {
            "deviceID": device_id,
            "fiscalDayNo": self.day_no,
            "fiscalDayOpened": self.opened,
            "canonical": join(parts),
            "request": msgspec.json.decode(encode(self.request)),
        }


class DayRecovery:
    """One for all devices of a till."""

    def __init__(self, parts: Parts, news: DayNews, closing: DayClosing) -> None:
        self._store, self._clock, self._devices, _, self._connection, _ = parts
        self._news = news
        self._closing = closing

    async def recover(
        self, device_id: int, opened: str, *, dry_run: bool = False, seen: frozenset[int] | None = None
    ) -> dict[str, Any]:
        """Close FDMS's open day by its own counters; waits for FDMS's decision. `opened`: local text.

        Raises BadInput, DayRefused with the way out, UnknownDevice.
        """
        device = self._devices.get(device_id, seen)
        if not is_local_text(opened):
            raise BadInput("The opening time must be a local time like 2026-11-22T08:00:00.")
        if opened > local_text(self._clock.now()):
            raise BadInput(f"{opened} is in the future: give the time at which the day was opened.")
        async with device.day_lock:
            close = self._close(device, opened, await self._ask(device))
            said = close.as_dict(device_id)
            if dry_run:
                return {**said, "dryRun": True}
            await self._store.write(lambda work: _adopt(work, device_id, close))
            await self._news.reload(device)
            self._closing.follow(device)
        return {**said, **await self._closing.conclude(device), "dryRun": False}

    async def _ask(self, device: TillDevice) -> Status:
        try:
            status = await device.gateway.get_status()
        except GatewayError as failed:
            raise DayRefused(f"FDMS's own counters are needed, but it does not give them: {failed.text}") from failed
        await self._connection.heard(device)
        return status

    def _close(self, device: TillDevice, opened: str, status: Status) -> Close:
        day_no, day = status.last_day_no, device.day
        if status.day_status not in (DayStatus.OPENED, DayStatus.CLOSE_FAILED) or day_no is None:
            raise DayRefused(
                f"FDMS holds no day to recover: day {day_no or 0} of device {device.device_id} is "
                f"{in_words(status.day_status)} there."
            )
        if day is not None and day.fiscal_day_no == day_no and not day.adopted:
            raise DayRefused(f"This till kept day {day_no} itself: use `fiscalmon day close` or `fiscalmon day mend`.")
        if day is not None and day.status != DayStatus.CLOSED and not day.adopted:
            raise DayRefused(f"Day {day.fiscal_day_no} of this till is {in_words(day.status)}: close it first.")
        if status.counters is None or status.documents is None:
            raise DayRefused(
                f"FDMS does not give out the counters of day {day_no}: ask ZIMRA to close it by hand, then open the "
                "next one."
            )
        # Without a gap the counter of the day's last receipt is the number of its receipts.
        receipts = sum(document.quantity for document in status.documents)
        request = signed_close(device, day_no, opened, status.counters, receipts)
        return Close(day_no, opened, request)


def _adopt(work: Work, device_id: int, close: Close) -> None:
    work.days.adopt(device_id, close.day_no, close.opened)
    day = work.days.last(device_id)
    if day is None or day.fiscal_day_no != close.day_no:
        raise DayRefused(f"The books of device {device_id} have a newer day than {close.day_no}: call support.")
    work.days.closing(day, encode(close.request), close.request.receipt_counter)
