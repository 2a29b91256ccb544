"""Whether FDMS holds receipts that these books do not have: an old copy, or a disk that lost its last writes.

Then nothing more is numbered, since a number that FDMS has would go to a second receipt. FDMS is asked before the
first sale after an unclean stop or a restore, and its answers are looked at whenever they come by.
"""

from __future__ import annotations

import structlog

from ..books import Archive
from ..domain.errors import FiscalmonError, GatewayError
from ..domain.gateway import Status
from ..domain.localtime import utc_text
from ..events import BOOKS_RESTORED, DEVICE_ATTENTION, FISCAL_OPENED
from .devices import TillDevice
from .parts import Parts

RESTORED = (
    "These books were restored from a copy, and FDMS has not said yet whether it holds later receipts of device "
    "{device}. Nothing is sold on it until FDMS answers: connect to the internet."
)
BEHIND = (
    "FDMS holds receipt {theirs} of device {device}, but these books end at {ours}: they are an old copy, or their "
    "last part was lost. Nothing is sold on this device, or a number would be used twice. Restore the newest copy of "
    "the data folder; if there is none, ask ZIMRA to close the day by hand and open the next one: it goes on above "
    "{theirs}."
)

log = structlog.get_logger()


class LastNumbers:
    """Holds no state: what it finds stands at the device."""

    def __init__(self, parts: Parts) -> None:
        self._store, self._clock, self._devices, self._announcer, self._connection, _ = parts

    async def doubt(self, *, unclean: bool) -> None:
        """At a start: which devices must ask FDMS before they sell."""
        ids = [device.device_id for device in self._devices if not device.offline_mode]
        restored = await self._store.read(lambda archive: [i for i in ids if _is_restored(archive, i)])
        for device in map(self._devices.get, ids):
            if device.device_id in restored:
                device.behind = RESTORED.format(device=device.device_id)
            if unclean or device.behind is not None:
                device.comparison.begin()

    async def ask(self, device: TillDevice) -> None:
        """Ask once; whoever waits to sell goes on afterwards, unless the answer forbids it."""
        try:
            await self._ask(device)
        except FiscalmonError as wrong:
            # The key or the disk: said where they are needed. The heartbeat compares later.
            log.warning("FDMS's last number is not known", device=device.device_id, code=wrong.code, text=wrong.text)
        finally:
            device.comparison.end()

    async def _ask(self, device: TillDevice) -> None:
        try:
            status = await device.gateway.get_status()
        except GatewayError as failed:
            await self._connection.lost(device, failed.text)
        else:
            await self._connection.heard(device)
            await self.look(device, status)

    async def look(self, device: TillDevice, status: Status) -> None:
        """Take FDMS's last number into account. Of a day that is over they do no harm: the next goes on above."""
        theirs, day = status.last_global_no or 0, device.day
        ours_too = day is not None and day.takes_receipts and not day.adopted
        if ours_too and day is not None and status.last_day_no == day.fiscal_day_no and theirs > device.last_global_no:
            numbers = await self._store.read(lambda archive: archive.last_numbers())
            ours = numbers.get(device.device_id, 0)
            if theirs > ours:
                await self._tell(device, BEHIND.format(device=device.device_id, theirs=theirs, ours=ours))
                return
        device.behind = None

    async def _tell(self, device: TillDevice, text: str) -> None:
        if device.behind == text:
            return
        device.behind = text
        at, data = utc_text(self._clock.now()), {"deviceID": device.device_id, "reason": text}
        self._announcer.tell(
            await self._store.write(lambda work: work.events.add(DEVICE_ATTENTION, at, device.device_id, data))
        )


def _is_restored(archive: Archive, device_id: int) -> bool:
    """Whether the books were restored since the device's newest day was opened: FDMS has not been asked since."""
    restored = archive.last_seq_of(BOOKS_RESTORED, None)
    return restored > archive.last_seq_of(FISCAL_OPENED, device_id)
