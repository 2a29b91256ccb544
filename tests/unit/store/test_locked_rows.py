"""What was signed, and what FDMS said for good, cannot be changed by any SQLite tool."""

import sqlite3

import pytest

from fiscalmon.store.database import FILE_NAME
from tests.support.books import Shop


@pytest.fixture
async def shop(tmp_path):
    made = Shop(tmp_path)
    await made.add_device()
    await made.settle(await made.sell(1))
    await made.sell(2)
    yield made
    await made.close()


@pytest.fixture
def support(shop, tmp_path):
    """A plain SQLite connection, as a support tool has it: no pragma of ours."""
    connection = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    yield connection
    connection.close()


COLUMNS = (
    "receipt_id", "sale_id", "sale_digest", "device_id", "fiscal_day_no", "receipt_counter", "receipt_global_no",
    "receipt_type", "receipt_currency", "invoice_no", "receipt_date", "receipt_total", "receipt_taxes", "hash",
    "previous_hash", "signature", "payload", "qr_url", "verification_code", "signed_at", "id",
)  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_a_signed_receipt_changes(support, column):
    with pytest.raises(sqlite3.IntegrityError, match="a signed receipt cannot be changed"):
        support.execute(f"UPDATE receipts SET {column} = 7")


FORBIDDEN = [
    ("DELETE FROM receipts WHERE id = 1", "cannot be deleted"),
    ("DELETE FROM receipts", "cannot be deleted"),
    ("REPLACE INTO receipts SELECT * FROM receipts WHERE id = 1", "cannot be replaced"),
    ("INSERT OR REPLACE INTO receipts SELECT 99, * FROM (SELECT {rest} FROM receipts WHERE id = 1)", "be replaced"),
    ("UPDATE OR REPLACE receipts SET id = 2 WHERE id = 1", "cannot be changed"),
    ("UPDATE outbox SET status = 'signed' WHERE receipt = 1", "final answer"),
    ("UPDATE outbox SET settled_at = NULL WHERE receipt = 1", "final answer"),
    ("UPDATE outbox SET fdms_receipt_id = 1 WHERE receipt = 1", "final answer"),
    ("DELETE FROM outbox WHERE receipt = 1", "taken out of the outbox"),
    ("DELETE FROM outbox WHERE receipt = 2", "taken out of the outbox"),
    ("REPLACE INTO outbox SELECT * FROM outbox WHERE receipt = 1", "stands in the outbox once"),
    ("REPLACE INTO outbox (receipt, device_id, status, attempts) VALUES (2, 101, 'signed', 0)", "stands in the outbox"),
]


@pytest.mark.parametrize(("sql", "words"), FORBIDDEN, ids=[sql[:60] for sql, _ in FORBIDDEN])
def test_what_no_tool_may_do(support, sql, words):
    before = support.execute("SELECT * FROM v_receipts").fetchall()
    rest = ", ".join(name for name in COLUMNS if name != "id")
    with pytest.raises(sqlite3.IntegrityError, match=words):
        support.execute(sql.format(rest=rest))
    assert support.execute("SELECT * FROM v_receipts").fetchall() == before


def test_a_receipt_that_waits_may_move_on(support):
    support.execute("UPDATE outbox SET status = 'queued', attempts = 1 WHERE receipt = 2")
    assert support.execute("SELECT status FROM v_receipts WHERE saleId = 'S-2'").fetchone() == ("queued",)


async def test_a_second_answer_changes_nothing(shop):
    with pytest.raises(AssertionError):
        await shop.settle((await shop.store.read(lambda archive: archive.chain(101, 0, 1)))[0].entry)
    assert shop.rows("SELECT sum(completed) FROM rollup_days") == [(1,)]
