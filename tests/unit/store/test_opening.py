"""Opening the database: from nothing, half a migration, a newer program, or a file that cannot be trusted."""

import asyncio
import hashlib
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from fiscalmon.domain.errors import StoreDamaged
from fiscalmon.store import migrations, schema
from fiscalmon.store.database import FILE_NAME, check, open_engine
from fiscalmon.store.local_store import LocalStore
from fiscalmon.store.migrations import HEAD
from tests.support.books import Shop, sale

ROOT = Path(__file__).resolve().parents[3]


def fingerprint(folder: Path) -> str:
    return hashlib.sha256((folder / FILE_NAME).read_bytes()).hexdigest()


async def filled(folder: Path, count: int = 40) -> None:
    shop = Shop(folder)
    await shop.add_device()
    for number in range(count):
        await shop.sell(number)
    await shop.close()


def test_a_new_folder_gets_the_whole_schema(tmp_path):
    engine = open_engine(tmp_path)
    found = inspect(engine)
    assert set(schema.metadata.tables) <= set(found.get_table_names())
    views = {"v_receipts", "v_submissions", "v_events", "v_fiscal_days", "v_failures", "v_print_jobs", "v_files"}
    assert set(found.get_view_names()) == views
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()


def test_the_tables_in_the_file_are_those_of_the_code(tmp_path):
    engine = open_engine(tmp_path)
    found = inspect(engine)
    for name, table in schema.metadata.tables.items():
        assert [column["name"] for column in found.get_columns(name)] == [column.name for column in table.columns], name
    engine.dispose()


def test_head_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_second_opening_changes_nothing(tmp_path):
    open_engine(tmp_path).dispose()
    before = fingerprint(tmp_path)
    open_engine(tmp_path).dispose()
    assert fingerprint(tmp_path) == before


KILLED_HALF_WAY = """
import os, sys
from pathlib import Path
from alembic import op
from fiscalmon.store import database
plain = op.execute
def execute(statement, *more):
    plain(statement, *more)
    if "v_failures" in str(statement):
        os._exit(9)
op.execute = execute
database.open_engine(Path(sys.argv[1]))
"""


def test_a_migration_that_was_killed_half_way_starts_anew(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED_HALF_WAY, str(tmp_path)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert (tmp_path / FILE_NAME).exists()
    engine = open_engine(tmp_path)
    assert set(schema.metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_two_programs_may_make_the_schema_at_once(tmp_path):
    command = "import sys; from pathlib import Path; from fiscalmon.store.database import open_engine; "
    command += "import alembic.command; sys.stdin.readline(); open_engine(Path(sys.argv[1])).dispose()"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", command, str(tmp_path)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        for _ in range(3)
    ]
    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    assert [(one.communicate(timeout=60)[1], one.returncode) for one in both] == [("", 0)] * 3


async def test_a_newer_schema_is_refused_and_kept(tmp_path):
    await filled(tmp_path, 1)
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = fingerprint(tmp_path)
    with pytest.raises(StoreDamaged, match=r"newer fiscalmon.*update fiscalmon"):
        LocalStore(tmp_path)
    assert fingerprint(tmp_path) == before


async def test_a_schema_that_no_migration_knows_is_refused(tmp_path):
    await filled(tmp_path, 1)
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    with pytest.raises(StoreDamaged, match="restore the last backup"):
        LocalStore(tmp_path)


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_to_a_stump(path: Path) -> None:
    os.truncate(path, 40)


def no_database(path: Path) -> None:
    path.write_bytes(b"This is a letter to the tax office.\n" * 200)


def garbage_in_the_first_page(path: Path) -> None:
    overwrite(path, 30, b"\xa5" * 2000)


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def page_with(path: Path, words: bytes) -> int:
    """Where the page starts that holds those bytes."""
    return path.read_bytes().index(words) // 4096 * 4096


def a_page_of_receipts_zeroed(path: Path) -> None:
    overwrite(path, page_with(path, b'{"receipt":{'), bytes(4096))


def a_bit_of_the_page_header_flipped(path: Path) -> None:
    start = page_with(path, b'{"receipt":{')
    flipped = path.read_bytes()[start] ^ 0x08
    overwrite(path, start, bytes([flipped]))


def cell_pointers_spoilt(path: Path) -> None:
    overwrite(path, page_with(path, b'{"receipt":{') + 8, b"\xff" * 8)


SPOILING = [
    cut_in_half,
    cut_to_a_stump,
    no_database,
    garbage_in_the_first_page,
    a_page_of_receipts_zeroed,
    a_bit_of_the_page_header_flipped,
    cell_pointers_spoilt,
]


@pytest.mark.parametrize("spoil", SPOILING, ids=lambda one: one.__name__)
async def test_a_spoilt_file_is_refused_with_advice_and_kept(tmp_path, spoil):
    await filled(tmp_path)
    spoil(tmp_path / FILE_NAME)
    before = fingerprint(tmp_path)
    with pytest.raises(StoreDamaged, match=r"damaged and was left as it is.*restore the last backup") as refused:
        store = LocalStore(tmp_path)
        try:
            await store.write(lambda work: work.events.add("test", "now", None, {}))
        finally:
            store.close()
    assert FILE_NAME in refused.value.text
    assert refused.value.detail
    assert fingerprint(tmp_path) == before


async def test_a_reader_that_meets_damage_says_so(tmp_path, monkeypatch):
    await filled(tmp_path)
    a_page_of_receipts_zeroed(tmp_path / FILE_NAME)
    monkeypatch.setattr("fiscalmon.store.local_store.check", lambda engine: None)
    store = LocalStore(tmp_path)
    with pytest.raises(StoreDamaged, match="restore the last backup"):
        await store.read(lambda archive: archive.chain(101, 0, 1000))
    store.close()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    """As root every folder can be written: the database's name is taken by a folder instead."""
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(StoreDamaged, match="cannot be opened"):
        LocalStore(tmp_path)


async def test_a_file_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    open_engine(tmp_path).dispose()
    address = f"sqlite:///file:{tmp_path / FILE_NAME}?mode=ro&uri=true"
    monkeypatch.setattr("fiscalmon.store.database.create_engine", lambda _, **more: create_engine(address, **more))
    store = LocalStore(tmp_path)
    with pytest.raises(StoreDamaged, match="cannot be written: give this user the right"):
        await store.write(lambda work: work.events.add("test", "now", None, {}))
    store.close()


async def test_a_large_file_is_looked_at_while_the_till_starts(tmp_path, monkeypatch):
    """The start does not wait for the look at every page; the first sale does."""
    await filled(tmp_path)
    a_page_of_receipts_zeroed(tmp_path / FILE_NAME)
    monkeypatch.setattr("fiscalmon.store.local_store.CHECKED_AT_ONCE", 0)
    slow = threading.Event()
    monkeypatch.setattr("fiscalmon.store.local_store.check", lambda engine: (slow.wait(5), check(engine)))
    store = LocalStore(tmp_path)
    assert await store.read(lambda archive: archive.last_seq()) == 0
    sold = asyncio.ensure_future(store.write(lambda work: work.events.add("test", "now", None, {})))
    await asyncio.sleep(0.1)
    assert not sold.done()
    slow.set()
    for _ in range(2):
        with pytest.raises(StoreDamaged, match="restore the last backup"):
            await sold
        sold = asyncio.ensure_future(store.write(lambda work: work.events.add("test", "now", None, {})))
    sold.cancel()
    store.close()


def test_a_wal_from_another_time_loses_nothing_that_was_checkpointed(tmp_path):
    """A torn tail of the log, as a power cut leaves it, is no damage: what was answered lies before it."""
    open_engine(tmp_path).dispose()
    (tmp_path / f"{FILE_NAME}-wal").write_bytes(b"\x37\x7f\x06\x82" + os.urandom(5000))
    store = LocalStore(tmp_path)
    store.close()


async def test_a_sale_survives_the_power_going_right_after_its_answer(tmp_path):
    """The copy is what a disk holds at that moment: file and log, no checkpoint."""
    (tmp_path / "till").mkdir()
    (tmp_path / "copy").mkdir()
    shop = Shop(tmp_path / "till")
    await shop.add_device()
    entry = await shop.sell(1)
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        (tmp_path / "copy" / name).write_bytes((tmp_path / "till" / name).read_bytes())
    after = LocalStore(tmp_path / "copy")
    assert (await after.read(lambda archive: archive.receipt(entry.receipt_id))).hash == entry.hash
    after.close()
    await shop.close()
    assert sale(1)["saleId"] == entry.sale_id
