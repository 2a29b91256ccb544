"""What happens to a fiscal day without this till: ZIMRA closes it by hand, or it grows too old.

Taken into the books when heartbeat or sender come across it (Gateway v7.2 §15, §16). Holds no state.
"""

from __future__ import annotations

import json

import msgspec

from ..books import Work
from ..domain import kpi
from ..domain.day_limit import end_warning
from ..domain.day_record import DayRecord
from ..domain.errors import GatewayError
from ..domain.fiscal_day import DayStatus, allows
from ..domain.gateway import Status
from ..domain.localtime import local_text, utc_text
from ..domain.recorded import Recorded
from ..events import DEVICE_ATTENTION, FISCAL_CLOSED, RECEIPT_FAILED, Message
from .devices import TillDevice
from .fiscal_days import DayNews
from .last_numbers import LastNumbers
from .parts import Parts

# A receipt that FDMS will never take, since its day was closed there before it arrived.
DAY_CLOSED = "DAY_CLOSED"


class DayWatch:
    """Made wherever it is needed."""

    def __init__(self, parts: Parts) -> None:
        self._store, self._clock, _, self._announcer, self._connection, self._metrics = parts
        self._news = DayNews(parts)
        self._numbers = LastNumbers(parts)

    async def mind_end(self, device: TillDevice) -> None:
        """Tell people once that the day must be closed soon."""
        day, config = device.day, device.registered.config
        if day is None or config is None or not day.takes_receipts or day.end_told_at is not None:
            return
        warning = end_warning(day.fiscal_day_no, day.opened, config, local_text(self._clock.now()))
        if warning is None:
            return
        at = utc_text(self._clock.now())
        if await self._store.write(lambda work: work.days.end_told(day, at)):
            await self._news.tell(device, DEVICE_ATTENTION, _reason(device, warning))
        await self._news.reload(device)

    async def compare(self, device: TillDevice) -> bool:
        """Ask FDMS whether it closed the open day itself; True when it did and the books have it now."""
        day = device.day
        if day is None or not day.announced or not allows(day.status, "closed_manually"):
            return False
        try:
            status = await device.gateway.get_status()
        except GatewayError:
            return False
        await self._connection.heard(device)
        if not await self.take(device, day, status):
            await self._numbers.look(device, status)
            return False
        device.behind = None
        return True

    async def take(self, device: TillDevice, day: DayRecord, status: Status) -> bool:
        """The day as FDMS closed it, into the books."""
        async with device.day_lock:
            now = device.day
            if not closed_there(day, status) or now is None or now.fiscal_day_no != day.fiscal_day_no:
                return False
            if not allows(now.status, "closed_manually"):
                return False
            closed = status.closed or local_text(self._clock.now())
            mode = status.reconciliation_mode or "Manual"
            signature = status.server_signature
            kept = None if signature is None else msgspec.json.encode(signature).decode()
            more = {"reconciliationMode": mode}
            await self._news.change(device, lambda work: work.days.closed(day, closed, mode, kept), FISCAL_CLOSED, more)
        await self._news.tell(device, DEVICE_ATTENTION, _reason(device, _advice(device, day)))
        device.wake.set()
        return True

    async def give_up(self, device: TillDevice, entry: Recorded) -> bool:
        """FDMS refused a receipt for its day (RCPT01): True when that is for good, and the books say so.

        A receipt that FDMS had taken would have been answered with its first answer (§13), whatever the day's state.
        """
        day = device.day
        if day is None or entry.fiscal_day_no > day.fiscal_day_no:
            return False
        still_open = day.fiscal_day_no == entry.fiscal_day_no and day.status != DayStatus.CLOSED
        if still_open and not await self.compare(device):
            return False
        now = self._clock.now()
        advice = (
            f"FDMS closed day {entry.fiscal_day_no} before receipt {entry.receipt_global_no} arrived and will not take "
            "it: give its number to ZIMRA, and sell the goods again in an open day."
        )
        error = {"code": DAY_CLOSED, "color": "Red", "advice": advice, "field": None}
        errors = json.dumps([error])
        settled = msgspec.structs.replace(entry, status="failed", validation_errors=errors)
        day_delta, minute = kpi.settled(entry.device_id, entry.receipt_date, now, False, 0)
        # There was no answer whose time could be counted.
        deltas = [day_delta, minute._replace(add=(*minute.add[:2], 0, 0))]

        def job(work: Work) -> Message | None:
            if not work.receipts.given_up(entry, errors, utc_text(now)):
                return None
            work.receipts.add_deltas(deltas)
            return work.events.add(RECEIPT_FAILED, utc_text(now), entry.device_id, settled.brief())

        message = await self._store.write(job)
        if message is not None:
            device.queued = max(0, device.queued - 1)
            self._metrics.apply(deltas)
            self._announcer.settled(settled, message)
        device.blocked = None
        return True


def closed_there(day: DayRecord, status: Status) -> bool:
    """Whether FDMS says that the day is closed."""
    return status.day_status == DayStatus.CLOSED and status.last_day_no == day.fiscal_day_no


def _advice(device: TillDevice, day: DayRecord) -> str:
    closed = f"ZIMRA closed fiscal day {day.fiscal_day_no} by hand."
    if not device.queued:
        return f"{closed} Open the next day to go on selling."
    return (
        f"{closed} {device.queued} receipts had not reached FDMS: those it will not take are marked failed; give their "
        "numbers to ZIMRA, open the next day, and sell them again."
    )


def _reason(device: TillDevice, text: str) -> dict[str, object]:
    return {"deviceID": device.device_id, "reason": text}
