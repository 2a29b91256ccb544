"""The published frames, both ways: taken as requests and given as answers, over a real pseudo-terminal."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from device.emulator.dialects import DAISY, X4
from device.emulator.frames import Bad, Request, answer_fp1, answer_x4, parse_fp1, parse_x4, parse_zfp
from device.emulator.printout import Identity
from tests.support.emulated_printer import AT_HALF_PAST_THREE

GOLDEN = json.loads((Path(__file__).parents[3] / "golden/printer_frames.json").read_text())
FRAMES = {entry["name"]: entry for entry in GOLDEN["frames"]}
PARSE = {"fp1": parse_fp1, "x4": parse_x4, "zfp": parse_zfp}
REQUESTS = sorted(name for name, entry in FRAMES.items() if entry["kind"] == "request")
ANSWERS = sorted(name for name, entry in FRAMES.items() if entry["kind"] == "answer")


def frame(name):
    return bytes.fromhex(FRAMES[name]["frame"])


@pytest.mark.parametrize("name", REQUESTS)
def test_a_published_request_is_read(name):
    entry = FRAMES[name]
    read = PARSE[entry["variant"]](frame(name))
    assert read == Request(entry["seq"], entry["command"], bytes.fromhex(entry["data"]), frame(name))


@pytest.mark.parametrize("name", ANSWERS)
def test_a_published_answer_is_written(name):
    entry = FRAMES[name]
    write = {"fp1": answer_fp1, "x4": answer_x4}[entry["variant"]]
    request = Request(entry["seq"], entry["command"], b"", b"frame")
    assert write(request, bytes.fromhex(entry["data"]), bytes.fromhex(entry["status"])) == frame(name)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_published_request_is_answered_under_its_own_number(start, name):
    entry = FRAMES[name]
    _, line = start(entry["variant"])
    answer = line.ask(frame(name), b"\x0a" if entry["variant"] == "zfp" else b"\x03")
    at = {"fp1": 2, "zfp": 1 if answer[:1] == b"\x06" else 2, "x4": 5}[entry["variant"]]
    assert answer[at] == entry["seq"]


def test_the_misprinted_frame_is_refused(start):
    misprinted = bytes.fromhex(GOLDEN["misprinted"]["frame"])
    assert isinstance(parse_fp1(misprinted), Bad)
    _, line = start("fp1", "daisy")
    line.write(misprinted)
    assert line.read(length=1) == b"\x15"
    mended = misprinted[:2] + b"\xc0" + misprinted[3:]
    assert isinstance(parse_fp1(mended), Request)


def test_clock_and_receipt_of_a_datecs_device_byte_by_byte(start):
    printer, line = start("fp1", "datecs")
    printer.do(lambda: setattr(printer.register, "last_document", 41))
    assert line.ask(frame("C3")) == frame("C4")
    assert line.ask(frame("C5")) == frame("C6")
    assert line.ask(frame("C7")) == frame("C8")
    assert line.ask(frame("C10")) == frame("C11")
    assert printer.view()["receipt"]["total"] == "2.40"


def test_a_sale_without_paper_is_rejected_and_changes_nothing(start):
    printer, line = start("fp1", "datecs")
    line.ask(frame("C5"))
    printer.faults({"action": "paper-out"})
    before = printer.text()
    assert line.ask(frame("C7")) == frame("C9")
    assert printer.view()["receipt"]["items"] == 0
    assert printer.text() == before


def test_a_daisy_device_byte_by_byte(start):
    printer, line = start("fp1", "daisy")
    # The manual's examples are of a device whose printing is not enabled (bit 2.6).
    printer.printer.dialect = replace(DAISY, base=bytes.fromhex("88 80 80 80 80 B8"))
    printer.do(lambda: setattr(printer.register, "last_document", 1))
    assert line.ask(frame("V1")) == frame("V2")
    assert line.ask(frame("V3")) == frame("V4")


def test_a_device_of_the_newer_variant_byte_by_byte(start):
    identity = Identity("DP-150MX", "609428", "20Jul23 1353", serial="   ", memory="02500002")
    printer, line = start("x4", identity=identity)
    not_fiscalised = bytes.fromhex("80 80 80 80 84 82 80 80")
    printer.printer.dialect = replace(X4, base=not_fiscalised, date="%d-%m-%y %H:%M:%S DST")
    at = datetime(2019, 9, 16, 17, 26, 44)
    printer.do(lambda: setattr(printer.machine.clock, "offset", at - AT_HALF_PAST_THREE))
    printer.faults({"operation": "identify", "action": "busy", "seconds": 0.02, "gap": 0.05, "count": 1})
    assert line.ask(frame("X1")) == b"\x16" + frame("X2")
    assert line.ask(frame("X3")) == frame("X4")
    assert line.ask(frame("X5")) == frame("X6")


def test_a_failure_that_only_the_error_code_tells(start):
    printer, line = start("x4")
    printer.faults({"command": "35h", "action": "error-code", "code": -111016})
    assert line.ask(frame("X7")) == frame("X8")


@pytest.mark.parametrize(("family", "name"), [("x4", "V7"), ("fp1", "X1"), ("fp1", "C19"), ("x4", "C7")])
def test_a_frame_of_the_other_variant_is_answered_as_the_logs_show(start, family, name):
    _, line = start(family)
    for _ in range(2):
        line.write(frame(name))
        assert line.read(length=2) == b"\x16\x15"
