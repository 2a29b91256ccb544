"""A device in offline mode against the simulator: days in files, handed over in order, followed to the end."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fiscalmon.domain.errors import BadInput, GatewayError, GatewayRefused
from fiscalmon.services.file_carrier import FileCarrier
from fiscalmon.services.offline_files import OfflineFiles
from tests.support.tills import Till, files, new_device, numbers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def till(offline_till):
    return offline_till


async def finished(till: Till) -> list[dict]:
    """The files once FDMS has decided on all of them."""
    async with asyncio.timeout(15):
        while True:
            found = await files(till, "status")
            if all(file["state"] in ("done", "failed") for file in found):
                return found
            await asyncio.sleep(0.05)


async def content(till: Till, file_id: int) -> dict:
    return json.loads((await files(till, "export", fileId=file_id))["content"])


async def test_a_day_goes_over_in_one_file(till):
    await till.sell(3)
    await till.close_day()
    (built,) = await files(till, "build")
    assert {key: built[key] for key in ("fileSequence", "receipts", "hasFooter", "state", "fiscalDayNo")} == {
        "fileSequence": 1, "receipts": 3, "hasFooter": True, "state": "built", "fiscalDayNo": 1,
    }  # fmt: skip
    text = await content(till, built["fileId"])
    assert list(text) == ["header", "content", "footer"]
    (sent,) = await files(till, "send")
    assert sent["state"] == "sent"
    assert sent["operationID"]
    (done,) = await finished(till)
    assert (done["state"], done["reason"], done["invoiceWithValidationErrors"]) == ("done", None, [])
    ledger = till.fdms.ledger(till.id)
    assert (ledger["fiscalDayStatus"], ledger["fiscalDayNo"]) == ("FiscalDayClosed", 1)
    assert numbers(ledger) == await till.engine.store.read(lambda archive: archive.numbers(till.id))
    assert await till.rows("SELECT DISTINCT status FROM v_receipts") == [("completed",)]
    assert till.device.queued == 0
    assert len(await till.told("receipt.completed")) == 3
    assert (await till.engine.till.snapshot())["successRate"] == 100.0


async def test_files_follow_the_day_and_the_footer_comes_last(till):
    await till.sell(2)
    (first,) = await files(till, "build")
    assert await files(till, "build") == []
    await till.sell(1)
    (second,) = await files(till, "build")
    await till.close_day()
    (third,) = await files(till, "build")
    assert [(one["fileSequence"], one["receipts"], one["hasFooter"]) for one in (first, second, third)] == [
        (1, 2, False), (2, 1, False), (3, 0, True),
    ]  # fmt: skip
    assert list(await content(till, third["fileId"])) == ["header", "footer"]
    assert list(await content(till, second["fileId"])) == ["header", "content"]
    await till.open_day()
    await till.sell(1)
    (fourth,) = await files(till, "build")
    assert (fourth["fiscalDayNo"], fourth["fileSequence"]) == (2, 1)
    assert [one["state"] for one in await files(till, "send")] == ["sent"] * 4
    assert [one["state"] for one in await finished(till)] == ["done"] * 4
    ledger = till.fdms.ledger(till.id)
    assert (ledger["fiscalDayNo"], len(ledger["receipts"])) == (2, 4)
    assert {error for receipt in ledger["receipts"] for error in receipt["validationErrors"]} == set()


async def test_the_sender_leaves_its_receipts_alone(till):
    await till.sell(2)
    await asyncio.sleep(0.3)
    assert await till.rows("SELECT count(*) FROM attempts") == [(0,)]
    assert till.device.queued == 2
    assert till.device.blocked is None


async def restarted(till: Till) -> None:
    """Start again, once the first greeting with FDMS is over."""
    await till.until(lambda: till.device.online)
    await till.restart()


async def test_a_restart_between_all_steps_loses_nothing(till):
    await till.sell(2)
    await restarted(till)
    await till.close_day()
    await restarted(till)
    await files(till, "build")
    await restarted(till)
    await files(till, "send")
    await restarted(till)
    (done,) = await finished(till)
    assert (done["state"], done["receipts"]) == ("done", 2)
    assert till.fdms.ledger(till.id)["fiscalDayStatus"] == "FiscalDayClosed"


@pytest.mark.parametrize("action", ["drop-before", "drop-after"])
async def test_a_lost_answer_is_settled_by_asking(till, action):
    await till.sell(2)
    await till.close_day()
    await files(till, "build")
    till.faults({"operation": "SubmitFile", "action": action, "count": 1})
    with pytest.raises(GatewayError):
        await files(till, "send")
    assert [one["state"] for one in await files(till, "list")] == ["unknown"]
    await files(till, "send")
    (done,) = await finished(till)
    assert done["state"] == "done"
    assert len(till.fdms.ledger(till.id)["receipts"]) == 2


async def test_the_first_file_that_does_not_go_holds_up_the_others(till):
    await till.sell(1)
    await files(till, "build")
    await till.sell(1)
    await files(till, "build")
    till.fdms.post(f"/devices/{till.id}/block").raise_for_status()
    with pytest.raises(GatewayRefused):
        await files(till, "send")
    listed = await files(till, "list")
    assert [one["state"] for one in listed] == ["refused", "built"]
    assert listed[0]["reason"].startswith("DEV01")
    told = [data["reason"] for _, data in await till.told("device.attention")]
    assert told == [f"FDMS does not take file 1 of day 1: {listed[0]['reason'].removeprefix('DEV01 ')}"]
    till.fdms.post(f"/devices/{till.id}/unblock").raise_for_status()
    await files(till, "send")
    assert [one["state"] for one in await finished(till)] == ["done", "done"]


async def test_receipts_with_faults_are_named(till):
    behind = {"offsetSeconds": -400}
    await till.sell(1)
    await till.close_day()
    await files(till, "build")
    till.fdms.post("/clock", behind).raise_for_status()
    await files(till, "send")
    (file,) = await finished(till)
    (faulty,) = file["invoiceWithValidationErrors"]
    assert faulty["receiptGlobalNo"] == 1
    assert [(error["code"], error["color"]) for error in faulty["errors"]] == [("RCPT031", "Yellow")]
    (result,) = (await till.engine.till.receipts())["items"]
    assert [error["code"] for error in result["validationErrors"]] == ["RCPT031"]
    assert result["status"] == "completed"


async def test_an_empty_day_is_a_footer_alone(till):
    await till.close_day()
    (built,) = await files(till, "build")
    assert (built["receipts"], built["hasFooter"]) == (0, True)
    await files(till, "send")
    assert [one["state"] for one in await finished(till)] == ["done"]
    assert till.fdms.ledger(till.id)["fiscalDayStatus"] == "FiscalDayClosed"


async def test_a_device_in_online_mode_needs_no_files(fdms, tmp_path, impatient):
    online = await Till(fdms, tmp_path / "online").start(1)
    try:
        for what in ("build", "send", "status"):
            with pytest.raises(BadInput, match="online mode"):
                await files(online, what)
    finally:
        await online.stop()


async def test_a_file_may_go_once_more(till):
    await till.sell(2)
    (built,) = await files(till, "build")
    await files(till, "send")
    await finished(till)
    await files(till, "send", fileId=built["fileId"])
    assert [one["state"] for one in await finished(till)] == ["done"]
    assert len(till.fdms.ledger(till.id)["receipts"]) == 2
    with pytest.raises(BadInput, match="no file"):
        await files(till, "send", fileId=built["fileId"] + 1)


def test_the_commands_say_what_they_do(fdms, tmp_path):
    entry = new_device(fdms, operatingMode="Offline")
    device = str(entry["deviceID"])
    environment = {**os.environ, "FISCALMON_DATA_DIR": str(tmp_path / "data")}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "fiscalmon", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(
        "device", "register", "--device-id", device, "--serial", entry["serialNo"],
        "--activation-key", entry["activationKey"], "--gateway", fdms.url, "--ca", fdms.ca,
    )  # fmt: skip
    run("day", "open", "--device", device)
    run("day", "close", "--device", device, "--wait")
    (built,) = json.loads(run("files", "build", "--device", device, "--json"))
    target = tmp_path / "day.json"
    run("files", "export", str(built["fileId"]), str(target))
    assert json.loads(target.read_text())["header"]["deviceID"] == entry["deviceID"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert "sent" in run("files", "send", "--device", device)
    (listed,) = json.loads(run("files", "status", "--device", device, "--json"))
    assert listed["state"] in ("sent", "done")


async def test_support_sees_the_files(till):
    await till.sell(2)
    await till.close_day()
    await files(till, "build")
    columns = (
        "deviceID, fiscalDayNo, fileSequence, state, receipts, firstReceiptGlobalNo, lastReceiptGlobalNo, hasFooter"
    )
    assert await till.rows(f"SELECT {columns} FROM v_files") == [(till.id, 1, 1, "built", 2, 1, 2, 1)]


@pytest.fixture
def carrier(till):
    engine = till.engine
    return FileCarrier(OfflineFiles(engine._parts), engine.devices, engine.preferences)


async def test_a_closed_day_goes_over_by_itself(till, carrier):
    await till.sell(2)
    await carrier.carry()
    assert await files(till, "list") == [], "an open day stays here until it is closed or somebody asks"
    await till.close_day()
    async with asyncio.timeout(15):
        while [one["state"] for one in await files(till, "list")] != ["done"]:
            await carrier.carry()
    assert till.fdms.ledger(till.id)["fiscalDayStatus"] == "FiscalDayClosed"
    assert await till.rows("SELECT DISTINCT status FROM v_receipts") == [("completed",)]


async def test_what_the_owner_switched_off_stays_off(till, carrier):
    await till.engine.preferences.set("offline-files", {"automatic": False}, by="till")
    await till.sell(1)
    await till.close_day()
    await carrier.carry()
    assert await files(till, "list") == []


async def test_a_lost_answer_is_settled_by_the_next_round(till, carrier):
    await till.sell(1)
    await till.close_day()
    till.faults({"operation": "SubmitFile", "action": "drop-after", "count": 1})
    assert await carrier.carry() >= 60
    (lost,) = await files(till, "list")
    assert lost["state"] == "unknown"
    async with asyncio.timeout(15):
        while [one["state"] for one in await files(till, "list")] != ["done"]:
            await carrier.carry()
    assert numbers(till.fdms.ledger(till.id)) == [(1, 1, 1, (await till.rows("SELECT hash FROM v_receipts"))[0][0])]


async def test_a_refused_file_waits_for_a_person(till, carrier):
    await till.sell(1)
    await till.close_day()
    till.fdms.post(f"/devices/{till.id}/block", {}).raise_for_status()
    await carrier.carry()
    (refused,) = await files(till, "list")
    assert refused["state"] == "refused"
    till.fdms.post(f"/devices/{till.id}/unblock", {}).raise_for_status()
    # What came after it must not overtake it either.
    await till.open_day()
    await till.sell(1)
    await till.close_day()
    await carrier.carry()
    assert [one["state"] for one in await files(till, "list")] == ["refused", "built"]
    assert [one["state"] for one in await files(till, "send")] == ["sent", "sent"]
