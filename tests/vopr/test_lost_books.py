"""Books that are an old copy, or that lost their tail: a number that FDMS has is never given again."""

import asyncio
import shutil
import sqlite3

import pytest

from fiscalmon.domain.errors import DayRefused, StoreDamaged
from fiscalmon.events import BOOKS_RESTORED
from fiscalmon.store.database import FILE_NAME
from tests.support.books import sale
from tests.vopr.loop import Died
from tests.vopr.world import place, prepare, run

DEVICE = 10001


@pytest.fixture(scope="module")
def base():
    made = place()
    prepare(made)
    yield made
    shutil.rmtree(made)


async def sell(world, number: int, wait: str = "completed") -> dict:
    return await world.do(lambda engine: engine.till.submit(sale(number, deviceID=DEVICE), wait=wait))


async def begin(world) -> None:
    """An open day with three receipts at FDMS."""
    await world.start()
    await world.do(lambda engine: engine.till.open_day(DEVICE))
    for number in range(3):
        await sell(world, number)


async def old_copy(world, receipts: int, *, restored: bool = False) -> None:
    """The books as they were before so many receipts more; the till is dead or stopped afterwards."""
    copy = world.folder / "copy.db"
    await world.stop()
    world.let_go()
    shutil.copy(world.folder / "till" / FILE_NAME, copy)
    await world.start()
    for number in range(receipts):
        await sell(world, 100 + number)
    world.kill()
    world.let_go()
    for file in (world.folder / "till").glob(f"{FILE_NAME}*"):
        file.unlink()
    shutil.copy(copy, world.folder / "till" / FILE_NAME)
    if restored:
        books = sqlite3.connect(world.folder / "till" / FILE_NAME, isolation_level=None)
        books.execute(
            "INSERT INTO events (at, type, data) VALUES ('2026-11-23T06:00:00.000Z', ?, '{}')", (BOOKS_RESTORED,)
        )
        books.close()
        (world.folder / "till" / "engine.json").unlink()


def numbers(world) -> list[tuple[int, int]]:
    return [(row["fiscalDayNo"], row["receiptGlobalNo"]) for row in world.ledger(DEVICE)]


@pytest.mark.parametrize("restored", [False, True])
def test_an_old_copy_sells_nothing_until_the_day_is_over(base, restored):
    async def play(world) -> None:
        await begin(world)
        await old_copy(world, 2, restored=restored)
        await world.start()
        with pytest.raises(StoreDamaged, match="FDMS holds receipt 5 of device 10001, but these books end at 3"):
            await sell(world, 200)
        device = (await world.do(lambda engine: engine.till.devices()))[0]
        assert (device["health"], "used twice" in device["attention"]) == ("failed", True)
        assert numbers(world) == [(1, number) for number in range(1, 6)]
        # The way out that the text names.
        world.fdms.closing.close_manually(world.book(DEVICE))
        await asyncio.sleep(4000)
        await world.do(lambda engine: engine.till.open_day(DEVICE))
        assert (await sell(world, 201))["receiptGlobalNo"] == 6
        assert numbers(world)[-1] == (2, 6)
        await world.stop()

    assert run(1, base, play).faults == []


def test_an_unclean_stop_alone_keeps_nobody_from_selling_without_a_link(base):
    async def play(world) -> None:
        await begin(world)
        world.kill()
        world.wire.cut = True
        await world.start()
        began = world.loop.now
        assert (await sell(world, 200, "signed"))["receiptGlobalNo"] == 4
        assert world.loop.now - began < 1
        await world.stop()

    run(2, base, play)


def test_a_silent_fdms_keeps_the_first_sale_waiting_a_moment_only(base):
    async def play(world) -> None:
        await begin(world)
        world.kill()
        world.wire.rate, world.wire.faults = 1.0, ("late",)
        await world.start()
        began = world.loop.now
        assert (await sell(world, 200, "signed"))["receiptGlobalNo"] == 4
        assert 4 < world.loop.now - began < 6
        await world.stop()

    run(2, base, play)


def test_restored_books_sell_once_fdms_has_said_that_nothing_is_missing(base):
    async def play(world) -> None:
        await begin(world)
        await old_copy(world, 0, restored=True)
        world.wire.cut = True
        await world.start()
        with pytest.raises(StoreDamaged, match="restored from a copy"):
            await sell(world, 200)
        world.wire.cut = False
        await asyncio.sleep(60)
        assert (await sell(world, 200))["receiptGlobalNo"] == 4
        assert numbers(world)[-1] == (1, 4)
        await world.stop()

    run(3, base, play)


def test_restored_books_open_no_day_before_fdms_was_asked(base):
    async def play(world) -> None:
        await begin(world)
        await world.do(lambda engine: engine.till.close_day(DEVICE))
        await old_copy(world, 0, restored=True)
        world.wire.cut = True
        await world.start()
        with pytest.raises(DayRefused, match="restored from a copy"):
            await world.do(lambda engine: engine.till.open_day(DEVICE))
        world.wire.cut = False
        await asyncio.sleep(60)
        await world.do(lambda engine: engine.till.open_day(DEVICE))
        assert (await sell(world, 200))["receiptGlobalNo"] == 4
        await world.stop()

    run(4, base, play)


@pytest.mark.parametrize("seed", range(12))
def test_a_torn_log_loses_whole_commits_from_its_end_only(base, seed):
    """The power goes during a commit's flush: what was answered before is there, and no number is left out."""

    async def play(world) -> None:
        await begin(world)
        answered = [await sell(world, 50 + number, "signed") for number in range(3)]
        await asyncio.sleep(0.5)
        world.plan.cut = "torn"
        with pytest.raises(Died):
            await sell(world, 60, "signed")
            await asyncio.sleep(3600)
            await sell(world, 61, "signed")
        await world.start()
        for number, told in enumerate(answered):
            again = await sell(world, 50 + number)
            assert (again["repeated"], again["receiptGlobalNo"]) == (True, told["receiptGlobalNo"])
        assert (await sell(world, 60))["receiptGlobalNo"] == 7
        assert (await world.do(lambda engine: engine.till.audit.run()))["errors"] == []
        assert numbers(world) == [(1, number) for number in range(1, 8)]
        await world.stop()

    run(seed, base, play)
