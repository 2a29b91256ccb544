"""A query that is wrong is a fault of the program and is told so; only the file's own errors mean damage."""

import sqlite3

import pytest

from fiscalmon.domain.errors import FiscalmonError, StoreDamaged
from fiscalmon.store.book_file import DAMAGED, FAULT, explained
from fiscalmon.store.local_store import LocalStore
from fiscalmon.store.look import Look


@pytest.fixture
def store(tmp_path):
    made = LocalStore(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(
    "sql", ["SELECT no_such FROM receipts", "SELEC 1", "SELECT nothing(1)", "SELECT id FROM receipts WHERE id = ?"]
)
async def test_a_wrong_query_is_no_damage(store, tmp_path, sql):
    with pytest.raises(FiscalmonError) as told:
        await store.read(lambda archive: archive.papers._ask(sql))
    assert not isinstance(told.value, StoreDamaged)
    assert told.value.text == FAULT
    assert told.value.detail
    assert not store.damage_met()
    look = Look(tmp_path)
    with pytest.raises(FiscalmonError) as seen:
        look._ask(sql)
    look.close()
    assert seen.value.text == FAULT


async def test_a_job_that_asks_wrongly_fails_alone_and_the_next_one_is_written(store):
    with pytest.raises(FiscalmonError) as told:
        await store.write(lambda work: work.events._session.run("SELECT no_such FROM receipts"))
    assert not isinstance(told.value, StoreDamaged)
    assert await store.write(lambda work: 7) == 7


async def test_a_table_that_is_gone_and_a_file_that_is_none_are_damage(store, tmp_path):
    with pytest.raises(StoreDamaged, match="damaged"):
        await store.read(lambda archive: archive.papers._ask("SELECT 1 FROM no_such_table"))
    assert store.damage_met()
    path = tmp_path / "text.db"
    path.write_bytes(b"no database" * 400)
    with pytest.raises(sqlite3.DatabaseError) as wrong:
        sqlite3.connect(path).execute("SELECT 1 FROM receipts")
    assert explained(wrong.value).text == DAMAGED
