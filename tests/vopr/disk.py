"""The till's books in the simulated world: real files, the real group commit and queries, no threads.

Commits can fail, or be cut by a crash before or after they are durable; a power cut may tear the last one's tail off.
"""

import shutil
import sqlite3
from collections import deque
from pathlib import Path

from fiscalmon.domain.errors import TillBusy, TillStopping
from fiscalmon.store.archive import Archive
from fiscalmon.store.database import FILE_NAME, asking, damaged, open_engine
from fiscalmon.store.writer import Job, Transactions

from .loop import LIFE, Life, VirtualLoop

FULL = "database or disk is full"


class PowerCut(BaseException):
    """The machine stops in the middle of a commit."""


class Plan:
    """What goes wrong at commits. `rate`: the share of commits that fail; `cut`: how the next one is cut, if at all."""

    def __init__(self) -> None:
        self.rate = 0.0
        self.cut: str | None = None


class SimulatedStore:
    """Implements books.Store for one life; dies with it."""

    def __init__(self, loop: VirtualLoop, folder: Path, plan: Plan, life: Life) -> None:
        self._loop = loop
        self._folder = folder
        self._plan = plan
        self._life = life
        self._engine = open_engine(folder, readers=1)
        self._transactions = Transactions(self._engine, lambda: None, self._before_commit)
        self._waiting: deque[Job] = deque()
        self._scheduled = False
        self._closed = False
        self._torn: dict[str, bytes] | None = None
        self.commits = 0
        # After a commit that failed and is on the disk all the same, nothing but a new start helps.
        self.broken = False

    async def write(self, job):
        if self._closed:
            raise TillStopping("The till is shutting down.")
        future = self._loop.create_future()
        self._waiting.append(Job(job, self._loop, future))
        self._schedule()
        return await future

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_later(self._loop.chance.uniform(0.0005, 0.01), self._commit, context=self._life.context)

    def _commit(self) -> None:
        self._scheduled = False
        if self._closed or not self._waiting:
            return
        cut, before = self._plan.cut, None
        try:
            if cut == "torn":
                before = self._files()
            done = self._transactions.commit(self._waiting.popleft(), self._next)
        except PowerCut:
            self._plan.cut = None
            self._life.end()
            return
        self.commits += 1
        if cut is not None:
            self._plan.cut = None
            if cut == "torn":
                self._tear(before)
            if cut == "error":
                # The disk said no, and yet everything is on it: found out at the next start.
                for job in done:
                    job.error = TillBusy("The disk is full.")
                self._closed = self.broken = True
                self._life.fuse = 25
            else:
                self._life.end()
                return
        self._loop.call_soon(_answer, done, context=self._life.context)
        if self._waiting:
            self._schedule()

    def _next(self) -> Job | None:
        return self._waiting.popleft() if self._waiting else None

    def _before_commit(self) -> None:
        if self._plan.cut == "before":
            raise PowerCut
        if self._plan.cut is None and self._plan.rate and self._loop.chance.random() < self._plan.rate:
            raise sqlite3.OperationalError(FULL)

    async def read(self, query):
        if self._closed:
            raise TillStopping("The till is shutting down.")
        return await self._loop.run_in_executor(None, self._look, query)

    def _look(self, query):
        if self._closed:
            raise TillStopping("The till is shutting down.")
        try:
            with self._engine.connect() as connection:
                return query(Archive(asking(connection)))
        except sqlite3.DatabaseError as wrong:
            raise damaged(wrong) from wrong

    def _files(self) -> dict[str, bytes]:
        found = (self._folder / name for name in (FILE_NAME, f"{FILE_NAME}-wal"))
        return {file.name: file.read_bytes() for file in found if file.exists()}

    def _tear(self, before: dict[str, bytes]) -> None:
        """The log as the platter has it when the power goes during the last commit's flush."""
        after, log = self._files(), f"{FILE_NAME}-wal"
        if after[FILE_NAME] != before[FILE_NAME]:
            return  # a checkpoint ran: the log had been flushed before it
        old = before.get(log, b"")
        same = after[log].startswith(old[:32]) and len(after[log]) > len(old)
        if same:
            keep = self._loop.chance.randint(len(old), len(after[log]))
            self._torn = {FILE_NAME: after[FILE_NAME], log: after[log][:keep]}

    def hurry(self) -> None:
        """No other program holds this disk."""

    def close(self) -> None:
        """Let go of the files; what was begun and not committed is gone."""
        self._closed = True
        self._transactions.close()
        self._engine.dispose()
        if self._torn is not None:
            for file in self._folder.glob(f"{FILE_NAME}*"):
                file.unlink()
            for name, content in self._torn.items():
                (self._folder / name).write_bytes(content)
            self._torn = None


def _answer(jobs: list[Job]) -> None:
    for job in jobs:
        job.answer()


def keep(folder: Path, copy: Path) -> None:
    """A copy of a closed database."""
    shutil.copy(folder / FILE_NAME, copy)


__all__ = ["LIFE", "Plan", "SimulatedStore", "keep"]
