"""kill -9 between the steps of a slip, on the printer emulator: no slip lost, none twice without COPY, in order."""

import asyncio
import os
import random
import signal

import pytest

from tests.support.books import sale
from tests.support.command import connect
from tests.support.crashing_till import PRINT_STEPS
from tests.support.printed import Printed
from tests.support.printer_process import PrinterProcess
from tests.support.tills import Till


@pytest.fixture(scope="module")
def emulators():
    made = {family: PrinterProcess("--family", family) for family in ("escpos", "fp1")}
    yield made
    for emulator in made.values():
        emulator.end()


@pytest.fixture
async def shop(fdms, tmp_path, impatient, emulators):
    """Makes a folder with one device, its day open, and a printer; no engine runs."""

    async def made(family: str) -> Printed:
        till = await Till(fdms, tmp_path / "data").start(1)
        shop = await Printed(till, emulators[family].renewed(), family).add()
        await till.stop()
        return shop

    return made


async def sell(till, numbers: range) -> None:
    """Through the engine of another process, which may die meanwhile; each sale is on the disk or was not taken."""
    client = await connect(till.path)
    asked = [client.operate("submit", {"sale": sale(f"{till.id}-p{number}")}) for number in numbers]
    await asyncio.gather(*asked, return_exceptions=True)
    await client.close()


@pytest.mark.parametrize(
    ("step", "family"), [(step, ("escpos", "fp1")[number % 2]) for number, step in enumerate(PRINT_STEPS)]
)
async def test_a_crash_at_a_step_of_a_slip(shop, zygote, tmp_path, step, family):
    printed = await shop(family)
    till = printed.till
    process = await zygote.until_ready([str(till.path), step, "3"], tmp_path / "out", "crashing_till")
    await sell(till, range(4))
    assert await asyncio.to_thread(process.wait) == 9
    await till.start()
    await printed.agree(len(await till.rows("SELECT id FROM receipts")))
    await till.drained()
    await till.check()
    await till.stop()


async def test_crashes_at_random_moments_of_printing(shop, zygote, tmp_path):
    printed = await shop("fp1")
    till = printed.till
    chance = random.Random(7)
    for start in range(0, 15, 5):
        given = [str(till.path), "nothing announced", "999"]
        process = await zygote.until_ready(given, tmp_path / "out", "crashing_till")
        client = await connect(till.path)
        await client.operate("submit", {"sale": sale(f"{till.id}-p{start}")})
        await client.close()
        selling = asyncio.create_task(sell(till, range(start + 1, start + 5)))
        await asyncio.sleep(chance.uniform(0.01, 0.2))
        os.kill(process.pid, signal.SIGKILL)
        await asyncio.to_thread(process.wait)
        await asyncio.gather(selling, return_exceptions=True)
    await till.start()
    await printed.agree(len(await till.rows("SELECT id FROM receipts")))
    await till.stop()
