"""What has not reached FDMS yet: every waiting receipt with its age and what its device says; and "send it now".

Reads the books and the devices; must not know how a receipt is sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..domain.localtime import utc_text
from .devices import TillDevice
from .parts import Parts

Seen = frozenset[int] | None


class WaitingList:
    """One for all devices of a till."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def listed(self, limit: int = 200, devices: Seen = None) -> dict[str, Any]:
        """{"items", "devices", "total"}: the receipts that wait, oldest first a device, at most `limit` of each."""
        now = self._parts.clock.now()
        items: list[dict[str, Any]] = []
        told: list[dict[str, Any]] = []
        total = 0
        for device in self._of(devices):
            if not device.queued:
                continue
            total += device.queued
            told.append(_device(device, now))
            number = device.device_id
            pending = await self._parts.store.read(lambda archive, n=number: archive.pending(n, 0, limit))  # type: ignore[misc]
            for place, one in enumerate(pending, 1):
                items.append({**one.entry.brief(), "place": place, "attempts": one.entry.attempts})
        return {"items": items, "devices": told, "total": total}

    async def send_now(self, devices: Seen = None) -> dict[str, Any]:
        """Stir the senders of all devices with waiting receipts: {"devices", "receipts"} that were stirred."""
        stirred = [device for device in self._of(devices) if device.queued]
        for device in stirred:
            device.hurry.set()
            device.wake.set()
        return {"devices": len(stirred), "receipts": sum(device.queued for device in stirred)}

    def _of(self, devices: Seen) -> list[TillDevice]:
        return [d for d in self._parts.devices if devices is None or d.device_id in devices]


def _device(device: TillDevice, now: datetime) -> dict[str, Any]:
    """Why this device's receipts wait, and since when."""
    described = device.describe(now)
    return {
        "deviceID": device.device_id,
        "queueDepth": device.queued,
        "oldestQueuedAt": device.oldest_at,
        "online": bool(device.online),
        "blocked": device.blocked,
        "offlineMode": device.offline_mode,
        "nextTryAt": utc_text(device.next_try) if device.next_try else None,
        "attention": described["attention"],
        "asOf": utc_text(now),
    }
