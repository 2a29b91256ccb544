"""The one place that names concrete classes: builds an engine on a data folder, starts it and stops it in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from functools import cached_property, partial
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import structlog

from device.keys.device_keys import KeyRoom
from device.keys.sealed import seal_keys
from device.keys.secret_box import SealedSecrets

from . import __version__
from .books import Store
from .bus import Bus
from .clocks import SystemClock
from .control import ControlServer
from .core_dumps import leave_no_core
from .crash_files import keep_crash
from .data_folder import DataFolder
from .domain.day_record import DayRecord
from .domain.errors import FiscalmonError
from .domain.localtime import local_text
from .domain.paper import FoundPrinter, PrinterSetup
from .domain.preferences import ClockLimits
from .domain.registered import RegisteredDevice
from .fdms.gateways import FdmsGateways
from .logs import prune
from .notify import Notifiers
from .operations import Operations
from .ports import Clock, Gateways, KeyStore, Printer, Printers, SecretBox
from .restoring import finish as finish_restore
from .restoring import prepare as prepare_restore
from .sale_folder import open_sale_folder
from .server import LanNetwork, ServerSettings
from .services.account_acts import account_operations
from .services.accounts import Accounts
from .services.alert_channels import Channels
from .services.alert_facts import AlertFacts
from .services.alert_post import AlertPost
from .services.alerts import Alerts, Posting
from .services.announcer import Announcer
from .services.backup import Baggage, Premises
from .services.certificates import Renewal, mend
from .services.chores import BACKUP
from .services.connection import Connection
from .services.day_automation import DayTimes
from .services.day_closing import DayClosing
from .services.day_opening import DayOpening
from .services.devices import Devices, TillDevice
from .services.doctor import Doctor
from .services.file_carrier import FileCarrier
from .services.fiscal_days import DayNews
from .services.fiscalise import Fiscaliser
from .services.heartbeat import Heartbeat
from .services.held_door import HeldDoor
from .services.key_lock import KeyLock
from .services.lan_access import LanAccess, Wish, lan_operations
from .services.last_numbers import LastNumbers
from .services.mending import Mending
from .services.metrics import Metrics
from .services.office_news import OfficeNews
from .services.offline_files import OfflineFiles
from .services.parts import Parts
from .services.preferences import Preferences
from .services.printing import Printing
from .services.registration import Registrar
from .services.submit import Sender
from .services.till import Days, SetUp, Till
from .services.till_lock import TillLock, lock_operations
from .services.upkeep import Upkeep
from .services.watched_folder import FolderWatch
from .settings import FILE_NAME as SETTINGS
from .settings import Settings
from .store.accounts import AccountFile
from .store.copies import LocalCopies
from .store.local_store import LocalStore
from .store.lock_file import LockFile

log = structlog.get_logger()
# As long as a command waits for the engine of another one.
COMMAND_SECONDS = 15.0
RESTORING = "A backup takes the place of these books: nothing is sold until fiscalmon has started again."


class DevicePrinters:
    """The drivers, loaded when the first printer is opened: a till without one starts without them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def open(self, setup: PrinterSetup) -> Printer:
        """A printer. Raises BadInput."""
        return self._drivers.open(setup)

    def ports(self) -> list[tuple[str, str]]:
        """The serial ports of this machine."""
        return self._drivers.ports()

    async def probe(self, port: str) -> FoundPrinter | None:
        """Who answers on a port. Raises BadInput."""
        return await self._drivers.probe(port)

    @cached_property
    def _drivers(self) -> Printers:
        from device.printers.serial_printers import SerialPrinters

        return SerialPrinters(lambda: datetime.fromisoformat(local_text(self._clock.now())))


class Ground(NamedTuple):
    """What an engine stands on: books, keys, FDMS, printers. The simulated world of the tests brings its own."""

    store: Store
    keys: KeyStore
    gateways: Gateways
    printers: Printers | None = None
    secrets: SecretBox | None = None


class Engine:
    """Everything that runs without a screen. Made by `start_engine`, ended by `stop`."""

    def __init__(self, folder: DataFolder, clock: Clock, ground: Ground) -> None:
        self.folder = folder
        self.clock = clock
        self.store, self._keys, self._gateways, printers, secrets = ground
        self._printers = printers or DevicePrinters(clock)
        self._secrets = secrets or SealedSecrets(folder.keys, KeyRoom(folder.keys).passphrases)
        self.bus = Bus()
        self.devices = Devices()
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[TillDevice] = []
        self._stops: list[Callable[[], Awaitable[None]]] = []
        self._account_gate = Lock()
        # Set once a backup is to take the books' place. `renewable`: whoever runs this engine starts the next one.
        self.replaced = asyncio.Event()
        self.renewable = False

    @property
    def dashboard_url(self) -> str | None:
        """Where the dashboard is now."""
        return self.lan.door.url if self.lan.door is not None else None

    @property
    def ca_file(self) -> str | None:
        """The CA that browsers are to trust, where it is the till's own."""
        return str(self.lan.door.ca_file) if self.lan.door is not None and self.lan.door.ca_file else None

    async def start(self, server: ServerSettings | None = None, *, tend: bool = False, hold: bool = False) -> None:
        """Read the books, then start the control channel, the server where asked for, and sending and pinging.

        `tend`: an engine that stays also does what is due at night. `hold`: see `start_engine`.
        """
        read = self.store.read
        board = await read(lambda archive: archive.board(self.clock.now()))
        self.bus.last_seq = await read(lambda archive: archive.last_seq())
        metrics = Metrics(board, self.devices, self.bus, self.clock, self.store)
        announcer = Announcer(self.bus, self.clock, metrics.changed)
        connection = Connection(self.store, self.clock, announcer)
        self.preferences = Preferences(self.store, self.clock, announcer)
        await self.preferences.load()
        connection.limits = partial(self.preferences.get, ClockLimits)
        parts = Parts(self.store, self.clock, self.devices, announcer, connection, metrics)
        news = DayNews(parts)
        closing = DayClosing(parts, news)
        days = Days(DayOpening(parts, news), closing, Mending(parts, news, closing))
        self._opening, self._parts = days.opening, parts
        fiscaliser = Fiscaliser(parts)
        registrar = Registrar(parts, self._keys, self._gateways, self._run_device)
        self._renewal = Renewal(parts, self._keys, self._gateways)
        printing = Printing(parts, self.preferences, self._printers)
        alerts = self._alerts(parts, printing)
        self.till = Till(parts, self.bus, fiscaliser, days, SetUp(registrar, self.preferences, printing, alerts))

        await self._load_devices()
        self._held = list(self.devices)
        self._run("metrics", metrics.run())
        self._stops.append(fiscaliser.finish)
        days.closing.resume()
        self._stops.append(days.closing.stop)
        files = OfflineFiles(parts)
        self.operations = Operations(self.till, self._renewal, files, self.preferences)
        self.upkeep = Upkeep(parts, self.preferences, self.till.audit, _premises(self.folder, self.store))
        await self.upkeep.load(unclean=self.folder.unclean)
        self._numbers = LastNumbers(parts)
        await self._numbers.doubt(unclean=self.folder.unclean)
        await alerts.load()
        self.operations.offer(self.upkeep.operations())
        self.operations.offer(alerts.operations())
        self.operations.offer(account_operations(self._open_accounts))
        self.operations.offer(lock_operations(TillLock(LockFile(self.folder.path))))
        metrics.backup_at = partial(self.upkeep.chores.done_at, BACKUP)
        folder = self.folder.path
        doctor = Doctor(parts, self.upkeep.chores, LocalCopies(folder), folder, printing.cards, self._keys.place)
        self.operations.offer(
            {
                "doctor": lambda _: doctor.examine(self.dashboard_url),
                "doctor.bundle": partial(self._bundle, doctor),
                "restore": self._restore,
            }
        )
        office = OfficeNews(self.store, self.clock, announcer, time.monotonic)
        network = LanNetwork(self.till, self._open_accounts, office, server or ServerSettings(self.folder.path))
        self.lan = LanAccess(self.preferences, office, self._open_accounts, network)
        self._door = HeldDoor(self.lan)
        self.operations.offer(lan_operations(self.lan))
        control = ControlServer(self.folder, self.operations.run, stays=tend)
        await control.start()
        self._stops += [control.stop, printing.stop]
        await printing.start()
        if server is not None:
            self._open_accounts()  # before the door: what is opened last is closed first
            self._stops.append(self._door.stop)
            await self._door.start(Wish(server.host, server.port, server.tls, server.host_names), hold=hold)
        log.info("engine.started", version=__version__, unclean=self.folder.unclean, devices=len(self._held))
        if not hold:
            self.begin()
        if tend:
            self._run("upkeep", self.upkeep.run())
            self._run("alerts", alerts.run())
            self._run("alert post", alerts.post.run())
            self._run("keys", KeyLock(self.devices, self._keys, self.preferences, self.clock).run())
            self._run("files", FileCarrier(files, self.devices, self.preferences).run())
            sell, folders = partial(self.operations.run, "submit"), partial(open_sale_folder, self.folder.path)
            times = DayTimes(parts, self.preferences, self.upkeep.chores, days.opening, days.closing)
            self._run("day-times", times.run())
            self._run("folder", FolderWatch(parts, self.preferences, sell, folders).run())

    def begin(self) -> None:
        """Start what `hold` held back: sending, pinging, the door; harmless when called again."""
        while self._held:
            self._run_device(self._held.pop(0))
        self._door.begin()

    def _alerts(self, parts: Parts, printing: Printing) -> Alerts:
        post = AlertPost(self.store, self.clock, self.preferences, self._secrets, Notifiers())
        channels = Channels(self.store, self.clock, self.preferences, self._secrets, post)
        facts = AlertFacts(parts, printing.cards, self.folder.path)
        return Alerts(parts, self.preferences, facts, Posting(post, channels))

    async def _bundle(self, doctor: Doctor, given: dict[str, Any]) -> dict[str, Any]:
        """The file for support, as `doctor --bundle` writes it."""
        from .support_bundle import write_bundle  # here: few ask for one

        report = await doctor.examine(self.dashboard_url)
        return await asyncio.to_thread(write_bundle, self.folder, report, Path(given["file"]))

    async def _restore(self, given: dict[str, Any]) -> dict[str, Any]:
        """Verify a backup and lay it ready. From then on nothing is sold into books that are about to go."""
        prepared = await asyncio.to_thread(prepare_restore, self.folder, Path(given["file"]), given.get("passphrase"))
        self.devices.leaving = RESTORING
        log.warning("restore.ready", receipts=prepared["receipts"], renewable=self.renewable)
        self.replaced.set()
        return {**prepared, "restarts": self.renewable}

    async def _load_devices(self) -> None:
        read = self.store.read
        days = await read(lambda archive: archive.last_days())
        numbers = await read(lambda archive: archive.last_numbers())
        following = await read(lambda archive: archive.certificates.next())
        for registered in await read(lambda archive: archive.devices()):
            device = self._device(registered, days, numbers)
            device.next_certificate = following.get(registered.device_id)
            self.devices.add(device)
        self.devices.load_queues(await read(lambda archive: archive.queues()))

    def _device(self, registered: RegisteredDevice, days: dict[int, DayRecord], numbers: dict[int, int]) -> TillDevice:
        try:
            mend(self._keys, registered)
        except FiscalmonError as wrong:
            # The device cannot sign until its key is mended; the others can.
            log.error("an interrupted renewal cannot be finished", device=registered.device_id, text=wrong.text)
        unlock = partial(self._keys.signer, registered.device_id)
        device = TillDevice(registered, unlock, partial(self._gateways.for_device, registered))
        device.day = days.get(registered.device_id)
        device.last_global_no = numbers.get(registered.device_id, 0)
        return device

    def _run_device(self, device: TillDevice) -> None:
        if device.comparison.runs:
            self._run(f"numbers-{device.device_id}", self._numbers.ask(device))
        self._run(f"sender-{device.device_id}", Sender(device, self._opening, self._parts).run())
        self._run(f"heartbeat-{device.device_id}", Heartbeat(device, self._parts, self._renewal).run())

    @cached_property
    def _accounts(self) -> Accounts:
        accounts = Accounts(AccountFile(self.folder.path))
        self._stops.append(_closing(accounts))
        return accounts

    def _open_accounts(self) -> Accounts:
        with self._account_gate:
            return self._accounts

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (wrong := task.exception()) is not None:
            log.error("a part of the engine ended", part=task.get_name(), exc_info=wrong)
            keep_crash(self.folder.path, task.get_name(), wrong)

    async def stop(self) -> None:
        """Stop in reverse order; everything that was recorded stays recorded, everything unsent waits in the outbox."""
        self.store.hurry()
        while self._stops:
            try:
                await self._stops.pop()()
            except Exception as wrong:
                log.error("a part did not stop cleanly", exc_info=wrong)
        for task in (tasks := tuple(self._tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.bus.close()
        for device in self.devices:
            await device.disconnect()
        await asyncio.to_thread(self.store.close)
        log.info("engine.stopped")
        self.folder.release()


def _closing(accounts: Accounts) -> Callable[[], Awaitable[None]]:
    async def close() -> None:
        accounts.close()

    return close


def _premises(folder: DataFolder, store: Store) -> Premises:
    settings = folder.path / SETTINGS

    def files() -> dict[str, bytes]:
        return {SETTINGS: settings.read_bytes()} if settings.is_file() else {}

    baggage = Baggage(files, partial(seal_keys, folder.keys, unlock=KeyRoom(folder.keys).keys.passphrase))
    met = store.damage_met if isinstance(store, LocalStore) else lambda: False
    return Premises(folder.path, LocalCopies(folder.path), baggage, partial(prune, folder.logs), met)


def _ground(folder: DataFolder, clock: Clock, settings: Settings) -> Ground:
    """Opens the books, which may take a while. Raises StoreDamaged."""
    gateway = settings.gateway
    room = KeyRoom(folder.keys, settings.keys.store, settings.keys.token)
    keys = room.keys
    gateways = FdmsGateways(
        keys, folder.certificates, clock, gateway.timeout_seconds, gateway.file_transport, gateway.proxy
    )
    return Ground(LocalStore(folder.path), keys, gateways, secrets=SealedSecrets(folder.keys, room.passphrases))


async def start_engine(
    folder: DataFolder,
    *,
    clock: Clock | None = None,
    server: ServerSettings | None = None,
    settings: Settings | None = None,
    tend: bool = False,
    hold: bool = False,
) -> Engine:
    """A running engine that owns the folder. Raises FolderInUse, StoreDamaged, FiscalmonError.

    `tend`: it stays; for that it waits until a command that has the folder for a moment is done with it.
    `hold`: no door, and FDMS is asked nothing, until `begin` is called: a screen shows first what the books know.
    """
    leave_no_core()
    await folder.claim_within(COMMAND_SECONDS if tend else 0.0)
    try:
        clock = clock or SystemClock()
        await asyncio.to_thread(finish_restore, folder)
        ground = await asyncio.to_thread(_ground, folder, clock, settings or Settings())
        engine = Engine(folder, clock, ground)
    except BaseException:
        folder.release()
        raise
    try:
        await engine.start(server, tend=tend, hold=hold)
    except BaseException:
        await engine.stop()
        raise
    return engine


def server_settings(
    folder: DataFolder, host: str, port: int, *, tls: bool, host_names: tuple[str, ...] = ()
) -> ServerSettings:
    """The LAN server's settings with the dashboard that was built into `resources`."""
    web = files("resources") / "web"
    return ServerSettings(folder.path, host, port, tls, web if web.is_dir() else None, host_names)
