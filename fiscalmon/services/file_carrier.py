"""Hands over the files of devices in offline mode by itself: built when a day is closed, sent in order, followed.

Decides when; `offline_files` knows how. What a person builds or sends by hand goes on beside it.
"""

from __future__ import annotations

import asyncio
import random
from typing import Final

import structlog

from ..domain.errors import FiscalmonError, GatewayRefused
from ..domain.file_record import UNDER_WAY
from ..domain.preferences import OfflineDays
from ..domain.retry import delay
from .devices import Devices, TillDevice
from .offline_files import OfflineFiles
from .preferences import Preferences

# FDMS works on a file for minutes; a device in offline mode reports once a day at most.
PACE: Final = 60.0
# By itself a refused file goes no second time: somebody has to look at it first.
BY_ITSELF: Final = frozenset({"built", "unknown"})

log = structlog.get_logger("fiscalmon.files")


class FileCarrier:
    """Runs until cancelled."""

    def __init__(self, files: OfflineFiles, devices: Devices, preferences: Preferences) -> None:
        self._files = files
        self._devices = devices
        self._preferences = preferences
        self._failures = 0

    async def run(self) -> None:
        """Look at every device in offline mode, then rest."""
        while True:
            pause = await self.carry()
            await asyncio.sleep(pause)

    async def carry(self) -> float:
        """One round over all devices; seconds until the next."""
        if not self._preferences.get(OfflineDays).automatic:
            return PACE
        reached = True
        for device in tuple(self._devices):
            if device.offline_mode:
                reached = await self._carry(device) and reached
        self._failures = 0 if reached else self._failures + 1
        return PACE if reached else max(PACE, 20 * delay(self._failures, random.random))

    async def _carry(self, device: TillDevice) -> bool:
        try:
            await self._files.build(device.device_id, closed_days=True)
            files = await self._files.listed(device.device_id)
            if any(file["state"] in BY_ITSELF for file in files):
                files = await self._files.send(device.device_id, by_itself=True)
            if any(file["state"] in UNDER_WAY for file in files):
                await self._files.status(device.device_id)
        except GatewayRefused as refused:
            # People were told by the one who sent; the next round leaves that file alone.
            log.warning("files.refused", device=device.device_id, text=refused.text)
        except FiscalmonError as failed:
            log.info("files.wait", device=device.device_id, text=failed.text)
            return False
        return True
