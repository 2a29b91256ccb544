"""What scripts are promised about the commands: signals from the first moment, times, levels, pages, plain refusals."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.books import lines_of, sale
from tests.support.tills import Till

ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}


def caught(status, number):
    """Whether a process, as Linux tells of it, has a handler of its own for a signal."""
    mask = next(line for line in status.splitlines() if line.startswith("SigCgt:")).split()[1]
    return bool(int(mask, 16) >> (number - 1) & 1)


class Program:
    """A command as a process of its own, started at once."""

    def __init__(self, folder, *arguments):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fiscalmon", "--data-dir", str(folder), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            # A line that is read early takes nothing of what `communicate` reads later.
            bufsize=0,
        )
        self._early = b""

    def armed(self):
        """Once it minds SIGTERM: from then on the promise holds, however long Python took to start."""
        status = Path(f"/proc/{self._process.pid}/status")
        deadline = time.monotonic() + 30
        while not caught(status.read_text(), signal.SIGTERM):
            assert time.monotonic() < deadline
            time.sleep(0.002)
        return self

    def line(self):
        """Wait for its next line of output."""
        self._early += self._process.stdout.readline()

    def ready(self):
        assert json.loads(self._process.stdout.readline())["event"] == "ready"
        return self

    def send(self, number):
        self._process.send_signal(number)

    def ended(self, given=b""):
        out, err = self._process.communicate(given, timeout=60)
        self.code, self.out, self.err = self._process.returncode, (self._early + out).decode(), err.decode()
        return self

    @property
    def json(self):
        return [json.loads(line) for line in self.out.splitlines()]


async def run(folder, *arguments, given=b""):
    """A command that ends by itself; the till of the test goes on meanwhile."""
    return await asyncio.to_thread(lambda: Program(folder, *arguments).ended(given))


def serve(folder):
    return Program(folder, "serve", "--no-tls", "--port", "0", "--json").ready()


def stop(program, number=signal.SIGTERM):
    """How a program ended after a signal, and after how many seconds."""
    started = time.monotonic()
    program.send(number)
    return program.ended(), time.monotonic() - started


@pytest.fixture
async def sold(fdms, tmp_path, impatient):
    """A folder with three receipts, one of which had to wait for FDMS; no engine runs."""
    till = await Till(fdms, tmp_path / "data").start(1)
    await till.sell(2)
    await till.drained()
    till.faults({"operation": "SubmitReceipt", "action": "status", "status": 503, "count": 1})
    await till.sell()
    await till.drained()
    await till.stop()
    return till


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", [("serve", "--no-tls", "--port", "0"), ("demo", "--headless"), ("simulator",)])
@pytest.mark.parametrize("after", [0.0, 0.3, 0.9])
def test_a_signal_during_the_start_ends_with_0(tmp_path, command, number, after):
    state = ("--state-dir", str(tmp_path)) if command[0] == "simulator" else ()
    starting = Program(tmp_path, *command, *state).armed()
    time.sleep(after)
    done, seconds = stop(starting, number)
    assert (done.code, done.err) == (0, "")
    assert seconds < 5


def test_sigterm_reaches_what_a_shell_started_in_the_background(tmp_path):
    """There SIGINT is ignored from the start."""
    script = f"{sys.executable} -m fiscalmon --data-dir {tmp_path} logs --follow & sleep 1; kill -TERM $!; wait $!"
    ended = subprocess.run(["/bin/sh", "-c", script], capture_output=True, env=ENVIRONMENT, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


async def test_the_event_log_by_level_time_and_device(sold):
    every = (await run(sold.path, "logs", "--json")).json
    assert {event["level"] for event in every} >= {"info", "warning"}
    warnings = (await run(sold.path, "logs", "--level", "WARNING", "--json")).json
    assert warnings == [event for event in every if event["level"] != "info"]
    assert (await run(sold.path, "logs", "--since", "1h", "--json")).json == every
    assert (await run(sold.path, "logs", "--since", "2090-01-01", "--json")).json == []
    assert (await run(sold.path, "logs", "--device", "1", "--json")).json == []


async def test_following_the_log_shows_what_comes_and_ends_with_0(sold):
    following = Program(sold.path, "logs", "--follow", "--json", "--search", "new-one")
    await run(sold.path, "submit", "-", given=lines_of([sale("new-one", deviceID=sold.id)]))
    await asyncio.to_thread(following.line)
    done, seconds = stop(following, signal.SIGINT)
    assert (done.code, done.err) == (0, "")
    assert seconds < 5
    assert [event["type"] for event in done.json] == ["receipt.completed"]


async def test_pages_and_times_of_the_list(sold):
    first = (await run(sold.path, "receipts", "list", "--limit", "2", "--json")).json[0]
    rest = (await run(sold.path, "receipts", "list", "--limit", "2", "--cursor", first["next"], "--json")).json[0]
    shown = [item["receiptGlobalNo"] for item in first["items"] + rest["items"]]
    assert (shown, rest["next"]) == ([3, 2, 1], None)
    today = first["items"][0]["receiptDate"][:10]
    assert len((await run(sold.path, "receipts", "list", "--until", today, "--json")).json[0]["items"]) == 3
    assert (await run(sold.path, "receipts", "list", "--until", "2020-01-01", "--json")).json[0]["items"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo", "--headless", "--devices", "0"),
        ("demo", "--headless", "--devices", "501"),
        ("simulator", "--port", "70000"),
        ("receipts", "list", "--since", "yesterday"),
        ("logs", "--level", "loud"),
    ],
)
async def test_wrong_usage_is_2(tmp_path, arguments):
    done = await run(tmp_path, *arguments)
    assert (done.code, done.out) == (2, "")


async def test_a_settings_file_that_is_not_there_is_said_by_every_command(tmp_path):
    done = await run(tmp_path, "--config", str(tmp_path / "none.toml"), "device", "list")
    assert done.code == 1
    assert "no settings file" in done.err


async def test_the_same_receipt_and_device_alone_and_through_serve(sold):
    show = ("receipts", "show", (await run(sold.path, "receipts", "list", "--json")).json[0]["items"][0]["receiptId"])
    status = ("device", "status", str(sold.id))
    alone = [(await run(sold.path, *what, "--json")).json[0] for what in (show, status)]
    running = serve(sold.path)
    through = [(await run(sold.path, *what, "--json")).json[0] for what in (show, status)]
    stop(running)
    assert through[0] == alone[0]
    assert set(through[1]) == set(alone[1])
    assert through[1]["counters"] == alone[1]["counters"] != []


async def test_a_demo_on_a_folder_in_use_says_so_before_it_starts_anything(sold):
    running = serve(sold.path)
    done = await run(sold.path, "demo", "--headless", "--json")
    stop(running)
    assert done.code == 1
    assert "already runs on" in done.err
    assert not (sold.path / "simulator").exists()


async def test_what_ends_with_1_says_why_in_one_sentence_beside_its_json(till):
    broken = {**sale(f"{till.id}-bad"), "receiptPayments": []}
    given = lines_of([sale(f"{till.id}-good"), broken])
    done = [await run(till.path, command, "-", "--json", given=given) for command in ("check", "submit")]
    for one in done:
        assert (one.code, len(one.json), len(one.err.splitlines())) == (1, 2, 1)
        assert one.err.startswith("fiscalmon: 1 of 2 sales w")
        assert "correct what the advice says" in one.err


async def test_inspect_knows_the_site_of_a_till_of_its_own(till):
    (sold,) = await till.sell()
    names = ("receiptType", "receiptCurrency", "receiptGlobalNo", "receiptDate", "receiptTotal", "receiptTaxes")
    signature = {"hash": sold["hash"], "signature": sold["signature"]}
    receipt = {**{name: sold[name] for name in names}, "receiptDeviceSignature": signature}
    given = json.dumps({"deviceID": till.id, "receipt": receipt}, default=float).encode()
    (found,) = (await run(till.path, "inspect", "-", "--json", given=given)).json
    assert (found["signatureValid"], found["qrUrl"]) == (True, sold["qrUrl"])


async def test_inspect_is_not_upset_by_endless_brackets(tmp_path):
    done = await run(tmp_path, "inspect", "-", "--json", given=b"[" * 100_000)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("fiscalmon: Standard input holds no JSON that can be read: ")
    assert len(done.err.splitlines()) == 1


# Stands for code that swallows whatever is raised while a module of ours is loaded.
SWALLOWED = """
import contextlib, os, signal, sys
class Poke:
    def find_spec(self, name, path, target=None):
        if name == "fiscalmon.cli.running":
            with contextlib.suppress(BaseException):
                os.kill(os.getpid(), signal.SIGTERM)
                sum(range(100_000))
sys.meta_path.insert(0, Poke())
from fiscalmon.__main__ import main
sys.argv[1:] = ["--data-dir", sys.argv[1], "serve", "--no-tls", "--port", "0"]
sys.exit(main())
"""


def test_a_signal_amid_the_imports_is_not_swallowed(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SWALLOWED, str(tmp_path)], env=ENVIRONMENT, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")
