"""Tremol's printers (ZFP) at the end of a line that a test holds: NAK, retry, its status bits, its error digits.

The other end is written from the protocol's description; its frames are the published vectors' form.
"""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import xor

import pytest

from device.printers.tremol import TremolDriver
from fiscalmon.domain.paper import Outcome, Paper, PaperLine, PrintMark

SLIP = Paper("receipt", 32, (PaperLine("SHOP"), PaperLine("BREAD 1.00"), PaperLine("CODE")))
NOON = datetime(2026, 11, 22, 12, 0)
OPEN, TEXT, CLOSE, STATUS, NUMBER, CUT = 0x2E, 0x37, 0x2F, 0x20, 0x71, 0x29
FINE = b"00"


def checked(middle: bytes) -> bytes:
    value = reduce(xor, middle, 0)
    return middle + bytes((0x30 + (value >> 4), 0x30 + (value & 0xF))) + b"\x0a"


class Tremol:
    """Executes slips; `wrong` is asked before each command and its bytes, if any, are the answer instead.

    `ready` are the answers to pings, the last one for ever. A frame with the number and command of the last one is
    not executed again. Time passes by reading.
    """

    def __init__(self, wrong: Callable[["Tremol", int], bytes | None] = lambda printer, command: None) -> None:
        self.wrong = wrong
        self.ready = [0x40]
        self.bits: set[tuple[int, int]] = set()
        self.version = b"2;ZK123456;01-01-2020;TREMOL FP07;1.20;50123456"
        self.clock = b"22-11-2026 12:00"
        self.count = b"%06d"
        self.documents = 41
        self.paper: list[str] = []
        self.asked: list[int] = []
        self.time = 0.0
        self.baud = 115_200
        self._last: tuple[int, int, bytes] = (0, 0, b"")
        self._out = bytearray()

    def now(self) -> float:
        return self.time

    def discard(self) -> None:
        self._out.clear()

    def read(self, seconds: float) -> bytes:
        found = bytes(self._out)
        self._out.clear()
        if not found:
            self.time += seconds
        return found

    def write(self, data: bytes) -> None:
        if data == b"\x09":
            self._out.append(self.ready[0] if len(self.ready) == 1 else self.ready.pop(0))
            return
        assert data[0] == 2 and data[1:] == checked(data[1:-3]) and data[1] == 0x20 + len(data) - 4
        number, command = data[2], data[3]
        self.asked.append(command)
        if (said := self.wrong(self, command)) is not None:
            self._out += said
            return
        if (number, command) != self._last[:2]:
            self._last = (number, command, self._execute(number, command, data[4:-3]))
        self._out += self._last[2]

    @property
    def open(self) -> bool:
        return (2, 0) in self.bits

    def _execute(self, number: int, command: int, data: bytes) -> bytes:
        told = {
            STATUS: bytes(0x80 | sum(1 << bit for byte, bit in self.bits if byte == at) for at in range(7)),
            NUMBER: self.count.replace(b"%06d", b"%06d" % self.documents),
            0x21: self.version,
            0x68: self.clock,
        }
        if command in told:
            return b"\x02" + checked(bytes((0x23 + len(told[command]), number, command)) + told[command])
        if command in (OPEN, TEXT, CLOSE) and self.open is (command == OPEN):
            return b"\x06" + checked(bytes((number,)) + b"02")
        if command == OPEN:
            self.bits.add((2, 0))
        elif command == TEXT:
            self.paper.append(data.decode())
        elif command == CLOSE:
            self.bits.discard((2, 0))
            self.documents += 1
        return b"\x06" + checked(bytes((number,)) + FINE)


def driver() -> TremolDriver:
    return TremolDriver(48, lambda: NOON)


def refusing(answer: bytes, wanted: int, times: int):
    """`answer` instead of the first executions of one command."""
    left = [times]

    def wrong(_printer: Tremol, command: int) -> bytes | None:
        left[0] -= command == wanted
        return answer if command == wanted and left[0] >= 0 else None

    return wrong


@pytest.mark.parametrize("answer", [b"\x15", b"\x0e", b"\x0e\x0e"], ids=["nak", "retry", "retry-twice"])
@pytest.mark.parametrize("command", [OPEN, TEXT, CLOSE], ids=["open", "text", "close"])
def test_what_is_refused_for_now_is_sent_again_and_the_slip_is_whole_once(answer: bytes, command: int):
    printer = Tremol(refusing(answer, command, 3))
    result = driver().print(printer, SLIP, lambda mark: None)
    assert (result.outcome, result.document) == (Outcome.PRINTED, "000042")
    assert printer.paper == ["SHOP", "BREAD 1.00", "CODE"]
    assert printer.time < 5


def test_a_printer_that_refuses_every_frame_has_printed_nothing():
    printer = Tremol(lambda printer, command: b"\x15")
    result = driver().print(printer, SLIP, lambda mark: None)
    assert (result.outcome, result.code) == (Outcome.NOTHING, "E17")
    assert printer.paper == []


def lost(times: int, wanted: int):
    """The answers to the first executions of one command are lost; the command itself is done."""
    left = [times]

    def wrong(printer: Tremol, command: int) -> bytes | None:
        if command != wanted or left[0] == 0:
            return None
        left[0] -= 1
        if printer.open is not (command == OPEN):
            printer._last = (0, 0, printer._execute(0, command, b""))
        return b""

    return wrong


def test_a_close_whose_answer_is_lost_is_asked_for_and_counted():
    printer = Tremol(lost(9, CLOSE))
    marks: list[PrintMark] = []
    result = driver().print(printer, SLIP, marks.append)
    assert (result.outcome, result.document) == (Outcome.PRINTED, "000042")
    assert [(mark.state, mark.document_before) for mark in marks] == [
        ("opening", "000041"), ("closing", "000041"),
    ]  # fmt: skip


def test_a_line_that_was_answered_after_a_long_silence_may_be_there_twice_so_the_slip_is_torn():
    printer = Tremol(refusing(b"", TEXT, 2))
    result = driver().print(printer, SLIP, lambda mark: None)
    assert (result.outcome, result.away) == (Outcome.TORN, True)
    assert "CODE" not in printer.paper
    printer = Tremol(refusing(b"", TEXT, 1))
    assert driver().print(printer, SLIP, lambda mark: None).outcome is Outcome.PRINTED


@pytest.mark.parametrize(
    ("ready", "outcome", "code"),
    [
        ([0x41, 0x41, 0x40], Outcome.PRINTED, None), ([0x48], Outcome.PRINTED, None), ([0x42], Outcome.NOTHING, "E05"),
        ([0x42, 0x43, 0x40], Outcome.PRINTED, None), ([0x44], Outcome.NOTHING, "E09"), ([0x50], Outcome.NOTHING, "E20"),
        ([0x60], Outcome.NOTHING, "E03"), ([0x70], Outcome.NOTHING, "E20"), ([0x41], Outcome.NOTHING, "E04"),
    ],
)  # fmt: skip
def test_answers_to_a_ping(ready: list[int], outcome: Outcome, code: str | None):
    printer = Tremol()
    printer.ready = ready
    result = driver().print(printer, SLIP, lambda mark: None)
    assert (result.outcome, result.code) == (outcome, code)


@pytest.mark.parametrize(
    ("bit", "code"),
    [
        ((0, 0), "E12"), ((0, 2), "E09"), ((0, 3), "E14"), ((0, 5), "E13"), ((1, 0), "E05"), ((1, 1), "E28"),
        ((2, 0), "W08"), ((2, 1), "W08"), ((2, 4), "W08"), ((2, 5), "W02"), ((2, 6), "W09"), ((3, 0), "E12"),
        ((3, 2), "E11"), ((3, 3), "W03"), ((6, 4), "W01"),
    ],
)  # fmt: skip
def test_status_bits_mean(bit: tuple[int, int], code: str):
    printer = Tremol()
    healthy = {finding.code for finding in driver().status(printer).findings}
    printer.bits.add(bit)
    assert {finding.code for finding in driver().status(printer).findings} - healthy == {code}


def test_without_paper_that_it_runs_low_is_no_news():
    printer = Tremol()
    printer.bits |= {(1, 0), (6, 4)}
    assert "W01" not in {finding.code for finding in driver().status(printer).findings}


@pytest.mark.parametrize(("clock", "off"), [(b"22-11-2026 12:00", False), (b"22-11-2026 12:07", True)])
def test_who_it_is_and_how_its_clock_goes(clock: bytes, off: bool):
    printer = Tremol()
    printer.clock = clock
    status = driver().status(printer)
    assert (status.model, status.serial_no, status.firmware) == ("TREMOL FP07", "ZK123456", "1.20")
    assert ("W04" in {finding.code for finding in status.findings}) is off


@pytest.mark.parametrize(
    ("digits", "code"),
    [(b"10", "E05"), (b"22", "E28"), (b"32", "E14"), (b"62", "E15"), (b"82", "E12"), (b"92", "E20"), (b"<2", "E09")],
)
def test_digits_of_a_refusal(digits: bytes, code: str):
    def wrong(printer: Tremol, command: int) -> bytes | None:
        number = printer.number
        return b"\x06" + checked(bytes((number,)) + digits) if command == OPEN else None

    class Numbered(Tremol):
        number = 0

        def write(self, data: bytes) -> None:
            self.number = data[2] if len(data) > 2 else 0
            super().write(data)

    result = driver().print(Numbered(wrong), SLIP, lambda mark: None)
    assert (result.outcome, result.code) == (Outcome.NOTHING, code)


@pytest.mark.parametrize(
    ("count", "outcome"),
    [(b"%06d", Outcome.PRINTED), (b"0017;%06d;", Outcome.PRINTED), (b"", Outcome.UNKNOWN), (b"FP07", Outcome.UNKNOWN)],
)
def test_a_slip_that_was_being_closed_is_told_by_the_printers_count(count: bytes, outcome: Outcome):
    printer = Tremol()
    printer.count, printer.documents = count, 42
    assert driver().settle(printer, SLIP, PrintMark("closing", "000041")).outcome is outcome


def test_what_another_program_left_open_is_ended_if_text_and_left_alone_if_a_receipt():
    printer = Tremol()
    printer.bits.add((2, 0))
    assert driver().print(printer, SLIP, lambda mark: None).outcome is Outcome.PRINTED
    assert printer.asked.count(CLOSE) == 2
    printer.bits.add((2, 1))
    result = driver().print(printer, SLIP, lambda mark: None)
    assert (result.outcome, result.code) == (Outcome.NOTHING, "E16")
