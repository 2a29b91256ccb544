"""What has not reached FDMS yet: every waiting receipt with its age and what its device says; and "send it now".

Reads the books and the devices; must not know how a receipt is sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..books import Archive
from ..domain.localtime import parse_local, utc_text
from .devices import TillDevice
from .parts import Parts

Seen = frozenset[int] | None


class WaitingList:
    """One for all devices of a till."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def listed(self, limit: int = 200, devices: Seen = None, device_id: int | None = None) -> dict[str, Any]:
        """{"items", "devices", "total"}: the receipts that wait, oldest first a device, at most `limit` of each.

        Raises UnknownDevice.
        """
        now = self._parts.clock.now()
        items: list[dict[str, Any]] = []
        told: list[dict[str, Any]] = []
        total = 0
        for device in self._of(devices, device_id):
            if not device.queued:
                continue
            total += device.queued
            told.append({**_device(device, now), **await self.of(device)})
            number = device.device_id
            pending = await self._parts.store.read(lambda archive, n=number: archive.pending(n, 0, limit))  # type: ignore[misc]
            for place, one in enumerate(pending, 1):
                items.append({**one.entry.brief(), "place": place, "attempts": one.entry.attempts})
        return {"items": items, "devices": told, "total": total}

    async def of(self, device: TillDevice) -> dict[str, Any]:
        """As `queue_of`."""
        now = self._parts.clock.now()
        return await self._parts.store.read(lambda archive: queue_of(archive, device, now))

    async def send_now(self, devices: Seen = None, device_id: int | None = None) -> dict[str, Any]:
        """Stir the senders of devices with waiting receipts: {"devices", "receipts"}. Raises UnknownDevice."""
        stirred = [device for device in self._of(devices, device_id) if device.queued and not device.offline_mode]
        for device in stirred:
            device.stir()
        return {"devices": len(stirred), "receipts": sum(device.queued for device in stirred)}

    def _of(self, devices: Seen, device_id: int | None) -> list[TillDevice]:
        if device_id is not None:
            return [self._parts.devices.get(device_id, devices)]
        return [d for d in self._parts.devices if devices is None or d.device_id in devices]


def queue_of(archive: Archive, device: TillDevice, now: datetime) -> dict[str, Any]:
    """The head of a device's queue, which nothing may overtake, and what people may do: {"head", "acts"}."""
    pending = archive.pending(device.device_id, 0, 1)
    if not pending:
        return {"head": None, "acts": []}
    tries = archive.attempts(device.device_id, 1)
    head = pending[0].entry
    age = now - parse_local(head.receipt_date)
    failed = tries[0]["error"] if tries and head.attempts else None
    return {
        "head": {
            **head.brief(),
            "attempts": head.attempts,
            "ageSeconds": max(0, round(age.total_seconds())),
            "reason": device.blocked or failed,
        },
        "acts": _acts(device),
    }


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
        "circuit": device.circuit(),
        "attention": described["attention"],
        "asOf": utc_text(now),
    }


def _acts(device: TillDevice) -> list[dict[str, str]]:
    """What may be done about a queue, by its command. Nothing may be skipped or changed: it is signed."""
    if device.offline_mode:
        return [{"act": "files", "command": f"fiscalmon files send --device {device.device_id}"}]
    acts = [{"act": "retry", "command": f"fiscalmon queue retry --device {device.device_id}"}]
    if device.blocked:
        acts.append({"act": "mend", "command": f"fiscalmon day mend --device {device.device_id}"})
    return acts
