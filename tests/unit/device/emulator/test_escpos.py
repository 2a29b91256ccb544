"""An ESC/POS printer: what its commands put on paper, what it says of itself, what happens to what waits in it."""

import re

import pytest
from escpos.printer import Dummy

from device.emulator.escpos_stream import take
from tests.support.emulated_printer import host

DONE = b"\x1d\x72\x01"


@pytest.fixture
def printer_and_line(start):
    return start("escpos")


def printed(printer, line, data):
    """Send it all, and wait for the printer's word that it is through."""
    line.write(data + DONE)
    assert line.read(length=1) == b"\x00"
    return printer.text()


def test_what_python_escpos_makes_comes_out(printer_and_line):
    printer, line = printer_and_line
    slip = Dummy(profile="TM-T88III")
    slip.hw("INIT")
    slip.set(align="center", bold=True)
    slip.text("Total 1.00\n")
    slip.set(align="left", bold=False)
    slip.text("Crème brûlée 5€\n")
    slip.qr("HELLO", native=True, size=6, ec=1)
    slip.cut()
    slip.cashdraw(2)
    text = printed(printer, line, slip.output)
    assert "                   Total 1.00\n" in text
    assert "Crème brûlée 5€\n" in text
    document = printer.do(lambda: printer.machine.documents[0].view(48))
    assert document["qrCodes"] == ["HELLO"]
    assert document["cut"] and document["state"] == "whole"
    assert printer.view()["drawerKicks"] == 1
    bold = [run.bold for piece in printer.machine.documents[0].pieces for run in getattr(piece, "runs", ())]
    assert bold[0] is True and bold[-1] is False


@pytest.mark.parametrize("impl", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_pictures_by_each_command(printer_and_line, impl):
    from PIL import Image as Pictures

    printer, line = printer_and_line
    picture = Pictures.new("1", (64, 48), 1)
    for x in range(0, 64, 2):
        picture.putpixel((x, x * 47 // 63), 0)
    slip = Dummy()
    slip.image(picture, impl=impl)
    printed(printer, line, slip.output)
    pieces = [piece for piece in printer.machine.roll.pieces() if hasattr(piece, "bits")]
    rows = b"".join(piece.bits for piece in pieces)
    wide = pieces[0].width // 8
    assert sum(piece.height for piece in pieces) == 48
    for y in range(48):
        for x in range(64):
            black = rows[y * wide + x // 8] >> (7 - x % 8) & 1
            assert black == (picture.getpixel((x, y)) == 0), (x, y)


def test_long_lines_wrap_and_double_width_counts_double(printer_and_line):
    printer, line = printer_and_line
    text = printed(printer, line, b"a" * 50 + b"\n" + b"\x1d\x21\x10" + b"b" * 30 + b"\n")
    assert text.splitlines() == ["a" * 48, "aa", "b" * 24, "b" * 6]


@pytest.mark.parametrize(("width", "columns"), [(48, 48), (42, 42), (32, 32)])
def test_three_widths(start, width, columns):
    printer, line = start("escpos", width=width)
    assert printed(printer, line, b"x" * 100 + b"\n").splitlines()[0] == "x" * columns


def test_code_pages(printer_and_line):
    printer, line = printer_and_line
    data = b"\x1b\x74\x00\x82\n" + b"\x1b\x74\x10\xe9\n" + b"\x1b\x74\x2e\xcc\n" + b"\x1b\x74\x13\xd5\n"
    assert printed(printer, line, data).splitlines() == ["é", "é", "М", "€"]


@pytest.mark.parametrize(
    ("action", "answers"),
    [
        (None, [0x12, 0x12, 0x12, 0x12]),
        ("paper-out", [0x1A, 0x32, 0x12, 0x7E]),
        ("paper-near-end", [0x12, 0x12, 0x12, 0x1E]),
        ("cover-open", [0x1A, 0x16, 0x12, 0x12]),
        ("cutter-error", [0x1A, 0x52, 0x1A, 0x12]),
        ("overheated", [0x1A, 0x52, 0x52, 0x12]),
    ],
)
def test_status_bytes(printer_and_line, action, answers):
    printer, line = printer_and_line
    if action:
        printer.faults({"action": action})
    said = []
    for which in range(1, 5):
        line.write(bytes((0x10, 0x04, which)))
        said += line.read(length=1)
    assert said == answers
    assert all(byte & 0x93 == 0x12 for byte in said)


def test_what_waits_without_paper_is_printed_when_it_is_back(printer_and_line):
    printer, line = printer_and_line
    printer.faults({"operation": "line", "action": "paper-out", "skip": 1, "count": 1})
    line.write(b"first\nsecond\nthird\n" + DONE)
    assert line.silence()
    assert printer.text() == "first\n"
    line.write(b"\x10\x04\x04")
    assert line.read(length=1) == b"\x7e"
    printer.do(lambda: (setattr(printer.machine, "paper", "ok"), printer.emulator.wake()))
    assert line.read(length=1) == b"\x00"
    assert printer.text() == "first\nsecond\nthird\n"


def test_power_lost_tears_the_slip_and_empties_the_buffer(printer_and_line):
    printer, line = printer_and_line
    printer.faults({"operation": "line", "action": "power-cycle", "skip": 2, "count": 1, "seconds": 0.05})
    line.write(b"\x1b\x45\x01one\ntwo\nthree\nfour\n\x1d\x56\x00" + DONE)
    assert line.silence()
    printer.until(lambda: printer.emulator.powered)
    assert printer.text() == "one\ntwo\n"
    assert [d.state for d in printer.machine.documents] == ["torn"]
    assert printed(printer, line, b"fresh\n\x1d\x56\x00").startswith("one\ntwo\nfresh\n")
    assert [d.state for d in printer.machine.documents] == ["torn", "whole"]
    assert not printer.machine.documents[1].pieces[0].runs[0].bold


def test_a_full_buffer_stops_taking(start):
    printer, line = start("escpos")
    printer.faults({"action": "paper-out"})
    line.line.write_timeout = 0.5
    with pytest.raises(Exception, match=r"[Tt]imeout"):
        for _ in range(200):
            line.write(b"x" * 1023 + b"\n")
    assert 4096 <= printer.view()["buffered"] < 9000
    printer.mend()
    printer.until(lambda: printer.view is not None and printer.emulator.session.view()["buffered"] == 0)
    assert printer.text().count("x") >= 4096


def test_a_stuck_knife(printer_and_line):
    printer, line = printer_and_line
    printer.faults({"operation": "cut", "action": "cutter-error", "count": 1})
    printed(printer, line, b"slip\n\x1d\x56\x00")
    document = printer.do(lambda: printer.machine.documents[0].view(48))
    assert (document["state"], document["cut"]) == ("whole", False)


def test_status_unasked(printer_and_line):
    printer, line = printer_and_line
    line.write(b"\x1d\x61\xff")
    assert line.read(length=4) == b"\x10\x00\x00\x00"
    printer.faults({"action": "cover-open"})
    assert line.read(length=4) == b"\x38\x00\x00\x00"
    printer.mend()
    assert line.read(length=4) == b"\x10\x00\x00\x00"


def test_lost_and_spoilt_status_answers(printer_and_line):
    printer, line = printer_and_line
    ask = b"\x10\x04\x01"
    printer.faults({"operation": "status", "action": "drop-after", "count": 1})
    line.write(ask)
    assert line.silence()
    printer.faults({"operation": "status", "action": "duplicate", "count": 1})
    line.write(ask)
    assert line.read(length=2) == b"\x12\x12"
    printer.faults({"operation": "job-status", "action": "drop-before"})
    line.write(b"done\n" + DONE)
    assert line.silence()
    assert printer.text() == "done\n"


def test_identity(printer_and_line):
    _, line = printer_and_line
    line.write(b"\x1d\x49\x43")
    assert line.read(until=b"\0") == b"_EMULATOR\0"


def test_a_clone_without_qr_prints_none(start):
    printer, line = start("escpos", native_qr=False, width=32)
    slip = Dummy(profile="TM-T88III")
    slip.qr("HELLO", native=True, size=6, ec=1)
    assert "QR" not in printed(printer, line, slip.output + b"end\n")


def test_any_cutting_of_the_stream_prints_the_same(start):
    slip = Dummy(profile="TM-T88III")
    slip.set(align="center", double_height=True, double_width=True)
    slip.text("TOTAL 5.00\n")
    slip.qr("https://example.test/verify", native=True, size=6)
    slip.barcode("4006381333931", "EAN13")
    slip.cut()
    papers = []
    for step in (1, 3, len(slip.output)):
        printer, line = start("escpos")
        for at in range(0, len(slip.output), step):
            line.write(slip.output[at : at + step])
        papers.append(printed(printer, line, b""))
    assert papers[0] == papers[1] == papers[2]
    assert "TOTAL 5.00" in papers[0] and "[EAN13 " in papers[0]


def test_a_network_printer_takes_one_connection_at_a_time(start):
    printer, _ = start("escpos", tcp=0)
    url = f"socket://127.0.0.1:{printer.emulator.tcp.port}"
    with host(url) as first:
        first.write(b"over the network\n" + DONE)
        assert first.read(length=1) == b"\x00"
        with host(url) as second:
            second.write(DONE)
            assert second.silence()
            first.close()
            assert second.read(length=1) == b"\x00"
    assert printer.text() == "over the network\n"


def test_lengths_of_commands():
    assert take(b"\x1d\x28\x6b\x03\x00\x31\x43") is None
    assert take(b"\x1d\x28\x6b\x03\x00\x31\x43\x06rest").length == 8
    assert take(b"\x1dV\x42") is None
    assert take(b"\x1dV\x42\x03").length == 4
    assert take(b"\x1dV\x00x").length == 3
    assert take(b"\x1dv0\x00\x01\x00\x02\x00ab").length == 10
    assert take(b"\x1bD\x08\x10\x00x").length == 5
    assert re.match("noise", take(b"\x1b\x7fx").name)
