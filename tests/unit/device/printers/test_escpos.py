"""ESC/POS: the composed bytes, what status bytes mean, and a slip that waits for paper. The line is a script."""

from collections import deque

import pytest

from device.printers.escpos import EscposDriver
from device.printers.escpos_bytes import compose, module_dots, paper_dots
from device.printers.escpos_silent import SilentDriver
from device.printers.escpos_status import (
    Automatic,
    InTurn,
    RealTime,
    StatusParser,
    codes_of,
    codes_of_automatic,
)
from device.printers.failures import LineLost
from fiscalmon.domain.paper import Outcome, Paper, PaperLine, PrintMark

LINES = (PaperLine("Total 1.00", strong=True), PaperLine("HELLO", qr=True), PaperLine("bye"))
SLIP = Paper("receipt", 48, LINES)


class ScriptedPrinter:
    """Answers DLE EOT and GS r; `moods` are the paper's answers, the last one for ever. Time passes by reading."""

    def __init__(self, *moods: int, job: bool = True) -> None:
        self.moods = deque(moods or (0x12,))
        self.job = job
        self.sent = bytearray()
        self.lost_after: int | None = None
        self.jobs_lost = 0
        self.time = 0.0
        self.baud = 115_200
        self._answers = bytearray()

    def now(self) -> float:
        return self.time

    def discard(self) -> None:
        self._answers.clear()

    def write(self, data: bytes) -> None:
        self.sent += data
        if self.lost_after is not None and len(self.sent) > self.lost_after:
            raise LineLost("E01", "pulled", sent=True)
        if data[:2] == b"\x10\x04":
            paper = self.moods[0] if len(self.moods) == 1 else self.moods.popleft()
            self._answers.append(paper if data[2] == 4 else 0x12)
        elif data == b"\x1dr\x01" and self.job:
            if b"bye" in self.sent and self.jobs_lost:
                self.jobs_lost -= 1
            else:
                self._answers.append(0)

    def read(self, seconds: float) -> bytes:
        found = bytes(self._answers)
        self._answers.clear()
        if not found:
            self.time += seconds
        return found

    @property
    def slip(self) -> bytes:
        return bytes(self.sent).replace(b"\x1dr\x01", b"")


def test_the_bytes_are_those_that_printers_know():
    blocks = compose(SLIP._replace(drawer=True), 48, "native").blocks
    joined = b"".join(blocks)
    assert joined.startswith(b"\x1b@")
    assert b"\x1bt\x00Total 1.00\n" in joined
    assert b"\x1bE\x01" in joined
    code = bytes.fromhex(
        "1D 28 6B 04 00 31 41 32 00 1D 28 6B 03 00 31 43 06 1D 28 6B 03 00 31 45 31"
        "1D 28 6B 08 00 31 50 30 48 45 4C 4C 4F 1D 28 6B 03 00 31 51 30"
    )
    assert b"\x1ba\x01" + code + b"\x1ba\x00" in joined
    assert joined.endswith(bytes.fromhex("1B 64 06 1D 56 00 1B 70 00 32 32"))


def test_composing_says_nothing_on_the_standard_output(capfd):
    compose(SLIP, 32, "image")
    assert capfd.readouterr() == ("", "")


def test_text_of_goods_cannot_steer_the_printer():
    paper = SLIP._replace(lines=(PaperLine("\x1bi\x1d(k evil 日本 é"),))
    joined = b"".join(compose(paper, 48, "native").blocks)
    assert b"\x1bi" not in joined
    assert b"?i (k evil ???? \x82" in joined


def test_codes_fit_the_paper():
    assert [paper_dots(columns) for columns in (32, 42, 48)] == [384, 512, 576]
    assert module_dots(45, 32) == 6
    assert module_dots(101, 32) == 3


@pytest.mark.parametrize(
    ("what", "value", "codes"),
    [
        (1, 0x12, set()), (1, 0x1A, {"E10"}), (2, 0x16, {"E06"}), (2, 0x32, {"E05"}), (3, 0x1A, {"E07"}),
        (3, 0x52, {"E09"}), (4, 0x1E, {"W01"}), (4, 0x72, {"E05"}), (4, 0x7E, {"E05"}),
    ],
)  # fmt: skip
def test_real_time_answers_mean(what: int, value: int, codes: set[str]):
    assert codes_of(what, value) == codes


def test_what_a_printer_says_by_itself_is_told_from_answers():
    said = StatusParser().feed(bytes.fromhex("12 18 00 0C 00 72 00"))
    assert said == [RealTime(0x12), Automatic(bytes.fromhex("18 00 0C 00")), RealTime(0x72), InTurn(0, True)]
    assert codes_of_automatic(bytes.fromhex("18 00 0C 00")) == {"E05"}
    assert StatusParser().feed(b"\xff\x00") == [InTurn(0, False)]


def test_a_slip_is_printed_once_the_answer_in_its_turn_came():
    printer = ScriptedPrinter()
    driver = EscposDriver(48, "native")
    assert driver.print(printer, SLIP, lambda mark: None).outcome is Outcome.PRINTED
    assert printer.slip.count(b"HELLO") == 1


def test_paper_out_before_a_slip_prints_nothing():
    printer = ScriptedPrinter(0x72)
    result = EscposDriver(48, "native").print(printer, SLIP, lambda mark: None)
    assert (result.outcome, result.code, result.away) == (Outcome.NOTHING, "E05", True)
    assert b"Total" not in printer.sent


def test_paper_out_in_the_middle_is_waited_for_and_nothing_is_sent_twice():
    long = SLIP._replace(lines=(*(PaperLine(f"line {n} " + "x" * 38) for n in range(40)), *LINES))
    # PRINTER and PAPER take a mood each before the slip; then looks find no paper for a while.
    printer = ScriptedPrinter(0x12, 0x12, 0x72, 0x72, 0x72, 0x12)
    result = EscposDriver(48, "native").print(printer, long, lambda mark: None)
    assert result.outcome is Outcome.PRINTED
    assert printer.slip.count(b"line 7 ") == printer.slip.count(b"HELLO") == 1
    assert printer.time > 0.4


def test_nobody_brings_paper_and_the_slip_is_torn_before_its_code():
    long = SLIP._replace(lines=(*(PaperLine(f"line {n} " + "x" * 38) for n in range(40)), *LINES))
    printer = ScriptedPrinter(0x12, 0x12, 0x72)
    marks = []
    result = EscposDriver(48, "native").print(printer, long, marks.append)
    assert (result.outcome, result.code, result.away) == (Outcome.TORN, "E05", True)
    assert [mark.state for mark in marks] == ["opening"]
    assert b"HELLO" not in printer.sent
    assert printer.time >= 30


@pytest.mark.parametrize(("after", "outcome"), [(30, Outcome.TORN), (110, Outcome.UNKNOWN)])
def test_a_cable_out_is_torn_before_the_code_and_unknown_after(after: int, outcome: Outcome):
    printer = ScriptedPrinter()
    printer.lost_after = after
    result = EscposDriver(48, "native").print(printer, SLIP, lambda mark: None)
    assert (result.outcome, result.away) == (outcome, True)


@pytest.mark.parametrize(("lost", "outcome"), [(1, Outcome.UNKNOWN), (0, Outcome.PRINTED)])
def test_only_the_first_answer_after_the_slip_proves_it(lost: int, outcome: Outcome):
    """The printer was switched off and on: it answers what is asked now, and has forgotten the slip."""
    printer = ScriptedPrinter()
    printer.jobs_lost = lost
    assert EscposDriver(48, "native").print(printer, SLIP, lambda mark: None).outcome is outcome


def test_a_printer_without_answers_in_turn_is_believed_while_it_says_that_it_is_well():
    printer = ScriptedPrinter(job=False)
    assert EscposDriver(48, "native").print(printer, SLIP, lambda mark: None).outcome is Outcome.PRINTED
    assert printer.time > 3


CUT = bytes.fromhex("1B 64 06 1D 56 00")


@pytest.mark.parametrize("kind", ["asked", "silent"])
def test_after_a_slip_without_an_end_the_next_one_begins_with_a_cut_and_no_other_does(kind: str):
    driver = EscposDriver(48, "native") if kind == "asked" else SilentDriver(48, "native")
    printer = ScriptedPrinter()
    printer.lost_after = 40
    assert driver.print(printer, SLIP, lambda mark: None).outcome is not Outcome.PRINTED
    printer.lost_after = None
    for cuts in (2, 1):
        printer.sent.clear()
        assert driver.print(printer, SLIP, lambda mark: None).outcome is Outcome.PRINTED
        assert printer.sent.count(CUT) == cuts
        assert (printer.sent.find(CUT) < printer.sent.find(b"Total")) is (cuts == 2)


def test_after_a_crash_of_the_till_what_is_asked_for_counts_as_without_an_end():
    driver, printer = EscposDriver(48, "native"), ScriptedPrinter()
    assert driver.settle(printer, SLIP, PrintMark("opening")).outcome is Outcome.TORN
    printer.sent.clear()
    driver.print(printer, SLIP, lambda mark: None)
    assert -1 < printer.sent.find(CUT) < printer.sent.find(b"Total")
