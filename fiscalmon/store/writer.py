"""The one writer: a thread that runs waiting jobs in one transaction and answers each only after its fsync.

Group commit: whatever waits when a transaction begins shares its commit. A job that raises undoes its own
savepoint and nobody else's work.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine

from ..domain.errors import FiscalmonError, TillBusy, TillStopping
from .alert_rows import AlertRows
from .book_file import explained
from .certificate_rows import CertificateRows
from .chore_rows import ChoreRows
from .day_rows import DayRows
from .device_rows import DeviceRows
from .event_rows import EventRows
from .file_rows import FileRows
from .note_rows import NoteRows
from .open_sale_rows import OpenSaleRows
from .preference_rows import PreferenceRows
from .print_rows import PrintRows
from .product_rows import ProductRows
from .receipt_rows import ReceiptRows
from .session import Session

T = TypeVar("T")
MOST_JOBS = 64
# Another program (a support tool) may hold the database for so long; a till that stops does not wait for it.
LOCK_SECONDS = 10.0
LOCK_LOOK_SECONDS = 0.25


class Work:
    """What a job may do in the running transaction."""

    def __init__(self, session: Session) -> None:
        self.notes = NoteRows(session)
        self.prints = PrintRows(session)
        self.receipts = ReceiptRows(session, self.notes, self.prints)
        self.days = DayRows(session, self.prints, self.receipts.forget_links)
        self.devices = DeviceRows(session)
        self.events = EventRows(session)
        self.certificates = CertificateRows(session)
        self.files = FileRows(session)
        self.preferences = PreferenceRows(session)
        self.chores = ChoreRows(session)
        self.products = ProductRows(session)
        self.open_sales = OpenSaleRows(session)
        self.alerts = AlertRows(session)


class Job:
    """What a caller wants done in a transaction, and the future that waits for it."""

    __slots__ = ("error", "future", "loop", "run", "value")

    def __init__(self, run: Callable[[Any], Any], loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any]) -> None:
        self.run = run
        self.loop = loop
        self.future = future
        self.value: Any = None
        self.error: BaseException | None = None

    def answer(self) -> None:
        if not self.future.done():
            if self.error is not None:
                self.future.set_exception(self.error)
            else:
                self.future.set_result(self.value)


class Transactions:
    """The group commit itself, on the writing connection; blocking, for one thread at a time.

    `sound` is called before the first job: if it raises, so does every job. `before_commit` is called in each
    transaction (a test's slow disk). `hurried` says that another program's lock is not worth waiting for any more.
    """

    def __init__(
        self,
        engine: Engine,
        sound: Callable[[], None],
        before_commit: Callable[[], None] | None = None,
        hurried: Callable[[], bool] = lambda: False,
    ) -> None:
        self._hurried = hurried
        self._pooled = engine.raw_connection()
        connection = self._pooled.driver_connection
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError("the writer needs SQLite's own driver")
        self._connection = connection
        connection.execute(f"PRAGMA busy_timeout = {round(LOCK_LOOK_SECONDS * 1000)}")
        self._before_commit = before_commit
        self._refusal: FiscalmonError | None = None
        self._work = Work(Session(connection))
        try:
            sound()
        except FiscalmonError as wrong:
            self._refusal = wrong

    def commit(self, first: Job, more: Callable[[], Job | None]) -> list[Job]:
        """One commit for the first job and all that wait; these jobs, each with its value or error."""
        done = [first]
        if self._refusal is not None:
            first.error = self._refusal
            return done
        try:
            self._begin()
            self._attempt(first)
            while len(done) < MOST_JOBS and (job := more()) is not None:
                done.append(job)
                self._attempt(job)
            if self._before_commit is not None:
                self._before_commit()
            self._connection.execute("COMMIT")
        except sqlite3.Error as wrong:
            with contextlib.suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            self._work.receipts.forget_links()
            for failed in done:
                failed.error = _explained(wrong)
        return done

    def _begin(self) -> None:
        """Take the database for writing, as soon as no other program holds it. Raises sqlite3.Error."""
        until = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as wrong:
                if "locked" not in str(wrong) or self._hurried() or time.monotonic() >= until:
                    raise

    def close(self) -> None:
        """Leave one plain file behind for whoever copies it."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.row_factory = None
        self._pooled.close()

    def _attempt(self, job: Job) -> None:
        self._connection.execute("SAVEPOINT job")
        try:
            job.value = job.run(self._work)
            self._connection.execute("RELEASE job")
        except sqlite3.Error as wrong:
            if _hopeless(wrong):
                raise
            self._undo(job, _explained(wrong))
        except Exception as wrong:
            self._undo(job, wrong)

    def _undo(self, job: Job, wrong: Exception) -> None:
        self._connection.execute("ROLLBACK TO job")
        self._connection.execute("RELEASE job")
        self._work.receipts.forget_links()
        job.error = wrong


class Writer:
    """The thread that runs transactions. Parameters as those of Transactions."""

    def __init__(
        self, engine: Engine, sound: Callable[[], None], before_commit: Callable[[], None] | None = None
    ) -> None:
        self._hurry = threading.Event()
        self._open = partial(Transactions, engine, sound, before_commit, self._hurry.is_set)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="fiscalmon-writer", daemon=True)
        self._closed = False
        self._stopping = False
        # No job may come behind the end: nobody would answer it.
        self._door = threading.Lock()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def run(self, job: Callable[[Work], T]) -> T:
        """Run a job in a transaction; returns its value once it is on the disk, raises what it raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._door:
            if self._closed:
                raise TillStopping("The till is shutting down; try again after it has started.")
            self._jobs.put(Job(job, loop, future))
        return await future

    def hurry(self) -> None:
        """The end is near: jobs behind another program's lock are refused instead of kept waiting."""
        self._hurry.set()

    def close(self) -> None:
        """Finish the waiting jobs and stop the thread. Blocks until done."""
        self.hurry()
        with self._door:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _serve(self) -> None:
        transactions = self._open()
        while not self._stopping and (first := self._jobs.get()) is not None:
            _answer(transactions.commit(first, self._next))
        transactions.close()

    def _next(self) -> Job | None:
        """A job that waits already; None when there is none, or only the end."""
        try:
            job = self._jobs.get_nowait()
        except queue.Empty:
            return None
        self._stopping = job is None
        return job


def _answer(jobs: list[Job]) -> None:
    """Answer all jobs of a commit; one wake-up a loop, not one a job."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, group in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_answer_all, group)


def _answer_all(jobs: list[Job]) -> None:
    for job in jobs:
        job.answer()


def _hopeless(wrong: sqlite3.Error) -> bool:
    """Whether the whole transaction is lost, not one job: the disk, the lock or the file."""
    return isinstance(wrong, sqlite3.DatabaseError) and not isinstance(
        wrong, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.InterfaceError
    )


def _explained(wrong: sqlite3.Error) -> FiscalmonError:
    words = str(wrong)
    if "locked" in words or "busy" in words:
        return TillBusy("Another program holds the database: close it, then try again. Nothing was recorded.", words)
    if "full" in words:
        return TillBusy("The disk is full: make room, then try again. Nothing was recorded.", words)
    if isinstance(wrong, sqlite3.IntegrityError):
        return FiscalmonError("The till's books refused an impossible entry. Nothing was recorded.", words)
    return explained(wrong)
