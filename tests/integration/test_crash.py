"""kill -9 at named steps, and of the real `serve`: afterwards ledger, books and the answers that were given agree.

The ledger of FDMS is the judge: nothing lost, nothing twice, nothing out of order, no gap, and the day closes. The many
random moments are in test_crash_anytime.py.
"""

import asyncio
import contextlib
import os
import random
import signal
import sqlite3

import pytest

from fiscalmon.domain.errors import FiscalmonError
from tests.support.books import sale
from tests.support.command import connect
from tests.support.crashing_till import STEPS
from tests.support.tills import Till, colours, numbers


@pytest.fixture
async def registered(fdms, tmp_path, impatient):
    """A folder with one device, its day open, two receipts settled; no engine runs."""
    till = await Till(fdms, tmp_path / "data").start(1)
    await till.sell(2)
    await till.drained()
    await till.stop()
    return till


def given_sale(till, number: int) -> dict:
    return {"sale": sale(f"{till.id}-c{number}"), "wait": "signed"}


async def submit(client, till, numbers_, answers: dict[int, dict]) -> None:
    """Sell through the running engine until it is gone; what was answered is kept."""

    async def one(number: int) -> None:
        with contextlib.suppress(FiscalmonError, OSError):
            answers[number] = await client.operate("submit", given_sale(till, number))

    await asyncio.gather(*[one(number) for number in numbers_])
    await client.close()


async def judge(till, answers: dict[int, dict], sold: range) -> None:
    """Every sale again, as a POS repeats what it got no answer for; then all books have to agree."""
    for number in sold:
        again = await till.engine.till.submit(given_sale(till, number)["sale"])
        if number in answers:
            told = answers[number]
            assert again["repeated"] is True
            assert all(again[name] == told[name] for name in ("receiptId", "receiptGlobalNo", "hash", "signature"))
    await till.drained()
    await till.check()
    ledger = till.fdms.ledger(till.id)
    assert colours(ledger) == set()
    assert [row[2] for row in numbers(ledger)] == list(range(1, len(ledger["receipts"]) + 1))
    assert len(ledger["receipts"]) == 2 + len(sold)
    assert len(await till.rows("SELECT * FROM v_events WHERE type = 'receipt.completed'")) == 2 + len(sold)
    board = till.engine.till._parts.metrics.snapshot()
    assert (board["receiptsToday"], board["queueDepth"], board["successRate"]) == (2 + len(sold), 0, 100.0)
    assert (await till.close_day())["fiscalDayStatus"] == "FiscalDayClosed"
    assert ledger["fiscalDayNo"] == till.fdms.ledger(till.id)["fiscalDayNo"]


@pytest.fixture
def crashing(zygote, tmp_path):
    """Starts a till that dies at a step."""

    async def start(folder, step: str, count: int):
        return await zygote.until_ready([str(folder), step, str(count)], tmp_path / "crashing", "crashing_till")

    return start


SELLING = [
    step for step in STEPS if "Day" not in step and "lose" not in step and "announced" not in step and "day" not in step
]
OPENING = [
    "before OpenDay",
    "after OpenDay, before it is noted",
    "day added, before commit",
    "day announced, before commit",
]
CLOSING = [
    "before the close is signed",
    "close written down, before CloseDay",
    "after CloseDay, before it is noted",
    "FDMS has closed, before it is noted",
    "day closed, before commit",
]


def test_every_step_is_tried():
    assert len(SELLING) == 10
    assert set(OPENING + CLOSING + SELLING) | {"nothing announced"} == set(STEPS)


@pytest.mark.parametrize("step", SELLING)
async def test_a_crash_at_a_step_of_selling(crashing, registered, step):
    process = await crashing(registered.path, step, 3)
    answers: dict[int, dict] = {}
    sold = range(1, 7)
    await submit(await connect(registered.path), registered, sold, answers)
    assert await asyncio.to_thread(process.wait) == 9
    till = await registered.start()
    await judge(till, answers, sold)
    await till.stop()


@pytest.mark.parametrize("step", OPENING)
async def test_a_crash_at_a_step_of_opening(crashing, registered, step):
    till = await registered.start()
    await till.close_day()
    await till.stop()
    process = await crashing(registered.path, step, 1)
    client = await connect(registered.path)
    with contextlib.suppress(FiscalmonError):
        await client.operate("day.open", {"deviceID": registered.id})
    await client.close()
    assert await asyncio.to_thread(process.wait) == 9
    till = await registered.start()
    with contextlib.suppress(FiscalmonError):
        await till.open_day()
    await till.sell()
    await till.drained()
    await till.check()
    ledger = till.fdms.ledger(till.id)
    assert (ledger["fiscalDayNo"], ledger["fiscalDayStatus"], colours(ledger)) == (2, "FiscalDayOpened", set())
    assert (await till.close_day())["fiscalDayNo"] == 2
    await till.stop()


@pytest.mark.parametrize("step", CLOSING)
async def test_a_crash_at_a_step_of_closing(crashing, registered, step):
    process = await crashing(registered.path, step, 1)
    client = await connect(registered.path)
    with contextlib.suppress(FiscalmonError):
        await client.operate("day.close", {"deviceID": registered.id})
    await client.close()
    assert await asyncio.to_thread(process.wait) == 9
    till = await registered.start()
    if till.device.day_status == "FiscalDayOpened":
        await till.close_day()
    await till.until(lambda: till.device.day_status == "FiscalDayClosed")
    await asyncio.sleep(0.1)
    ledger = till.fdms.ledger(till.id)
    assert (ledger["fiscalDayNo"], ledger["fiscalDayStatus"]) == (1, "FiscalDayClosed")
    assert [type_ for type_, _ in await till.told("fiscal.closed", "fiscal.close_failed")][-1:] == ["fiscal.closed"]
    await till.open_day()
    await till.sell()
    await till.drained()
    await till.check()
    await till.stop()


async def test_serve_is_killed_under_load(zygote, registered, fdms, tmp_path):
    """`serve` is killed again and again while sales come in and FDMS fails now and then."""
    chance = random.Random(20261122)
    fdms.post(
        "/faults",
        {"seed": 3, "rules": [
            {"operation": "SubmitReceipt", "action": "drop-after", "probability": 0.1},
            {"operation": "SubmitReceipt", "action": "delay", "seconds": 0.05, "probability": 0.3},
        ]},
    )  # fmt: skip
    answers: dict[int, dict] = {}
    sold = 0
    for life in range(4):
        arguments = ["--data-dir", str(registered.path), "serve", "--no-tls", "--port", "0", "--json"]
        engine = await zygote.until_ready(arguments, tmp_path / f"life-{life}")
        count = chance.randrange(2, 5)
        client = await connect(registered.path)
        selling = asyncio.ensure_future(submit(client, registered, range(sold, sold + count), answers))
        sold += count
        await asyncio.sleep(chance.random() * 0.25)
        os.kill(engine.pid, signal.SIGKILL)
        assert await asyncio.to_thread(engine.wait) == -signal.SIGKILL
        await asyncio.wait_for(selling, 20)
    fdms.control.delete("/faults")
    database = sqlite3.connect(registered.path / "fiscalmon.db")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
    till = await registered.start()
    await judge(till, answers, range(sold))
    await till.stop()
    assert answers
