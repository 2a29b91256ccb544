"""The till's devices as they are now: books, key, connection to FDMS, and what the screens are told of each.

One register per engine, used on the engine's loop only; decides nothing about receipts or days.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from ..books import Queue
from ..domain import clock_drift
from ..domain.circuit import Line, state
from ..domain.day_limit import end_warning
from ..domain.day_record import DayRecord
from ..domain.device import DeviceConfig
from ..domain.errors import StoreDamaged, TillBusy, TillStopping, UnknownDevice
from ..domain.fiscal_day import CLOSE_ADVICE, DayStatus
from ..domain.kpi import ACTIVE_WITHIN, DeviceState
from ..domain.localtime import local_text, parse_utc, utc_text
from ..domain.registered import RegisteredDevice
from ..ports import Gateway, Signer

CERTIFICATE_WARN_DAYS = 30
# After an unclean stop the first sale waits so long for FDMS to say which number it has last.
COMPARING_SECONDS = 5.0


class Comparison:
    """Whether FDMS is being asked for its last number: sales wait for that, though not for ever."""

    def __init__(self) -> None:
        self._over: asyncio.Event | None = None

    def begin(self) -> None:
        """FDMS is about to be asked."""
        self._over = asyncio.Event()

    def end(self) -> None:
        """FDMS has answered, or cannot be reached."""
        if self._over is not None:
            self._over.set()
            self._over = None

    @property
    def runs(self) -> bool:
        """Whether it has begun and not ended."""
        return self._over is not None

    async def wait(self) -> None:
        """Return once FDMS was asked, or has kept people waiting for long enough."""
        if self._over is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(COMPARING_SECONDS):
                    await self._over.wait()


class TillDevice:
    """One registered device. `wake` stirs its sender; `blocked` says why the head of its queue cannot go.

    `hurry` ends the sender's wait for `next_try`, which is None while it does not wait.

    `refusal` says why FDMS turns the device itself away, `notice` what else people must do. `next_certificate` is a
    renewed certificate that is still to be proven.

    The key is read and FDMS is connected to when first needed: `unlock` raises KeyUnavailable.
    """

    def __init__(
        self, registered: RegisteredDevice, unlock: Callable[[], Signer], connect: Callable[[], Gateway]
    ) -> None:
        self.registered = registered
        self._unlock = unlock
        self._signer: Signer | None = None
        self.signer_uses = 0
        self._connect = connect
        self._gateway: Gateway | None = None
        self.day: DayRecord | None = None
        self.online: bool | None = None
        # Why FDMS could not be reached the last time.
        self.away = ""
        self.heard: datetime | None = parse_utc(registered.heard_at) if registered.heard_at else None
        self.queued = 0
        self.oldest_at: str | None = None
        self.last_global_no = 0
        self.blocked: str | None = None
        self.refusal: str | None = None
        self.notice: str | None = None
        self.next_certificate: str | None = None
        self._former: list[Gateway] = []
        self.wake = asyncio.Event()
        self.hurry = asyncio.Event()
        self.next_try: datetime | None = None
        # Seconds by which this machine is ahead of FDMS, as of the last answer, and what is said of it.
        self.drift: float | None = None
        self.clock_level: clock_drift.Level = "ok"
        # Tries in a row that got no answer from FDMS.
        self.failures = 0
        self.day_lock = asyncio.Lock()
        # Why nothing is sold here until somebody has looked: the books of this device are in doubt.
        self.doubt: str | None = None
        # The same, of all books of this till.
        self.common_doubt: str | None = None
        # Why nothing may be numbered here: FDMS has later receipts, or has still to say that it has not.
        self.behind: str | None = None
        self.comparison = Comparison()

    @property
    def device_id(self) -> int:
        return self.registered.device_id

    def stir(self) -> None:
        """Send what waits now: ends the sender's wait, whichever it is in."""
        self.hurry.set()
        self.wake.set()

    @property
    def signer(self) -> Signer:
        """The key, decrypted when it was not. Raises KeyUnavailable."""
        self.signer_uses += 1
        if self._signer is None:
            self._signer = self._unlock()
        return self._signer

    @property
    def unlocked(self) -> bool:
        """Whether the decrypted key is held here."""
        return self._signer is not None

    def lock(self) -> None:
        """Forget the decrypted key until it is needed again."""
        self._signer = None

    @property
    def gateway(self) -> Gateway:
        if self._gateway is None:
            self._gateway = self._connect()
        return self._gateway

    async def disconnect(self) -> None:
        """Close the connection to FDMS, if there is one."""
        if self._gateway is not None:
            self._former.append(self._gateway)
            self._gateway = None
        while self._former:
            await self._former.pop().close()

    def recertified(self, registered: RegisteredDevice, gateway: Gateway, connect: Callable[[], Gateway]) -> None:
        """A new certificate, perhaps with a new key, is in use; `gateway` speaks by it.

        The old connection is closed with the engine: somebody may still wait for an answer on it.
        """
        self.registered = registered
        self.lock()
        if self._gateway is not None:
            self._former.append(self._gateway)
        self._gateway, self._connect = gateway, connect

    @property
    def offline_mode(self) -> bool:
        """Whether ZIMRA has the device hand over files instead of single receipts (§17)."""
        config = self.registered.config
        return config is not None and config.operating_mode == "Offline"

    @property
    def day_takes_receipts(self) -> bool:
        """Whether a day is open here."""
        return self.day is not None and self.day.takes_receipts

    @property
    def config(self) -> DeviceConfig:
        """getConfig's last answer. Raises TillBusy before the first."""
        if self.registered.config is None:
            raise TillBusy(
                f"Device {self.device_id} has not read its configuration from FDMS yet: connect to the internet and "
                f"run `fiscalmon device config {self.device_id}`."
            )
        return self.registered.config

    @property
    def day_status(self) -> str:
        """FDMS's name of the day's state; a device that was never used is closed."""
        return self.day.status if self.day else DayStatus.CLOSED

    def state(self) -> DeviceState:
        """What the metrics need."""
        end = parse_utc(self.registered.certificate_till)
        return DeviceState(self.device_id, self.day_status, self.heard, self.queued, end)

    def circuit(self) -> dict[str, Any]:
        """The line to FDMS: its state, tries that failed in a row, when it is tried next, and what FDMS refuses."""
        line = Line(self.online, self.blocked is not None, self.failures, self.next_try is not None, self.offline_mode)
        next_try = utc_text(self.next_try) if self.next_try else None
        return {"state": state(line), "failures": self.failures, "nextTryAt": next_try, "blocked": self.blocked}

    def describe(self, now: datetime) -> dict[str, Any]:
        """The device as REST, CLI and window show it."""
        config = self.registered.config
        active = self.heard is not None and now - self.heard <= ACTIVE_WITHIN
        health, attention = self._health(now)
        return {
            "deviceID": self.device_id,
            "deviceSerialNo": self.registered.serial_no,
            "deviceModelName": self.registered.model_name,
            "deviceModelVersion": self.registered.model_version,
            "gateway": self.registered.gateway_url,
            "taxPayerName": config.tax_payer_name if config else None,
            "taxPayerTIN": config.tax_payer_tin if config else None,
            "vatNumber": config.vat_number if config else None,
            "deviceBranchName": config.branch_name if config else None,
            "deviceOperatingMode": config.operating_mode if config else None,
            "fiscalDayStatus": self.day_status,
            "fiscalDayNo": self.day.fiscal_day_no if self.day else None,
            "fiscalDayOpened": self.day.opened if self.day else None,
            "taxPayerDayMaxHrs": config.day_max_hours if config else None,
            "taxpayerDayEndNotificationHrs": config.day_end_notification_hours if config else None,
            "active": active and self.day is not None and self.day.takes_receipts,
            "online": bool(self.online),
            "lastHeard": utc_text(self.heard) if self.heard else None,
            "queueDepth": self.queued,
            "circuit": self.circuit(),
            "clockDriftSeconds": None if self.drift is None else round(self.drift, 1),
            "clock": self.clock_level,
            "oldestQueuedAt": self.oldest_at if self.queued else None,
            "lastReceiptGlobalNo": self.last_global_no,
            "certificateValidTill": self.registered.certificate_till,
            "health": health,
            "attention": attention,
        }

    def _health(self, now: datetime) -> tuple[str, str | None]:
        config = self.registered.config
        days_left = (parse_utc(self.registered.certificate_till) - now).days
        if days_left < 0:
            return "failed", "The certificate has expired: ask ZIMRA to register this device again."
        if doubt := self.common_doubt or self.doubt or self.behind:
            return "failed", doubt
        if self.refusal:
            return "failed", self.refusal
        if self.blocked:
            return "failed", self.blocked
        if self.day and self.day.status == DayStatus.CLOSE_FAILED:
            return "failed", CLOSE_ADVICE.get(self.day.closing_error or "", "FDMS refused to close the day.")
        if self.drift is not None and self.clock_level == "refused":
            return "failed", clock_drift.advice(self.drift, self.clock_level)
        if self.notice:
            return "attention", self.notice
        if self.day and config and self.day.takes_receipts:
            warning = end_warning(self.day.fiscal_day_no, self.day.opened, config, local_text(now))
            if warning is not None:
                return "attention", warning
        if self.online is False:
            return "attention", "FDMS cannot be reached. Sales go on; receipts go out by themselves later."
        if self.drift is not None and self.clock_level != "ok":
            return "attention", clock_drift.advice(self.drift, self.clock_level)
        if days_left <= CERTIFICATE_WARN_DAYS:
            return "attention", f"The certificate expires in {days_left} days: renew it."
        return "ok", None


class Devices:
    """All devices of the till."""

    def __init__(self) -> None:
        self._devices: dict[int, TillDevice] = {}
        # Why no device sells until somebody has looked.
        self.doubt: str | None = None
        # Why nothing goes into these books any more: others are to take their place.
        self.leaving: str | None = None

    def add(self, device: TillDevice) -> None:
        """Take in a device."""
        device.common_doubt = self.doubt
        self._devices[device.device_id] = device

    def __iter__(self) -> Iterator[TillDevice]:
        return iter(sorted(self._devices.values(), key=lambda device: device.device_id))

    def __len__(self) -> int:
        return len(self._devices)

    def get(self, device_id: int, seen: frozenset[int] | None = None) -> TillDevice:
        """A device the caller may see. Raises UnknownDevice otherwise."""
        device = self._devices.get(device_id)
        if device is None or (seen is not None and device_id not in seen):
            raise UnknownDevice(f"There is no device {device_id} on this till; `fiscalmon device list` shows them.")
        return device

    def distrust(self, text: str | None, device_id: int | None = None) -> None:
        """The books are in doubt, of one device or of all, and why; None: they are not any more."""
        if device_id is None:
            self.doubt = text
            for device in self._devices.values():
                device.common_doubt = text
        else:
            self.get(device_id).doubt = text

    def trusted(self, device: TillDevice) -> None:
        """Raises StoreDamaged when the device's books are in doubt, TillStopping when other books take their place."""
        if self.leaving is not None:
            raise TillStopping(self.leaving)
        doubt = self.doubt or device.doubt or device.behind
        if doubt is not None:
            raise StoreDamaged(doubt)

    def default(self) -> TillDevice:
        """The device that sells when a sale names none: the one that was registered first."""
        if not self._devices:
            raise UnknownDevice("No device is registered on this till: run `fiscalmon device register`.")
        return min(self._devices.values(), key=lambda device: (device.registered.registered_at, device.device_id))

    def load_queues(self, queues: dict[int, Queue]) -> None:
        """Set every device's queue from the books."""
        for device in self._devices.values():
            queue = queues.get(device.device_id, Queue(0, None))
            device.queued, device.oldest_at = queue

    def reconfigured(self, device_id: int, config: DeviceConfig) -> None:
        """getConfig answered anew."""
        device = self.get(device_id)
        device.registered = msgspec.structs.replace(device.registered, config=config)
