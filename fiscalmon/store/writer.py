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
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Engine

from ..domain.errors import FiscalmonError, TillBusy, TillStopping
from .certificate_rows import CertificateRows
from .database import damaged
from .day_rows import DayRows
from .device_rows import DeviceRows
from .event_rows import EventRows
from .file_rows import FileRows
from .note_rows import NoteRows
from .preference_rows import PreferenceRows
from .receipt_rows import ReceiptRows
from .session import Session

T = TypeVar("T")
MOST_JOBS = 64


class Work:
    """What a job may do in the running transaction."""

    def __init__(self, session: Session) -> None:
        self.notes = NoteRows(session)
        self.receipts = ReceiptRows(session, self.notes)
        self.days = DayRows(session, self.receipts.forget_links)
        self.devices = DeviceRows(session)
        self.events = EventRows(session)
        self.certificates = CertificateRows(session)
        self.files = FileRows(session)
        self.preferences = PreferenceRows(session)


class _Job:
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


class Writer:
    """Owns the writing connection. `sound` is called before the first job: if it raises, so does every job.

    `before_commit` is called in each transaction (a test's slow disk).
    """

    def __init__(
        self, engine: Engine, sound: Callable[[], None], before_commit: Callable[[], None] | None = None
    ) -> None:
        self._engine = engine
        self._sound = sound
        self._before_commit = before_commit
        self._refusal: FiscalmonError | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="fiscalmon-writer", daemon=True)
        self._closed = False
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
            self._jobs.put(_Job(job, loop, future))
        return await future

    def close(self) -> None:
        """Finish the waiting jobs and stop the thread. Blocks until done."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _serve(self) -> None:
        pooled = self._engine.raw_connection()
        connection = pooled.driver_connection
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError("the writer needs SQLite's own driver")
        work = Work(Session(connection))
        try:
            self._sound()
        except FiscalmonError as wrong:
            self._refusal = wrong
        stopping = False
        while not stopping:
            first = self._jobs.get()
            if first is None:
                break
            stopping = self._transaction(connection, work, first)
        # The checkpoint leaves one plain file behind for whoever copies it.
        with contextlib.suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.row_factory = None
        pooled.close()

    def _transaction(self, connection: sqlite3.Connection, work: Work, first: _Job) -> bool:
        """One commit for the first job and all that wait; True when the end was among them."""
        done = [first]
        stopping = False
        if self._refusal is not None:
            first.error = self._refusal
            _answer(done)
            return False
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._attempt(connection, work, first)
            while len(done) < MOST_JOBS and not stopping:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if job is None:
                    stopping = True
                else:
                    done.append(job)
                    self._attempt(connection, work, job)
            if self._before_commit is not None:
                self._before_commit()
            connection.execute("COMMIT")
        except sqlite3.Error as wrong:
            with contextlib.suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            work.receipts.forget_links()
            for failed in done:
                failed.error = _explained(wrong)
        _answer(done)
        return stopping

    def _attempt(self, connection: sqlite3.Connection, work: Work, job: _Job) -> None:
        connection.execute("SAVEPOINT job")
        try:
            job.value = job.run(work)
            connection.execute("RELEASE job")
        except sqlite3.Error as wrong:
            if _hopeless(wrong):
                raise
            self._undo(connection, work, job, _explained(wrong))
        except Exception as wrong:
            self._undo(connection, work, job, wrong)

    @staticmethod
    def _undo(connection: sqlite3.Connection, work: Work, job: _Job, wrong: Exception) -> None:
        connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        work.receipts.forget_links()
        job.error = wrong


def _answer(jobs: list[_Job]) -> None:
    """Answer all jobs of a commit; one wake-up a loop, not one a job."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, group in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_answer_all, group)


def _answer_all(jobs: list[_Job]) -> None:
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
    return damaged(wrong)
