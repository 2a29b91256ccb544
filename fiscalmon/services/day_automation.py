"""Fiscal days opened and closed by the shop's clock, as the owner's setting says; a close waits for the queue a while.

What is due follows from the books and the clock alone, so that a restart, a late start or a clock that was set ends
the same way. Whatever cannot be done is told with its way out, once. Knows no screen.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from ..correlation import correlated
from ..domain.errors import DayRefused, FiscalmonError
from ..domain.fiscal_day import DayStatus, allows
from ..domain.localtime import parse_local, parse_utc
from ..domain.preferences import DayAutomation, plain
from ..events import DEVICE_ATTENTION
from .chores import Chores, latest
from .day_closing import DayClosing
from .day_opening import DayOpening
from .devices import TillDevice
from .fiscal_days import DayNews
from .parts import Parts
from .preferences import Preferences

LOOK_SECONDS: Final = 10.0
AGAIN: Final = timedelta(minutes=5)
PLAN: Final = "day.plan"
# A plan that was noted further ahead than this was noted while the clock was wrong.
AHEAD: Final = timedelta(minutes=5)

log = structlog.get_logger()


class DayTimes:
    """One for all devices of a till that stays on."""

    def __init__(
        self, parts: Parts, preferences: Preferences, chores: Chores, opening: DayOpening, closing: DayClosing
    ) -> None:
        self._clock, self._devices = parts.clock, parts.devices
        self._preferences = preferences
        self._chores = chores
        self._opening, self._closing = opening, closing
        self._news = DayNews(parts)
        # The moment of a close whose wait has begun, and until when; the moments that are settled for better or worse.
        self._waiting: dict[int, tuple[datetime, datetime]] = {}
        self._settled: dict[int, datetime] = {}
        self._not_before: dict[int, datetime] = {}
        self._told: dict[int, str] = {}

    async def run(self) -> None:
        """Look at the clock, do what is due, sleep; for ever."""
        while True:
            try:
                await self.turn()
            except FiscalmonError as wrong:
                log.warning("day.unattended", code=wrong.code, text=wrong.text)
            await asyncio.sleep(LOOK_SECONDS)

    async def turn(self) -> None:
        """What is due now, on all devices at once. Raises FiscalmonError where the books take nothing."""
        plan = self._preferences.get(DayAutomation)
        if plan.open_at is None and plan.close_at is None:
            return
        since = await self._since(plan)
        await asyncio.gather(*(self._mind(device, plan, since) for device in self._devices))

    async def _since(self, plan: DayAutomation) -> datetime:
        """When this plan was first seen: hours that had passed by then are not made up for."""
        now, record = self._clock.now(), self._chores.last(PLAN)
        times = {"plan": plain(plan)}
        if record is None or record.note.get("plan") != times["plan"] or parse_utc(record.at) > now + AHEAD:
            await self._chores.done(PLAN, times)
            return now
        return parse_utc(record.at)

    async def _mind(self, device: TillDevice, plan: DayAutomation, since: datetime) -> None:
        with correlated():
            if plan.close_at is not None:
                await self._mind_close(device, latest(plan.close_at, self._clock.now()), since, plan)
            if plan.open_at is not None:
                await self._mind_open(device, latest(plan.open_at, self._clock.now()), since)

    # --- closing --------------------------------------------------------------------------------------------------

    async def _mind_close(self, device: TillDevice, moment: datetime, since: datetime, plan: DayAutomation) -> None:
        day, now = device.day, self._clock.now()
        if day is None or day.status != DayStatus.OPENED or moment < since or parse_local(day.opened) >= moment:
            self._waiting.pop(device.device_id, None)
            return
        if self._settled.get(device.device_id) == moment:
            return
        if device.queued and not device.offline_mode:
            begun, until = self._waiting.get(device.device_id, (None, now))
            if begun != moment:
                # A till that was off at the hour waits as long from its start on.
                until = now + timedelta(minutes=plan.close_waits_minutes)
                self._waiting[device.device_id] = (moment, until)
            if now < until:
                device.stir()
                return
        number = device.device_id
        self._waiting.pop(number, None)
        self._settled[number] = moment
        try:
            await self._closing.close(number)
        except DayRefused as refused:
            text = f"The timed close of fiscal day {day.fiscal_day_no} did not go through. {refused.text}"
            if device.queued and refused.code == DayRefused.code:
                text += " It waited long enough: close the day by hand once the queue is empty."
            await self._tell(device, text)
            return
        log.info("day.closed_by_plan", device=number, day=day.fiscal_day_no)
        await self._chores.done(f"day.close.{number}", {"day": day.fiscal_day_no, "moment": moment.isoformat()})

    # --- opening --------------------------------------------------------------------------------------------------

    async def _mind_open(self, device: TillDevice, moment: datetime, since: datetime) -> None:
        now, number = self._clock.now(), device.device_id
        if moment < since or not allows(device.day_status, "open") or self._used_since(device, moment):
            return
        if now < self._not_before.get(number, now):
            return
        try:
            await self._opening.open(number)
        except FiscalmonError as wrong:
            self._not_before[number] = min(now + AGAIN, moment + timedelta(days=1))
            await self._tell(device, f"The timed opening of the fiscal day did not go through. {wrong.text}")
            return
        self._told.pop(number, None)
        log.info("day.opened_by_plan", device=number)

    def _used_since(self, device: TillDevice, moment: datetime) -> bool:
        """Whether a day was opened or ended here since: whoever closed it wants it closed."""
        day = device.day
        if day is None:
            return False
        if parse_local(day.opened) >= moment:
            return True
        closed = parse_local(day.closed) if day.closed else None
        record = self._chores.last(f"day.close.{device.device_id}")
        if record is not None and record.note.get("day") == day.fiscal_day_no:
            # A close by plan counts from its hour: it may have come late, even after the hour of opening.
            closed = datetime.fromisoformat(record.note["moment"])
        return closed is not None and closed >= moment

    async def _tell(self, device: TillDevice, text: str) -> None:
        if self._told.get(device.device_id) == text:
            return
        await self._news.tell(device, DEVICE_ATTENTION, {"deviceID": device.device_id, "reason": text})
        self._told[device.device_id] = text
