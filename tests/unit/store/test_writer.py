"""The one writer: waiting jobs share a commit, a failing job undoes itself alone, a failing commit undoes all."""

import asyncio
import sqlite3
import threading

import msgspec
import pytest

from fiscalmon.domain.errors import FiscalmonError, SaleConflict, StoreDamaged, TillBusy
from fiscalmon.store import writer
from fiscalmon.store.database import FILE_NAME
from fiscalmon.store.local_store import LocalStore
from fiscalmon.store.writer import MOST_JOBS
from tests.support.books import Shop
from tests.support.waiting import until


class SlowDisk:
    """Counts commits; holds one back until it is let go, or fails it."""

    def __init__(self) -> None:
        self.commits = 0
        self.free = threading.Event()
        self.free.set()
        self.reached = threading.Event()
        self.fail: Exception | None = None

    def __call__(self) -> None:
        self.reached.set()
        self.free.wait(10)
        if self.fail is not None:
            raise self.fail
        self.commits += 1

    def hold(self) -> None:
        """Hold the next commit; `reached` is set when one is held."""
        self.reached.clear()
        self.free.clear()


@pytest.fixture
def disk():
    return SlowDisk()


@pytest.fixture
async def shop(tmp_path, disk):
    made = Shop(tmp_path, before_commit=disk)
    await made.add_device()
    yield made
    disk.free.set()
    disk.fail = None
    await made.close()


@pytest.fixture
def other_program(shop, tmp_path):
    """A support tool that holds the database for writing until the test ends or it lets go."""
    tool = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None, check_same_thread=False)
    tool.execute("BEGIN IMMEDIATE")
    yield tool
    tool.close()


async def test_who_waits_for_another_program_gets_on_when_it_lets_go(shop, other_program):
    waiting = asyncio.create_task(shop.store.write(note("said")))
    await asyncio.sleep(0.6)
    assert not waiting.done()
    other_program.execute("ROLLBACK")
    assert await asyncio.wait_for(waiting, 5) > 0


async def test_a_till_that_stops_does_not_wait_for_another_program(shop, other_program):
    waiting = asyncio.create_task(shop.store.write(note("said")))
    await asyncio.sleep(0)
    shop.store.hurry()
    with pytest.raises(TillBusy, match="Another program holds the database"):
        await asyncio.wait_for(waiting, 5)
    other_program.execute("ROLLBACK")
    assert await asyncio.wait_for(shop.store.write(note("said")), 5) > 0


def note(words: str):
    return lambda work: work.events.add(words, "now", None, {}).seq


async def together(shop, disk, *jobs):
    """Run jobs that all wait while another job's commit is under way; `disk.commits` counts theirs."""
    disk.hold()
    disk.commits = -1
    first = asyncio.ensure_future(shop.store.write(note("first")))
    await until(disk.reached.is_set)
    waiting = [asyncio.ensure_future(shop.store.write(job)) for job in jobs]
    await asyncio.sleep(0.05)
    disk.free.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_jobs_that_wait_share_one_commit(shop, disk):
    seqs = await together(shop, disk, *[note("job") for _ in range(16)])
    assert seqs == list(range(seqs[0], seqs[0] + 16))
    assert disk.commits == 1


async def test_a_commit_has_a_bound(shop, disk):
    await together(shop, disk, *[note("job") for _ in range(MOST_JOBS + 1)])
    assert disk.commits == 2


async def test_nobody_is_answered_before_the_commit(shop, disk):
    disk.hold()
    job = asyncio.ensure_future(shop.store.write(note("job")))
    await until(disk.reached.is_set)
    assert not job.done()
    assert shop.rows("SELECT * FROM events") == []
    disk.free.set()
    seq = await job
    assert shop.rows("SELECT seq FROM events") == [(seq,)]


async def test_a_job_that_raises_undoes_itself_alone(shop, disk):
    def spoilt(work):
        work.events.add("half", "now", None, {})
        raise SaleConflict("not this one")

    before, wrong, after = await together(shop, disk, note("before"), spoilt, note("after"))
    assert isinstance(wrong, SaleConflict)
    assert after == before + 1
    assert shop.rows("SELECT type FROM events ORDER BY seq") == [("first",), ("before",), ("after",)]
    assert disk.commits == 1


async def test_a_constraint_is_the_jobs_own_failure(shop, disk):
    def twice(work):
        work.days.add(101, 1, "2026-11-22T08:00:00")

    wrong, after = await together(shop, disk, twice, note("after"))
    assert isinstance(wrong, FiscalmonError)
    assert "impossible entry" in wrong.text
    assert "UNIQUE" in wrong.detail
    assert isinstance(after, int)


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (sqlite3.OperationalError("database or disk is full"), TillBusy, "disk is full: make room"),
        (sqlite3.OperationalError("disk I/O error"), StoreDamaged, "restore the last backup"),
        (sqlite3.OperationalError("attempt to write a readonly database"), StoreDamaged, "the right to write"),
        (sqlite3.DatabaseError("database disk image is malformed"), StoreDamaged, "restore the last backup"),
    ],
)
async def test_a_commit_that_fails_fails_all_and_stores_nothing(shop, disk, fault, kind, words):
    sold = await shop.sell(1)
    disk.hold()
    first = asyncio.ensure_future(shop.store.write(note("first")))
    await until(disk.reached.is_set)
    jobs = [asyncio.ensure_future(shop.sell(number)) for number in (2, 3)]
    jobs.append(asyncio.ensure_future(shop.store.write(note("event"))))
    await asyncio.sleep(0.05)
    disk.fail = fault
    disk.free.set()
    answers = await asyncio.gather(first, *jobs, return_exceptions=True)
    assert [type(answer) for answer in answers] == [kind] * 4
    assert all(words in answer.text for answer in answers)
    assert shop.rows("SELECT count(*) FROM receipts") == [(1,)]
    assert shop.rows("SELECT count(*) FROM events") == [(0,)]
    assert shop.rows("SELECT sum(receipts) FROM rollup_sales") == [(1,)]
    disk.fail = None
    again = await shop.sell(2)
    assert (again.receipt_counter, again.receipt_global_no) == (2, 2)
    assert shop.rows("SELECT previous_hash FROM receipts WHERE sale_id = 'S-2'") == [(sold.hash,)]


async def test_a_disk_that_fails_within_a_job_fails_all_that_share_its_commit(shop, disk):
    """SQLite may have undone the whole transaction by then: nobody may be told that his job is on the disk."""

    def broken(work):
        raise sqlite3.OperationalError("disk I/O error")

    answers = await together(shop, disk, note("before"), broken, note("after"))
    assert [type(answer) for answer in answers[:2]] == [StoreDamaged, StoreDamaged]
    stored = {seq for (seq,) in shop.rows("SELECT seq FROM events")}
    assert {answer for answer in answers if isinstance(answer, int)} <= stored
    assert shop.rows("SELECT count(*) FROM events WHERE type = 'before'") == [(0,)]


async def test_a_job_that_fails_late_leaves_the_chain_where_it_was(shop):
    """Chain ends are remembered between transactions: after a failure they must come from the rows again."""
    one = await shop.sell(1)

    def fails_late(work):
        work.receipts._links[101] = msgspec.structs.replace(work.receipts.link(101), counter=7, global_no=7)
        raise SaleConflict("late")

    with pytest.raises(SaleConflict):
        await shop.store.write(fails_late)
    two = await shop.sell(2)
    assert (two.receipt_counter, two.receipt_global_no) == (2, 2)
    assert shop.rows("SELECT previous_hash FROM receipts WHERE sale_id = 'S-2'") == [(one.hash,)]


async def test_a_lock_that_is_not_let_go_is_told_to_everybody(shop, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "LOCK_SECONDS", 0.5)
    support = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    support.execute("BEGIN IMMEDIATE")
    answers = await asyncio.wait_for(
        asyncio.gather(*[shop.sell(number) for number in range(3)], return_exceptions=True), 10
    )
    assert {type(answer) for answer in answers} == {TillBusy}
    assert "Another program holds the database" in answers[0].text
    support.execute("ROLLBACK")
    support.close()
    assert (await shop.sell(1)).receipt_counter == 1


async def test_a_cancelled_caller_does_not_stop_the_writer(shop, disk):
    disk.hold()
    job = asyncio.ensure_future(shop.store.write(note("job")))
    await until(disk.reached.is_set)
    job.cancel()
    disk.free.set()
    await shop.store.write(note("next"))
    assert shop.rows("SELECT type FROM events ORDER BY seq") == [("job",), ("next",)]


async def test_closing_finishes_what_waits_and_refuses_the_rest(tmp_path, disk):
    store = LocalStore(tmp_path, disk)
    disk.hold()
    jobs = [asyncio.ensure_future(store.write(note(f"job {number}"))) for number in range(5)]
    await until(disk.reached.is_set)
    closing = asyncio.ensure_future(asyncio.to_thread(store.close))
    # No look from outside tells that the end has begun.
    await until(lambda: store._writer._closed)
    with pytest.raises(TillBusy, match="shutting down"):
        await store.write(note("late"))
    disk.free.set()
    assert await asyncio.gather(*jobs) == [1, 2, 3, 4, 5]
    await closing
    store.close()
    again = LocalStore(tmp_path)
    assert await again.read(lambda archive: archive.last_seq()) == 5
    again.close()


async def test_every_job_is_answered_however_the_end_comes(tmp_path):
    """Jobs keep coming while another thread closes: each is stored or refused, none is left without an answer."""
    store = LocalStore(tmp_path)
    stored = refused = 0

    async def keep_writing():
        nonlocal stored, refused
        while not refused:
            try:
                await store.write(note("job"))
                stored += 1
            except TillBusy:
                refused += 1

    async with asyncio.timeout(20):
        writers = [asyncio.ensure_future(keep_writing()) for _ in range(20)]
        await until(lambda: stored > 20)
        await asyncio.to_thread(store.close)
        await asyncio.gather(*writers)
    again = LocalStore(tmp_path)
    assert await again.read(lambda archive: archive.last_seq()) == stored
    again.close()
