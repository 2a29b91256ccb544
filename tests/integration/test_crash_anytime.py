"""kill -9 at 200 random moments, from the fork on, while FDMS fails in every way it knows, also during closes.

A life of a till is cheap here: a fork of a process that has imported everything, on one folder again and again. The
ledger of FDMS is the judge, and the paper in the block that prints. SOAK_KILLS says how many moments there are.
"""

import json
import os
import random
import select
import signal
import sqlite3
import time

import pytest

from tests.support.books import sale
from tests.support.command import Zygote
from tests.support.printed import Printed
from tests.support.printer_process import PrinterProcess
from tests.support.tills import Till, colours, numbers

MOMENTS = int(os.environ.get("SOAK_KILLS", "200"))
BLOCKS = {"selling": 1, "selling more": 2, "closing days": 3, "closing more days": 4, "printing": 5}
DEVICES = 2
FAULTS = [
    {"operation": "SubmitReceipt", "action": "drop-after", "probability": 0.1},
    {"operation": "SubmitReceipt", "action": "drop-before", "probability": 0.05},
    {"operation": "SubmitReceipt", "action": "garbage", "probability": 0.05},
    {"operation": "SubmitReceipt", "action": "truncate", "probability": 0.05},
    {"operation": "SubmitReceipt", "action": "status", "status": 503, "probability": 0.05},
    {"operation": "SubmitReceipt", "action": "delay", "seconds": 0.05, "probability": 0.3},
    {"operation": "CloseDay", "action": "drop-after", "probability": 0.2},
    {"operation": "OpenDay", "action": "drop-after", "probability": 0.2},
    {"operation": "GetStatus", "action": "drop-before", "probability": 0.1},
]


@pytest.fixture(scope="module")
def printer():
    made = PrinterProcess("--family", "fp1")
    yield made
    made.end()


class Life:
    """One life of the till: started on construction, killed by `end`, which returns the answers it gave."""

    def __init__(self, zygote: Zygote, folder, acts: list) -> None:
        self._out, theirs = os.pipe()
        null = os.open(os.devnull, os.O_RDWR)
        self._process = zygote.start(
            [str(folder), json.dumps(acts)], [null, theirs, null], {"FISCALMON_GATEWAY_TIMEOUT": "0.6"}, "selling_till"
        )
        os.close(theirs)
        os.close(null)
        self._said = b""

    def until_it_said(self, lines: int, seconds: float) -> bool:
        """Whether it has: the first line comes when the till is ready, the others are answers."""
        end = time.monotonic() + seconds
        while self._said.count(b"\n") < lines and (left := end - time.monotonic()) > 0:
            if select.select([self._out], [], [], left)[0]:
                said = os.read(self._out, 1 << 16)
                assert said, "the till ended by itself"
                self._said += said
        return self._said.count(b"\n") >= lines

    def end(self) -> list[dict]:
        os.kill(self._process.pid, signal.SIGKILL)
        assert self._process.wait() == -signal.SIGKILL
        while said := os.read(self._out, 1 << 16):
            self._said += said
        os.close(self._out)
        lines = [json.loads(line) for line in self._said.splitlines()]
        assert lines[:1] in ([], ["ready"])
        return lines[1:]


class Killed:
    """A folder whose till is killed again and again. `sales` by saleId, `answers` as they were given."""

    def __init__(self, till: Till, zygote: Zygote, seed: int) -> None:
        self.till, self.zygote, self.chance = till, zygote, random.Random(seed)
        self.sales: dict[str, dict] = {}
        self.answers: dict[str, dict] = {}

    def live(self, acts: list) -> None:
        """To a random moment after it was started, was ready, or had answered first (which it may never do)."""
        life = Life(self.zygote, self.till.path, acts)
        lines = self.chance.choices((0, 1, 2), (2, 3, 5))[0]
        assert life.until_it_said(lines, 1.0) or lines == 2 or life.until_it_said(lines, 30), "it does not start"
        time.sleep(self.chance.uniform(0, 0.15))
        for told in life.end():
            known = self.answers.setdefault(told["saleId"], told)
            assert all(known[name] == told[name] for name in ("receiptId", "receiptGlobalNo", "hash", "signature"))

    def some_sales(self) -> list[dict]:
        """One to three new ones, and now and then one that a POS repeats."""
        made = []
        for device_id in self.chance.sample(self.till.ids, self.chance.randint(1, DEVICES)):
            made.append(sale(f"{self.till.id}-k{len(self.sales)}", deviceID=device_id))
            self.sales[made[-1]["saleId"]] = made[-1]
        if self.chance.random() < 0.3:
            made.append(self.chance.choice(list(self.sales.values())))
        return made

    async def judge(self) -> None:
        """Every sale again, as a POS repeats what it got no answer for; then ledger, books and answers agree."""
        till = self.till
        till.fdms.control.delete("/faults")
        database = sqlite3.connect(till.path / "fiscalmon.db")
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        database.close()
        await till.start()
        for device_id in till.ids:
            device = till.engine.devices.get(device_id)
            await till.until(lambda device=device: device.day_status != "FiscalDayCloseInitiated")
            if device.day_status == "FiscalDayClosed":
                await till.open_day(device_id)
        for name, given in self.sales.items():
            again = await till.engine.till.submit(given)
            told = self.answers.get(name)
            assert told is None or again["repeated"] is True
            assert told is None or all(again[name] == told[name] for name in ("receiptId", "receiptGlobalNo", "hash"))
        await till.drained(60)
        await till.check()
        count = 0
        for device_id in till.ids:
            ledger = till.fdms.ledger(device_id)
            assert colours(ledger) == set()
            assert [row[2] for row in numbers(ledger)] == list(range(1, len(ledger["receipts"]) + 1))
            count += len(ledger["receipts"])
        assert count == len(self.sales)
        told = await till.rows(
            "SELECT json_extract(data, '$.receiptId') FROM v_events WHERE type = 'receipt.completed'"
        )
        assert (len(told), len(set(told))) == (count, count)


@pytest.mark.parametrize("block", BLOCKS)
async def test_kills_at_random_moments(zygote, printer, fdms, tmp_path, impatient, block):
    till = await Till(fdms, tmp_path / "data").start(DEVICES)
    printed = await Printed(till, printer, "fp1").add() if block == "printing" else None
    await till.stop()
    fdms.post("/faults", {"seed": BLOCKS[block], "rules": FAULTS}).raise_for_status()
    killed = Killed(till, zygote, 20261123 + BLOCKS[block])
    lives = MOMENTS // len(BLOCKS)
    for _ in range(lives):
        acts = [killed.some_sales()]
        if "clos" in block and killed.chance.random() < 0.5:
            acts = ["open", *acts, "close", "open"]
        killed.live(acts)
    await killed.judge()
    # Kills that all came too early or too late would prove nothing.
    assert lives / 4 < len(killed.answers) < len(killed.sales)
    if printed:
        await printed.agree(len(await till.rows(f"SELECT id FROM receipts WHERE device_id = {till.id}")))
    for device_id in till.ids:
        assert (await till.close_day(device_id))["fiscalDayStatus"] == "FiscalDayClosed"
    await till.stop()
