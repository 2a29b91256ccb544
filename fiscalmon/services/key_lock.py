"""Keys that rest: a decrypted key that has signed nothing for a while is forgotten, and unlocked again when needed.

What stays is said in docs/keys.md: the connection to FDMS has a copy inside OpenSSL. Knows no file and no token.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from ..domain.errors import FiscalmonError
from ..domain.preferences import KeyCare
from ..ports import Clock, KeyStore
from .devices import Devices
from .preferences import Preferences

log = structlog.get_logger()
LOOK_SECONDS = 20.0


class KeyLock:
    """Looks at every device now and then."""

    def __init__(self, devices: Devices, keys: KeyStore, preferences: Preferences, clock: Clock) -> None:
        self._devices = devices
        self._keys = keys
        self._preferences = preferences
        self._clock = clock
        # How often each device's key had been used when it was last seen in use, and when that was.
        self._seen: dict[int, tuple[int, datetime]] = {}

    async def run(self) -> None:
        """Until the engine ends."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.turn()

    async def turn(self) -> None:
        """Lock what has rested for long enough."""
        minutes = self._preferences.get(KeyCare).lock_after_minutes
        now = self._clock.now()
        for device in self._devices:
            uses, since = self._seen.get(device.device_id, (-1, now))
            if not device.unlocked or uses != device.signer_uses:
                self._seen[device.device_id] = (device.signer_uses, now)
            elif minutes and now - since >= timedelta(minutes=minutes):
                device.lock()
                try:
                    await asyncio.to_thread(self._keys.lock, device.device_id)
                except FiscalmonError as wrong:
                    log.warning("key.unlocked", device=device.device_id, text=wrong.text)
                else:
                    log.info("key.locked", device=device.device_id)
