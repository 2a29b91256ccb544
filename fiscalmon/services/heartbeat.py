"""Pings FDMS for one device at the interval that FDMS asks for (Gateway v7.2 §11), and minds its certificate."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import structlog

from ..domain.errors import FiscalmonError, GatewayError, GatewayRefused
from ..domain.localtime import parse_utc, utc_text
from ..domain.retry import delay
from ..events import CERTIFICATE_EXPIRING
from .devices import CERTIFICATE_WARN_DAYS, TillDevice
from .parts import Parts

DEFAULT_MINUTES = 5
# A little before FDMS asks for it: at the very interval every second ping would come late.
EARLY = 0.9
WARN_DAYS = (CERTIFICATE_WARN_DAYS, 14, 7, 1, 0)

log = structlog.get_logger()


class Heartbeat:
    """Runs until cancelled."""

    def __init__(self, device: TillDevice, parts: Parts) -> None:
        self._device = device
        self._store, self._clock, self._devices, self._announcer, self._connection, _ = parts
        self._failures = 0
        self._warned: int | None = None

    async def run(self) -> None:
        """Ping, wait, ping again."""
        while True:
            try:
                await self._mind_certificate()
                pause = await self._ping()
            except FiscalmonError as wrong:
                # The key or the books: said where they are needed; here it only must not end.
                log.warning("no ping", device=self._device.device_id, code=wrong.code, text=wrong.text)
                self._failures += 1
                pause = delay(self._failures, random.random)
            await asyncio.sleep(pause)

    async def _ping(self) -> float:
        """One ping; seconds until the next."""
        try:
            if self._device.registered.config is None:
                await self._configure()
            minutes = await self._device.gateway.ping()
        except GatewayRefused:
            await self._connection.heard(self._device)
            return DEFAULT_MINUTES * 60.0 * EARLY
        except GatewayError as failed:
            self._failures += 1
            await self._connection.lost(self._device, failed.text)
            return delay(self._failures, random.random)
        self._failures = 0
        await self._connection.heard(self._device)
        return max(1, minutes) * 60.0 * EARLY

    async def _configure(self) -> None:
        """A registration that was interrupted before the configuration was read is finished here."""
        config = await self._device.gateway.get_config()
        device_id = self._device.device_id
        await self._store.write(lambda work: work.devices.configured(device_id, config))
        self._devices.reconfigured(device_id, config)

    async def _mind_certificate(self) -> None:
        """Tell people once at each limit that a certificate runs out."""
        now = self._clock.now()
        end = parse_utc(self._device.registered.certificate_till)
        left = (end - now) // timedelta(days=1)
        limit = min((days for days in WARN_DAYS if left <= days), default=None)
        if limit is None or limit == self._warned:
            return
        self._warned = limit
        device_id, at = self._device.device_id, utc_text(now)
        data = {"deviceID": device_id, "notAfter": utc_text(end), "daysLeft": left}
        message = await self._store.write(lambda work: work.events.add(CERTIFICATE_EXPIRING, at, device_id, data))
        self._announcer.tell(message)
