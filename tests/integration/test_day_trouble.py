"""Fiscal days in every order of trouble, on the real engine beside the real simulator."""

import asyncio
import json
import shutil
import subprocess
import sys

import pytest

from fiscalmon.domain.errors import BadInput, DayNotOpen, DayRefused, SaleRefused
from tests.support.running_till import Till, enter, line, running, sale
from tests.support.simulator import ROOT, Simulator

FAULT = {"action": "status", "operation": "SubmitReceipt", "status": 503}


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running_one = Simulator.fresh(tmp_path_factory)
    running_one.post("/settings", {"closeDelay": 0.05})
    yield running_one
    running_one.end()


@pytest.fixture(autouse=True)
def calm(simulator):
    yield
    simulator.post("/faults", {"rules": []})
    simulator.post("/clock", {"offsetSeconds": 0})


@pytest.fixture
async def shop(simulator, tmp_path):
    async with running(simulator, tmp_path / "data") as till:
        till.device = await till.register(enter(simulator, next(NUMBERS)))
        till.clock.move_to(10)
        await opened(till)
        yield till


NUMBERS = iter(range(40_001, 41_000))


async def opened(shop) -> dict:
    return await shop.operate("day.open", {"deviceID": shop.device})


async def sold(shop, name, wait="completed", **more) -> dict:
    given = sale(f"{shop.device}-{name}", [line("5.00")], [("Cash", "5.00")], deviceID=shop.device, **more)
    return await shop.sell(given, wait)


async def close(shop) -> dict:
    return await shop.operate("day.close", {"deviceID": shop.device, "wait": True})


async def status(shop) -> dict:
    return await shop.operate("day.status", {"deviceID": shop.device})


async def mend(shop, **more) -> dict:
    return await shop.operate("day.mend", {"device_id": shop.device, **more})


async def happened(shop, type_) -> list[dict]:
    events = await shop.operate("events", {"limit": 1_000})
    return [e["data"] for e in events if e["type"] == type_ and e["deviceID"] == shop.device]


def at_fdms(shop) -> dict:
    return shop.simulator.ledger(shop.device)


def close_by_hand(shop) -> None:
    shop.simulator.post(f"/devices/{shop.device}/close-day-manually").raise_for_status()


async def sound(shop) -> None:
    """Nothing at FDMS is flagged, and the books hold."""
    assert [entry["validationErrors"] for entry in at_fdms(shop)["receipts"]] == [[]] * len(at_fdms(shop)["receipts"])
    report = await shop.operate("audit", {"deviceID": shop.device})
    assert report["errors"] == []


async def test_a_day_tells_its_end_once_and_sells_no_longer_than_allowed(shop):
    assert (await status(shop))["hoursLeft"] == pytest.approx(24, abs=0.1)
    watch = shop.engine.operations._till.mending._watch
    device = shop.engine.devices.get(shop.device)
    assert await happened(shop, "device.attention") == []
    shop.clock.move(hours=23)
    for _ in range(2):
        await watch.mind_end(device)
    told = await happened(shop, "device.attention")
    assert [entry["reason"][:27] for entry in told] == ["Fiscal day 1 must be closed"]
    assert "must be closed within 1 hours" in (await status(shop))["warning"]
    await sold(shop, "1")
    shop.clock.move(hours=1, minutes=1)
    with pytest.raises(SaleRefused, match="close it and open a new one") as refused:
        await sold(shop, "2")
    assert [error["code"] for error in refused.value.errors] == ["RCPT041"]
    assert (await status(shop))["hoursLeft"] <= 0
    assert (await mend(shop))["cause"]["code"] in ("DAY_TOO_LONG", "NOTHING")
    await close(shop)
    assert (await status(shop))["hoursLeft"] is None
    assert (await opened(shop))["fiscalDayNo"] == 2
    assert (await sold(shop, "3"))["validationErrors"] == []
    await sound(shop)


async def test_a_day_closes_after_midnight(shop):
    await sold(shop, "1")
    first = (await status(shop))["fiscalDayOpened"]
    shop.clock.move_to(0, 5)
    await sold(shop, "2")
    closed = await close(shop)
    assert closed["fiscalDayClosed"][:10] > first[:10]
    await sound(shop)


async def test_a_day_with_a_red_receipt_says_which_and_what_to_do(shop, simulator, tmp_path):
    async with running(simulator, tmp_path / "other") as other:
        # Invoice numbers are unique per taxpayer (RCPT013); another till's are not known here.
        other.device = await other.register(enter(simulator, next(NUMBERS)))
        other.clock.offset = shop.clock.offset
        await opened(other)
        await sold(other, "1", invoiceNo=f"SAME-{shop.device}")
    await sold(shop, "1")
    red = await sold(shop, "2", invoiceNo=f"SAME-{shop.device}")
    assert (red["status"], red["validationErrors"][0]["code"]) == ("failed", "RCPT013")
    with pytest.raises(DayRefused, match="ZIMRA") as refused:
        await close(shop)
    assert refused.value.code == "ReceiptsWithValidationErrors"
    assert "receipts 2." in refused.value.text
    told = await mend(shop)
    assert told["cause"]["code"] == "ReceiptsWithValidationErrors"
    assert "(2)" in told["cause"]["text"]
    assert [act["name"] for act in told["acts"]] == [None]
    # Receipts may still follow; then ZIMRA closes it, and the till finds out by asking.
    assert (await sold(shop, "3"))["status"] == "completed"
    close_by_hand(shop)
    assert (await mend(shop))["cause"]["code"] == "CLOSED_THERE"
    done = await mend(shop, reason="ZIMRA said so on the phone")
    assert (done["done"], done["result"]["fiscalDayStatus"]) == ("take_over", "FiscalDayClosed")
    kept = (await happened(shop, "fiscal.mended"))[-1]
    assert (kept["cause"], kept["reason"]) == ("CLOSED_THERE", "ZIMRA said so on the phone")
    assert (await opened(shop))["fiscalDayNo"] == 2
    assert (await sold(shop, "4"))["receiptGlobalNo"] == 4
    assert (await close(shop))["fiscalDayStatus"] == "FiscalDayClosed"


async def test_a_day_closed_by_hand_is_found_by_the_sender_and_what_was_late_is_said(shop):
    await sold(shop, "1")
    shop.simulator.post("/faults", {"rules": [FAULT]})
    late = [await sold(shop, f"late-{n}", "signed") for n in range(3)]
    with pytest.raises(DayRefused, match="still wait"):
        await close(shop)
    close_by_hand(shop)
    shop.simulator.post("/faults", {"rules": []})
    device = shop.engine.devices.get(shop.device)
    await shop.until(lambda: device.day.status == "FiscalDayClosed", 40)
    await shop.drained(shop.device)
    day = await status(shop)
    assert (day["fiscalDayReconciliationMode"], day["queueDepth"]) == ("Manual", 0)
    for result in late:
        now = await shop.operate("receipts.show", {"receiptId": result["receiptId"]})
        assert (now["status"], now["fdmsReceiptId"]) == ("failed", None)
        assert now["validationErrors"][0]["code"] == "DAY_CLOSED"
    reasons = [entry["reason"] for entry in await happened(shop, "device.attention")]
    assert any("closed fiscal day 1 by hand" in reason and "3 receipts" in reason for reason in reasons)
    with pytest.raises(DayNotOpen):
        await sold(shop, "x")
    # FDMS never saw 2 to 4: the next day starts from 1 again, which it allows, instead of leaving a gap.
    assert (await opened(shop))["fiscalDayNo"] == 2
    assert [(await sold(shop, f"new-{n}"))["receiptGlobalNo"] for n in (1, 2)] == [1, 2]
    await close(shop)
    await sound(shop)
    await opened(shop)
    assert (await sold(shop, "third"))["receiptGlobalNo"] == 3
    await close(shop)
    await sound(shop)


async def test_a_day_closed_by_hand_is_found_by_the_heartbeat_of_a_quiet_till(simulator, tmp_path):
    till = await Till(simulator, tmp_path / "data").start()
    till.device = await till.register(enter(simulator, next(NUMBERS)))
    await opened(till)
    await sold(till, "1")
    await till.stop()
    close_by_hand(till)
    await till.start()
    try:
        await till.until(lambda: till.engine.devices.get(till.device).day.status == "FiscalDayClosed")
        assert (await happened(till, "fiscal.closed"))[-1]["reconciliationMode"] == "Manual"
        await opened(till)
        assert (await sold(till, "2"))["receiptGlobalNo"] == 2
        await close(till)
        await sound(till)
    finally:
        await till.stop()


@pytest.fixture
async def lost(simulator, tmp_path):
    """A till whose books ended after day 1, while FDMS has day 2 open with two receipts in it."""
    till = await Till(simulator, tmp_path / "data").start()
    till.device = await till.register(enter(simulator, next(NUMBERS)))
    till.clock.move_to(10)
    await opened(till)
    await sold(till, "1")
    await close(till)
    await till.stop()
    copy = tmp_path / "copy"
    shutil.copytree(till.folder, copy)
    await till.start()
    till.opened_at = (await opened(till))["fiscalDayOpened"]
    await sold(till, "2")
    await sold(till, "3")
    await till.stop()
    till.folder = copy
    await till.start()
    yield till
    await till.stop()


async def test_a_day_that_the_books_lost_is_recovered_and_numbers_go_on_above(lost):
    with pytest.raises(DayRefused, match="day recover"):
        await opened(lost)
    told = await mend(lost)
    assert told["cause"]["code"] == "UNKNOWN_DAY"
    assert {row["what"] for row in told["differences"]} >= {"fiscalDayNo", "lastReceiptGlobalNo"}
    before = at_fdms(lost)["fiscalDayStatus"]
    given = {"deviceID": lost.device, "opened": lost.opened_at}
    dry = await lost.operate("day.recover", {**given, "dryRun": True})
    assert (dry["fiscalDayNo"], dry["request"]["receiptCounter"]) == (2, 2)
    assert "SALEBYTAXUSD15.501000" in dry["canonical"]
    assert (await status(lost))["fiscalDayNo"] == 1
    assert at_fdms(lost)["fiscalDayStatus"] == before
    with pytest.raises(BadInput, match="future"):
        await lost.operate("day.recover", {**given, "opened": "2099-01-01T08:00:00"})

    # The wrong date makes the wrong signature; FDMS says so, nothing is lost, and the right one still works.
    with pytest.raises(DayRefused) as refused:
        await lost.operate("day.recover", {**given, "opened": "2026-01-01T08:00:00"})
    assert refused.value.code == "BadCertificateSignature"
    with pytest.raises(DayNotOpen):
        await sold(lost, "in-a-lost-day")
    with pytest.raises(DayRefused, match="day recover"):
        await close(lost)
    done = await mend(lost, opened=lost.opened_at, reason="disk was exchanged")
    assert (done["done"], done["result"]["fiscalDayStatus"]) == ("recover", "FiscalDayClosed")
    assert (await opened(lost))["fiscalDayNo"] == 3
    fourth = await sold(lost, "4")
    assert (fourth["receiptGlobalNo"], fourth["validationErrors"]) == (4, [])
    await close(lost)
    await sound(lost)
    with pytest.raises(DayRefused, match="no day to recover"):
        await lost.operate("day.recover", given)


async def test_a_day_opened_by_mistake_over_a_lost_one_is_not_taken_for_the_same(lost):
    """Without a link the till could not know; its day 2 must not be mixed with FDMS's."""
    lost.simulator.post(
        "/faults",
        {"rules": [{"action": "drop-before", "operation": name} for name in ("GetStatus", "GetConfig", "OpenDay")]},
    )
    await opened(lost)
    lost.simulator.post("/faults", {"rules": []})
    device = lost.engine.devices.get(lost.device)
    await lost.until(lambda: device.blocked is not None, 40)
    assert not device.day.announced
    told = await mend(lost)
    assert told["cause"]["code"] == "DAY_NUMBER_TAKEN"


async def test_mending_shows_what_it_would_send_and_wants_a_reason(shop):
    await sold(shop, "1")
    calm = await mend(shop)
    assert (calm["cause"]["code"], calm["differences"], calm["acts"]) == ("NOTHING", [], [])
    shop.simulator.post("/faults", {"rules": [FAULT]})
    await sold(shop, "2", "signed")
    told = await mend(shop, dry_run=True)
    assert (told["cause"]["code"], told["wouldDo"]) == ("RECEIPTS_WAIT", "send_again")
    with pytest.raises(BadInput, match="reason"):
        await mend(shop, reason=" ")
    with pytest.raises(BadInput, match="send_again"):
        await mend(shop, reason="x", act="recover")
    shop.simulator.post("/faults", {"rules": []})
    assert (await mend(shop, reason="line is back"))["done"] == "send_again"
    await shop.drained(shop.device)
    await close(shop)


async def test_mending_explains_without_fdms(shop, simulator):
    await sold(shop, "1")
    simulator.post("/faults", {"rules": [{"action": "drop-before"}]})
    told = await mend(shop)
    assert (told["facts"]["fdms"], told["cause"]["code"], told["differences"]) == (None, "FDMS_AWAY", [])


async def test_the_command_prints_facts_cause_and_dry_run(shop):
    async def command(*given):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "fiscalmon", "--data-dir", str(shop.folder), "day"),
            *(*given, "--device", str(shop.device)),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    code, words, _ = await command("mend", "--dry-run")
    assert code == 0
    assert "BOOKS" in words
    assert "NOTHING: Nothing keeps this day from going on." in words
    code, words, _ = await command("status", "--json")
    assert json.loads(words)["hoursLeft"] == pytest.approx(24, abs=0.2)
    code, words, wrong = await command("recover", "--opened", "2026-01-01T08:00:00", "--json")
    assert (code, words) == (1, "")
    assert "kept day 1 itself" in wrong
