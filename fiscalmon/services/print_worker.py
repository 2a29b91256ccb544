"""The worker of one printer: takes its slips in order, writes down how far each got before the bytes go out.

Reads its work from the books, so that a restart goes on where it stopped: a slip that was being printed is asked for
first. Knows no printer's bytes. Nothing of it is waited for by signing or sending.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial

import msgspec
import structlog

from ..books import Work
from ..domain.errors import FiscalmonError
from ..domain.localtime import utc_text
from ..domain.paper import Outcome, Paper, PrinterMode, PrinterStatus, PrintMark, PrintResult
from ..domain.preferences import Printing as PrintingWishes
from ..domain.print_job import JobState, PrintJob, after, changed, mark_of, marked
from ..events import PRINT_FAILED, PRINTER_ATTENTION, PRINTER_OK, Message
from ..ports import Printer
from .parts import Parts
from .preferences import Preferences
from .printer_card import PrinterCard
from .slips import paper_of

# How long a printer that is away is left alone, try by try (serial reference: a cable comes back within seconds).
PAUSES = (0.5, 1.0, 2.0, 4.0, 5.0)
# An idle printer is asked how it is so often.
HEALTH_SECONDS = 30.0
# In the middle of a slip it says by itself how it is; that is looked at so often.
MIND_SECONDS = 1.5

log = structlog.get_logger()


class Withdrawn(Exception):
    """The slip was skipped or given to another printer just before its first byte went out."""


class PrintWorker:
    """Runs until cancelled. `bell` says that there may be work; `busy` is True while a slip is on its way, `idle` once
    nothing was left to do.
    """

    def __init__(self, printer: Printer, card: PrinterCard, parts: Parts, preferences: Preferences) -> None:
        self.printer = printer
        self.card = card
        self._store, self._clock, self._announcer = parts.store, parts.clock, parts.announcer
        self._preferences = preferences
        self.bell = asyncio.Event()
        # Rung after each slip, for whoever waits for one.
        self.settled = asyncio.Event()
        self.busy = False
        self.idle = False
        self.stopping = False
        self._failures = 0
        self._next_look = 0.0

    @property
    def name(self) -> str:
        return self.card.setup.name

    async def run(self) -> None:
        """Print whatever waits, for ever."""
        while not self.stopping:
            self.bell.clear()
            try:
                await self._turn()
            except FiscalmonError as wrong:
                log.warning(
                    "a printer's worker stops for a moment", printer=self.name, code=wrong.code, text=wrong.text
                )
                await self._back_off()
            except Exception:
                # Whatever it is: slips that nobody prints any more would be worse.
                log.exception("a printer's worker has a fault of its own", printer=self.name)
                await self._back_off()

    async def look(self) -> PrinterStatus:
        """Ask the printer how it is, and tell people when that is news."""
        status = await self.printer.status()
        self._next_look = asyncio.get_running_loop().time() + HEALTH_SECONDS
        self.card.seen(status, self._now())
        await self._tell_health()
        return status

    async def _turn(self) -> None:
        """One slip, or a look at an idle printer."""
        job = await self._store.read(lambda archive: archive.prints.next(self.name))
        self.idle = job is None
        if job is None:
            self._failures = 0
            left = self._next_look - asyncio.get_running_loop().time()
            if left <= 0:
                await self.look()
            else:
                await self._wait(left)
            return
        self.busy = True
        try:
            done = await self._print(job)
        finally:
            self.busy = False
            self._ring()
        if done:
            self._failures = 0
        else:
            await self._back_off()

    async def _print(self, job: PrintJob) -> bool:
        """Print a slip, or ask what became of it. False when the printer is better left alone for a moment."""
        try:
            paper = await self._paper(job)
        except FiscalmonError as wrong:
            await self._put_by(job, wrong)
            return True
        asked = job.asking or job.state == JobState.PRINTING
        minding = asyncio.create_task(self._mind())
        try:
            if asked:
                result = await self.printer.settle(paper, mark_of(job))
            else:
                result = await self.printer.print(paper, partial(self._mark, job.job))
        except Withdrawn:
            return True
        finally:
            minding.cancel()
            await asyncio.gather(minding, return_exceptions=True)
        if result.outcome == Outcome.PRINTED:
            self.card.printed(self._now())
        elif result.away:
            self.card.ran_into(result.code, result.reason, self._now())
        now = await self._conclude(job.job, result, asked=asked)
        await self._tell_health()
        return not (result.away or now.state == JobState.WAITING)

    async def _mind(self) -> None:
        """A slip may stand half-way until somebody brings paper: people are told meanwhile."""
        while True:
            await asyncio.sleep(MIND_SECONDS)
            await self.look()

    async def _paper(self, job: PrintJob) -> Paper:
        drawer = self._preferences.get(PrintingWishes).open_drawer
        make = partial(paper_of, job=job, setup=self.card.setup, columns=self.printer.columns, drawer=drawer)
        return await self._store.read(partial(make, now=self._clock.now()))

    async def _mark(self, job_id: int, mark: PrintMark) -> None:
        """The printer is about to bring the slip that far: written down before it does."""

        def job(work: Work) -> None:
            now = work.prints.find(job_id)
            if now is None or now.printer != self.name or now.state not in (JobState.WAITING, JobState.PRINTING):
                raise Withdrawn
            work.prints.put(marked(now, mark, self._now()))

        await self._store.write(job)

    async def _conclude(self, job_id: int, result: PrintResult, *, asked: bool) -> PrintJob:
        """Write down what became of the slip; tell people where it was given up."""
        repeatable = not self.card.answers_nothing

        def job(work: Work) -> tuple[PrintJob, Message | None]:
            held = work.prints.find(job_id)
            if held is None:
                raise Withdrawn
            if held.final:
                return held, None
            before = msgspec.structs.replace(held, asking=True) if asked else held
            fiscal = self.card.setup.mode == PrinterMode.HARDWARE_FISCAL and held.kind == "z"
            then = after(before, result, self._now(), repeatable=repeatable and not fiscal)
            if msgspec.structs.replace(then, at=held.at) == held:
                return held, None
            work.prints.put(then)
            return then, self._given_up(work, then)

        then, message = await self._store.write(job)
        if message is not None:
            self._announcer.tell(message)
        return then

    def _given_up(self, work: Work, job: PrintJob) -> Message | None:
        if not job.final or job.state == JobState.PRINTED:
            return None
        log.warning("a slip was not printed", printer=self.name, job=job.job, state=str(job.state), code=job.code)
        return work.events.add(PRINT_FAILED, job.at, job.device_id, job.as_dict())

    async def _put_by(self, slip: PrintJob, wrong: FiscalmonError) -> None:
        """What cannot be made into paper is no reason to hold up the next one."""

        def job(work: Work) -> Message | None:
            held = work.prints.find(slip.job)
            if held is None or held.final:
                return None
            failed = changed(held, "fail", self._now(), code=wrong.code, reason=wrong.text, asking=False)
            work.prints.put(failed)
            return self._given_up(work, failed)

        message = await self._store.write(job)
        if message is not None:
            self._announcer.tell(message)

    async def _tell_health(self) -> None:
        """A lasting message when other things are wrong with the printer than people were told last."""
        codes = self.card.codes
        if codes == self.card.told:
            return
        setup, findings = self.card.setup, self.card.findings
        data = {
            "printer": setup.name,
            "state": self.card.state,
            "findings": [{"code": found.code, "advice": found.advice} for found in findings],
            "code": findings[0].code if findings else None,
            "advice": findings[0].advice if findings else None,
        }
        type_ = PRINTER_ATTENTION if codes else PRINTER_OK

        def job(work: Work) -> Message | None:
            if not work.prints.attention(setup.name, codes):
                return None
            return work.events.add(type_, self._now(), setup.device_id, data)

        message = await self._store.write(job)
        self.card.told = codes
        if message is not None:
            self._announcer.tell(message)

    async def _back_off(self) -> None:
        pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        await asyncio.sleep(pause)

    async def _wait(self, seconds: float) -> None:
        # Not wait_for: before 3.12 it swallows a cancellation that comes together with the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.bell.wait()

    def _ring(self) -> None:
        self.settled.set()
        self.settled = asyncio.Event()

    def _now(self) -> str:
        return utc_text(self._clock.now())
