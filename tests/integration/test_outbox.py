"""The sender against an FDMS that fails on command: nothing lost, doubled or out of order, and all told plainly."""

import asyncio
import json
import time

import msgspec
import pytest

from fiscalmon.domain.errors import TillBusy
from tests.support.simulator import Simulator
from tests.support.tills import Till, colours, new_device, numbers

QUEUED, ONLINE, OFFLINE = "receipt.queued", "device.online", "device.offline"


async def test_receipts_go_out_in_order_and_are_settled(till):
    sold = await till.sell(5)
    await till.drained()
    await till.check()
    assert [result["status"] for result in sold] == ["signed"] * 5
    rows = await till.rows("SELECT status, fdmsReceiptId, latencyMs, attempts FROM v_receipts ORDER BY receiptGlobalNo")
    ids = [receipt["receiptID"] for receipt in till.fdms.ledger(till.id)["receipts"]]
    assert [row[:2] for row in rows] == [("completed", receipt_id) for receipt_id in ids]
    assert all(row[2] > 0 and row[3] == 1 for row in rows)
    assert [type_ for type_, _ in await till.told("receipt.completed", "receipt.failed")] == ["receipt.completed"] * 5
    tries = await till.rows("SELECT outcome, httpStatus, error FROM v_submissions")
    assert tries == [("done", 200, None)] * 5


async def test_what_is_sent_is_what_was_signed(till):
    await till.sell()
    await till.drained()
    ((payload,),) = await till.rows("SELECT payload FROM receipts")
    receipt = json.loads(payload)["receipt"]
    (held,) = till.fdms.ledger(till.id)["receipts"]
    assert held["hash"] == receipt["receiptDeviceSignature"]["hash"]
    assert held["validationErrors"] == []


FAULTS = [
    {"action": "drop-before"},
    {"action": "drop-after"},
    {"action": "delay", "seconds": 1.5},
    {"action": "status", "status": 500},
    {"action": "status", "status": 502},
    {"action": "status", "status": 503},
    {"action": "status", "status": 429},
    {"action": "garbage"},
    {"action": "truncate"},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['action']}{fault.get('status', '')}")
async def test_a_fault_loses_nothing_and_doubles_nothing(till, fault):
    await till.sell()
    await till.drained()
    till.faults({"operation": "SubmitReceipt", "count": 2, **fault})
    await till.sell(3)
    await till.drained()
    await till.check()
    assert colours(till.fdms.ledger(till.id)) == set()
    queued = await till.told(QUEUED)
    assert [data["receiptGlobalNo"] for _, data in queued] == [2]
    assert queued[0][1]["status"] == "queued"
    assert queued[0][1]["reason"]
    tries = await till.rows("SELECT outcome, httpStatus, error FROM v_submissions WHERE receiptGlobalNo = 2")
    assert [row[0] for row in tries] == ["unknown", "unknown", "done"]
    assert all(row[2] for row in tries[:2])
    if fault["action"] == "status":
        assert tries[0][1] == fault["status"]
    assert (await till.close_day())["fiscalDayStatus"] == "FiscalDayClosed"


async def test_every_call_may_fail_at_random(till):
    """Drops before and after, garbage, errors, on every operation, while sales go on."""
    actions = [
        {"action": action, "probability": 0.12} for action in ("drop-before", "drop-after", "garbage", "truncate")
    ]
    till.fdms.post("/faults", {"seed": 5, "rules": [*actions, {"action": "status", "status": 503, "probability": 0.1}]})
    await till.sell(25)
    await till.drained(40)
    till.faults()
    await till.check()
    assert colours(till.fdms.ledger(till.id)) == set()
    assert (await till.close_day())["fiscalDayStatus"] == "FiscalDayClosed"


async def test_fdms_asks_to_be_left_alone_for_a_while(till):
    """429 with Retry-After: nothing is asked of FDMS in the meantime, not even its status."""
    till.faults({"action": "status", "status": 429, "retryAfter": 1})
    await till.sell()
    started = time.monotonic()
    await till.until(lambda: till.fdms.control.get("/faults").json()["struck"] == [1])
    await asyncio.sleep(0.7)
    assert till.fdms.control.get("/faults").json()["struck"] == [1]
    till.faults()
    await till.drained()
    assert time.monotonic() - started > 0.9


async def test_fdms_away_for_long_is_told_once(till, fdms, monkeypatch):
    await till.sell()
    await till.drained()
    till.faults({"action": "drop-before"})
    await till.sell(6)
    await till.until(lambda: till.device.online is False)
    async with asyncio.timeout(15):
        while (await till.rows("SELECT max(attempts) FROM v_receipts"))[0][0] < 4:  # noqa: ASYNC110 - looks from outside
            await asyncio.sleep(0.02)
    # Each of them waits, not only the one that is tried.
    assert set(await till.rows("SELECT status FROM v_receipts WHERE receiptGlobalNo > 1")) == {("queued",)}
    assert till.device.queued == 6
    assert (await till.engine.till.device(till.id))["attention"].startswith("FDMS cannot be reached")
    till.faults()
    await till.drained()
    await till.check()
    told = [type_ for type_, _ in await till.told(OFFLINE, ONLINE)]
    assert told == [OFFLINE, ONLINE]
    queued = [data["receiptGlobalNo"] for _, data in await till.told(QUEUED)]
    assert queued == [2, 3, 4, 5, 6, 7]
    assert till.engine.till._parts.metrics.snapshot()["queueDepth"] == 0


async def test_a_simulator_that_is_gone_and_comes_back(tmp_path, tmp_path_factory, impatient):
    """Nobody listens: the outcome is unreachable. The queue goes out in order when FDMS is back."""
    fdms = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    till = await Till(fdms, tmp_path / "till").start(1)
    port = fdms.url.rpartition(":")[2]
    await till.sell(2)
    await till.drained()
    fdms.kill()
    await till.sell(3)
    await till.until(lambda: till.device.online is False)
    async with asyncio.timeout(15):
        while not (outcomes := await till.rows("SELECT outcome FROM v_submissions WHERE receiptGlobalNo = 3")):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert set(outcomes) == {("unreachable",)}
    await till.restart()
    await till.sell(2)
    assert till.device.queued == 5
    assert till.engine.till._parts.metrics.snapshot()["queueDepth"] == 5
    fdms.arguments = (*fdms.arguments, "--port", port)
    fdms.start()
    await till.drained()
    await till.check()
    assert [row[2] for row in numbers(fdms.ledger(till.id))] == [1, 2, 3, 4, 5, 6, 7]
    await till.stop()
    fdms.end()


async def test_a_refused_receipt_blocks_its_device_and_says_so(till):
    await till.sell()
    await till.drained()
    till.fdms.post(f"/devices/{till.id}/block")
    await till.sell(3)
    await till.until(lambda: till.device.blocked)
    assert (await till.engine.till.device(till.id))["health"] == "failed"
    assert "Receipt 2 waits" in (await till.engine.till.device(till.id))["attention"]
    await asyncio.sleep(0.5)
    attention = await till.told("device.attention")
    assert len(attention) == 1
    assert "Ask ZIMRA to activate it" in attention[0][1]["reason"]
    assert await till.told(OFFLINE) == []
    tries = await till.rows("SELECT DISTINCT receiptGlobalNo, outcome, httpStatus FROM v_submissions")
    assert tries == [(1, "done", 200), (2, "refused", 422)]
    till.fdms.post(f"/devices/{till.id}/unblock")
    await till.drained()
    await till.check()
    assert till.device.blocked is None
    assert (await till.engine.till.device(till.id))["health"] == "ok"


async def test_devices_do_not_wait_for_each_other(till):
    other = await till.register(new_device(till.fdms))
    till.fdms.post(f"/devices/{till.id}/block")
    await till.sell(2)
    await till.sell(2, other)
    await till.until(lambda: not till.engine.devices.get(other).queued)
    assert till.device.queued == 2
    till.fdms.post(f"/devices/{till.id}/unblock")
    await till.drained()
    await till.check()


async def test_a_red_answer_fails_the_receipt_and_the_chain_goes_on(till):
    """FDMS knows an invoice number that this till does not: it was used at another till of the shop."""
    other = await Till(till.fdms, till.path.parent / "other").start(1)
    await other.sell(invoiceNo="SHARED-1")
    await other.drained()
    await other.stop()
    (red,) = await till.sell(invoiceNo="SHARED-1")
    (good,) = await till.sell()
    await till.drained()
    await till.check()
    rows = await till.rows("SELECT status, validationErrors FROM v_receipts ORDER BY receiptGlobalNo")
    assert [row[0] for row in rows] == ["failed", "completed"]
    (error,) = json.loads(rows[0][1])
    assert (error["code"], error["color"]) == ("RCPT013", "Red")
    assert error["advice"]
    told = await till.told("receipt.failed", "receipt.completed")
    assert [(type_, data["receiptId"]) for type_, data in told] == [
        ("receipt.failed", red["receiptId"]),
        ("receipt.completed", good["receiptId"]),
    ]
    seen = till.engine.till._parts.metrics.snapshot()
    assert (seen["failedReceipts"], seen["successRate"], seen["receiptsToday"]) == (1, 50.0, 2)
    assert (await till.engine.till.submit(json.dumps(await again(till, red))))["status"] == "failed"


async def again(till, result: dict) -> dict:
    """The sale of a result, to be sent once more."""
    from tests.support.books import sale

    return {**sale(result["saleId"].removeprefix("S-"), deviceID=till.id), "invoiceNo": "SHARED-1"}


class Forged:
    """FDMS with answers whose signature does not hold, as someone on the line could send them."""

    def __init__(self, real) -> None:
        self._real = real
        self.forge = True
        self.sent = 0

    def __getattr__(self, name: str):
        return getattr(self._real, name)

    async def submit_receipt(self, payload: bytes):
        self.sent += 1
        answer = await self._real.submit_receipt(payload)
        return msgspec.structs.replace(answer, receipt_id=answer.receipt_id + 1) if self.forge else answer


async def test_an_answer_that_fdms_did_not_sign_is_not_believed(till):
    forged = till.device._gateway = Forged(till.device.gateway)
    await till.sell()
    await till.until(lambda: forged.sent > 2)
    assert await till.rows("SELECT status, fdmsReceiptId FROM v_receipts") == [("queued", None)]
    assert await till.told("receipt.completed") == []
    ((reason,),) = await till.rows("SELECT DISTINCT error FROM v_submissions")
    assert "signature on its answer does not hold" in reason
    forged.forge = False
    await till.drained()
    await till.check()


async def test_an_answer_that_cannot_be_recorded_is_asked_for_again(till, monkeypatch):
    """The disk fails while answers are settled: receipts after it may settle, and the one is not forgotten."""
    plain, failing = till.engine.store.write, []

    async def write(job):
        if "_settle" in getattr(job, "__qualname__", "") and len(failing) < 2:
            failing.append(job)
            raise TillBusy("The disk is full: make room, then try again. Nothing was recorded.")
        return await plain(job)

    monkeypatch.setattr(till.engine.store, "write", write)
    await till.sell(4)
    await till.drained()
    assert len(failing) == 2
    await till.check()
    assert [row[0] for row in await till.rows("SELECT status FROM v_receipts")] == ["completed"] * 4


async def test_a_sender_survives_what_it_did_not_expect(till, monkeypatch):
    log = RecordedLog(monkeypatch)
    plain, calls = till.device.gateway.submit_receipt, []

    async def submit(payload: bytes):
        calls.append(payload)
        if len(calls) < 3:
            raise RuntimeError("a fault of our own")
        return await plain(payload)

    monkeypatch.setattr(till.device.gateway, "submit_receipt", submit)
    await till.sell()
    await till.drained()
    await till.check()
    assert log.said == ["the sender has a fault of its own"] * 2


class RecordedLog:
    """The sender's log, kept from the terminal."""

    def __init__(self, monkeypatch) -> None:
        self.said: list[str] = []
        monkeypatch.setattr("fiscalmon.services.submit.log", self)

    def exception(self, words: str, **_) -> None:
        self.said.append(words)


async def test_a_key_that_cannot_be_read_for_a_while_stops_nothing_for_good(till, monkeypatch):
    await till.sell()
    await till.drained()
    key = till.path / "keys" / f"{till.id}.key"
    key.chmod(0o644)
    await till.restart()
    await asyncio.sleep(0.3)
    assert till.device.online is None
    key.chmod(0o600)
    await till.sell()
    await till.drained()
    await till.check()


async def test_waiting_for_the_answer(till):
    given = await again(till, {"saleId": "S-waits"})
    result = await till.engine.till.submit({**given, "invoiceNo": "W-1"}, wait="completed")
    assert (result["status"], result["repeated"]) == ("completed", False)
    result = await till.engine.till.submit({**given, "invoiceNo": "W-1"}, wait="completed")
    assert (result["status"], result["repeated"]) == ("completed", True)


async def test_waiting_has_a_limit(till, monkeypatch):
    monkeypatch.setattr("fiscalmon.services.till.COMPLETED_WAIT_SECONDS", 0.3)
    till.faults({"operation": "SubmitReceipt", "action": "status", "status": 503})
    given = await again(till, {"saleId": "S-waits"})
    result = await till.engine.till.submit(given, wait="completed")
    assert result["status"] == "queued"
    till.faults()
    await till.drained()


async def test_the_six_stages_come_in_order(till):
    subscription = till.engine.till.subscribe()
    await asyncio.wait_for(anext(subscription), 5)
    await till.sell()
    stages, percents = [], []
    async with asyncio.timeout(10):
        async for message in subscription:
            if message.type == "receipt.progress":
                stages.append(message.data["stage"])
                percents.append(message.data["percent"])
            if message.type == "receipt.completed":
                break
    assert stages == ["Validating", "Building canonical", "Signing", "Sending to FDMS", "Verifying", "Completed"]
    assert percents == [0, 20, 40, 60, 80, 100]
    subscription.close()


async def test_the_heartbeat_notices_that_fdms_is_away(till, monkeypatch):
    """Without a sale: the ping fails, then goes through again."""
    monkeypatch.setattr("fiscalmon.services.heartbeat.delay", lambda failures, random: 0.05)

    await till.restart()
    await till.until(lambda: till.device.online)
    await till.stop()
    till.faults({"action": "drop-before", "operation": "Ping"})
    await till.start()
    await till.until(lambda: till.device.online is False)
    till.faults()
    await till.until(lambda: till.device.online)
    async with asyncio.timeout(15):
        while [type_ for type_, _ in await till.told(OFFLINE, ONLINE)][-2:] != [OFFLINE, ONLINE]:  # noqa: ASYNC110 - looks from outside
            await asyncio.sleep(0.02)


async def test_sent_now_ends_the_wait_for_the_next_try(till):
    waiting = till.engine.till.waiting
    till.faults({"operation": "SubmitReceipt", "count": 6, "action": "drop-before"})
    await till.sell(2)
    # After several silences the pause is many seconds long: only being asked to hurry ends it this soon.
    async with asyncio.timeout(10):
        while till.device.queued:
            if till.device.next_try is not None:
                listed = await waiting.listed()
                assert [item["place"] for item in listed["items"]] == [1, 2] and listed["total"] == 2
                assert await waiting.send_now() in ({"devices": 1, "receipts": 2}, {"devices": 1, "receipts": 1})
            await asyncio.sleep(0.01)
    assert await waiting.listed() == {"items": [], "devices": [], "total": 0}
    assert await waiting.send_now() == {"devices": 0, "receipts": 0}
    await till.check()
