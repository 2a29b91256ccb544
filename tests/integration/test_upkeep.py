"""What the engine does by itself: chores at their hour, a look after an unclean stop, no sale on doubt, one id."""

import asyncio
import contextlib
import json
import shutil
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from fiscalmon.books.chores import ChoreRecord
from fiscalmon.bootstrap import start_engine
from fiscalmon.correlation import correlated
from fiscalmon.data_folder import ControlAddress, DataFolder
from fiscalmon.domain.errors import BadInput, StoreDamaged
from fiscalmon.services.chores import AUDIT, BACKUP, INTEGRITY, LOGS, due, latest
from fiscalmon.store.database import FILE_NAME
from fiscalmon.store.database import check as database_check
from fiscalmon.store.support_views import TRIGGERS
from tests.support.tills import Till

NIGHT = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)  # 02:30 at the shop


def record(at: datetime, outcome: str = "done") -> ChoreRecord:
    return ChoreRecord(at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), outcome, {})


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (record(NIGHT - timedelta(minutes=1)), NIGHT, True),
        (record(NIGHT), NIGHT + timedelta(hours=23), False),
        (record(NIGHT), NIGHT + timedelta(days=1), True),
        # The machine slept through a week; once is enough.
        (record(NIGHT - timedelta(days=7)), NIGHT + timedelta(hours=9), True),
        (record(NIGHT + timedelta(hours=9)), NIGHT + timedelta(hours=10), False),
        (record(NIGHT + timedelta(hours=1), "asked"), NIGHT + timedelta(hours=1), True),
        (record(NIGHT + timedelta(hours=1), "failed"), NIGHT + timedelta(hours=1, minutes=59), False),
        (record(NIGHT + timedelta(hours=1), "failed"), NIGHT + timedelta(hours=2), True),
        (record(NIGHT + timedelta(hours=1), "new"), NIGHT + timedelta(hours=2), False),
        # The clock was ahead once: that record does not count for days.
        (record(NIGHT + timedelta(days=40)), NIGHT, True),
        (record(NIGHT + timedelta(hours=1)), NIGHT, False),
    ],
)
def test_when_a_chore_is_due(last, now, is_due):
    assert due(last, "02:30", now) is is_due


def test_the_hour_is_the_shops():
    assert latest("02:30", NIGHT) == NIGHT
    assert latest("02:30", NIGHT - timedelta(seconds=1)) == NIGHT - timedelta(days=1)


def tamper(till: Till, sql: str) -> None:
    with contextlib.closing(sqlite3.connect(till.path / FILE_NAME, isolation_level=None)) as database:
        for name in TRIGGERS:
            database.execute(f"DROP TRIGGER IF EXISTS {name}")
        database.execute(sql)


def outcomes(till: Till) -> dict[str, str | None]:
    chores = till.engine.upkeep.chores
    return {name: last.outcome if (last := chores.last(name)) else None for name in (INTEGRITY, AUDIT, BACKUP, LOGS)}


async def test_a_night_does_everything_once(till):
    upkeep = till.engine.upkeep
    await till.sell(2)
    for name in (INTEGRITY, AUDIT, BACKUP, LOGS):
        await upkeep.chores.begin(name)
    await upkeep.turn()
    assert set(outcomes(till).values()) == {"new"}
    await till.engine.store.write(
        lambda work: [work.chores.put(name, record(NIGHT - timedelta(days=9))) for name in outcomes(till)]
    )
    # A restart knows from the books what is due.
    await till.restart()
    await till.engine.upkeep.turn()
    assert set(outcomes(till).values()) == {"done"}
    assert len(list((till.path / "backups").iterdir())) == 1
    before = await till.rows("SELECT * FROM chores")
    await till.engine.upkeep.turn()
    assert await till.rows("SELECT * FROM chores") == before


async def test_a_night_without_backups_makes_none(till):
    await till.engine.preferences.set("backup", {"nightly": False}, by="till")
    await till.engine.upkeep.chores.ask(BACKUP, {})
    await till.engine.upkeep.turn()
    assert not (till.path / "backups").exists()


async def test_a_chore_that_fails_is_remembered_and_ends_no_other(till):
    blocked = till.path.parent / "file"
    blocked.write_text("in the way")
    await till.engine.upkeep.backup.make(till.path.parent / "good.backup")
    await till.engine.preferences.set("backup", {"folder": str(blocked)}, by="till")
    chores = till.engine.upkeep.chores
    made_at = chores.done_at(BACKUP)
    for name in (BACKUP, LOGS):
        await chores.ask(name, {})
    await till.engine.upkeep.turn()
    assert outcomes(till)[BACKUP] == "failed"
    assert outcomes(till)[LOGS] == "done"
    # The age of the last good one is not forgotten over it.
    assert chores.done_at(BACKUP) == made_at
    told = (await till.engine.till.snapshot())["backup"]["lastVerifiedAt"]
    assert datetime.fromisoformat(told) == made_at


async def test_after_an_unclean_stop_the_books_are_looked_at(till):
    await till.sell(3)
    await till.drained()
    await till.stop()
    # What a killed engine leaves behind.
    DataFolder(till.path).publish(ControlAddress(1, "gone", 2))
    await till.start()
    assert (outcomes(till)[INTEGRITY], outcomes(till)[AUDIT]) == ("asked", "asked")
    await till.engine.upkeep.turn()
    assert (outcomes(till)[INTEGRITY], outcomes(till)[AUDIT]) == ("done", "done")
    await till.restart()
    assert (outcomes(till)[INTEGRITY], outcomes(till)[AUDIT]) == ("done", "done")


async def test_nothing_is_sold_on_a_broken_chain_until_it_is_whole_again(till):
    await till.sell(3)
    await till.drained()
    tamper(till, "UPDATE receipts SET hash = 'x' || substr(hash, 2) WHERE id = 2")
    await till.engine.upkeep.integrity.check_chain()
    with pytest.raises(StoreDamaged, match=r"do not add up any more \(receipt 2.*fiscalmon audit"):
        await till.sell(1)
    told = await till.told("integrity.failed")
    assert len(told) == 1
    assert told[0][1]["problems"][0]["receiptGlobalNo"] == 2
    # Said once, however often it is found; and a restart does not forget it.
    await till.engine.upkeep.integrity.check_chain()
    await till.restart()
    with pytest.raises(StoreDamaged):
        await till.sell(1)
    assert len(await till.told("integrity.failed")) == 1
    device = await till.engine.till.device(till.id)
    assert device["health"] == "failed"
    assert "do not add up" in device["attention"]


async def test_a_doubt_that_is_gone_ends(till):
    await till.sell(3)
    await till.drained()
    tamper(till, "UPDATE receipts SET invoice_no = invoice_no || 'x' WHERE id = 2")
    await till.engine.upkeep.integrity.check_chain()
    with pytest.raises(StoreDamaged):
        await till.sell(1)
    tamper(till, "UPDATE receipts SET invoice_no = rtrim(invoice_no, 'x') WHERE id = 2")
    await till.engine.upkeep.integrity.check_chain()
    await till.sell(1)


async def test_torn_pages_stop_all_sales_and_keep_the_file(till):
    await till.sell(20)
    await till.drained()
    await till.rows("SELECT 1")
    with contextlib.closing(sqlite3.connect(till.path / FILE_NAME, isolation_level=None)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'receipts_invoice_no'").fetchone()
    path = till.path / FILE_NAME
    sound = path.read_bytes()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096 + 4096 - 400)
        file.write(b"\xa5" * 300)
    spoilt = path.read_bytes()
    assert spoilt != sound
    await till.engine.upkeep.integrity.check_pages()
    with pytest.raises(StoreDamaged, match=r"damaged pages.*fiscalmon restore"):
        await till.engine.till.submit({"saleId": "x", "deviceID": till.id, **SALE})
    assert "integrity.failed" in [type_ for type_, _ in await till.told()]
    await till.stop()
    assert abs(len(path.read_bytes()) - len(spoilt)) < 200_000
    path.write_bytes(sound)
    for more in till.path.glob(FILE_NAME + "-*"):
        more.unlink()
    await till.start()


SALE = {
    "invoiceNo": "x", "receiptType": "FiscalInvoice", "receiptCurrency": "USD", "receiptLinesTaxInclusive": True,
    "receiptLines": [{"receiptLineType": "Sale", "receiptLineName": "MILK", "receiptLineHSCode": "04012000",
                      "receiptLinePrice": "2.49", "receiptLineQuantity": "2", "taxID": 3}],
    "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": "4.98"}], "receiptPrintForm": "Receipt48",
}  # fmt: skip


async def test_a_disk_that_fills_is_told_at_each_limit_once(till, monkeypatch):
    usage = shutil.disk_usage(till.path)
    for free in (10 * 2**30, 2**30, 2**30 - 5, 2**28, 2**28 - 5, 2**30, 10 * 2**30, 2**30):
        monkeypatch.setattr(
            "fiscalmon.services.disk_watch.shutil.disk_usage", lambda _, free=free: usage._replace(free=free)
        )
        await till.engine.upkeep.turn()
    assert [data["level"] for _, data in await till.told("disk.low")] == ["attention", "failed", "attention"]


async def test_one_id_from_the_request_to_fdms_answer(till):
    with correlated("till-press-77"):
        (sold,) = await till.sell(1)
    await till.drained()
    await till.until(lambda: till.device.queued == 0)
    rows = await till.rows("SELECT correlationId, operationId, outcome FROM v_submissions")
    assert [(row[0], row[2]) for row in rows] == [("till-press-77", "done")]
    assert rows[0][1]
    assert sold["correlationId"] == "till-press-77"


async def test_a_command_brings_its_id_through_the_channel(till):
    from fiscalmon.control import ControlClient

    client = ControlClient(DataFolder(till.path).running())
    assert await client.connect()
    with correlated("command-0042"):
        result = await client.operate("submit", {"sale": {"saleId": "c1", "deviceID": till.id, **SALE}})
    assert result["correlationId"] == "command-0042"
    await client.close()


async def test_what_others_bring_can_be_asked_for(till):
    """The way in which a second start raises the first one's window."""
    raised = []

    async def raise_window(given):
        raised.append(given)

    with pytest.raises(BadInput, match=r"window\.raise"):
        await till.engine.operations.run("window.raise", {})
    till.engine.operations.offer({"window.raise": raise_window})
    await till.engine.operations.run("window.raise", {})
    assert raised == [{}]


async def test_an_engine_that_stays_begins_its_chores(fdms, tmp_path):
    from fiscalmon.bootstrap import start_engine

    engine = await start_engine(DataFolder(tmp_path), tend=True)
    until = time.monotonic() + 10
    while engine.upkeep.chores.last(LOGS) is None and time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert engine.upkeep.chores.last(LOGS).outcome == "new"
    await engine.stop()


async def test_a_part_that_ends_leaves_a_crash_file(till):
    async def fail() -> None:
        raise ValueError("the words stay here")

    till.engine._run("a-part", fail())
    await till.until(lambda: list((till.path / "crashes").glob("*.json")))
    (path,) = (till.path / "crashes").glob("*.json")
    held = json.loads(path.read_text())
    assert (held["part"], held["error"]["type"]) == ("a-part", "ValueError")
    assert "words" not in path.read_text()


def spoil_an_index(till: Till) -> None:
    """A page that no sale needs, found damaged by whoever reads it."""
    path = till.path / FILE_NAME
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'attempts'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


async def test_damage_that_a_reader_meets_by_day_stops_sales_and_is_told(till):
    await till.sell(1)
    await till.drained()
    await till.stop()
    spoil_an_index(till)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fiscalmon.store.local_store.check", lambda engine: None)
        await till.start()
    await till.engine.upkeep.mind_damage()
    with pytest.raises(StoreDamaged):
        await till.engine.till.device(till.id)
    await till.engine.upkeep.mind_damage()
    assert [data["reason"][:26] for _, data in await till.told("integrity.failed")] == ["The database has damaged p"]
    with pytest.raises(StoreDamaged, match="Nothing is sold until it is mended"):
        await till.sell(1)
    assert [device["health"] for device in await till.engine.till.devices()] == ["failed"]


async def test_damage_that_a_long_look_finds_is_told_to_whoever_listens(till, monkeypatch):
    await till.sell(1)
    await till.drained()
    await till.stop()
    spoil_an_index(till)
    look, found = database_check, threading.Event()
    monkeypatch.setattr("fiscalmon.store.local_store.CHECK_SECONDS", 0)
    monkeypatch.setattr("fiscalmon.store.local_store.check", lambda engine: (found.wait(10), look(engine)))
    monkeypatch.setattr("fiscalmon.services.upkeep.DAMAGE_SECONDS", 0.02)
    till.engine = await start_engine(DataFolder(till.path), tend=True)
    heard = till.engine.till.subscribe()
    found.set()
    async with asyncio.timeout(10):
        async for message in heard:
            if message.type == "integrity.failed":
                break
    assert "Nothing is sold until it is mended" in message.data["reason"]
    heard.close()
