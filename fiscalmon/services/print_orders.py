"""What people ask of slips: print a receipt again, a report, a test page; retry, skip or confirm a slip.

Each is one transaction on the journal; the workers do the rest. Knows no printer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from ..books import NewSlip, Store, Work
from ..domain.errors import UnknownReceipt
from ..domain.localtime import utc_text
from ..domain.paper import PaperKind
from ..domain.print_job import ImpossibleStep, JobState, PrintJob, Step, changed
from ..domain.recorded import Recorded
from ..ports import Clock
from .reports import report_of_day

Seen = frozenset[int] | None


class PrintOrders:
    """`ring` tells the workers that there is work."""

    def __init__(self, store: Store, clock: Clock, ring: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._ring = ring

    async def slips(self, receipt_id: str) -> list[dict[str, Any]]:
        """All slips of a receipt so far, oldest first."""
        found = await self._store.read(lambda archive: archive.prints.of_receipt(receipt_id))
        return [job.as_dict() for job in found]

    async def receipt(self, entry: Recorded, printer: str) -> PrintJob:
        """A slip of a receipt: a copy, unless the original is surely on no paper and nowhere on its way there. An
        original that waits for a printer that is away goes to the one asked for.
        """
        return await self._do(partial(_receipt_slip, entry=entry, printer=printer, at=self._now()))

    async def report(self, device_id: int, day_no: int | None, printer: str) -> PrintJob:
        """An X or Z report as it stands now. Raises DayRefused."""
        report = await self._store.read(lambda archive: report_of_day(archive, device_id, day_no))
        kind: PaperKind = "z" if report.report == "Z" else "x"
        content = msgspec.json.encode(report).decode()
        slip = NewSlip(printer, kind, device_id, report.day_no, content=content)

        def job(work: Work) -> PrintJob:
            return _added(work, slip, self._now())

        return await self._do(job)

    async def test(self, printer: str) -> PrintJob:
        """A test page."""
        return await self._do(lambda work: _added(work, NewSlip(printer, "test"), self._now()))

    async def retry(self, job_id: int) -> PrintJob:
        """Once more what failed or is unknown; it says COPY where it may be on paper. Raises ImpossibleStep."""
        fresh = {"tries": 0, "asking": False, "code": None, "reason": None, "mark": None}
        return await self._step(job_id, "retry", **fresh)

    async def skip(self, job_id: int) -> PrintJob:
        """Give up what waits; the receipt itself is not touched. Raises ImpossibleStep."""
        return await self._step(job_id, "skip", asking=False, code="SKIPPED", reason="Skipped by hand.")

    async def confirm(self, job_id: int) -> PrintJob:
        """Somebody has seen the whole slip, which the printer could not tell. Raises ImpossibleStep."""
        return await self._step(job_id, "confirm", asking=False, code=None, reason=None)

    async def _step(self, job_id: int, step: Step, **members: object) -> PrintJob:
        def job(work: Work) -> PrintJob:
            held = work.prints.find(job_id)
            if held is None:
                raise UnknownReceipt(f"There is no slip {job_id}; `fiscalmon printer jobs NAME` shows them.")
            then = changed(held, step, self._now(), **members, on_paper=held.may_be_on_paper)
            work.prints.put(then)
            return then

        return await self._do(job)

    async def _do(self, job: Callable[[Work], PrintJob]) -> PrintJob:
        slip = await self._store.write(job)
        self._ring()
        return slip

    def _now(self) -> str:
        return utc_text(self._clock.now())


def _receipt_slip(work: Work, entry: Recorded, printer: str, at: str) -> PrintJob:
    slips = work.prints.of_receipt(entry.row)
    original = next((slip for slip in slips if slip.kind == "receipt"), None)
    waiting = [slip for slip in slips if slip.state == JobState.WAITING]
    for slip in waiting:
        # Asked for again while its printer is away, it is still one slip.
        if slip.printer == printer and slip.reason is not None:
            return slip
    if any(slip.may_be_on_paper for slip in slips) or any(slip.reason is None for slip in waiting):
        return _added(work, NewSlip(printer, "copy", entry.device_id, row=entry.row), at)
    if original is None:
        return _added(work, NewSlip(printer, "receipt", entry.device_id, row=entry.row), at)
    # It is on no paper: the one original goes to whoever prints it first.
    fresh = msgspec.structs.replace(
        original, printer=printer, state=JobState.WAITING, tries=0, asking=False, code=None, reason=None, at=at
    )
    work.prints.put(fresh)
    return fresh


def _added(work: Work, slip: NewSlip, at: str) -> PrintJob:
    job = work.prints.find(work.prints.add(slip, at))
    if job is None:
        raise ImpossibleStep("The slip is not in the books.")
    return job
