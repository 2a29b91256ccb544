"""Pings FDMS for one device at the interval that FDMS asks for (Gateway v7.2 §11), and minds what lasts longer:

its certificate, a renewal that was interrupted, and once a day its configuration.
"""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

import structlog

from ..domain.errors import FiscalmonError, GatewayError, GatewayRefused
from ..domain.localtime import parse_utc, utc_text
from ..domain.retry import delay
from ..events import CERTIFICATE_EXPIRING
from . import configuration
from .certificates import Renewal
from .day_watch import DayWatch
from .devices import CERTIFICATE_WARN_DAYS, TillDevice
from .parts import Parts

# A little before FDMS asks for it: at the very interval every second ping would come late.
EARLY = 0.9
# A device that FDMS turns away is asked about more often: it is to go on soon after ZIMRA has let it in again.
TURNED_AWAY_SECONDS = 60.0
CONFIG_AGE = timedelta(days=1)
WARN_DAYS = (CERTIFICATE_WARN_DAYS, 14, 7, 1, 0)

log = structlog.get_logger()


class Heartbeat:
    """Runs until cancelled."""

    def __init__(self, device: TillDevice, parts: Parts, renewal: Renewal) -> None:
        self._device = device
        self._parts = parts
        self._renewal = renewal
        self._watch = DayWatch(parts)
        self._store, self._clock, _, self._announcer, self._connection, _ = parts
        self._configured: datetime | None = None
        self._failures = 0
        self._warned: int | None = None

    async def run(self) -> None:
        """Ping, wait, ping again."""
        while True:
            try:
                await self._mind_certificate()
                await self._watch.mind_end(self._device)
                pause = await self._ping()
                if self._device.online:
                    await self._watch.compare(self._device)
            except FiscalmonError as wrong:
                # The key or the books: said where they are needed; here it only must not end.
                log.warning("no ping", device=self._device.device_id, code=wrong.code, text=wrong.text)
                self._failures += 1
                pause = delay(self._failures, random.random)
            await asyncio.sleep(pause)

    async def _ping(self) -> float:
        """One ping; seconds until the next."""
        try:
            await self._renewal.resume(self._device)
            await self._configure()
            minutes = await self._device.gateway.ping()
        except GatewayRefused as refused:
            await self._connection.turned_away(self._device, refused.text)
            return TURNED_AWAY_SECONDS
        except GatewayError as failed:
            self._failures += 1
            await self._connection.lost(self._device, failed.text)
            return delay(self._failures, random.random)
        self._failures = 0
        await self._connection.accepted(self._device)
        return max(1, minutes) * 60.0 * EARLY

    async def _configure(self) -> None:
        """Read the configuration once a day; also what an interrupted registration left unread."""
        now = self._clock.now()
        if self._configured is not None and now - self._configured < CONFIG_AGE:
            return
        await configuration.take(self._parts, self._device, await self._device.gateway.get_config())
        self._configured = now

    async def _mind_certificate(self) -> None:
        """Tell people once at each limit that a certificate runs out."""
        now = self._clock.now()
        end = parse_utc(self._device.registered.certificate_till)
        left = (end - now) // timedelta(days=1)
        limit = min((days for days in WARN_DAYS if left <= days), default=None)
        if limit == self._warned:
            return
        self._warned = limit
        if limit is None:
            return
        device_id, at = self._device.device_id, utc_text(now)
        data = {"deviceID": device_id, "notAfter": utc_text(end), "daysLeft": left}
        message = await self._store.write(lambda work: work.events.add(CERTIFICATE_EXPIRING, at, device_id, data))
        self._announcer.tell(message)
