"""`fiscalmon demo` as the README shows it: one command with no set-up, from raw baskets to closed days."""

import argparse
import asyncio
import gzip
import itertools
import json
import shutil
import signal
import sqlite3
import time
from pathlib import Path

import pytest

import resources
from fiscalmon.cli.running import _summarise
from fiscalmon.data_folder import DataFolder
from fiscalmon.demo import Demo, Wishes
from fiscalmon.domain.errors import TillBusy
from fiscalmon.services.fiscalise import record
from tests.support.books import lines_of
from tests.support.command import Running
from tests.support.hook_server import hook_server
from tests.support.simulator import KEY_FILES

BUNDLED = Path(resources.__file__).parent / "demo" / "baskets.jsonl.gz"


@pytest.fixture
def folder(tmp_path, fdms_process):
    """A data folder whose simulator need not make its RSA keys first."""
    made = tmp_path / "data"
    (made / "simulator").mkdir(parents=True)
    made.chmod(0o700)
    for name in KEY_FILES:
        shutil.copy(fdms_process.state / name, made / "simulator" / name)
    return made


@pytest.fixture
def sample(tmp_path) -> Path:
    """36 real baskets without a bad row, then three spoilt on purpose and one repeated with other rows."""
    with gzip.open(BUNDLED, "rt") as file:
        baskets = [json.loads(line) for line in itertools.islice(file, 40)]
    good = [basket for basket in baskets if all(is_good(row) for row in basket["lines"])]
    assert len(good) >= 30
    no_quantity = {**good[0], "basket": "BAD-1", "lines": [{**good[0]["lines"][0], "quantity": 0}]}
    worthless = {"salesValue": "0.00", "retailDiscount": "0.00", "couponMatchDiscount": "0.00"}
    rows = [*good[0]["lines"], {**good[0]["lines"][0], **worthless}]
    no_value = {**good[0], "basket": "BAD-2", "lines": rows}
    other_content = {**good[1], "basket": good[0]["basket"]}
    file = tmp_path / "sample.jsonl"
    file.write_bytes(
        lines_of([*good[:36], no_quantity, no_value, {**good[2], "basket": "BAD-3", "lines": []}, other_content])
    )
    return file


def is_good(row: dict) -> bool:
    shelf = float(row["salesValue"]) + float(row["retailDiscount"]) + float(row["couponMatchDiscount"])
    return row["quantity"] > 0 and shelf > 0


def demo(folder: Path, *arguments: str) -> Running:
    return Running(folder, "demo", "--headless", "--json", *arguments)


async def test_a_sample_from_the_first_line_to_the_last(folder, sample):
    running = demo(folder, "--sales", str(sample), "--devices", "2", "--rate", "0", "--exit-when-done")
    out, err = await asyncio.to_thread(running.process.communicate, timeout=60)
    assert running.process.returncode == 0, err
    assert err == b""
    first, last = (json.loads(line) for line in (out.splitlines()[0], out.splitlines()[-1]))
    assert len(out.splitlines()) == 2
    assert first["event"] == "ready"
    names = {"event", "url", "ca", "username", "password", "gateway", "control", "dataDir"}
    assert names <= set(first)
    assert first["dataDir"] == str(folder)
    assert first["url"].startswith("https://127.0.0.1:")
    assert Path(first["ca"]) == folder / "tls" / "ca.pem"
    assert first["password"] not in (folder / "logs" / "fiscalmon.log").read_text()
    summary = {"sales": 40, "completed": 36, "refused": 4, "failed": 0, "queued": 0, "auditErrors": 0, "closedDays": 2}
    assert {name: last[name] for name in summary} == summary
    assert isinstance(last["seconds"], float | int)
    reasons = {one["saleId"]: one["validationErrors"][0] for one in last["refusals"]}
    assert "lines[0]" in reasons["BAD-1"]["advice"]
    assert reasons["BAD-1"]["code"] == "RCPT023"
    assert reasons["BAD-2"]["code"] == "RCPT022"
    assert reasons["BAD-3"]["code"] == "RCPT016"
    assert len(reasons) == 4
    database = sqlite3.connect(folder / "fiscalmon.db")
    assert database.execute("SELECT count(*), count(DISTINCT deviceID) FROM v_receipts").fetchone() == (36, 2)
    assert {row[0] for row in database.execute("SELECT DISTINCT receiptCurrency FROM v_receipts")} == {"USD", "ZWG"}
    assert database.execute("SELECT DISTINCT status FROM v_fiscal_days").fetchall() == [("FiscalDayClosed",)]
    database.close()


@pytest.mark.parametrize("seconds", [0.3, 1.5, 5.0])
async def test_a_signal_at_any_moment_ends_it_cleanly(folder, sample, seconds):
    """While Python starts, while simulator and engine start, while sales flow: SIGTERM ends all of it within 5 s."""
    running = demo(folder, "--sales", str(sample), "--rate", "5")
    await asyncio.sleep(seconds)
    done, took = await asyncio.to_thread(running.end, signal.SIGTERM)
    assert (done.code, done.err) == (0, "")
    assert took < 5
    if not done.out:
        return
    control = done.json[0]["control"]
    assert await gone(int(control.rpartition(":")[2]))
    database = sqlite3.connect(folder / "fiscalmon.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


async def gone(port: int) -> bool:
    """Whether nobody listens there any more: the simulator went with its demo."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return True
        writer.close()
        await asyncio.sleep(0.1)
    return False


async def test_a_second_demo_on_the_same_folder_goes_on(folder, sample):
    """The first is killed; the second finds simulator, devices and open days again, and repeats no receipt."""
    first = demo(folder, "--sales", str(sample), "--devices", "1", "--rate", "20").wait_ready()
    await asyncio.sleep(1.0)
    first.kill()
    assert await gone(int(first.ready["control"].rpartition(":")[2]))
    second = demo(folder, "--sales", str(sample), "--devices", "1", "--rate", "0", "--exit-when-done")
    out, err = await asyncio.to_thread(second.process.communicate, timeout=60)
    assert second.process.returncode == 0, (out, err)
    summary = json.loads(out.splitlines()[-1])
    assert (summary["completed"], summary["refused"], summary["auditErrors"], summary["closedDays"]) == (36, 4, 0, 1)


async def test_a_fault_of_the_till_is_no_refusal(fdms, folder, sample, monkeypatch):
    """A sale that passes the rules and could not be recorded makes the demo fail."""
    running = await Demo.start(DataFolder(folder), Wishes(sample, devices=1, rate=0))
    plain, busy = running.engine.store.write, []

    async def write(job):
        if not busy and getattr(job, "func", None) is record:
            busy.append(job)
            raise TillBusy("The disk is full.")
        return await plain(job)

    monkeypatch.setattr(running.engine.store, "write", write)
    try:
        await running.feed()
        summary = await running.finish()
    finally:
        await running.stop()
    assert len(busy) == 1
    # The basket that came again with other rows was the first of its number then.
    assert (summary["sales"], summary["completed"], summary["refused"], summary["failed"]) == (40, 36, 3, 1)
    assert _summarise(argparse.Namespace(json=True), summary) == 1


async def test_the_window_over_a_demo_may_ask_for_everything(fdms, folder, sample):
    """Pages ask by the names of operations, as they do of a till's own engine."""
    running = await Demo.start(DataFolder(folder), Wishes(sample, devices=1, rate=0))
    try:
        report = await running.operations.run("doctor", {})
    finally:
        await running.stop()
    assert {"DATABASE", "GATEWAY"} <= {check["code"] for check in report["checks"]}


async def test_what_cannot_start_says_so(tmp_path):
    done = demo(tmp_path / "data", "--sales", str(tmp_path / "none.jsonl"))
    out, err = await asyncio.to_thread(done.process.communicate, timeout=30)
    assert (done.process.returncode, out) == (1, b"")
    assert b"There is no sales file" in err
    assert len(err.splitlines()) == 1


async def test_alerts_go_out_of_a_demo_that_people_look_at(fdms, folder, sample):
    with hook_server(None) as hook:
        demo = await Demo.start(DataFolder(folder), Wishes(sales=sample, devices=1, rate=1.0))
        try:
            run = demo.engine.operations.run
            channel = {"name": "ops", "kind": "webhook", "allow_private": True}
            await run("alerts.add-channel", {"channel": channel, "secret": f"{hook.url}/here"})
            await run("settings.set", {"section": "alerts", "values": {"disk_gib": 1000, "hold_minutes": {"disk": 0}}})
            async with asyncio.timeout(30):
                while not hook.got:  # noqa: ASYNC110 - a test looks from outside
                    await asyncio.sleep(0.05)
        finally:
            await demo.stop()
    assert [(path, json.loads(body)["rule"]) for path, _, body in hook.got] == [("/here", "disk")]
