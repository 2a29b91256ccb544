"""Slips on a printer that misbehaves: the real engine, the real drivers, the emulator as a process of its own.

After each fault paper and journal agree: no slip lost, none twice without COPY, all in the order of their numbers.
"""

import asyncio
import contextlib

import pytest

from fiscalmon.domain.paper import PrinterSetup
from tests.support.printed import Printed
from tests.support.printer_process import PrinterProcess

FAMILIES = ("escpos", "fp1", "x4", "zfp")


@pytest.fixture(scope="module")
def emulators():
    """One emulator a family for the module; each test begins with a mended printer and an empty roll."""
    with contextlib.ExitStack() as stack:
        made: dict[str, PrinterProcess] = {}

        def of(family: str) -> PrinterProcess:
            if family not in made:
                made[family] = PrinterProcess("--family", family)
                stack.callback(made[family].end)
            return made[family].renewed()

        yield of


@pytest.fixture
def on(till, emulators):
    async def made(family: str) -> Printed:
        return await Printed(till, emulators(family), family).add()

    return made


@pytest.mark.parametrize("family", FAMILIES)
async def test_slips_come_out_whole_and_in_order(on, till, family):
    shop = await on(family)
    await till.sell(5)
    assert await shop.agree(5) == [(number, False, True) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("family", "way"), [("escpos", "paper-out"), ("fp1", "cover-open"), ("x4", "paper-out"), ("zfp", "cover-open")]
)
async def test_a_printer_that_wants_a_person_waits_and_goes_on(on, till, family, way):
    shop = await on(family)
    shop.emulator.fault({"action": way, "operation": "line", "skip": 12, "count": 1})
    await till.sell(2)
    async with asyncio.timeout(15):
        while not any(shop.emulator.state["struck"]):  # noqa: ASYNC110 - a test looks from outside
            await asyncio.sleep(0.05)
        # Tremol's printers say nothing while they stand in the middle of a slip.
        while family != "zfp" and not any(  # noqa: ASYNC110 - a test looks from outside
            data["code"].startswith("E") for _, data in await till.told("printer.attention")
        ):
            await asyncio.sleep(0.05)
    assert {job["state"] for job in await shop.jobs()} != {"printed"}
    shop.emulator.renew_paper()
    await shop.agree(2)
    await till.drained()


@pytest.mark.parametrize("family", FAMILIES)
async def test_the_cable_out_in_the_middle_of_a_slip(on, till, family):
    shop = await on(family)
    shop.emulator.fault({"action": "cable-out", "operation": "line", "skip": 12, "count": 1, "seconds": 0.7})
    await till.sell(3)
    slips = await shop.agree(3)
    assert (1, True, True) in slips


@pytest.mark.parametrize(
    ("family", "way"), [("fp1", "cable-out-after"), ("x4", "cable-out"), ("x4", "power-cycle-after")]
)
async def test_a_lost_answer_to_the_end_of_a_slip_is_asked_for(on, till, family, way):
    shop = await on(family)
    shop.emulator.fault({"action": way, "operation": "close-nonfiscal", "count": 1, "seconds": 0.7})
    await till.sell(2)
    await shop.agree(2)


@pytest.mark.parametrize(
    ("family", "way"),
    [
        ("fp1", "garbage"),
        ("fp1", "duplicate"),
        ("fp1", "nak"),
        ("x4", "wrong-checksum"),
        ("x4", "truncate"),
        ("zfp", "nak"),
        ("zfp", "not-now"),
    ],
)
async def test_answers_that_are_spoilt(on, till, family, way):
    shop = await on(family)
    shop.emulator.fault({"action": way, "skip": 20, "count": 1})
    await till.sell(2)
    await shop.agree(2)


async def test_a_printer_that_was_off_between_a_line_and_its_answer_prints_the_slip_again_as_a_copy(on, till):
    """It goes on with the open slip and has forgotten the last number: the line sent again is there twice."""
    shop = await on("fp1")
    shop.emulator.fault({"action": "power-cycle-after", "operation": "text", "skip": 8, "count": 1, "seconds": 1.6})
    await till.sell(1)
    assert (1, True, True) in await shop.agree(1)


async def test_a_link_is_opened_by_its_name_again(till, tmp_path):
    """The port goes away with its printer; another one is found under the same name."""
    link = tmp_path / "printer"
    first = PrinterProcess("--family", "escpos", "--link", str(link))
    shop = await Printed(till, first, "escpos").add()
    await till.sell(1)
    await shop.agree(1)
    first.end()
    await till.sell(1)
    async with asyncio.timeout(10):
        while (await shop.jobs())[1]["code"] != "E01":  # noqa: ASYNC110 - a test looks from outside
            await asyncio.sleep(0.05)
    second = shop.emulator = PrinterProcess("--family", "escpos", "--link", str(link))
    await shop.settled(2)
    assert second.slips() == [(2, False, True)]
    second.end()


async def test_two_printers_of_two_families(on, till, emulators):
    shop = await on("escpos")
    other = emulators("fp1")
    await shop.printing.add(PrinterSetup("kitchen", "fp1", other.port, device_id=till.id))
    await till.sell(3)
    assert await shop.agree(3) == [(number, False, True) for number in (1, 2, 3)]
    async with asyncio.timeout(15):
        while [job["state"] for job in await shop.printing.jobs("kitchen")] != ["printed"] * 3:  # noqa: ASYNC110 - a test looks from outside
            await asyncio.sleep(0.05)
    assert other.slips() == [(number, True, True) for number in (1, 2, 3)]


async def test_a_network_printer(till):
    emulator = PrinterProcess("--family", "escpos", "--tcp")
    emulator.port = emulator.tcp
    shop = await Printed(till, emulator, "escpos").add()
    await till.sell(2)
    assert await shop.agree(2) == [(1, False, True), (2, False, True)]
    emulator.end()


@pytest.mark.parametrize(
    ("port", "code"), [("/dev/no-such-printer", "E01"), ("socket://127.0.0.1:1", "E01"), ("nonsense://x", "E29")]
)
async def test_ports_that_cannot_be_opened_say_so(till, port, code):
    printing = till.engine.till.printing
    await printing.add(PrinterSetup("till", "escpos", port, device_id=till.id))
    await till.sell(1)
    card = await printing.card("till", ask=True)
    assert (card["state"], [found["code"] for found in card["findings"]]) == ("away", [code])
    assert [job["state"] for job in await printing.jobs("till")] == ["waiting"]


async def test_the_z_report_follows_the_day_and_the_paper_says_what_the_report_says(on, till):
    shop = await on("escpos")
    await till.sell(2)
    await till.drained()
    await till.engine.till.close_day(till.id)
    jobs = await shop.settled(3)
    assert [job["kind"] for job in jobs] == ["receipt", "receipt", "z"]
    assert "Z REPORT" in shop.emulator.paper
