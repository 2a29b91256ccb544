"""A look at the books without SQLAlchemy: current books, older ones, a file that is none; and it writes nothing."""

import contextlib
import sqlite3
import subprocess
import sys

import pytest

from fiscalmon.books import ReceiptFilter
from fiscalmon.domain.errors import FiscalmonError, StoreDamaged
from fiscalmon.store.book_file import FILE_NAME, explained
from fiscalmon.store.look import Look
from fiscalmon.store.migrations import HEAD
from tests.support.books import Shop


def answers(archive) -> list:
    devices, listed = archive.devices(), archive.receipts(ReceiptFilter(device=101), 10)
    of_one = archive.receipt(listed[0].receipt_id), archive.payload(listed[0].receipt_id)
    counted = archive.counters(101, 1), archive.day_totals(101, 1), list(archive.rollups())
    parts = archive.prints.printers(), archive.chores.all(), archive.history.way(listed[0].row)
    return [devices, listed, of_one, counted, parts, archive.last_days(), archive.queues(), archive.events(0, 10)]


@pytest.fixture
async def folder(tmp_path):
    shop = Shop(tmp_path)
    await shop.add_device()
    for number in range(3):
        await shop.sell(number)
    yield tmp_path, answers(shop.store.archive)
    await shop.close()


async def test_it_answers_as_the_store_does(folder):
    path, told = folder
    with contextlib.closing(Look(path)) as look:
        assert answers(look.archive) == told
    assert len(told[1]) == 3


async def test_it_writes_nothing(folder):
    with contextlib.closing(Look(folder[0])) as look, pytest.raises(FiscalmonError) as refused:
        look.archive.chores._ask("DELETE FROM attempts")
    assert "readonly" in refused.value.detail


async def test_older_books_are_brought_up_to_date_first(folder):
    path, told = folder
    with contextlib.closing(sqlite3.connect(path / FILE_NAME)) as books:
        books.execute("UPDATE alembic_version SET version_num = '0008'")
        books.commit()
    with contextlib.closing(Look(path)) as look:
        assert answers(look.archive) == told
    with contextlib.closing(sqlite3.connect(path / FILE_NAME)) as books:
        assert books.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)


def test_a_folder_that_cannot_be_written_says_so():
    wrong = explained(sqlite3.OperationalError("unable to open database file"))
    assert "may not write its folder" in wrong.text
    assert "other programs" not in wrong.text


def test_a_file_that_is_no_database_is_told_and_kept(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"no database at all" * 400)
    with pytest.raises(StoreDamaged, match="restore the last backup"):
        Look(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == b"no database at all" * 400


async def test_a_page_that_turned_bad_is_damage(folder):
    path, _ = folder
    with contextlib.closing(Look(path)) as look:
        with contextlib.closing(sqlite3.connect(path / FILE_NAME)) as books:
            books.execute("PRAGMA writable_schema=ON")
            books.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE chores (' WHERE name = 'chores'")
            books.commit()
            books.execute("PRAGMA schema_version = 4711")
        with pytest.raises(StoreDamaged):
            look.archive.chores.all()


def test_plain_look_ups_load_neither_sqlalchemy_nor_what_fdms_and_the_door_need():
    asked = (
        "import sys, fiscalmon.cli.books_only, fiscalmon.cli.till_access, fiscalmon.cli.commands; print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout.split()
    assert "fiscalmon.store.look" in loaded
    assert not {"sqlalchemy", "alembic", "httpx", "uvicorn", "starlette", "structlog", "cryptography"} & set(loaded)
