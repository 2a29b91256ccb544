"""What a fiscal printer permits and when: receipts, slips, reports, clock, passwords, numbers, in every dialect."""

import pytest

from tests.support.emulated_printer import bits, fp1, said, said_x4, x4, zfp

NOT_PERMITTED, FISCAL_OPEN, NONFISCAL_OPEN, SYNTAX = (1, 1), (2, 3), (2, 5), (0, 0)
OPENING = {
    "datecs": (0x30, "1,0000,1"),
    "daisy": (0x30, "1,1"),
    "incotex": (0x30, "1,IN000001-0001-0000001,0"),
    "eltrade": (0x90, "Anna"),
}
CANCEL = {"datecs": 0x3C, "eltrade": 0x3C, "daisy": 0x82, "incotex": 0x82}


class Talk:
    """Commands in a row, each with a number of its own."""

    def __init__(self, line, frame=fp1):
        self.line, self.frame, self.seq = line, frame, 0x20

    def __call__(self, command, *data):
        self.seq += 1
        return self.line.ask(self.frame(self.seq, command, *data))


@pytest.mark.parametrize("dialect", OPENING)
def test_a_sale_from_opening_to_closing(start, dialect):
    printer, line = start("fp1", dialect)
    do = Talk(line)
    assert FISCAL_OPEN in bits(do(*OPENING[dialect]))
    do(0x31, "MILK 2 L\tB2.49*2")
    do(0x31, "BREAD\tA1.02")
    assert said(do(0x33, "10")).split(",")[:3] == ["0000000600", "0000000102", "0000000498"]
    assert said(do(0x35, "\tP5")) == "D000000100"
    assert said(do(0x4C, "T")) == "1,0002,0000000600,0000000500,0000000100"
    assert NOT_PERMITTED in bits(do(0x31, "LATE\tA1.00"))
    assert NOT_PERMITTED in bits(do(0x38))
    assert NOT_PERMITTED in bits(do(CANCEL[dialect]))
    assert said(do(0x35, "\t")) == "R000000000"
    assert FISCAL_OPEN not in bits(do(0x38))
    assert said(do(0x71)) == "0000001"
    text = printer.text()
    assert "MILK 2 L" in text and "2 x 2.49" in text and "4.98 B" in text
    assert [line.split() for line in text.splitlines() if line.startswith("TOTAL")] == [["TOTAL", "6.00"]]
    assert printer.do(lambda: [d.state for d in printer.machine.documents]) == ["whole"]


def test_a_receipt_can_be_cancelled_until_something_is_paid(start):
    printer, line = start("fp1", "datecs")
    do = Talk(line)
    do(*OPENING["datecs"])
    do(0x31, "X\tA1.00")
    assert FISCAL_OPEN not in bits(do(0x3C))
    assert said(do(0x71)) == "0000000"
    assert "CANCELLED" in printer.text()
    assert printer.do(lambda: [d.state for d in printer.machine.documents]) == ["cancelled"]


def test_discounts_and_their_separator(start):
    _, line = start("fp1", "daisy")
    do = Talk(line)
    do(*OPENING["daisy"])
    assert SYNTAX in bits(do(0x31, "A\tA2.00;-0.50"))
    assert SYNTAX not in bits(do(0x31, "A\tA2.00$-0.50"))
    do(0x31, "B\tB10.00,-10")
    assert said(do(0x33, "10$-1.05")).split(",")[0] == "0000000945"


@pytest.mark.parametrize("dialect", OPENING)
def test_a_slip_is_numbered_when_it_is_closed(start, dialect):
    printer, line = start("fp1", dialect)
    do = Talk(line)
    assert NOT_PERMITTED in bits(do(0x2A, "too early"))
    assert NONFISCAL_OPEN in bits(do(0x26))
    assert NOT_PERMITTED in bits(do(0x26))
    assert NOT_PERMITTED in bits(do(*OPENING[dialect]))
    do(0x2A, "x" * 60)
    assert said(do(0x71)) == "0000000"
    assert said(do(0x27)) == said(do(0x71)) == "0000001"
    columns = printer.machine.roll.columns
    longest = max(len(line) for line in printer.text().splitlines())
    assert longest <= columns
    assert ("#" + "x" * 40 + "#" in printer.text()) == (dialect == "daisy")


def test_reports_wait_for_the_open_receipt_and_z_empties_the_day(start):
    _printer, line = start("fp1", "datecs")
    do = Talk(line)
    do(*OPENING["datecs"])
    assert NOT_PERMITTED in bits(do(0x45, "0"))
    do(0x31, "A\tC5.00")
    do(0x35, "\t")
    do(0x38)
    assert said(do(0x45, "2")).split(",")[:4] == ["0000", "0000000000", "0000000000", "0000000500"]
    assert said(do(0x45, "0")).split(",")[:4] == ["0001", "0000000000", "0000000000", "0000000500"]
    assert said(do(0x45, "2")).split(",")[3] == "0000000000"
    assert said(do(0x40, "0")).startswith("0001,")
    assert said(do(0x6E)).split(",")[8] == "0002"
    # One receipt, two X, one Z.
    assert said(do(0x71)) == "0000004"


def test_three_wrong_passwords_block_until_the_power_goes_off(start):
    printer, line = start("fp1", "datecs")
    do = Talk(line)
    for _ in range(3):
        assert NOT_PERMITTED in bits(do(0x30, "1,9876,1"))
    assert NOT_PERMITTED in bits(do(0x30, "1,0000,1"))
    printer.do(printer.emulator.power_off)
    printer.do(printer.emulator.power_on)
    assert NOT_PERMITTED not in bits(do(0x30, "1,0000,1"))


def test_the_clock_is_set_between_receipts_and_not_before_the_last_closure(start):
    _printer, line = start("fp1", "datecs")
    do = Talk(line)
    do(0x3D, "23-11-26 10:00:00")
    assert said(do(0x3E)) == "23-11-26 10:00:00"
    do(0x45, "0")
    assert NOT_PERMITTED in bits(do(0x3D, "22-11-26 10:00:00"))
    do(*OPENING["datecs"])
    assert NOT_PERMITTED in bits(do(0x3D, "24-11-26 10:00:00"))
    assert SYNTAX in bits(do(0x3D, "tomorrow"))


def test_a_duplicate_comes_once(start):
    printer, line = start("fp1", "datecs")
    do = Talk(line)
    assert NOT_PERMITTED in bits(do(0x6D, "1"))
    do(*OPENING["datecs"])
    do(0x31, "ONLY\tA1.00")
    do(0x35, "\t")
    do(0x38)
    assert NOT_PERMITTED not in bits(do(0x6D, "1"))
    assert printer.text().count("ONLY") == 2
    assert NOT_PERMITTED in bits(do(0x6D, "1"))


def test_an_unknown_command_and_an_unknown_dialects_command(start):
    _, line = start("fp1", "eltrade")
    do = Talk(line)
    assert (0, 1) in bits(do(0x79))
    assert (0, 1) in bits(do(0x30, "1,0000,1"))
    assert (0, 1) in bits(do(0x55, "Q,HELLO"))


def test_cash_drawer_display_and_knife(start):
    printer, line = start("fp1", "datecs")
    do = Talk(line)
    assert said(do(0x46, "20.00")).startswith("P,0000002000")
    assert said(do(0x46, "-30.00")).startswith("F,0000002000")
    do(0x6A, "50")
    do(0x2F, "HELLO")
    assert said(do(0x2D)) == "P"
    printer.faults({"action": "cutter-error"})
    assert said(do(0x2D)) == "F"
    assert printer.view()["drawerKicks"] == 1
    assert printer.view()["display"] == ["HELLO", ""]


def test_the_newer_variant_sells_pays_and_reports(start):
    _printer, line = start("x4")
    do = Talk(line, x4)
    assert said_x4(do(0x30, "1", "0000", "1", "")) == ["0", "1"]
    assert said_x4(do(0x31, "Bread 700g", "1", "1.20", "2.000", "", "", "0")) == ["0", "1"]
    assert said_x4(do(0x31, "Milk", "2", "2.00", "1", "2", "10.00", "0")) == ["0", "1"]
    assert said_x4(do(0x33, "1", "0", "", ""))[:5] == ["0", "1", "4.20", "2.40", "1.80"]
    assert said_x4(do(0x38))[0] == "-111018"
    assert said_x4(do(0x35, "0", "4.00", "")) == ["0", "D", "0.20"]
    assert said_x4(do(0x4C)) == ["0", "1", "1", "2", "4.20", "4.00"]
    assert said_x4(do(0x3C))[0] == "-111018"
    assert said_x4(do(0x35, "0", "1.00", "")) == ["0", "R", "0.80"]
    assert said_x4(do(0x38)) == ["0", "1"]
    assert said_x4(do(0x45, "X"))[:4] == ["0", "0", "2.40", "1.80"]
    assert said_x4(do(0x45, "Z"))[:2] == ["0", "1"]
    assert said_x4(do(0x64, "-112001")) == ["0", "-112001", "SYNTAX ERROR"]
    assert (0, 1) in bits(do(0x79))


def test_the_newer_variant_wants_each_field_ended(start):
    _, line = start("x4")
    body = b"\x30\x30\x33\x31" + b"\x25" + b"\x30\x30\x34\x35" + b"X"
    length = bytes(0x30 + int(digit, 16) for digit in f"{0x20 + len(body) + 1:04x}")
    body = length + body[4:] + b"\x05"
    check = bytes(0x30 + int(digit, 16) for digit in f"{sum(body):04x}")
    answer = line.ask(b"\x01" + body + check + b"\x03")
    assert said_x4(answer) == ["-112001"]
    assert SYNTAX in bits(answer)


def test_slips_of_the_newer_variant(start):
    printer, line = start("x4")
    do = Talk(line, x4)
    assert said_x4(do(0x26)) == ["0", "0"]
    assert said_x4(do(0x2A, "TOTAL 5.00", "1", "", "", "", "1")) == ["0"]
    assert said_x4(do(0x54, "4", "https://fdms.example/1234", "6")) == ["0"]
    assert said_x4(do(0x27)) == ["0", "1"]
    document = printer.do(lambda: printer.machine.documents[0].view(48))
    assert document["qrCodes"] == ["https://fdms.example/1234"]
    assert "                   TOTAL 5.00\n" in document["text"]


def test_tremol_pings_sells_and_refuses(start):
    printer, line = start("zfp")
    line.write(b"\x09")
    assert line.read(length=1) == b"\x40"

    def do(seq, command, data=""):
        return line.ask(zfp(seq, command, data), b"\x0a")

    assert do(0x20, 0x30, "1;0000;0;0;0")[:4] == b"\x06\x20\x30\x30"
    assert do(0x21, 0x31, f"{'Milk':36};B;2.50*2")[:4] == b"\x06\x21\x30\x30"
    assert do(0x22, 0x38)[2:4] == b"\x34\x32"
    assert do(0x23, 0x36)[2:4] == b"\x30\x30"
    assert do(0x24, 0x7C, "Z")[2:4] == b"\x30\x30"
    assert do(0x25, 0x71)[3:-3] == b"\x71000002"
    assert do(0x26, 0x77)[3:4] == b"\x31"
    assert "5.00 B" in printer.text()
    printer.faults({"action": "paper-out"})
    line.write(b"\x09")
    assert line.read(length=1) == b"\x42"
