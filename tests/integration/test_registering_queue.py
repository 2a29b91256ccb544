"""Hardware-fiscal mode through the real engine and its queue: each sale is one fiscal receipt of the printer.

Power and cable go at each step; afterwards the printer's own journal and the slips agree (serial reference 4.3).
"""

import pytest

from fiscalmon.domain.paper import PrinterMode, PrinterSetup
from tests.support.printed import Printed
from tests.support.printer_process import PrinterProcess

STEPS = ("open-fiscal", "sell", "subtotal", "total", "close-fiscal")
WAYS = ("power-cycle", "power-cycle-after", "cable-out", "cable-out-after")


@pytest.fixture(scope="module")
def printer():
    made = PrinterProcess("--family", "fp1", "--dialect", "datecs")
    yield made
    made.end()


@pytest.fixture
async def shop(till, printer):
    made = Printed(till, printer.renewed(), "fp1")
    made.setup = PrinterSetup(
        "till", "fp1", printer.port, "datecs", device_id=till.id, mode=PrinterMode.HARDWARE_FISCAL
    )
    return await made.add()


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
async def test_what_goes_away_at_a_step_is_registered_once(shop, till, step):
    since = len(shop.emulator.state["documents"])
    codes: list[str] = []
    for way in WAYS:
        shop.emulator.fault({"action": way, "operation": step, "count": 1, "seconds": 0.3})
        (sold,) = await till.sell(1)
        codes.append(sold["verificationCode"])
        await shop.settled(len(codes))
        assert shop.emulator.state["struck"]
        shop.emulator.mend()
    await agree(shop, since, codes)
    await till.drained()
    await till.check()
