"""The whole product on one machine with no set-up: simulator, devices, open days, real baskets, both screens.

Till and simulator share one virtual clock, so that a year of baskets needs no rule to be bent.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import structlog

from .books import Archive
from .bootstrap import Engine, server_settings, start_engine
from .clocks import VirtualClock
from .companions.child import Child
from .data_folder import DataFolder
from .demo_printer import DemoPrinter
from .domain.errors import BadInput, DayRefused, FiscalmonError, SaleConflict, SaleRefused, UnknownDevice
from .domain.fiscal_day import DayStatus
from .sale_files import name_of, split_sales
from .services.accounts import Accounts
from .settings import KeysSection, Settings
from .store.accounts import AccountFile

USER = "demo"
PORT_FILE = "gateway-port"
# Sales on their way into the books at once: enough to share commits, few enough to keep their order readable.
AT_ONCE = 16
MOST_WAITING = 200
START_SECONDS = 60.0
DRAIN_QUIET_SECONDS = 120.0

log = structlog.get_logger()


class Wishes(NamedTuple):
    """What the command line asked for. `rate`: sales a second, 0 as fast as it goes; `sales` None: the bundled ones."""

    sales: Path | None = None
    devices: int = 3
    rate: float = 2.0
    port: int = 0


class Simulator:
    """The FDMS simulator as a process of its own."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self.url: str = child.ready["url"]
        self.control: str = child.ready["control"]
        self.ca_pem = Path(child.ready["ca"]).read_text()
        self.devices: list[dict[str, Any]] = child.ready["devices"]
        self._client = httpx.AsyncClient(base_url=self.control, timeout=30, trust_env=False)

    @classmethod
    async def start(cls, state: Path) -> Simulator:
        """Start it and wait until it answers. Raises FiscalmonError when it does not."""
        words = ("simulator", "--port", _known_port(state), "--state-dir", str(state))
        child = await Child.start(*words, seconds=START_SECONDS)
        if child is None:
            raise FiscalmonError("The FDMS simulator did not start: run `fiscalmon simulator` to see why.")
        (state / PORT_FILE).write_text(str(httpx.URL(child.ready["url"]).port))
        return cls(child)

    async def offer(self, count: int) -> list[dict[str, Any]]:
        """So many devices that may register; more than the simulator starts with are made."""
        for extra in range(len(self.devices), count):
            device = {
                "deviceID": 20_001 + extra,
                "serialNo": f"SIM-{20_001 + extra}",
                "activationKey": f"{extra:08d}",
            }
            await self.enter(device)
            self.devices.append(device)
        return self.devices[:count]

    async def enter(self, device: dict[str, Any]) -> None:
        """A device that may register, as POST /devices takes it."""
        (await self._client.post("/devices", json=device)).raise_for_status()

    async def move_clock(self, offset: float) -> None:
        """Set FDMS's clock so many seconds ahead of this machine's."""
        (await self._client.post("/clock", json={"offsetSeconds": offset})).raise_for_status()

    async def ledger(self, device_id: int) -> dict[str, Any]:
        """What FDMS holds of a device."""
        answer = await self._client.get(f"/ledger/{device_id}")
        ledger: dict[str, Any] = answer.raise_for_status().json()
        return ledger

    async def stop(self) -> None:
        """End the process; its state stays."""
        await self._client.aclose()
        await self._child.stop()


def _known_port(state: Path) -> str:
    """Devices remember the gateway's address: a second demo on the same data finds it again."""
    state.mkdir(parents=True, exist_ok=True)
    known = state / PORT_FILE
    return known.read_text().strip() if known.exists() else "0"


class Demo:
    """A running demo; also the engine handle that the window takes."""

    def __init__(self, wishes: Wishes, simulator: Simulator, engine: Engine, password: str) -> None:
        self._wishes = wishes
        self._simulator = simulator
        self.engine = engine
        self.till, self.operations = engine.till, engine.operations
        self.dashboard_url = engine.dashboard_url
        self.password = password
        self.summary = f"Demo with the FDMS simulator — dashboard login {USER} / {password}"
        self.printer: DemoPrinter | None = None
        self._feeding: asyncio.Task[None] | None = None
        self._tending: list[asyncio.Task[None]] = []
        self._started = time.monotonic()
        self._opened: list[int] = []
        self._taken: list[str] = []
        self._refusals: list[dict[str, Any]] = []
        self._not_recorded = 0
        self._sales = 0

    @classmethod
    async def start(cls, folder: DataFolder, wishes: Wishes) -> Demo:
        """Everything up, the days open. Raises FiscalmonError."""
        if wishes.sales is not None and not wishes.sales.is_file():
            raise BadInput(f"There is no sales file {wishes.sales}.")
        # A folder in use is said before anything is started on it.
        folder.claim()
        folder.release()
        simulator, printer = await _helpers(folder.path / "simulator", paper=wishes.rate > 0)
        try:
            password = _demo_account(folder)
            settings = server_settings(folder, "127.0.0.1", wishes.port, tls=True)
            # What is thrown away leaves nothing in anybody's keyring.
            keys = Settings(keys=KeysSection(store="file"))
            engine = await start_engine(
                folder, clock=VirtualClock(simulator.move_clock), server=settings, settings=keys
            )
        except BaseException:
            await asyncio.gather(*(helper.stop() for helper in (simulator, printer) if helper is not None))
            raise
        demo = cls(wishes, simulator, engine, password)
        demo.printer = printer
        try:
            await demo._open_days()
            if wishes.rate > 0:  # at full speed a year goes by in minutes: what takes hours is no trouble then
                alerts = engine.till.alerts
                demo._tending = [asyncio.create_task(work) for work in (alerts.run(), alerts.post.run())]
            if printer is not None:
                await printer.set_up(engine.till.printing, demo._opened[0])
        except BaseException:
            await demo.stop()
            raise
        return demo

    def ready(self) -> dict[str, Any]:
        """The first line of `--json`."""
        return {
            "event": "ready",
            "url": self.dashboard_url,
            "ca": self.engine.ca_file,
            "username": USER,
            "password": self.password,
            "gateway": self._simulator.url,
            "control": self._simulator.control,
            "dataDir": str(self.engine.folder.path),
            **({"paper": self.printer.paper} if self.printer else {}),
        }

    def feed(self) -> asyncio.Task[None]:
        """Start feeding the sales."""
        if self._feeding is None:
            self._feeding = asyncio.create_task(self._feed(), name="demo-feed")
        return self._feeding

    async def stop(self) -> None:
        """Stop feeding, the engine, the simulator."""
        tasks = [*self._tending, *([self._feeding] if self._feeding is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.engine.stop()
        await self._simulator.stop()
        if self.printer is not None:
            await self.printer.stop()

    async def finish(self) -> dict[str, Any]:
        """Wait until FDMS has everything, close the days, audit; the summary."""
        await self._drain()
        closed = [await self._close(device_id) for device_id in self._opened]
        audit = await self.till.audit.run()
        differences = await self._compare_ledgers()
        statuses = await self._statuses()
        completed = sum(statuses.get(receipt_id) == "completed" for receipt_id in self._taken)
        failed = sum(statuses.get(receipt_id) == "failed" for receipt_id in self._taken)
        return {
            "sales": self._sales,
            "completed": completed,
            "refused": len(self._refusals),
            "failed": failed + self._not_recorded,
            "queued": len(self._taken) - completed - failed,
            "seconds": round(time.monotonic() - self._started, 2),
            "auditErrors": audit["auditErrors"] + len(differences),
            "closedDays": sum(closed),
            "openedDays": len(self._opened),
            "audit": audit["errors"] + differences,
            "refusals": self._refusals,
        }

    async def _statuses(self) -> dict[str, str]:
        """How far each receipt in the books got, by its id."""
        found: dict[str, str] = {}
        cursor: str | None = None
        while True:
            page = await self.till.receipts(limit=500, before=cursor)
            found |= {item["receiptId"]: item["status"] for item in page["items"]}
            cursor = page["next"]
            if cursor is None:
                return found

    async def _open_days(self) -> None:
        registered = {device.device_id: device for device in self.engine.devices}
        for offered in await self._simulator.offer(self._wishes.devices):
            device_id = offered["deviceID"]
            if device_id not in registered:
                await self.engine.operations.run(
                    "device.register",
                    {
                        "device_id": device_id,
                        "serial_no": offered["serialNo"],
                        "activation_key": offered["activationKey"],
                        "gateway_url": self._simulator.url,
                        "ca_pem": self._simulator.ca_pem,
                    },
                )
            day = await self.till.day_status(device_id)
            if day["fiscalDayStatus"] == DayStatus.CLOSED:
                await self.till.open_day(device_id)
            self._opened.append(device_id)

    async def _feed(self) -> None:
        places = asyncio.Semaphore(AT_ONCE)
        jobs: set[asyncio.Task[None]] = set()
        started = time.monotonic()
        async for position, sale in self._sales_in_order():
            if self._wishes.rate:
                await asyncio.sleep(max(0.0, started + position / self._wishes.rate - time.monotonic()))
            await places.acquire()
            job = asyncio.create_task(self._take(position, sale))
            jobs.add(job)
            job.add_done_callback(jobs.discard)
            job.add_done_callback(lambda _: places.release())
        await asyncio.gather(*jobs)

    async def _sales_in_order(self) -> AsyncIterator[tuple[int, Any]]:
        with contextlib.ExitStack() as stack:
            bundled = files("resources") / "demo" / "baskets.jsonl.gz"
            path = self._wishes.sales or stack.enter_context(as_file(bundled))
            for position, sale in enumerate(split_sales(path.read_bytes())):
                yield position, sale
                while self._behind():  # noqa: ASYNC110 - nobody signals a shorter queue
                    await asyncio.sleep(0.01)

    def _behind(self) -> bool:
        """Whether the queues are long while FDMS answers: feeding faster would only make them longer."""
        waiting = sum(device.queued for device in self.engine.devices)
        return waiting > MOST_WAITING and any(device.online for device in self.engine.devices)

    async def _take(self, position: int, sale: Any) -> None:
        self._sales += 1
        device_id = self._opened[position % len(self._opened)]
        try:
            given = {"sale": sale, "position": position, "deviceID": device_id}
            result = await self.engine.operations.run("submit", given)
        except SaleRefused as refused:
            self._refusals.append({"saleId": refused.sale_id, "validationErrors": refused.errors})
        except (BadInput, SaleConflict, UnknownDevice) as wrong:
            error = {"code": wrong.code, "color": "Red", "advice": wrong.text, "field": None}
            self._refusals.append({"saleId": name_of(sale), "validationErrors": [error]})
        except FiscalmonError as wrong:
            # The till's fault, not the sale's: the demo has not ended well then.
            log.error("a sale could not be recorded", sale=name_of(sale), code=wrong.code, text=wrong.text)
            self._not_recorded += 1
        else:
            self._taken.append(result["receiptId"])

    async def _drain(self) -> None:
        """Wait for empty queues; give up when nothing has moved for two minutes."""
        last, since = -1, time.monotonic()
        while waiting := sum(device.queued for device in self.engine.devices):
            if waiting != last:
                last, since = waiting, time.monotonic()
            elif time.monotonic() - since > DRAIN_QUIET_SECONDS:
                return
            await asyncio.sleep(0.05)

    async def _close(self, device_id: int) -> bool:
        try:
            day = await self.till.close_day(device_id)
        except DayRefused as refused:
            log.error("a day could not be closed", device=device_id, text=refused.text)
            return False
        return bool(day["fiscalDayStatus"] == DayStatus.CLOSED)

    async def _compare_ledgers(self) -> list[dict[str, Any]]:
        """Receipt by receipt: number, counter and hash here and at FDMS."""
        found: list[dict[str, Any]] = []
        for device_id in self._opened:
            ledger = await self._simulator.ledger(device_id)
            theirs = [
                (r["fiscalDayNo"], r["receiptCounter"], r["receiptGlobalNo"], r["hash"]) for r in ledger["receipts"]
            ]
            ours = await self.engine.store.read(partial(_numbers, device_id))
            if sorted(theirs) != ours:
                what = f"FDMS holds {len(theirs)} receipts, the books {len(ours)}, or their hashes differ"
                found.append({"deviceID": device_id, "receiptGlobalNo": None, "what": what})
        return found


async def _helpers(state: Path, *, paper: bool) -> tuple[Simulator, DemoPrinter | None]:
    """The other processes, started side by side. No printer where the sales go as fast as they can: it would print
    for minutes after the last one, and take its time from them.
    """
    simulator = asyncio.create_task(Simulator.start(state))
    printing = asyncio.create_task(DemoPrinter.start(state)) if paper else None
    try:
        return await simulator, await printing if printing is not None else None
    except BaseException:
        tasks: list[asyncio.Task[Any]] = [simulator, *([printing] if printing is not None else [])]
        for task in tasks:
            task.cancel()
        for started in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(started, Simulator | DemoPrinter):
                await started.stop()
        raise


def _numbers(device_id: int, archive: Archive) -> list[tuple[int, int, int, str]]:
    return archive.numbers(device_id)


def _demo_account(folder: DataFolder) -> str:
    """The demo's login: a new password each time, for an account that exists nowhere else."""
    password = secrets.token_urlsafe(12)
    accounts = Accounts(AccountFile(folder.path))
    try:
        if any(account.name == USER for account in accounts.list()):
            accounts.set_password(USER, password)
        else:
            accounts.add(USER, "owner", password)
    finally:
        accounts.close()
    return password
