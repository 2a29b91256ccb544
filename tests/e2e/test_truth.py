"""What stands on the screen is what stands in the books, to the cent and at every look: while sales flow in several
currencies with notes and refusals, over a cut of the network, and when the shop's day turns."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from fiscalmon.data_folder import DataFolder
from fiscalmon.demo import Demo, Wishes
from tests.e2e.chromium import LAPTOP, Browser, Page
from tests.e2e.program import SCREENS, books, until
from tests.e2e.test_dashboard import sign_in
from tests.support.tills import Till

SHOP = timezone(timedelta(hours=2))
REFUSED = ("TWICE-1", "TWICE-2")
SOON = 10.0
# One read of everything, so that all of it is from the same moment.
LOOK = """(() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const words = (selector) => all(selector).map((one) => one.textContent.replace(/\\s+/g, ' ').trim());
    return {
        link: document.querySelector('.page').dataset.link,
        date: document.querySelector('.heading__date').textContent,
        receipts: document.querySelector('#kpi-receiptsToday ~ .kpi__value').textContent,
        failed: document.querySelector('#kpi-failedReceipts ~ .kpi__value').textContent,
        sales: words('.kpi__line'),
        totals: words('.totals li'),
        taxOf: document.querySelector('.tax__currency')?.textContent ?? null,
        tax: Object.fromEntries(all('.tax__band').map((band) => [
            band.querySelector('.tax__name').textContent, band.querySelector('.tax__amount').textContent])),
    };
})()"""
ORDERED = """SELECT v.* FROM v_receipts v JOIN receipts r ON r.receipt_id = v.receiptId
    WHERE substr(v.receiptDate, 1, 10) = ? ORDER BY r.id"""


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("\u2212", "-"))


def money(lines: list[str]) -> dict[str, Decimal]:
    """Lines such as "USD 1,204.50" as amounts by currency."""
    return {currency: number(amount) for currency, amount in (line.split(" ") for line in lines)}


def day_of(look: dict[str, Any]) -> str:
    return datetime.strptime(look["date"], "%A, %d %B %Y").strftime("%Y-%m-%d")


def sums(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        found[row["receiptCurrency"]] += Decimal(str(row["receiptTotal"]))
    return found


class Counter:
    """Somebody who sells at two tills without a break until told to stop."""

    def __init__(self, demo: Demo, devices: list[int]) -> None:
        self._demo, self._devices = demo, devices
        self._chance = random.Random(20_261_123)
        self._numbers = itertools.count(1)
        self._twice = list(REFUSED)
        self._sold: list[tuple[dict[str, Any], dict[str, Any]]] = []
        # When each answer came, and the shop's day on its receipt.
        self.answers: list[tuple[float, str]] = []

    async def run(self) -> None:
        for name in self._devices * 10_000:
            await self._one(name)
            await asyncio.sleep(0.06)

    async def _one(self, device: int) -> None:
        note = len(self._sold) > 6 and self._chance.random() < 0.2
        given = self._note() if note else self._invoice(device)
        result = await self._demo.till.submit(given)
        self.answers.append((time.monotonic(), result["receiptDate"][:10]))
        if not note and given["invoiceNo"] not in REFUSED:
            self._sold.append((given, result))

    def _sale(self, device: int, currency: str, price: str, tax: int) -> dict[str, Any]:
        name = f"TRUE-{next(self._numbers)}"
        line = {
            "receiptLineType": "Sale",
            "receiptLineName": "MAIZE",
            "receiptLineHSCode": "11022000",
            "receiptLinePrice": price,
            "receiptLineQuantity": "1",
            "taxID": tax,
        }
        return {
            "saleId": name,
            "deviceID": device,
            "receiptType": "FiscalInvoice",
            "receiptCurrency": currency,
            "invoiceNo": name,
            "receiptLinesTaxInclusive": True,
            "receiptLines": [line],
            "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": price}],
        }

    def _invoice(self, device: int) -> dict[str, Any]:
        currency = self._chance.choice(("USD", "USD", "ZWG", "ZAR"))
        price = f"{Decimal(self._chance.randrange(1, 900_000)) / 100:.2f}"
        given = self._sale(device, currency, price, self._chance.choice((2, 3)))
        return given | {"invoiceNo": self._twice.pop()} if self._twice and len(self._sold) > 8 else given

    def _note(self) -> dict[str, Any]:
        """All of an earlier invoice comes back."""
        bought, result = self._sold.pop(self._chance.randrange(len(self._sold)))
        (line,) = bought["receiptLines"]
        device, price = bought["deviceID"], f"-{line['receiptLinePrice']}"
        reference = {"deviceID": device, **{k: result[k] for k in ("fiscalDayNo", "receiptGlobalNo")}}
        return self._sale(device, bought["receiptCurrency"], price, line["taxID"]) | {
            "receiptType": "CreditNote",
            "receiptNotes": "returned",
            "creditDebitNote": reference,
        }


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """Two devices with open days and a dashboard; FDMS has had two invoice numbers from another till of the shop."""
    running = await Demo.start(DataFolder(tmp_path / "till"), Wishes(devices=2, rate=0))
    await sold_elsewhere(tmp_path / "other", running.ready())
    yield running
    await running.stop()


async def sold_elsewhere(folder: Path, ready: dict[str, Any]) -> None:
    ca = Path(ready["dataDir"]) / "simulator" / "ca.pem"
    with httpx.Client(base_url=ready["control"]) as control:
        fdms = SimpleNamespace(url=ready["gateway"], ca=ca, post=lambda path, body: control.post(path, json=body))
        other = await Till(fdms, folder).start(1)
        for taken in REFUSED:
            await other.sell(invoiceNo=taken)
        await other.drained()
        await other.stop()


class Watcher:
    """Reads the page again and again; keeps what it read, when."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.looks: list[tuple[float, dict[str, Any]]] = []

    async def look(self) -> dict[str, Any]:
        began = time.monotonic()
        seen = await asyncio.to_thread(self._page.read, LOOK)
        self.looks.append((began, seen))
        return seen

    async def until(self, holds: Callable[[dict[str, Any]], bool], seconds: float = 90.0) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while not holds(seen := await self.look()):  # noqa: ASYNC110 - a reader looks from outside
                await asyncio.sleep(0.1)
        return seen


def compare(look: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """What one look saw is what the books held when they had so many receipts of that day."""
    held = rows[: int(number(look["receipts"]))]
    assert len(held) == number(look["receipts"]), "more on the screen than in the books"
    assert money(look["sales"]) == money(look["totals"]) == sums(held)
    assert number(look["failed"]) <= sum(row["status"] == "failed" for row in held)
    if look["taxOf"]:
        tax: dict[str, Decimal] = defaultdict(Decimal)
        for part in (part for row in held if row["receiptCurrency"] == look["taxOf"] for part in taxes(row)):
            tax[f"{part['taxPercent']}%"] += part["taxAmount"]
        assert {band: number(amount) for band, amount in look["tax"].items()} == tax


def taxes(row: dict[str, Any]) -> list[dict[str, Any]]:
    return json.loads(row["receiptTaxes"], parse_float=Decimal, parse_int=Decimal)


async def test_every_look_is_true(browser: Browser, demo: Demo) -> None:
    ready, clock = demo.ready(), demo.engine.clock
    page = await asyncio.to_thread(browser.page, LAPTOP, still=True)
    await asyncio.to_thread(sign_in, page, ready["url"], ready["username"], ready["password"])
    await asyncio.to_thread(page.wait, "document.querySelector('.area-tax')")
    now = clock.now().astimezone(SHOP)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    # The clock goes a little further than it is asked to.
    await clock.wait_until(midnight - timedelta(seconds=150))
    counter, watcher = Counter(demo, [device.device_id for device in demo.engine.devices]), Watcher(page)
    selling = asyncio.create_task(counter.run())
    try:
        first = await watcher.until(lambda look: number(look["receipts"]) > 30)
        # Cut off, it shows what was true then; back again, it has missed nothing.
        await asyncio.to_thread(page.network, up=False)
        cut = await watcher.until(lambda look: look["link"] == "offline")
        for _ in range(5):
            assert (await watcher.look())["receipts"] == cut["receipts"]
        await asyncio.to_thread(page.network, up=True)
        await watcher.until(lambda look: look["link"] == "live" and look["receipts"] != cut["receipts"])
        # The shop's day turns while it sells.
        await clock.wait_until(midnight + timedelta(seconds=5))
        turned = await watcher.until(lambda look: day_of(look) > day_of(first) and number(look["receipts"]) > 10)
    finally:
        selling.cancel()
        await asyncio.gather(selling, return_exceptions=True)
    folder = ready["dataDir"]
    await asyncio.to_thread(
        until, lambda: not books(folder, "SELECT 1 FROM v_receipts WHERE settledAt IS NULL"), "FDMS's answers"
    )
    days = {day: books(folder, ORDERED, day) for day in (day_of(first), day_of(turned))}
    last = days[day_of(turned)]
    await watcher.until(lambda look: number(look["receipts"]) == len(last))
    for began, look in watcher.looks:
        compare(look, days[day_of(look)])
        if look["link"] == "live":
            # Live is not late: what was answered some seconds before is on it.
            known = sum(day == day_of(look) for at, day in counter.answers if at < began - SOON)
            assert number(look["receipts"]) >= known
    await asyncio.to_thread(page.shoot, SCREENS / "web-after-midnight.png")
    rows = [row for each in days.values() for row in each]
    assert len(watcher.looks) > 30
    assert {row["receiptCurrency"] for row in rows} == {"USD", "ZWG", "ZAR"}
    assert {row["receiptType"] for row in rows} == {"FiscalInvoice", "CreditNote"}
    assert sum(row["status"] == "failed" for row in rows) == len(REFUSED)
    assert max(number(look["failed"]) for _, look in watcher.looks) == len(REFUSED)
    await asyncio.to_thread(page.close)
