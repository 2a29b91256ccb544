"""One till and one FDMS in a world of their own: one virtual time, one loop, one source of chance, files in a folder.

The engine, the store's commits and queries, the client of FDMS and FDMS itself are the real ones.
"""

import asyncio
import contextlib
import contextvars
import hashlib
import itertools
import logging
import random
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fiscalmon.bootstrap import Engine, Ground
from fiscalmon.clocks import SystemClock
from fiscalmon.data_folder import DataFolder
from fiscalmon.services.registration import Registrant
from fiscalmon.simulator import views
from fiscalmon.simulator.gateway_app import GatewayApp
from fiscalmon.simulator.simulation import Simulation

from .disk import Plan, SimulatedStore
from .keys import SimulatedKeys
from .loop import Died, Life, VirtualLoop
from .network import SimulatedGateways, Wire

EPOCH = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)
GATEWAY = "https://fdms.test"
FIRST_DEVICE = 10001
DEVICES = 2
# Pings are rare, so that hours pass quickly.
SETTINGS = MappingProxyType({"close_delay": 2.0, "reporting_frequency": 60})


class TillClock(SystemClock):
    """The till's clock: the world's time, and whatever it is wrong by."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self.wrong_by = timedelta()

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self._loop.now) + self.wrong_by


class _Peer:
    """FDMS's end of a line."""

    def __init__(self, certificate: bytes | None) -> None:
        self.certificate = certificate

    def drop(self) -> None: ...


class World:
    """`seed` decides everything. Use within `loop.run_until_complete`; `end` lets go of it."""

    def __init__(self, seed: int, folder: Path, began: float = 0.0) -> None:
        self.seed = seed
        self.folder = folder
        self.chance = random.Random(seed)
        # The product's jitter comes from here.
        random.seed(seed)
        self.loop = VirtualLoop(self.chance)
        self.loop.now = began
        self.clock = TillClock(self.loop)
        self.plan = Plan()
        self.wire = Wire(self.loop, self._serve)
        self.lives = itertools.count(1)
        self.past: list[Life] = []
        self.life: Life | None = None
        # The life whose engine is up, so that it can be asked for something.
        self.serving: Life | None = None
        self.engine: Engine | None = None
        self.store: SimulatedStore | None = None
        self.faults: list[str] = []
        self.trace = hashlib.sha256()
        self.story: list[str] = []
        self.start_fdms()

    # --- FDMS -----------------------------------------------------------------------------------------------------

    def start_fdms(self) -> None:
        self.fdms_life = Life(self.loop, "fdms")
        self.past.append(self.fdms_life)

        def time() -> float:
            return EPOCH.timestamp() + self.loop.now

        self.fdms = Simulation(self.folder / "fdms", ["fdms.test"], SETTINGS, time)
        self.app = GatewayApp(self.fdms)
        self.fdms_life.spawn(self._begin())

    async def _begin(self) -> None:
        self.fdms.start()

    def crash_fdms(self) -> None:
        """kill -9 of FDMS; it is there again at once, with what it had committed."""
        self.note("FDMS restarts")
        self.fdms_life.end()
        self.fdms.archive.close()
        self.start_fdms()

    def _serve(self, certificate, request, body: bytes, delay: float):
        """FDMS's answer as a future: it goes on with the request whatever becomes of the till."""
        answer = self.loop.create_future()

        async def handle() -> None:
            url = request.url
            scope = {
                "type": "http", "method": request.method, "path": url.path, "query_string": url.query,
                "headers": [(name.lower(), value) for name, value in request.headers.raw],
                "client": ("192.0.2.1", 1), "state": {"peer": _Peer(certificate)},
            }  # fmt: skip
            said: list[dict] = []

            async def receive() -> dict:
                return {"type": "http.request", "body": body, "more_body": False}

            async def send(message: dict) -> None:
                said.append(message)

            await self.app(scope, receive, send)
            self.note(f"{url.path.rsplit('/', 1)[-1]} -> {said[0]['status']}")
            if not answer.done():
                answer.set_result((said[0]["status"], said[0]["headers"], said[1]["body"]))

        def arrive() -> None:
            if not self.fdms_life.dead:
                self.fdms_life.spawn(handle())

        # In nobody's life: a request on its way arrives after the till's death, too.
        self.loop.call_later(delay, arrive, context=contextvars.Context())
        return answer

    def ledger(self, device_id: int) -> list[dict]:
        return views.receipts(self.fdms.archive.path, device_id)

    def book(self, device_id: int):
        return self.fdms.ledger.books[device_id]

    def officer(self, device_id: int, *, active: bool) -> None:
        device = self.book(device_id).device
        self.fdms.ledger.put_device(msgspec.structs.replace(device, active=active))

    # --- the till -------------------------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        return self.life is not None and not self.life.dead

    async def start(self) -> None:
        """Start the till on what its disk has. Raises Died when it is killed meanwhile, and what start raises."""
        self.let_go()
        life = self.life = Life(self.loop, f"till {next(self.lives)}")
        self.past.append(life)
        path = self.folder / "till"
        self.store = SimulatedStore(self.loop, path, self.plan, life)
        ground = Ground(self.store, SimulatedKeys(), SimulatedGateways(self.wire, self.clock))
        folder = DataFolder(path)
        # What claiming the folder would find: the address that a dead engine has left.
        folder.unclean = folder.running() is not None
        self.engine = Engine(folder, self.clock, ground)
        self.note(f"start of {life.name}")
        await life.do(self.engine.start())
        self.serving = life

    def let_go(self) -> None:
        """What the operating system does with a dead process's files."""
        if self.store is not None:
            self.store.close()
            self.store = None
        self.engine = None

    async def stop(self) -> None:
        """An orderly end. Raises Died when it is killed meanwhile."""
        life = self.life
        self.note(f"stop of {life.name}")
        await life.do(self.engine.stop())
        life.end()

    def kill(self) -> None:
        self.note("kill")
        self.life.end()

    async def do(self, work):
        """The result of something that the till is asked for: `work` takes the engine. Raises Died."""
        if not self.alive or self.serving is not self.life:
            raise Died
        return await self.life.do(work(self.engine))

    async def register(self) -> None:
        for device_id in range(FIRST_DEVICE, FIRST_DEVICE + DEVICES):
            device = self.book(device_id).device
            who = Registrant(device_id, device.serial_no, device.activation_key, GATEWAY)
            await self.do(lambda engine, who=who: engine.till.registrar.register(who))

    @property
    def ids(self) -> range:
        return range(FIRST_DEVICE, FIRST_DEVICE + DEVICES)

    # --- the book of what happened --------------------------------------------------------------------------------

    def note(self, text: str) -> None:
        """Something that must be the same in every run of the seed."""
        line = f"{self.loop.now:.6f} {text}"
        self.trace.update(line.encode() + b"\n")
        self.story.append(line)

    def take_log(self, _logger, level: str, event: dict) -> dict:
        """A line of the product's log: what it calls a fault of its own is one."""
        if level in ("exception", "critical") or event.get("exc_info"):
            self.faults.append(f"{event.get('event')}: {event.get('exc_info')!r}")
        raise structlog.DropEvent

    async def end(self) -> None:
        """Let every life's coroutines run out."""
        for life in self.past:
            life.bury()
        self.wire.cut = True
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.let_go()
        self.fdms.archive.close()


class _Faults(logging.Handler):
    """FDMS's own faults."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.ERROR)
        self._world = world

    def emit(self, record: logging.LogRecord) -> None:
        self._world.faults.append(f"{record.name}: {record.getMessage()} {record.exc_info!r}")


@contextlib.contextmanager
def listening(world: World):
    """The logs of till and FDMS go to the world."""
    before = structlog.get_config()
    handler, logger = _Faults(world), logging.getLogger("fiscalmon.simulator")
    propagates = logger.propagate
    structlog.configure(processors=[world.take_log], cache_logger_on_first_use=False)
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates
        structlog.configure(**before)


def run(seed: int, base: Path, play) -> World:
    """One world from a copy of the registered till in `base`; `play` is its history, a coroutine function."""
    folder = Path(tempfile.mkdtemp(prefix="world-", dir=base))
    try:
        shutil.copytree(base / "registered", folder, dirs_exist_ok=True)
        return _live(World(seed, folder, 3600.0), play)
    finally:
        shutil.rmtree(folder)


def _live(world: World, play) -> World:
    async def whole() -> None:
        try:
            await play(world)
        finally:
            await world.end()

    state = random.getstate()
    try:
        with listening(world):
            world.loop.run_until_complete(whole())
    finally:
        random.setstate(state)
        world.loop.close()
    return world


def prepare(base: Path) -> None:
    """A till with its devices registered, and FDMS beside it, for all seeds to begin with."""
    folder = base / "registered"
    (folder / "fdms").mkdir(parents=True)
    # Keys that are quick to read and to sign with: FDMS starts once a world, and this is no test of RSA.
    keys = {"ca.key": ec.generate_private_key(ec.SECP256R1()), "signing.key": rsa.generate_private_key(65537, 1024)}
    for name, key in keys.items():
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "fdms" / name).write_bytes(pem)
    (folder / "till").mkdir()

    async def play(world: World) -> None:
        await world.start()
        await world.register()
        await world.stop()

    _live(World(0, folder), play)


def place() -> Path:
    """A folder for worlds, in memory where the machine has such a place."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="fiscalmon-vopr-", dir=memory if memory.is_dir() else None))
