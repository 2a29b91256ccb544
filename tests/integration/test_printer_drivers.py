"""The drivers over real terminals: an emulator written by somebody else at the other end, or nobody at all."""

import io
import os
import time
import tty
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import serial
import zxingcpp
from PIL import Image

from device.printers.escpos_bytes import compose
from device.printers.serial_printers import SerialPrinters
from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.localtime import local_text
from fiscalmon.domain.paper import Outcome, Paper, PaperLine, PrinterMode, PrinterSetup, PrintMark
from fiscalmon.domain.receipt import Line, Payment, Receipt
from tests.support.printer_process import PrinterProcess

URL = "https://fdms.example/0000012345221120260000000042ABCDEF0123456789"
TAIL = (
    PaperLine("-" * 24),
    PaperLine("ABCD-EF01-2345-6789", strong=True),
    PaperLine(URL, qr=True),
    PaperLine("Thank you"),
)
SLIP = Paper("receipt", 32, (PaperLine("SHOP", double=True), *(PaperLine(f"line {n}") for n in range(6)), *TAIL), 42)
FISCAL = (("fp1", "eltrade"), ("fp1", "datecs"), ("fp1", "daisy"), ("fp1", "incotex"), ("x4", None))


def sale(no: int, name: str, total: str, price: str, quantity: str = "1", kind: str = "Sale") -> Line:
    return Line(
        type=kind, no=no, name=name, quantity=Decimal(quantity), total=Decimal(total), tax_id=3,
        price=Decimal(price), tax_percent=Decimal("15.5"),
    )  # fmt: skip


def registered() -> Paper:
    receipt = Receipt(
        type="FiscalInvoice", currency="USD", counter=1, global_no=42, invoice_no="A-42", date="2026-11-22T10:00:00",
        lines_tax_inclusive=True, total=Decimal("5.48"), taxes=(),
        lines=(
            sale(1, "MILK 2 L", "4.98", "2.49", "2"), sale(2, "Loyalty", "-0.50", "-0.50", kind="Discount"),
            sale(3, "BEANS", "1.00", "3.00", "0.333"),
        ),
        payments=(
            Payment(money_type="Card", amount=Decimal("2.00")), Payment(money_type="Cash", amount=Decimal("3.48")),
        ),
    )  # fmt: skip
    return SLIP._replace(receipt=receipt)


def shop_time() -> datetime:
    return datetime.fromisoformat(local_text(datetime.now(UTC)))


class Marks(list[PrintMark]):
    async def put(self, mark: PrintMark) -> None:
        self.append(mark)


@pytest.fixture
async def opened():
    printers, made = SerialPrinters(shop_time), []

    def open_(port: str, family: str, dialect: str | None = None, **members):
        made.append(printers.open(PrinterSetup("p", family, port, dialect, **members)))
        return made[-1]

    yield open_
    for printer in made:
        await printer.close()


@pytest.fixture
def emulator():
    running = []

    def start(*arguments: str) -> PrinterProcess:
        running.append(PrinterProcess(*arguments))
        return running[-1]

    yield start
    for process in running:
        process.end()


def emulated(emulator, family: str, dialect: str | None) -> PrinterProcess:
    return emulator("--family", family, *(("--dialect", dialect) if dialect else ()))


@pytest.mark.parametrize(("family", "dialect"), FISCAL)
async def test_a_sale_is_registered_once_whatever_happens_to_its_end(opened, emulator, family, dialect):
    device = emulated(emulator, family, dialect)
    printer = opened(device.port, family, dialect, mode=PrinterMode.HARDWARE_FISCAL)
    marks = Marks()
    assert (await printer.print(registered(), marks.put)).outcome is Outcome.PRINTED
    assert [mark.state for mark in marks] == ["opening", "open", "paying", "closing"]
    device.fault({"action": "truncate", "operation": "close-fiscal", "count": 1})
    assert (await printer.print(registered(), marks.put)).outcome is Outcome.PRINTED
    device.fault({"action": "refuse", "operation": "sell", "count": 1})
    assert (await printer.print(registered(), marks.put)).outcome is Outcome.NOTHING
    documents = device.state["documents"]
    assert [document["state"] for document in documents] == ["whole", "whole", "cancelled"]
    assert all("ABCD-EF01-2345-6789" in document["text"] for document in documents[:2])


async def test_a_paid_receipt_whose_cable_went_is_closed_with_its_code_and_not_sold_again(opened, emulator):
    device = emulated(emulator, "fp1", "datecs")
    printer = opened(device.port, "fp1", "datecs", mode=PrinterMode.HARDWARE_FISCAL)
    device.fault({"action": "cable-out-after", "operation": "total", "count": 1, "skip": 1, "seconds": 0.2})
    marks = Marks()
    first = await printer.print(registered(), marks.put)
    assert (first.outcome, first.away, marks[-1].state) == (Outcome.UNKNOWN, True, "paying")
    settled = first
    while settled.away:
        settled = await printer.settle(registered(), marks[-1])
    assert settled.outcome is Outcome.PRINTED
    assert (await printer.settle(registered(), PrintMark("closing", "0000000", None, "ANOTHER"))).code == "E25"
    (document,) = device.state["documents"]
    assert document["state"] == "whole"
    assert "ABCD-EF01-2345-6789" in document["text"]


async def test_reports_of_the_printer_come_by_command_in_hardware_mode_only(opened, emulator):
    device = emulated(emulator, "x4", None)
    text = Paper("z", 32, (PaperLine("Z REPORT OF FDMS"),))
    only = opened(device.port, "x4")
    assert (await only.print(text, Marks().put)).outcome is Outcome.PRINTED
    assert [document["kind"] for document in device.state["documents"]] == ["nonfiscal"]
    fiscal = opened(device.port, "x4", mode=PrinterMode.HARDWARE_FISCAL)
    device.fault({"action": "truncate", "operation": "report", "count": 1})
    assert (await fiscal.print(text, Marks().put)).outcome is Outcome.PRINTED
    assert [document["kind"] for document in device.state["documents"]] == ["nonfiscal", "nonfiscal", "z"]


@pytest.mark.parametrize("image", [False, True], ids=["native", "image"])
@pytest.mark.parametrize("width", [48, 42, 32])
async def test_codes_on_paper_can_be_scanned(opened, emulator, width, image):
    """Paper of 80 and 58 mm at 203 dpi, the code drawn by the printer and sent as a picture."""
    device = emulator("--family", "escpos", "--width", str(width), *(("--no-native-qr",) if image else ()))
    printer = opened(device.port, "escpos", width=width, qr="image" if image else "native")
    assert (await printer.print(SLIP, Marks().put)).outcome is Outcome.PRINTED
    picture = Image.open(io.BytesIO(device.control.get("/paper.png").content)).convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [URL]


@pytest.mark.parametrize(("baud", "lines"), [(9600, 60), (115_200, 500)])
async def test_a_slip_takes_no_longer_than_its_bytes(opened, emulator, baud, lines):
    device = emulator("--family", "escpos", "--baud", str(baud))
    printer = opened(device.port, "escpos", baud=baud)
    paper = SLIP._replace(lines=(*(PaperLine(f"{n:.>40}") for n in range(lines)), *TAIL))
    limit = sum(map(len, compose(paper, 48, "native").blocks)) * 10 / baud
    assert limit > 1
    began = time.monotonic()
    assert (await printer.print(paper, Marks().put)).outcome is Outcome.PRINTED
    # A fifth of a second for three questions before the first byte and one after the last, on a busy machine.
    assert 0.9 * limit < time.monotonic() - began < 1.1 * limit + 0.2


async def test_a_printer_that_never_answers_is_not_called_ready_nor_its_slip_printed(opened):
    device, terminal = os.openpty()
    tty.setraw(terminal)
    try:
        printer = opened(os.ttyname(terminal), "escpos")
        status = await printer.status()
        assert (status.ready, {finding.code for finding in status.findings}) == (False, {"E04", "W07"})
        marks = Marks()
        result = await printer.print(SLIP, marks.put)
        assert (result.outcome, result.code, result.away) == (Outcome.UNKNOWN, "W07", False)
        assert [mark.state for mark in marks] == ["opening", "closing"]
        sent = b""
        while b"Thank you" not in sent:
            sent += os.read(device, 4096)
        assert b"ABCD-EF01" in sent
    finally:
        os.close(device)
        os.close(terminal)


async def test_a_printer_without_a_back_channel_is_not_asked_and_prints_what_was_sent(opened):
    device, terminal = os.openpty()
    tty.setraw(terminal)
    try:
        printer = opened(os.ttyname(terminal), "escpos", answers=False)
        status = await printer.status()
        assert (status.reachable, status.findings) == (True, ())
        marks = Marks()
        assert (await printer.print(SLIP, marks.put)).outcome is Outcome.PRINTED
        assert [mark.state for mark in marks] == ["opening", "closing"]
        sent = b""
        while b"Thank you" not in sent:
            sent += os.read(device, 4096)
        assert sent.startswith(compose(SLIP, 48, "native").blocks[0])
        assert (await printer.settle(SLIP, PrintMark("opening"))).outcome is Outcome.TORN
        assert (await printer.settle(SLIP, PrintMark("closing"))).outcome is Outcome.UNKNOWN
    finally:
        os.close(device)
        os.close(terminal)
    assert (await printer.print(SLIP, Marks().put)).outcome is Outcome.NOTHING


async def test_a_port_in_use_is_named_so_and_used_once_it_is_free(opened, emulator):
    device = emulator("--family", "zfp")
    printer = opened(device.port, "zfp")
    with serial.Serial(device.port, exclusive=True):
        result = await printer.print(SLIP, Marks().put)
        assert (result.outcome, result.code, result.away) == (Outcome.NOTHING, "E03", True)
    assert (await printer.print(SLIP, Marks().put)).outcome is Outcome.PRINTED


async def test_clocks_are_read_and_set(opened, emulator):
    for family, dialect in (*FISCAL, ("zfp", None)):
        device = emulated(emulator, family, dialect)
        printer = opened(device.port, family, dialect)
        device.fault({"action": "clock-wrong", "seconds": 7200})
        status = await printer.status()
        assert abs(status.clock_drift) > 7000
        assert "W04" in {finding.code for finding in status.findings}
        device.mend()
        assert (await printer.set_clock(shop_time())).outcome is Outcome.PRINTED
        assert abs((await printer.status()).clock_drift) <= 60


async def test_a_printer_is_found_by_asking(emulator):
    printers = SerialPrinters(shop_time)
    for family, dialect in (("escpos", None), ("fp1", "daisy"), ("x4", None), ("zfp", None)):
        device = emulated(emulator, family, dialect)
        found = await printers.probe(device.port)
        assert (found.family, found.baud) == (family, 115_200)
        assert (found.serial_no is not None) is (family in ("fp1", "x4"))
        assert "SHOP" not in device.paper and device.state["documents"] == []
    with pytest.raises(BadInput) as refused:
        await printers.probe("/dev/no-such-port")
    assert "port is not there" in refused.value.text


def test_set_ups_that_cannot_be_are_refused_in_words():
    printers = SerialPrinters(shop_time)
    for members in (
        {"family": "escpos", "dialect": "daisy"},
        {"family": "escpos", "mode": PrinterMode.HARDWARE_FISCAL},
        {"family": "x4", "dialect": "daisy"},
        {"family": "escpos", "width": 4},
        {"family": "fp1", "answers": False},
    ):
        with pytest.raises(BadInput) as refused:
            printers.open(PrinterSetup(name="p", port="loop://", **members))
        assert refused.value.text.endswith(".")
