"""Notes and their originals in the books: filled by the migration for older databases, found by an index, locked."""

import sqlite3

import pytest
from sqlalchemy import text

from fiscalmon.domain.receipt import NoteReference
from fiscalmon.store.database import FILE_NAME, open_engine
from fiscalmon.store.migrations import HEAD
from tests.support.books import Shop, sale

OLD = """
    DROP TRIGGER notes_locked_update; DROP TRIGGER notes_locked_delete; DROP TRIGGER notes_locked_replace;
    DROP TABLE notes; DROP INDEX outbox_fdms_receipt;
    ALTER TABLE fiscal_days DROP COLUMN adopted; ALTER TABLE fiscal_days DROP COLUMN number_before;
    ALTER TABLE fiscal_days DROP COLUMN end_told_at; UPDATE alembic_version SET version_num = '0003';"""


def credit(number, total, **reference):
    line = {
        **sale(1)["receiptLines"][0],
        "receiptLinePrice": total,
        "receiptLineQuantity": "1",
        "receiptLineTotal": total,
    }
    return {
        "receiptType": "CreditNote",
        "receiptLines": [line],
        "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": total}],
        "creditDebitNote": reference,
        "receiptNotes": "Returned",
    }


async def with_notes(folder) -> Shop:
    """An original of 4.98 with two notes, one by number and one by FDMS's id."""
    shop = Shop(folder)
    await shop.add_device()
    original = await shop.settle(await shop.sell(1))
    by_number = {"deviceID": 101, "receiptGlobalNo": 1, "fiscalDayNo": 1}
    await shop.sell(2, **credit(2, "-1.00", **by_number))
    await shop.sell(3, **credit(3, "-2.00", receiptID=original.fdms_receipt_id))
    return shop


async def balance(shop):
    reference = NoteReference(device_id=101, receipt_global_no=1, fiscal_day_no=1)
    found = await shop.store.write(lambda work: work.notes.original(reference))
    return str(found.original.balance)


async def test_both_ways_to_name_an_original_meet_in_one_balance(tmp_path):
    shop = await with_notes(tmp_path)
    assert await balance(shop) == "1.98"
    await shop.close()


async def test_an_older_database_learns_its_notes(tmp_path):
    shop = await with_notes(tmp_path)
    known = shop.rows("SELECT * FROM notes ORDER BY receipt")
    await shop.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as plain:
        plain.executescript(OLD)
    plain.close()
    engine = open_engine(tmp_path)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text("SELECT * FROM notes ORDER BY receipt"))]
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        days = connection.execute(text("SELECT adopted, number_before, end_told_at FROM fiscal_days")).all()
    engine.dispose()
    assert (found, version) == (known, HEAD)
    assert [tuple(row) for row in days] == [(0, None, None)]
    assert len(known) == 2


async def test_the_balance_is_looked_up_not_searched(tmp_path):
    shop = await with_notes(tmp_path)
    plans = [
        shop.rows("EXPLAIN QUERY PLAN SELECT total FROM notes WHERE original = 1 AND receipt <> 0"),
        shop.rows("EXPLAIN QUERY PLAN SELECT receipt FROM outbox WHERE fdms_receipt_id = 1"),
        shop.rows("EXPLAIN QUERY PLAN SELECT id FROM receipts WHERE device_id = 1 AND receipt_global_no = 2"),
    ]
    await shop.close()
    assert [row[-1].split()[0] for plan in plans for row in plan] == ["SEARCH"] * 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE notes SET total = '0.00'",
        "DELETE FROM notes",
        "INSERT OR REPLACE INTO notes (receipt, total) SELECT receipt, '0.00' FROM notes",
    ],
)
async def test_what_a_note_refers_to_cannot_be_changed(tmp_path, change):
    shop = await with_notes(tmp_path)
    await shop.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as plain, pytest.raises(sqlite3.IntegrityError, match="note"):
        plain.execute(change)
    plain.close()
