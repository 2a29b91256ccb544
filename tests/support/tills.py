"""A till in this process on a real data folder, with devices registered at the simulator's process over real mTLS.

Each till gets devices of its own, so that tests may share a simulator.
"""

import asyncio
import gc
import itertools
import secrets
import warnings
from collections.abc import Callable
from pathlib import Path

from fiscalmon.bootstrap import Engine, start_engine
from fiscalmon.data_folder import DataFolder
from tests.support.books import sale
from tests.support.simulator import Simulator

_ids = itertools.count(30_001)


def new_device(fdms: Simulator, **more) -> dict:
    """A device that may register."""
    device_id = next(_ids)
    entry = {"deviceID": device_id, "serialNo": f"T-{device_id}", "activationKey": secrets.token_hex(4), **more}
    return fdms.post("/devices", entry).raise_for_status().json()


def registrant(fdms: Simulator, entry: dict) -> dict:
    """What a person types, as the operation takes it."""
    return {
        "device_id": entry["deviceID"],
        "serial_no": entry["serialNo"],
        "activation_key": entry["activationKey"],
        "gateway_url": fdms.url,
        "ca_pem": Path(fdms.ca).read_text(),
    }


class Till:
    """An engine that can be stopped and started again on its folder. `id` and `device`: its first device."""

    def __init__(self, fdms: Simulator, path: Path, clock=None) -> None:
        self.fdms = fdms
        self.path = path
        self.clock = clock
        self.ids: list[int] = []
        self.entries: list[dict] = []
        self.engine: Engine
        self._numbers = itertools.count(1)

    async def start(self, devices: int = 0, *, day: bool = True) -> "Till":
        self.engine = await start_engine(DataFolder(self.path), clock=self.clock)
        for _ in range(devices):
            await self.register(new_device(self.fdms), day=day)
        return self

    async def register(self, entry: dict, *, day: bool = True) -> int:
        await self.engine.operations.run("device.register", registrant(self.fdms, entry))
        self.ids.append(entry["deviceID"])
        self.entries.append(entry)
        if day:
            await self.open_day(entry["deviceID"])
        return entry["deviceID"]

    async def stop(self) -> None:
        await self.engine.stop()
        # httpcore leaves a socket to the garbage collector when a call is cancelled during its TLS handshake.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()

    async def restart(self) -> "Till":
        await self.stop()
        return await self.start()

    @property
    def id(self) -> int:
        return self.ids[0]

    @property
    def device(self):
        return self.engine.devices.get(self.id)

    def faults(self, *rules: dict) -> None:
        self.fdms.post("/faults", {"rules": list(rules)}).raise_for_status()

    async def open_day(self, device_id: int | None = None) -> dict:
        return await self.engine.till.open_day(device_id or self.id)

    async def close_day(self, device_id: int | None = None, **more) -> dict:
        return await self.engine.till.close_day(device_id or self.id, **more)

    async def sell(self, count: int = 1, device_id: int | None = None, **changes) -> list[dict]:
        """So many sales one after the other; their results."""
        results = []
        for _ in range(count):
            number = f"{self.ids[0]}-{next(self._numbers)}"
            given = sale(number, deviceID=device_id or self.id, **changes)
            results.append(await self.engine.till.submit(given))
        return results

    async def until(self, holds: Callable[[], object], seconds: float = 15) -> None:
        """Wait until something holds; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - a test looks from outside
                await asyncio.sleep(0.01)

    async def drained(self, seconds: float = 15) -> None:
        """Wait until nothing waits for FDMS."""
        await self.until(lambda: not any(device.queued for device in self.engine.devices), seconds)

    async def told(self, *types: str) -> list[tuple[str, dict]]:
        """Type and data of the lasting messages so far, of these types (default: all)."""
        events = await self.engine.till.events(limit=1000)
        return [(event["type"], event["data"]) for event in events if not types or event["type"] in types]

    async def rows(self, sql: str) -> list[tuple]:
        """What any SQLite tool would read."""
        return await self.engine.store.read(lambda archive: [tuple(row) for row in archive._all(sql)])

    async def check(self) -> None:
        """FDMS's ledger and the books agree receipt by receipt, and the audit finds nothing."""
        for device_id in self.ids:
            ours = await self.engine.store.read(lambda archive, device_id=device_id: archive.numbers(device_id))
            assert numbers(self.fdms.ledger(device_id)) == ours
        report = await self.engine.till.audit.run()
        assert report["errors"] == []
        assert set(report["fdms"].values()) <= {"agrees"}


async def files(till: "Till", what: str, **more) -> list[dict]:
    """An act on the offline files of the till's device: build, send, status …"""
    return await till.engine.operations.run(f"files.{what}", {"deviceID": till.id, **more})


def numbers(ledger: dict) -> list[tuple]:
    """Day, counter, number and hash of each receipt that FDMS holds, sorted."""
    keys = ("fiscalDayNo", "receiptCounter", "receiptGlobalNo", "hash")
    return sorted(tuple(receipt[key] for key in keys) for receipt in ledger["receipts"])


def colours(ledger: dict) -> set[str]:
    """The colours of all errors that FDMS found."""
    return {error["validationErrorColor"] for receipt in ledger["receipts"] for error in receipt["validationErrors"]}
