"""Taking getConfig's answers (Gateway v7.2 §9): the one place that decides what of them counts while a day is open."""

from __future__ import annotations

import msgspec

from ..domain.device import DeviceConfig
from ..domain.localtime import utc_text
from ..events import DEVICE_ATTENTION
from .devices import TillDevice
from .parts import Parts

VAT_APPEARED = (
    "ZIMRA has registered this taxpayer for VAT. Close the fiscal day and open a new one: until then sales with VAT "
    "are refused."
)


async def take(parts: Parts, device: TillDevice, config: DeviceConfig) -> None:
    """Write the configuration down and work by it: taxes and mode at once, a new VAT number with the next day.

    A VAT number that appears while a day is open may not be used in that day (§9); people are told once.
    """
    held = device.registered.config
    appeared = bool(config.vat_number) and held is not None and not held.vat_number and device.day_takes_receipts
    counted = msgspec.structs.replace(config, operation_id="", vat_number=None if appeared else config.vat_number)
    device_id = device.device_id
    if counted != held:
        await parts.store.write(lambda work: work.devices.configured(device_id, counted))
        parts.devices.reconfigured(device_id, counted)
        device.wake.set()
    if not appeared:
        device.notice = None
    elif device.notice != VAT_APPEARED:
        device.notice = VAT_APPEARED
        at = utc_text(parts.clock.now())
        data = {"deviceID": device_id, "reason": VAT_APPEARED}
        parts.announcer.tell(
            await parts.store.write(lambda work: work.events.add(DEVICE_ATTENTION, at, device_id, data))
        )
