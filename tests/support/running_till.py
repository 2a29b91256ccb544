"""A till on the real engine beside a real simulator: registered devices, open days, a clock both share."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from fiscalmon.bootstrap import start_engine
from fiscalmon.data_folder import DataFolder
from fiscalmon.services.registration import Registrant


class MovedClock:
    """The machine's clock plus what a test moved it by; the simulator's is moved with it."""

    def __init__(self, simulator) -> None:
        self.simulator = simulator
        self.offset = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    async def wait_until(self, moment: datetime) -> None:
        ahead = (moment - self.now()).total_seconds()
        if ahead > 0:
            self.move(seconds=ahead + 5)

    def move(self, **time: float) -> None:
        self.offset += timedelta(**time).total_seconds()
        self.simulator.post("/clock", {"offsetSeconds": self.offset}).raise_for_status()

    def move_to(self, hour: int, minute: int = 0) -> None:
        """On to the next such time of the shop's day."""
        local = self.now() + timedelta(hours=2)
        wanted = local.replace(hour=hour, minute=minute, second=0)
        self.move(seconds=((wanted - local).total_seconds()) % 86_400)


class Till:
    """A running engine; `restart` is a clean stop and start on the same folder."""

    def __init__(self, simulator, folder) -> None:
        self.simulator, self.folder = simulator, folder
        self.clock = MovedClock(simulator)

    async def start(self, server=None) -> "Till":
        self.engine = await start_engine(DataFolder(self.folder), clock=self.clock, server=server)
        self.till, self.operate = self.engine.till, self.engine.operations.run
        return self

    async def stop(self) -> None:
        await self.engine.stop()

    async def register(self, entry) -> int:
        ca = (self.simulator.state / "ca.pem").read_text()
        who = Registrant(entry["deviceID"], entry["serialNo"], entry["activationKey"], self.simulator.url, ca)
        await self.till.registrar.register(who)
        return entry["deviceID"]

    async def sell(self, sale, wait="completed"):
        return await self.operate("submit", {"sale": sale, "wait": wait})

    async def until(self, condition, seconds: float = 10.0):
        """Wait for something that the engine does by itself."""
        async with asyncio.timeout(seconds):
            while not (found := condition()):  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.02)
        return found

    async def drained(self, device_id: int) -> None:
        await self.until(lambda: self.engine.devices.get(device_id).queued == 0)


def enter(simulator, device_id: int, **more) -> dict:
    """A device that may register, with a taxpayer of its own choosing."""
    entry = {"deviceID": device_id, "serialNo": f"SN-{device_id}", "activationKey": f"{device_id:08d}"}
    simulator.post("/devices", {**entry, **more}).raise_for_status()
    return entry


@asynccontextmanager
async def running(simulator, folder):
    till = await Till(simulator, folder).start()
    try:
        yield till
    finally:
        await till.stop()


def line(total, tax_id=3, *, quantity="1", name="RICE 5 KG", kind="Sale", **more) -> dict:
    """A line by its unit price; taxes of the simulator: 1 exempt, 2 zero-rated, 3 standard, 4 withholding."""
    return {
        "receiptLineType": kind, "receiptLineName": name, "receiptLineHSCode": "10063000", "receiptLinePrice": total,
        "receiptLineQuantity": quantity, "taxID": tax_id, **more,
    }  # fmt: skip


def sale(name: str, lines, payments, **more) -> dict:
    """`payments`: (kind, amount) pairs."""
    return {
        "saleId": name, "receiptType": "FiscalInvoice", "receiptCurrency": "USD", "invoiceNo": f"INV-{name}",
        "receiptLines": lines,
        "receiptPayments": [{"moneyTypeCode": kind, "paymentAmount": amount} for kind, amount in payments], **more,
    }  # fmt: skip
