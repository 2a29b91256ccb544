"""A till's working half put together from the product's own parts: real store, real keys, real chain.

Nothing is sent unless a benchmark starts a Sender; the clock is virtual, so that a device may stamp its one second a
receipt without anybody waiting for it.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from device.keys.keystore import FileKeyStore
from device.keys.passphrase import PassphraseFile
from fiscalmon.bus import Bus
from fiscalmon.clocks import VirtualClock
from fiscalmon.data_folder import DataFolder
from fiscalmon.domain.localtime import local_text, utc_text
from fiscalmon.domain.registered import RegisteredDevice
from fiscalmon.fdms.gateways import FdmsGateways
from fiscalmon.logs import log_to
from fiscalmon.ports import Clock
from fiscalmon.services.announcer import Announcer
from fiscalmon.services.connection import Connection
from fiscalmon.services.day_opening import DayOpening
from fiscalmon.services.devices import Devices, TillDevice
from fiscalmon.services.fiscal_days import DayNews
from fiscalmon.services.fiscalise import Fiscaliser
from fiscalmon.services.metrics import Metrics
from fiscalmon.services.parts import Parts
from fiscalmon.services.submit import Sender
from fiscalmon.store.local_store import LocalStore

from .sales import CONFIG

BUILD = Path(__file__).resolve().parents[2] / "build"
FIRST_DEVICE = 20_001
# Nobody listens on the discard port.
NOWHERE = "https://127.0.0.1:9"
# What a shop's disk takes for an fsync, where this machine's takes next to nothing.
SLOW_DISK = 0.005


async def _nobody_to_tell(_offset: float) -> None:
    """A clock of our own: there is no FDMS whose clock must go along."""


class Shop:
    """A till on a data folder that has devices with open days."""

    def __init__(self, folder: DataFolder, clock: Clock, before_commit: Callable[[], None] | None = None) -> None:
        self.folder = folder
        self.store = LocalStore(folder.path, before_commit)
        self.bus = Bus()
        self.devices = Devices()
        archive = self.store.archive
        self.metrics = Metrics(archive.board(clock.now()), self.devices, self.bus, clock, self.store)
        announcer = Announcer(self.bus, clock, self.metrics.changed)
        connection = Connection(self.store, clock, announcer)
        self.parts = Parts(self.store, clock, self.devices, announcer, connection, self.metrics)
        self._opening = DayOpening(self.parts, DayNews(self.parts))
        self.fiscaliser = Fiscaliser(self.parts)
        self._gateways = FdmsGateways(keys_of(folder), folder.certificates, clock)
        days, numbers = archive.last_days(), archive.last_numbers()
        for registered in archive.devices():
            device = self._device(registered)
            device.day = days.get(device.device_id)
            device.last_global_no = numbers.get(device.device_id, 0)
            self.devices.add(device)
        self.devices.load_queues(archive.queues())

    def _device(self, registered: RegisteredDevice) -> TillDevice:
        unlock = partial(keys_of(self.folder).signer, registered.device_id)
        return TillDevice(registered, unlock, partial(self._gateways.for_device, registered))

    def sender(self, device: TillDevice) -> Sender:
        return Sender(device, self._opening, self.parts)

    async def close(self) -> None:
        await self.fiscaliser.finish()
        for device in self.devices:
            await device.disconnect()
        self.store.close()


@contextlib.contextmanager
def scratch() -> Iterator[DataFolder]:
    """A data folder that is gone afterwards; beside the sources, since the system's temporary files may be no disk."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as name:
        folder = DataFolder(Path(name) / "data")
        log_to(folder.logs)
        yield folder


@contextlib.asynccontextmanager
async def shop(
    folder: DataFolder, *, devices: int = 1, before_commit: Callable[[], None] | None = None
) -> AsyncIterator[Shop]:
    """An open shop of so many devices that reach no FDMS."""
    clock = VirtualClock(_nobody_to_tell)
    if not (folder.path / "fiscalmon.db").exists():
        await stock(folder, devices, clock.now())
    opened = Shop(folder, clock, before_commit)
    try:
        yield opened
    finally:
        await opened.close()


async def stock(folder: DataFolder, devices: int, now: datetime) -> None:
    """Devices with keys and certificates of our own making, their days open, into an empty folder."""
    store = LocalStore(folder.path)
    try:
        for device_id in range(FIRST_DEVICE, FIRST_DEVICE + devices):
            registered = _registered(folder, device_id, now)
            opened = local_text(now - timedelta(minutes=1))
            await store.write(lambda work, device=registered: work.devices.add(device))
            await store.write(
                lambda work, device_id=device_id, opened=opened: work.days.add(device_id, 1, opened, announced=True)
            )
    finally:
        store.close()


def _registered(folder: DataFolder, device_id: int, now: datetime) -> RegisteredDevice:
    keys = keys_of(folder)
    keys.create(device_id)
    request = x509.load_pem_x509_csr(keys.certificate_request(device_id, CONFIG.serial_no).encode())
    issuer = ec.generate_private_key(ec.SECP256R1())
    end = now.astimezone(UTC) + timedelta(days=900)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench authority")]))
        .public_key(request.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(end)
        .sign(issuer, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM).decode()
    return RegisteredDevice(
        device_id, CONFIG.serial_no, "Server", "v1", NOWHERE, None, pem, utc_text(end), utc_text(now), CONFIG
    )


def keys_of(folder: DataFolder) -> FileKeyStore:
    return FileKeyStore(folder.keys, PassphraseFile(folder.keys))
