"""The support views: exactly the documented columns, readable beside a writer, and no secret in the file."""

import asyncio
import json
import sqlite3

import pytest

from fiscalmon.books import Attempt
from fiscalmon.store.database import FILE_NAME
from tests.support.books import Shop

# docs/operations.md and the contract: what stands first is promised, what follows was added.
PROMISED = {
    "v_receipts": [
        "receiptId", "saleId", "deviceID", "fiscalDayNo", "receiptCounter", "receiptGlobalNo", "receiptType",
        "receiptCurrency", "invoiceNo", "receiptDate", "receiptTotal", "receiptTaxes", "hash", "signature", "status",
        "fdmsReceiptId", "latencyMs", "previousReceiptHash", "qrUrl", "verificationCode", "validationErrors",
        "attempts", "signedAt", "settledAt", "correlationId",
    ],
    "v_submissions": [
        "submissionId", "receiptId", "saleId", "deviceID", "fiscalDayNo", "receiptGlobalNo", "at", "outcome",
        "httpStatus", "latencyMs", "error", "correlationId", "operationId",
    ],
    "v_events": ["seq", "at", "type", "deviceID", "data"],
    "v_fiscal_days": [
        "deviceID", "fiscalDayNo", "status", "fiscalDayOpened", "fiscalDayClosed", "fiscalDayClosingErrorCode",
        "fiscalDayReconciliationMode", "receipts", "fiscalDayStatus",
    ],
    "v_failures": [
        "receiptId", "saleId", "deviceID", "fiscalDayNo", "receiptCounter", "receiptGlobalNo", "invoiceNo",
        "receiptDate", "receiptTotal", "receiptCurrency", "status", "attempts", "validationErrors", "lastError",
    ],
}  # fmt: skip


@pytest.fixture
async def shop(tmp_path):
    made = Shop(tmp_path)
    await made.add_device()
    yield made
    await made.close()


@pytest.fixture
def support(shop, tmp_path):
    connection = sqlite3.connect(f"file:{tmp_path / FILE_NAME}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


@pytest.mark.parametrize("view", PROMISED)
def test_a_view_has_the_documented_columns(support, view):
    assert [column[0] for column in support.execute(f"SELECT * FROM {view}").description] == PROMISED[view]


async def test_the_receipts_as_support_reads_them(shop, support):
    entry = await shop.settle(await shop.sell(1, price="0.10", quantity=3), errors=[("RCPT031", "yellow")], latency=42)
    row = dict(support.execute("SELECT * FROM v_receipts").fetchone())
    assert row["receiptTotal"] == "0.30"
    assert json.loads(row["receiptTaxes"]) == [
        {"taxID": 3, "taxPercent": 15.5, "taxAmount": 0.04, "salesAmountWithTax": 0.30}
    ]
    assert {name: row[name] for name in PROMISED["v_receipts"][:10]} == {
        "receiptId": entry.receipt_id, "saleId": "S-1", "deviceID": 101, "fiscalDayNo": 1, "receiptCounter": 1,
        "receiptGlobalNo": 1, "receiptType": "FiscalInvoice", "receiptCurrency": "USD", "invoiceNo": "INV-1",
        "receiptDate": "2026-11-22T12:00:00",
    }  # fmt: skip
    assert (row["hash"], row["signature"], row["status"]) == (entry.hash, entry.signature, "completed")
    assert (row["fdmsReceiptId"], row["latencyMs"], row["previousReceiptHash"]) == (1, 42, None)
    assert json.loads(row["validationErrors"])[0]["color"] == "Yellow"


async def test_failures_are_what_was_refused_or_tried_in_vain(shop, support):
    good, red, waiting = [await shop.sell(number) for number in (1, 2, 3)]
    await shop.settle(good)
    await shop.settle(red, errors=[("RCPT012", "Red")])

    def tried(work):
        work.receipts.add_attempt(waiting, Attempt("2026-11-22T10:00:00.000Z", "unknown", 503, 12, "FDMS has trouble."))
        work.receipts.mark_queued(waiting.row)

    await shop.store.write(tried)
    rows = [dict(row) for row in support.execute("SELECT * FROM v_failures ORDER BY receiptGlobalNo")]
    assert [(row["saleId"], row["status"], row["lastError"]) for row in rows] == [
        ("S-2", "failed", None),
        ("S-3", "queued", "FDMS has trouble."),
    ]
    submission = dict(support.execute("SELECT * FROM v_submissions ORDER BY submissionId DESC").fetchone())
    assert (submission["outcome"], submission["httpStatus"], submission["latencyMs"]) == ("unknown", 503, 12)
    day = dict(support.execute("SELECT * FROM v_fiscal_days").fetchone())
    assert (day["status"], day["fiscalDayStatus"], day["receipts"]) == ("FiscalDayOpened", "FiscalDayOpened", 3)


async def test_selling_and_support_do_not_wait_for_each_other(shop, support):
    """A support tool holds a transaction for long; the till sells on; the tool's picture stands still."""
    await shop.sell(1)
    support.execute("BEGIN")
    assert support.execute("SELECT count(*) FROM v_receipts").fetchone()[0] == 1
    sold = await asyncio.wait_for(asyncio.gather(*[shop.sell(number) for number in range(2, 22)]), 10)
    assert support.execute("SELECT count(*) FROM v_receipts").fetchone()[0] == 1
    support.execute("COMMIT")
    assert support.execute("SELECT count(*) FROM v_receipts").fetchone()[0] == 1 + len(sold)


async def test_the_views_can_be_read_while_a_transaction_is_being_written(shop, tmp_path, support):
    await shop.sell(1)
    seen = []

    def job(work):
        work.events.add("half", "now", None, {})
        seen.append(support_count())

    def support_count():
        with sqlite3.connect(tmp_path / FILE_NAME) as connection:
            found = [connection.execute(f"SELECT count(*) FROM {view}").fetchone()[0] for view in PROMISED]
        connection.close()
        return found

    await shop.store.write(job)
    assert seen == [[1, 0, 0, 1, 0]]


async def test_a_query_sees_the_books_at_one_moment(shop):
    """The audit compares receipts with counters: both must be of the same moment while the till sells."""
    await shop.sell(1)
    loop = asyncio.get_running_loop()

    def query(archive):
        before = archive.last_numbers()
        asyncio.run_coroutine_threadsafe(shop.sell(2), loop).result(10)
        return before, archive.last_numbers(), archive.day_totals(101, 1)[0]

    assert await shop.store.read(query) == ({101: 1}, {101: 1}, 1)
    assert await shop.store.read(lambda archive: archive.last_numbers()) == {101: 2}
