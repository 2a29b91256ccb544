"""Whether FDMS hears each device: the moment of the last answer, and the change between online and offline.

Told by whoever talks to FDMS; writes a lasting message at each change, and the moment at most every half minute.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ..books import Store, Work
from ..domain import clock_drift
from ..domain.errors import FiscalmonError
from ..domain.localtime import utc_text
from ..domain.preferences import ClockLimits
from ..events import CLOCK_DRIFT, DEVICE_ATTENTION, DEVICE_OFFLINE, DEVICE_ONLINE, Message
from ..ports import Clock
from .announcer import Announcer
from .devices import TillDevice

NOTE_EVERY = timedelta(seconds=30)


class Connection:
    """One for all devices."""

    def __init__(self, store: Store, clock: Clock, announcer: Announcer) -> None:
        self._store = store
        self._clock = clock
        self._announcer = announcer
        self._noted: dict[int, datetime] = {}
        self._levels: dict[int, clock_drift.Level] = {}
        self.limits: Callable[[], ClockLimits] = ClockLimits

    async def heard(self, device: TillDevice) -> None:
        """FDMS answered, whatever it said."""
        now = self._clock.now()
        device.heard = now
        noted = self._noted.get(device.device_id)
        back = device.online is False
        device.online = True
        drift = self._drift_news(device)
        if back or drift is not None or noted is None or abs(now - noted) >= NOTE_EVERY:
            self._noted[device.device_id] = now
            try:
                await self._write(device, now, back=back, drift=drift)
            except FiscalmonError:
                # Nobody was told: the next answer tells it.
                device.online = False if back else device.online
                self._noted.pop(device.device_id, None)
                self._levels.pop(device.device_id, None)
                raise

    async def lost(self, device: TillDevice, reason: str) -> None:
        """FDMS did not answer."""
        device.away = reason
        if device.online is False:
            return
        before, device.online = device.online, False
        try:
            await self._tell(device, DEVICE_OFFLINE, reason)
        except FiscalmonError:
            device.online = before
            raise

    async def turned_away(self, device: TillDevice, text: str) -> None:
        """FDMS answers, but will not have this device: blocked (DEV01), its certificate revoked (401), and the like."""
        await self.heard(device)
        if device.refusal == text:
            return
        device.refusal = text
        await self._tell(device, DEVICE_ATTENTION, text)

    async def accepted(self, device: TillDevice) -> None:
        """FDMS did what this device asked for: whatever kept it out is over, and what waits goes out."""
        await self.heard(device)
        if device.refusal is None:
            return
        device.refusal = None
        device.wake.set()
        await self._tell(device, DEVICE_ONLINE, "FDMS accepts this device again.")

    async def _tell(self, device: TillDevice, type_: str, reason: str) -> None:
        at, device_id = utc_text(self._clock.now()), device.device_id
        data = {"deviceID": device_id, "reason": reason}
        self._announcer.tell(await self._store.write(lambda work: work.events.add(type_, at, device_id, data)))

    def _drift_news(self, device: TillDevice) -> float | None:
        """The drift in seconds when it has just passed a limit."""
        device.drift = drift = device.gateway.clock_drift
        device.clock_level = now = clock_drift.level(drift, self.limits())
        before = self._levels.get(device.device_id, "ok")
        self._levels[device.device_id] = now
        return drift if clock_drift.worse(now, before) else None

    async def _write(self, device: TillDevice, now: datetime, *, back: bool, drift: float | None) -> None:
        at, device_id = utc_text(now), device.device_id

        def job(work: Work) -> list[Message]:
            work.devices.heard(device_id, at)
            told = []
            if back:
                data = {"deviceID": device_id, "reason": "FDMS answers again."}
                told.append(work.events.add(DEVICE_ONLINE, at, device_id, data))
            if drift is not None:
                grade = device.clock_level
                reason = clock_drift.advice(drift, grade)
                facts = {"deviceID": device_id, "seconds": round(drift, 1), "level": grade, "reason": reason}
                told.append(work.events.add(CLOCK_DRIFT, at, device_id, facts))
            return told

        self._announcer.tell(*await self._store.write(job))
