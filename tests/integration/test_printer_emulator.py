"""`fiscalmon printer-emulator` as others use it: a process, its ready line, its terminal, its control port."""

import json
import os
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image

from tests.support.emulated_printer import fp1, host, said, x4

ROOT = Path(__file__).resolve().parents[2]
LINK = "https://fdmstest.zimra.co.zw/0000012345221120260000000042A1B2C3D4E5F60718"


@contextmanager
def emulator(*options, number=signal.SIGTERM):
    """(ready line, HTTP client of the control port); the process ends cleanly or the test fails."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fiscalmon", "printer-emulator", "--json", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        ready = json.loads(process.stdout.readline())
        with httpx.Client(base_url=ready["control"], timeout=10) as control:
            yield ready, control
        process.send_signal(number)
        out, err = process.communicate(timeout=5)
        assert (process.returncode, out, err) == (0, b"", b"")
    finally:
        process.kill()
        process.communicate()
    if ready["tty"]:
        assert not os.path.lexists(ready["port"])


def test_a_slip_from_the_line_to_text_picture_and_state():
    with emulator("--family", "fp1", "--dialect", "daisy") as (ready, control):
        assert ready["event"] == "ready"
        assert stat.S_ISCHR(os.stat(ready["port"]).st_mode)
        with host(ready["port"]) as line:
            line.ask(fp1(0x21, 0x26))
            line.ask(fp1(0x22, 0x2A, "Verification code"))
            line.ask(fp1(0x23, 0x55, f"Q,{LINK}"))
            assert said(line.ask(fp1(0x24, 0x27))) == "0000001"
        text = control.get("/paper.txt")
        assert text.headers["content-type"] == "text/plain; charset=utf-8"
        assert "Verification code" in text.text
        picture = Image.open(BytesIO(control.get("/paper.png").content))
        assert [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))] == [LINK]
        state = control.get("/state").json()
        assert (state["receiptOpen"], state["lastDocument"], state["paper"], state["cover"]) == (
            False,
            1,
            "ok",
            "closed",
        )
        assert [(d["number"], d["kind"], d["state"], d["qrCodes"]) for d in state["documents"]] == [
            (1, "nonfiscal", "whole", [LINK])
        ]
        assert control.post("/paper", json={"tear": True}).status_code == 200
        assert control.get("/paper.txt").text == ""
        assert control.get("/paper.txt?last=1").text == text.text


def test_faults_power_paper_and_cable_by_http(tmp_path):
    link = tmp_path / "printer"
    with emulator("--family", "x4", "--link", str(link)) as (ready, control):
        assert ready["port"] == str(link)
        made = control.post("/faults", json={"rules": [{"operation": "status", "action": "nak", "count": 1}]})
        assert made.json()["struck"] == [0]
        with host(str(link)) as line:
            line.write(x4(0x21, 0x4A))
            assert line.read(length=1) == b"\x15"
            assert control.get("/faults").json()["struck"] == [1]
            control.post("/paper", json={"paper": "out", "cover": "open"})
            assert control.get("/state").json()["paper"] == "out"
            control.post("/paper")
            state = control.get("/state").json()
            assert (state["paper"], state["cover"]) == ("ok", "closed")
            control.post("/power", json={"on": False})
            line.write(x4(0x22, 0x4A))
            assert line.silence()
            control.post("/power", json={"on": True})
            assert line.ask(x4(0x23, 0x4A)).endswith(b"\x03")
        control.post("/cable", json={"on": False})
        assert not os.path.lexists(link)
        control.post("/cable", json={"on": True})
        with host(str(link)) as line:
            assert line.ask(x4(0x24, 0x4A)).endswith(b"\x03")
        control.post("/faults", json={"rules": [{"action": "paper-out"}]})
        assert control.get("/state").json()["paper"] == "out"
        assert control.delete("/faults").json()["rules"] == []
        assert control.get("/state").json()["paper"] == "ok"


def test_what_the_control_port_refuses():
    with emulator("--family", "escpos", "--width", "32", number=signal.SIGINT) as (_, control):
        assert control.get("/nothing").status_code == 404
        assert control.delete("/state").status_code == 405
        wrong = control.post("/faults", json={"rules": [{"action": "explode"}]})
        assert wrong.status_code == 400 and "explode" in wrong.json()["error"]
        assert control.post("/faults", content=b"{").status_code == 400
        assert control.post("/power", json={"seconds": -1}).status_code == 400
        assert control.get("/paper.txt?last=none").status_code == 400
        assert control.get("/state", headers={"Host": "evil.example"}).status_code == 403
        assert control.get("/state", headers={"Origin": "https://evil.example"}).status_code == 403
        assert control.post("/faults", content=b"x" * (2**20 + 1)).status_code == 413
        assert "paper.png" in control.get("/").text


def test_a_network_printer_and_words_for_people():
    with emulator("--family", "escpos", "--tcp") as (ready, _), host(ready["tcp"]) as line:
        line.write(b"hello\n\x1d\x72\x01")
        assert line.read(length=1) == b"\x00"
    process = subprocess.Popen(
        [sys.executable, "-m", "fiscalmon", "printer-emulator", "--family", "escpos", "--until-eof"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    out, _ = process.communicate("", timeout=20)
    assert process.returncode == 0
    assert "fiscalmon printer add demo --family escpos --port " in out


@pytest.mark.parametrize(
    "options", [("--family", "fax"), ("--width", "50"), ("--baud", "1"), ("--dialect", "none"), ("--control-port", "x")]
)
def test_wrong_usage(options):
    done = subprocess.run(
        [sys.executable, "-m", "fiscalmon", "printer-emulator", *options], cwd=ROOT, capture_output=True, timeout=20
    )
    assert done.returncode == 2 and done.stderr


def test_a_place_that_is_taken_is_left_alone(tmp_path):
    taken = tmp_path / "notes.txt"
    taken.write_text("mine")
    done = subprocess.run(
        [sys.executable, "-m", "fiscalmon", "printer-emulator", "--link", str(taken)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (done.returncode, taken.read_text()) == (1, "mine")
    assert "cannot start" in done.stderr
