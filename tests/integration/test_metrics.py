"""The live figures are true: after any run the board kept live, the board made of the rollups, and a full recount
of what support reads in v_receipts and v_submissions are the same, now and when only time has passed.
"""

import json
import random
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from fiscalmon.domain.kpi import Board
from tests.support.books import NOON, SetClock, Shop, sale
from tests.support.recount import counted, figures

SHOP_TIME = timezone(timedelta(hours=2))
DEVICES = (101, 102, 103)


@pytest.fixture
async def shop(tmp_path):
    made = Shop(tmp_path)
    for device_id in DEVICES:
        await made.add_device(device_id)
    yield made
    await made.close()


def recount(shop, devices=frozenset(DEVICES)) -> dict:
    return counted(shop.rows, shop.clock.now(), devices)


async def check(shop, folded: Board) -> None:
    """Live board == rollups == all deltas folded at once == recount, for all devices and for some."""
    now = shop.clock.now()
    states = [device.state() for device in shop.devices]
    rolled = await shop.store.read(lambda archive: archive.board(now))
    for devices in (None, frozenset({102}), frozenset()):
        expected = recount(shop, frozenset(DEVICES) if devices is None else devices)
        assert figures(shop.metrics.snapshot(devices)) == expected
        assert figures(rolled.snapshot(now, states, 0, devices)) == expected
        assert figures(folded.snapshot(now, states, 0, devices)) == expected


class Day:
    """A random trading life of the shop."""

    def __init__(self, shop, chance: random.Random) -> None:
        self.shop, self.chance = shop, chance
        self.number = 0
        self.waiting = []
        self.invoices = []
        self.opened = dict.fromkeys(DEVICES, shop.clock.now())
        self.day_no = dict.fromkeys(DEVICES, 1)

    async def step(self) -> None:
        what = self.chance.random()
        if what < 0.5:
            await self.sell()
        elif what < 0.85 and self.waiting:
            entry = self.waiting.pop(self.chance.randrange(len(self.waiting)))
            colour = self.chance.choice(("none", "none", "Red", "Yellow"))
            errors = [] if colour == "none" else [("RCPT020", colour)]
            await self.shop.settle(entry, errors=errors, latency=self.chance.randrange(5, 3000))
        else:
            span = self.chance.choice((1, 40, 61, 600, 3600, 5 * 3600, 20 * 3600))
            self.shop.clock.pass_(seconds=span * self.chance.random(), milliseconds=self.chance.randrange(1000))

    async def sell(self) -> None:
        crediting = bool(self.invoices) and self.chance.random() < 0.2
        origin = self.invoices.pop(self.chance.randrange(len(self.invoices))) if crediting else None
        # A note on another device must wait until FDMS has answered its original.
        device_id = origin.device_id if origin else self.chance.choice(DEVICES)
        now = self.shop.clock.now()
        if now - self.opened[device_id] > timedelta(hours=20):
            await self.next_day(device_id)
        self.number += 1
        currency = self.chance.choice(("USD", "USD", "ZWG"))
        price = f"{self.chance.randrange(1, 50_000) / 100:.2f}"
        changes = {"deviceID": device_id, "receiptCurrency": currency, "tax_id": self.chance.choice((1, 2, 3))}
        if origin:
            changes |= {
                "receiptType": "CreditNote",
                "receiptNotes": "returned",
                "receiptCurrency": origin.receipt_currency,
                "tax_id": json.loads(origin.receipt_taxes)[0]["taxID"],
                "creditDebitNote": {
                    "deviceID": origin.device_id,
                    "fiscalDayNo": origin.fiscal_day_no,
                    "receiptGlobalNo": origin.receipt_global_no,
                },
            }
            price = f"-{Decimal(origin.receipt_total)}"
            entry = await self.shop.sell(self.number, price, 1, **changes)
        else:
            entry = await self.shop.sell(self.number, price, self.chance.randrange(1, 4), **changes)
            self.invoices.append(entry)
        self.waiting.append(entry)

    async def next_day(self, device_id: int) -> None:
        self.day_no[device_id] += 1
        self.opened[device_id] = self.shop.clock.now()
        closed = "2026-11-22T12:00:01"
        await self.shop.store.write(lambda work: work.days.closed(work.days.last(device_id), closed, "Auto", None))
        await self.shop.open_day(device_id, self.day_no[device_id])


@pytest.mark.parametrize("seed", range(6))
async def test_the_snapshot_is_a_recount_after_any_run(shop, seed):
    chance = random.Random(seed)
    day = Day(shop, chance)
    folded = Board()
    plain = shop.metrics.apply

    def apply(deltas):
        folded.apply(deltas)
        plain(deltas)

    shop.metrics.apply = apply
    for turn in range(150):
        await day.step()
        if turn % 5 == 0:
            await check(shop, folded)
    for _ in range(12):
        shop.clock.pass_(hours=17, minutes=3)
        await check(shop, folded)
    assert len(shop.rows("SELECT 1 FROM receipts")) > 40


async def test_the_rollups_are_the_sum_of_the_receipts(shop):
    day = Day(shop, random.Random(99))
    for _ in range(120):
        await day.step()
    assert shop.rows(
        "SELECT device_id, hour, currency, receipts, cents FROM rollup_sales ORDER BY 1, 2, 3"
    ) == shop.rows(
        "SELECT deviceID, substr(receiptDate, 1, 13), receiptCurrency, count(*), "
        "CAST(round(sum(receiptTotal) * 100) AS INTEGER) FROM v_receipts GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    assert shop.rows("SELECT device_id, day, completed, failed FROM rollup_days ORDER BY 1, 2") == shop.rows(
        "SELECT deviceID, substr(receiptDate, 1, 10), sum(status = 'completed'), sum(status = 'failed') "
        "FROM v_receipts WHERE settledAt IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )


async def test_a_restart_gives_the_same_snapshot(tmp_path):
    clock = SetClock()
    shop = Shop(tmp_path, clock=clock)
    for device_id in DEVICES:
        await shop.add_device(device_id)
    day = Day(shop, random.Random(7))
    for _ in range(150):
        await day.step()
    before = figures(shop.metrics.snapshot())
    devices = shop.devices
    await shop.close()
    again = Shop(tmp_path, clock=clock)
    for device in devices:
        again.devices.add(device)
    assert figures(again.metrics.snapshot()) == before
    await again.close()


async def test_today_ends_at_the_shops_midnight(tmp_path):
    """21:59:30 UTC is 23:59:30 in the shop."""
    shop = Shop(tmp_path, clock=SetClock(datetime(2026, 11, 22, 21, 59, 30, tzinfo=NOON.tzinfo)))
    await shop.add_device()
    await shop.settle(await shop.sell(1), errors=[("RCPT020", "Red")])
    seen = shop.metrics.snapshot()
    assert (seen["receiptsToday"], seen["failedReceipts"], seen["receiptsPerHour"][23]) == (1, 1, 1)
    shop.clock.pass_(seconds=29)
    assert shop.metrics.snapshot()["receiptsToday"] == 1
    shop.clock.pass_(seconds=1)
    seen = shop.metrics.snapshot()
    assert (seen["receiptsToday"], seen["failedReceipts"], seen["sales"], seen["taxBreakdown"]) == (0, 0, {}, [])
    assert seen["receiptsPerHour"] == [0] * 24
    assert seen["successRate"] == 0.0
    assert [entry["receipts"] for entry in seen["successRate7d"]] == [0, 0, 0, 0, 0, 1, 0]
    assert [entry["rate"] for entry in seen["successRate7d"]][5] == 0.0
    await shop.close()


async def test_the_window_of_24_hours_moves_with_time_alone(shop):
    await shop.settle(await shop.sell(1), errors=[("RCPT020", "Red")], latency=1000)
    shop.clock.pass_(hours=12)
    await shop.settle(await shop.sell(2), latency=100)
    seen = shop.metrics.snapshot()
    assert (seen["successRate"], seen["avgLatencyMs"]) == (50.0, 550)
    shop.clock.pass_(hours=11, minutes=59)
    assert shop.metrics.snapshot()["successRate"] == 50.0
    shop.clock.pass_(minutes=1)
    seen = shop.metrics.snapshot()
    assert (seen["successRate"], seen["avgLatencyMs"]) == (100.0, 100)
    shop.clock.pass_(hours=12)
    seen = shop.metrics.snapshot()
    assert (seen["successRate"], seen["avgLatencyMs"]) == (100.0, 0)


async def test_the_windows_follow_a_clock_that_is_set_forth_and_back(shop):
    await shop.settle(await shop.sell(1), latency=100)
    names = ("receiptsToday", "successRate", "avgLatencyMs", "successRate7d", "receiptsPerHour", "sales")
    before = shop.metrics.snapshot()
    shop.clock.pass_(days=6)
    assert [day["receipts"] for day in shop.metrics.snapshot()["successRate7d"]] == [1, 0, 0, 0, 0, 0, 0]
    shop.clock.pass_(days=2)
    later = shop.metrics.snapshot()
    assert (later["receiptsToday"], later["avgLatencyMs"]) == (0, 0)
    assert [day["receipts"] for day in later["successRate7d"]] == [0] * 7
    shop.clock.pass_(days=-8)
    await shop.metrics._follow_clock()
    after = shop.metrics.snapshot()
    assert {name: after[name] for name in names} == {name: before[name] for name in names}


async def test_the_members_have_the_types_of_the_contract(shop):
    await shop.settle(await shop.sell(1), latency=540)
    await shop.sell(2, receiptCurrency="ZWG", tax_id=1)
    seen = json.loads(json.dumps(shop.metrics.snapshot(), default=float))
    whole = ("activeDevices", "totalDevices", "receiptsToday", "failedReceipts", "avgLatencyMs", "queueDepth", "seq")
    assert [name for name in whole if type(seen[name]) is not int] == []
    assert type(seen["successRate"]) is float
    assert all(type(amount) is float for amount in seen["sales"].values())
    assert set(seen["sales"]) == {"USD", "ZWG"}
    assert [set(band) for band in seen["taxBreakdown"]] == [{"band", "amount"}]
    assert {band["band"] for bands in seen["taxBreakdownByCurrency"].values() for band in bands} == {"15.5%", "Exempt"}
    assert seen["fiscalDayStatus"] == {"FiscalDayOpened": 3}
    assert len(seen["receiptsPerHour"]) == 24
    assert all(type(count) is int for count in seen["receiptsPerHour"])
    assert [set(entry) for entry in seen["successRate7d"]] == [{"date", "rate", "receipts"}] * 7
    assert seen["successRate7d"][-1]["date"] == "2026-11-22"
    assert [set(entry) for entry in seen["certificates"]] == [{"deviceID", "notAfter", "daysLeft"}] * 3
    assert seen["certificates"][0]["notAfter"].endswith("Z")
    assert seen["certificates"][0]["daysLeft"] == 300
    assert datetime.fromisoformat(seen["asOf"]).utcoffset() == timedelta(hours=2)


async def test_a_device_is_active_while_its_day_is_open_and_fdms_hears_it(shop):
    device = shop.devices.get(101)
    assert shop.metrics.snapshot()["activeDevices"] == 0
    device.heard = shop.clock.now()
    shop.clock.pass_(minutes=5)
    assert shop.metrics.snapshot()["activeDevices"] == 1
    shop.clock.pass_(seconds=1)
    assert shop.metrics.snapshot()["activeDevices"] == 0
    device.heard = shop.clock.now()
    device.day = None
    seen = shop.metrics.snapshot()
    assert seen["activeDevices"] == 0
    assert seen["fiscalDayStatus"] == {"FiscalDayOpened": 2, "FiscalDayClosed": 1}


async def test_a_sale_that_is_repeated_counts_once(shop):
    await shop.sell(1)
    await shop.fiscaliser.fiscalise(sale(1))
    assert shop.metrics.snapshot()["receiptsToday"] == 1
