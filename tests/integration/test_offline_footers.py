"""The end of an offline day that FDMS refuses: signed anew from the receipts themselves, end to end."""

import asyncio
import json

import pytest

from fiscalmon.services.file_carrier import FileCarrier
from fiscalmon.services.offline_files import OfflineFiles
from tests.support.tills import Till, files


@pytest.fixture
def till(offline_till):
    return offline_till


async def decided(till: Till) -> list[tuple]:
    """Number, state and end of each file, once FDMS works on none that it could finish."""
    async with asyncio.timeout(15):
        while True:
            found = await files(till, "status")
            if all(file["state"] in ("done", "failed", "waiting") for file in found):
                return [(one["fiscalDayNo"], one["fileSequence"], one["state"], one["hasFooter"]) for one in found]
            await asyncio.sleep(0.05)


async def spoil(till: Till, sql: str) -> None:
    """As if the books had been changed by somebody."""
    await till.engine.store.write(lambda work: work.days._session.run(sql))


async def wrong_totals(till: Till) -> None:
    """A day closed with a total that its receipts do not give, as FDMS finds out."""
    await till.sell(2)
    await spoil(till, "UPDATE day_counters SET cents = cents + 1 WHERE type = 'SaleByTax'")
    await till.close_day()
    await files(till, "build")
    await files(till, "send")
    assert await decided(till) == [(1, 1, "failed", True)]


def at_fdms(till: Till) -> tuple:
    ledger = till.fdms.ledger(till.id)
    return ledger["fiscalDayNo"], ledger["fiscalDayStatus"], len(ledger["receipts"])


async def test_totals_that_fdms_refused_are_counted_again_and_signed_anew(till):
    await wrong_totals(till)
    (failed,) = await files(till, "list")
    assert failed["reason"].startswith("CountersMismatch. FDMS counted other totals: `fiscalmon files build` ")
    assert at_fdms(till) == (1, "FiscalDayCloseFailed", 2)
    assert await till.rows("SELECT DISTINCT status FROM v_receipts") == [("completed",)], "its receipts stand"
    ((before, counter),) = await till.rows("SELECT close_request, receipt_counter FROM fiscal_days")

    (anew,) = await files(till, "build")
    assert (anew["fileSequence"], anew["receipts"], anew["hasFooter"]) == (2, 0, True)
    text = json.loads((await files(till, "export", fileId=anew["fileId"]))["content"])
    assert list(text) == ["header", "footer"]
    ((after, same_counter),) = await till.rows("SELECT close_request, receipt_counter FROM fiscal_days")
    assert json.loads(after)["fiscalDayCounters"] == text["footer"]["fiscalDayCounters"]
    assert json.loads(after) != json.loads(before)
    assert same_counter == counter == 2
    assert await files(till, "build") == [], "it is under way: not a third time"

    await files(till, "send")
    assert await decided(till) == [(1, 1, "failed", True), (1, 2, "done", True)]
    assert at_fdms(till) == (1, "FiscalDayClosed", 2)
    assert await files(till, "build") == []


async def test_a_till_that_lost_count_of_its_receipts_tells_the_true_number(till):
    """The end says one receipt less than FDMS has."""
    await till.sell(2)
    await till.close_day()
    signed = json.loads((await till.rows("SELECT close_request FROM fiscal_days"))[0][0])
    signed["receiptCounter"] = 1
    await spoil(till, f"UPDATE fiscal_days SET close_request = CAST('{json.dumps(signed)}' AS BLOB)")
    await files(till, "build")
    await files(till, "send")
    assert await decided(till) == [(1, 1, "failed", True)]
    (anew,) = await files(till, "build")
    text = json.loads((await files(till, "export", fileId=anew["fileId"]))["content"])
    assert text["footer"]["receiptCounter"] == 2
    await files(till, "send")
    assert (await decided(till))[-1] == (1, 2, "done", True)


async def test_a_total_that_stays_the_same_is_not_sent_again(till):
    """FDMS holds what these books do not: only ZIMRA can end that day."""
    await till.sell(1)
    await till.close_day()
    (file,) = await files(till, "build")
    text = (await files(till, "export", fileId=file["fileId"]))["content"]
    bent = text.replace('"fiscalCounterValue":', '"fiscalCounterValue":1', 1)
    await spoil(till, f"UPDATE offline_files SET payload = CAST('{bent}' AS BLOB)")
    await files(till, "send")
    assert (await decided(till))[0][2] == "failed"
    await spoil(till, "UPDATE offline_files SET reason = 'CountersMismatch. …'")
    assert await files(till, "build") == []


async def test_an_end_that_was_signed_by_another_key_is_signed_by_the_one_in_use(till):
    await till.sell(1)
    await till.close_day()
    ((request,),) = await till.rows("SELECT close_request FROM fiscal_days")
    signed = json.loads(request)
    foreign = "MEUCIQDwJv0p3cVJYw1c1o0y6mUo6yRjF3s7S3Y3m1lqk2m2TAIgPSk2oW6v8m1b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8="
    signed["fiscalDayDeviceSignature"]["signature"] = foreign
    await spoil(till, f"UPDATE fiscal_days SET close_request = CAST('{json.dumps(signed)}' AS BLOB)")
    await files(till, "build")
    await files(till, "send")
    assert await decided(till) == [(1, 1, "failed", True)]
    assert (await files(till, "list"))[0]["reason"].startswith("BadCertificateSignature. ")
    assert len(await files(till, "build")) == 1
    await files(till, "send")
    assert await decided(till) == [(1, 1, "failed", True), (1, 2, "done", True)]
    assert at_fdms(till) == (1, "FiscalDayClosed", 1)


async def test_a_signature_that_holds_here_is_not_made_again(till):
    await till.sell(1)
    await till.close_day()
    await files(till, "build")
    await spoil(till, "UPDATE offline_files SET state = 'failed', reason = 'BadCertificateSignature. …'")
    assert await files(till, "build") == []


async def test_the_till_does_so_by_itself_and_the_next_day_goes_on(till):
    carrier = FileCarrier(OfflineFiles(till.engine._parts), till.engine.devices, till.engine.preferences)
    await wrong_totals(till)
    await till.open_day()
    await till.sell(1)
    await till.close_day()
    async with asyncio.timeout(20):
        while [one["state"] for one in await files(till, "list")] != ["failed", "done", "done"]:
            await carrier.carry()
    assert await decided(till) == [(1, 1, "failed", True), (1, 2, "done", True), (2, 1, "done", True)]
    assert at_fdms(till) == (2, "FiscalDayClosed", 3)


async def test_a_restart_between_signing_and_sending_keeps_the_new_end(till):
    await wrong_totals(till)
    await files(till, "build")
    await till.until(lambda: till.device.online)
    await till.restart()
    assert await files(till, "build") == []
    await files(till, "send")
    assert (await decided(till))[-1] == (1, 2, "done", True)


@pytest.mark.parametrize(
    ("fault", "signs_anew"),
    [("CountersMismatch", 1), ("MissingReceipts", 0), ("ReceiptsWithValidationErrors", 0), ("InternalError", 0)],
)
async def test_other_faults_are_not_answered_by_another_signature(till, fault, signs_anew):
    await till.sell(1)
    await till.close_day()
    await files(till, "build")
    await spoil(till, f"UPDATE offline_files SET state = 'failed', reason = '{fault}. …'")
    await spoil(till, "UPDATE fiscal_days SET close_request = CAST(replace(close_request, '4.98', '4.99') AS BLOB)")
    assert len(await files(till, "build")) == signs_anew
