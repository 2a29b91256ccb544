"""Every fault does what it says, on the line and in the printer."""

import os
import time

import pytest
import serial

from device.emulator.faults import ACTIONS, read_plan
from tests.support.emulated_printer import Host, bits, fp1, said, said_x4, x4

OPEN, TEXT, CLOSE, LAST = 0x26, 0x2A, 0x27, 0x71


def numbers(line, seq):
    return said(line.ask(fp1(seq, LAST)))


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("nak", b"\x15"),
        ("wrong-variant", b"\x16\x15"),
        ("not-now", b"\x0e"),
        ("garbage", bytes.fromhex("00 FF 16 C3 00 7E")),
    ],
)
def test_answers_that_are_none(start, action, expected):
    printer, line = start()
    printer.faults({"command": "26", "action": action, "count": 1})
    line.write(fp1(0x21, OPEN))
    assert line.read(length=len(expected)) == expected
    # NAK is said before the work, garbage after it.
    assert printer.view()["receiptOpen"] == (action == "garbage")


@pytest.mark.parametrize(("action", "done"), [("drop-before", False), ("drop-after", True)])
def test_silence_with_the_work_done_or_not(start, action, done):
    printer, line = start()
    printer.faults({"operation": "open-nonfiscal", "action": action, "count": 1})
    line.write(fp1(0x21, OPEN))
    assert line.silence()
    assert printer.view()["receiptOpen"] == done
    # The identical frame: done now, or its answer repeated without a second execution.
    answer = line.ask(fp1(0x21, OPEN))
    assert (2, 5) in bits(answer) and (1, 1) not in bits(answer)


def test_the_memory_for_repeats(start):
    printer, line = start("fp1", "datecs")
    line.ask(fp1(0x21, OPEN))
    first = line.ask(fp1(0x22, TEXT, "once"))
    assert line.ask(fp1(0x22, TEXT, "once")) == first
    assert printer.text().count("once") == 1
    # Datecs looks at the number alone: another command under it gets the old answer.
    assert line.ask(fp1(0x22, CLOSE)) == first


def test_daisy_remembers_number_and_command(start):
    _printer, line = start("fp1", "daisy")
    line.ask(fp1(0x21, OPEN))
    assert (2, 5) not in bits(line.ask(fp1(0x21, CLOSE)))


def test_spoilt_answers(start):
    printer, line = start()
    good = line.ask(fp1(0x21, LAST))

    def answer(length, **rule):
        printer.faults({"operation": "last-document", "count": 1, **rule})
        line.write(fp1(0x21, LAST))
        return line.read(length=length)

    assert answer(5, action="truncate", bytes=5) == good[:5]
    assert line.silence()
    assert answer(2 * len(good), action="duplicate") == good + good
    assert answer(3 + len(good), action="garbage-prefix") == b"\x00\xff\x16" + good
    assert answer(10, action="echo") == fp1(0x21, LAST)
    spoilt = answer(len(good), action="wrong-checksum")
    assert spoilt[:-2] == good[:-2] and spoilt != good
    older = answer(len(good), action="wrong-sequence")
    assert older[2] == 0x20 and older[3:-5] == good[3:-5]
    line.ask(fp1(0x22, 0x4A))
    printer.faults({"operation": "last-document", "action": "stale", "count": 1})
    assert line.ask(fp1(0x23, LAST))[2:4] == b"\x22\x4a"


def test_delay_and_busy(start):
    printer, line = start()
    printer.faults({"operation": "last-document", "action": "delay", "seconds": 0.3, "count": 1})
    line.write(fp1(0x21, LAST))
    assert line.silence(0.15)
    assert said(line.read(until=b"\x03")) == "0000000"
    printer.faults({"operation": "last-document", "action": "busy", "seconds": 0.2, "gap": 0.02, "count": 1})
    answer = line.ask(fp1(0x22, LAST))
    syns = len(answer) - len(answer.lstrip(b"\x16"))
    assert syns >= 2 and said(answer.lstrip(b"\x16")) == "0000000"


def test_a_storm_ends_when_the_faults_do(start):
    printer, line = start()
    printer.faults({"operation": "open-nonfiscal", "action": "syn-storm", "gap": 0.01})
    line.write(fp1(0x21, OPEN))
    assert line.read(length=10) == b"\x16" * 10
    assert not printer.view()["receiptOpen"]
    printer.mend()
    assert (2, 5) in bits(line.ask(fp1(0x21, OPEN)).lstrip(b"\x16"))


def test_a_refusal_and_a_syntax_error_on_command(start):
    printer, line = start("x4")
    printer.faults({"operation": "open-nonfiscal", "action": "refuse", "count": 1})
    assert (1, 1) in bits(line.ask(x4(0x21, OPEN)))
    printer.faults({"operation": "open-nonfiscal", "action": "syntax-error", "count": 1})
    assert said_x4(line.ask(x4(0x22, OPEN))) == ["-112001"]
    assert not printer.view()["receiptOpen"]


def test_paper_ends_at_a_line_and_comes_back(start):
    printer, line = start()
    line.ask(fp1(0x21, OPEN))
    printer.faults({"operation": "line", "action": "paper-out", "skip": 2, "count": 1})
    answers = [line.ask(fp1(0x22 + i, TEXT, f"line {i}")) for i in range(3)]
    assert [(2, 0) in bits(answer) for answer in answers] == [False, False, True]
    assert "line 1" in printer.text() and "line 2" not in printer.text()
    assert (2, 0) in bits(line.ask(fp1(0x30, 0x4A)))
    printer.do(lambda: setattr(printer.machine, "paper", "ok"))
    assert (2, 0) not in bits(line.ask(fp1(0x31, TEXT, "line 2")))
    assert "line 2" in printer.text()


@pytest.mark.parametrize(
    ("dialect", "action", "bit"),
    [
        ("datecs", "cover-open", (0, 6)),
        ("eltrade", "cover-open", (1, 5)),
        ("daisy", "cover-open", (0, 4)),
        ("incotex", "cover-open", (2, 0)),
        ("daisy", "cutter-error", (1, 5)),
        ("datecs", "mechanism-error", (0, 4)),
        ("datecs", "overheated", (4, 6)),
        ("datecs", "paper-near-end", (2, 1)),
        ("datecs", "clock-not-set", (0, 2)),
        ("datecs", "memory-near-full", (4, 3)),
        ("datecs", "memory-full", (4, 4)),
        ("datecs", "memory-error", (4, 0)),
        ("datecs", "ram-reset", (1, 2)),
    ],
)
def test_conditions_show_in_the_status_until_they_are_mended(start, dialect, action, bit):
    printer, line = start("fp1", dialect)
    healthy = bits(line.ask(fp1(0x21, 0x4A)))
    assert bit not in healthy
    printer.faults({"action": action})
    assert bit in bits(line.ask(fp1(0x22, 0x4A)))
    printer.mend()
    assert bits(line.ask(fp1(0x23, 0x4A))) == healthy


def test_what_conditions_forbid(start):
    printer, line = start("fp1", "datecs")
    printer.faults({"action": "memory-full"})
    assert (1, 1) in bits(line.ask(fp1(0x21, 0x30, "1,0000,1")))
    printer.faults({"action": "cover-open"})
    assert (1, 1) in bits(line.ask(fp1(0x22, OPEN)))
    printer.mend()
    printer.faults({"action": "clock-not-set"})
    assert (1, 1) in bits(line.ask(fp1(0x23, OPEN)))
    printer.mend()
    assert (1, 1) not in bits(line.ask(fp1(0x24, OPEN)))
    assert printer.text().strip() != ""


def test_a_wrong_clock_and_a_closure_of_its_own(start):
    printer, line = start()
    printer.faults({"action": "clock-wrong", "seconds": -600}, {"action": "auto-z"})
    assert said(line.ask(fp1(0x21, 0x3E))) == "22-11-26 15:20:00"
    assert said(line.ask(fp1(0x22, 0x40, "0"))).startswith("0001,")
    printer.mend()
    assert said(line.ask(fp1(0x23, 0x3E))) == "22-11-26 15:30:00"
    line.ask(fp1(0x24, 0x3D, "22-11-26 16:00:00"))
    printer.mend()
    assert said(line.ask(fp1(0x25, 0x3E))) == "22-11-26 16:00:00"


def test_power_lost_in_a_receipt_leaves_it_open_and_says_so(start):
    printer, line = start()
    line.ask(fp1(0x21, OPEN))
    line.ask(fp1(0x22, TEXT, "before"))
    printer.faults({"operation": "text", "action": "power-cycle", "seconds": 0.3, "count": 1})
    line.write(fp1(0x23, TEXT, "lost"))
    printer.until(lambda: not printer.emulator.powered)
    line.write(fp1(0x24, TEXT, "to a dead printer"))
    printer.until(lambda: printer.emulator.powered)
    assert (2, 5) in bits(line.ask(fp1(0x25, 0x4A)))
    # The memory for repeats is gone: the same number is executed.
    assert (2, 5) not in bits(line.ask(fp1(0x22, CLOSE)))
    assert "*** POWER FAILURE ***" in printer.text()
    assert "lost" not in printer.text() and "dead" not in printer.text()
    assert printer.do(lambda: printer.machine.documents[0].interrupted)


def test_power_lost_after_the_work(start):
    printer, line = start()
    line.ask(fp1(0x21, OPEN))
    printer.faults({"operation": "close-nonfiscal", "action": "power-cycle-after", "seconds": 0.05, "count": 1})
    line.write(fp1(0x22, CLOSE))
    assert line.silence()
    printer.until(lambda: printer.emulator.powered)
    assert numbers(line, 0x23) == "0000001"


def test_a_pulled_cable_fails_the_host_and_comes_back_under_the_same_name(start):
    printer, line = start()
    line.ask(fp1(0x21, OPEN))
    printer.faults({"operation": "text", "action": "cable-out-after", "seconds": 0.2, "count": 1})
    line.write(fp1(0x22, TEXT, "on paper"))
    with pytest.raises((serial.SerialException, OSError)):
        for _ in range(200):
            line.line.read(1)
    printer.until(lambda: printer.emulator.plugged and printer.emulator.terminal.plugged_in.is_set())
    again = Host(printer.port)
    try:
        assert said(again.ask(fp1(0x23, 0x4C, "T"))).startswith("1,")
        again.ask(fp1(0x24, CLOSE))
    finally:
        again.close()
    assert printer.text().count("on paper") == 1


def test_the_terminal_outlives_its_hosts(start):
    printer, line = start()
    for seq in range(0x30, 0x38):
        one = Host(printer.port)
        assert said(one.ask(fp1(seq, LAST))) == "0000000"
        one.close()
    # Raw: what looks like a line's end or an interrupt passes as it is.
    assert line.ask(fp1(0x40, 0x23, "\n")) != b""
    assert os.path.islink(printer.port)


def test_count_probability_and_the_first_rule_that_matches(start):
    printer, line = start()
    printer.faults(
        {"operation": "last-document", "action": "nak", "count": 2},
        {"operation": "last-document", "action": "drop-after", "probability": 0},
    )
    heard = []
    for _ in range(3):
        line.write(fp1(0x21, LAST))
        heard.append(line.read(length=1))
    assert heard == [b"\x15", b"\x15", b"\x01"]
    assert printer.do(lambda: list(printer.emulator.faults.struck)) == [2, 0]


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b'{"rules":[{"action":"explode"}]}',
        b'{"rules":[{"action":"nak","operation":"dance"}]}',
        b'{"rules":[{"action":"nak","command":"zz"}]}',
        b'{"rules":[{"action":"nak","probability":2}]}',
        b'{"rules":[{"action":"nak","colour":"red"}]}',
    ],
)
def test_rules_that_cannot_be_are_refused(body):
    with pytest.raises(ValueError):
        read_plan(body, frozenset({"text"}))


def test_names_may_be_spelt_as_people_do():
    plan = read_plan(
        b'{"rules":[{"action":"nak","operation":"Last Document","command":"0x2a"}]}', frozenset({"last-document"})
    )
    assert (plan.rules[0].operation, plan.rules[0].command) == ("last-document", "2A")
    assert len(ACTIONS) == len(set(ACTIONS))


@pytest.mark.parametrize("baud", [9600, 115_200])
def test_a_slow_line_takes_its_time(start, baud):
    printer, line = start("fp1", "datecs", baud=baud)
    line.ask(fp1(0x21, OPEN))
    carried, begun = 0, time.monotonic()
    for index in range(20 if baud > 10_000 else 8):
        frame = fp1(0x22 + index, TEXT, "x" * 46)
        carried += len(frame) + len(line.ask(frame))
    took = time.monotonic() - begun
    assert took >= 0.9 * carried * 10 / baud
    assert printer.text().count("x" * 46) == (20 if baud > 10_000 else 8)


def test_a_stream_has_the_speed_of_the_line(start):
    printer, line = start("escpos", baud=19_200)
    data = b"".join(b"y" * 47 + b"\n" for _ in range(40))
    begun = time.monotonic()
    line.write(data + b"\x1d\x72\x01")
    assert line.read(5, length=1) == b"\x00"
    took = time.monotonic() - begun
    assert took >= 0.95 * len(data) * 10 / 19_200
    assert printer.text().count("y" * 47) == 40
