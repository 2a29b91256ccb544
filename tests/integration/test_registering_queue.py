"""Hardware-fiscal mode through the real engine and its queue: each sale is one fiscal receipt of the printer.

Power and cable go at each step; afterwards the printer's own journal and the slips agree (serial reference 4.3).
"""

import pytest

from fiscalmon.domain.paper import PrinterMode, PrinterSetup
from tests.support.printed import Printed
from tests.support.printer_process import PrinterProcess

STEPS = ("open-fiscal", "sell", "subtotal", "total", "close-fiscal")
WAYS = ("power-cycle", "power-cycle-after", "cable-out", "cable-out-after")


# Each brand sells, pays and cancels in words of its own; each has one loss at each of two steps.
BRANDS = (
    ("fp1", "eltrade", (("sell", "power-cycle-after"), ("close-fiscal", "cable-out"))),
    ("fp1", "incotex", (("sell", "cable-out-after"), ("total", "power-cycle-after"))),
    ("fp1", "daisy", (("total", "cable-out"), ("close-fiscal", "power-cycle-after"))),
    ("x4", "datecs", (("sell", "power-cycle"), ("close-fiscal", "cable-out-after"))),
)


@pytest.fixture(scope="module")
def printers():
    made: dict[tuple[str, str], PrinterProcess] = {}

    def of(family: str, dialect: str) -> PrinterProcess:
        if (family, dialect) not in made:
            brand = ("--dialect", dialect) if family == "fp1" else ()
            made[family, dialect] = PrinterProcess("--family", family, *brand)
        return made[family, dialect].renewed()

    yield of
    for printer in made.values():
        printer.end()


@pytest.fixture
def on(till, printers):
    async def shop(family: str, dialect: str) -> Printed:
        made = Printed(till, printers(family, dialect), family)
        made.setup = PrinterSetup(
            "till", family, made.emulator.port, dialect, device_id=till.id, mode=PrinterMode.HARDWARE_FISCAL
        )
        return await made.add()

    return shop


def fiscal(printer: PrinterProcess, since: int) -> list[dict]:
    """The printer's own fiscal documents from one on, oldest first."""
    return [document for document in printer.state["documents"][since:] if document["kind"] == "fiscal"]


async def agree(shop: Printed, since: int, codes: list[str]) -> None:
    """All slips printed; each sale registered and closed once, in order, with its verification code on it."""
    jobs = await shop.settled(len(codes))
    assert [(job["state"], job["reason"]) for job in jobs] == [("printed", None)] * len(codes)
    documents = fiscal(shop.emulator, since)
    whole = [document for document in documents if document["state"] == "whole"]
    assert {document["state"] for document in documents} <= {"whole", "cancelled"}
    assert len(whole) == len(codes), documents
    assert all(code in document["text"] for code, document in zip(codes, whole, strict=True)), documents


@pytest.mark.parametrize("step", STEPS)
async def test_what_goes_away_at_a_step_is_registered_once(on, till, step):
    await registered_once(await on("fp1", "datecs"), till, [(step, way) for way in WAYS])


@pytest.mark.parametrize(
    ("family", "dialect", "losses"), [pytest.param(*brand, id=f"{brand[0]}-{brand[1]}") for brand in BRANDS]
)
async def test_every_brand_registers_a_sale_once(on, till, family, dialect, losses):
    await registered_once(await on(family, dialect), till, losses)


async def registered_once(shop: Printed, till, losses) -> None:
    """One sale a loss, and what the printer and the till's journal say of them afterwards."""
    since = len(shop.emulator.state["documents"])
    codes: list[str] = []
    for step, way in losses:
        shop.emulator.fault({"action": way, "operation": step, "count": 1, "seconds": 0.3})
        (sold,) = await till.sell(1)
        codes.append(sold["verificationCode"])
        await shop.settled(len(codes))
        assert shop.emulator.state["struck"]
        shop.emulator.mend()
    await agree(shop, since, codes)
    await till.drained()
    await till.check()
