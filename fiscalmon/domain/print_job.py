"""A slip's way onto paper: its states as a table, and what a printer's answer does to it. Pure.

The rule behind it: a slip that is on paper, or may be, is only ever printed again as a copy. Knows no printer.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from .errors import FiscalmonError
from .paper import Outcome, PaperKind, PrintMark, PrintResult

# A slip that came out torn is tried so often in all; one whose end nobody knows, so often.
MOST_TRIES = 3
MOST_DOUBTS = 2
Step = Literal["begin", "wait", "printed", "doubt", "fail", "skip", "retry", "confirm"]


class JobState(StrEnum):
    """`printing`: bytes of it may be on their way, also after a crash; `unknown`: it may be on paper, or part of it."""

    WAITING = "waiting"
    PRINTING = "printing"
    PRINTED = "printed"
    UNKNOWN = "unknown"
    FAILED = "failed"


STEPS: Mapping[tuple[JobState, Step], JobState] = MappingProxyType(
    {
        (JobState.WAITING, "begin"): JobState.PRINTING,
        (JobState.WAITING, "wait"): JobState.WAITING,
        (JobState.WAITING, "printed"): JobState.PRINTED,
        (JobState.WAITING, "doubt"): JobState.UNKNOWN,
        (JobState.WAITING, "fail"): JobState.FAILED,
        (JobState.WAITING, "skip"): JobState.FAILED,
        (JobState.PRINTING, "begin"): JobState.PRINTING,
        (JobState.PRINTING, "wait"): JobState.WAITING,
        (JobState.PRINTING, "printed"): JobState.PRINTED,
        (JobState.PRINTING, "doubt"): JobState.UNKNOWN,
        (JobState.PRINTING, "fail"): JobState.FAILED,
        (JobState.UNKNOWN, "doubt"): JobState.UNKNOWN,
        (JobState.UNKNOWN, "wait"): JobState.WAITING,
        (JobState.UNKNOWN, "printed"): JobState.PRINTED,
        (JobState.UNKNOWN, "fail"): JobState.FAILED,
        (JobState.UNKNOWN, "skip"): JobState.FAILED,
        (JobState.UNKNOWN, "retry"): JobState.WAITING,
        (JobState.UNKNOWN, "confirm"): JobState.PRINTED,
        (JobState.FAILED, "retry"): JobState.WAITING,
    }
)


class ImpossibleStep(FiscalmonError):
    """The slip is in no state for that."""

    code = "PRINT_JOB"


class PrintJob(msgspec.Struct, frozen=True):
    """One slip of one printer. `row`: the receipt's key in the books; `content`: a report as it was asked for, JSON.

    `tries`: how often it was printed or refused; `on_paper`: it is on paper or may be, whole or in part; `asking`:
    the printer is still to be asked what became of it; `mark`: how far it got, JSON; `document`: the printer's number.
    """

    job: int
    printer: str
    kind: PaperKind
    state: JobState
    device_id: int | None
    fiscal_day_no: int | None
    row: int | None
    receipt_id: str | None
    receipt_global_no: int | None
    tries: int
    on_paper: bool
    asking: bool
    mark: str | None
    content: str | None
    code: str | None
    reason: str | None
    document: str | None
    created_at: str
    at: str

    @property
    def is_copy(self) -> bool:
        """Whether the next paper of it has to say COPY."""
        return self.kind == "copy" or self.on_paper

    @property
    def may_be_on_paper(self) -> bool:
        """Whether some of it may be on paper already; while the printer is still to be asked, it may."""
        return self.on_paper or self.asking or self.state == JobState.PRINTING

    @property
    def final(self) -> bool:
        """Nothing happens to it any more by itself."""
        return self.state in (JobState.PRINTED, JobState.FAILED) or (self.state == JobState.UNKNOWN and not self.asking)

    def as_dict(self) -> dict[str, Any]:
        """As commands and screens show it."""
        return {
            "job": self.job,
            "receiptId": self.receipt_id,
            "deviceID": self.device_id,
            "receiptGlobalNo": self.receipt_global_no,
            "kind": self.kind,
            "state": str(self.state),
            "reason": self.reason,
            "at": self.at,
            "printer": self.printer,
            "fiscalDayNo": self.fiscal_day_no,
            "code": self.code,
            "tries": self.tries,
            "document": self.document,
            "onPaper": self.may_be_on_paper,
            "createdAt": self.created_at,
        }


def changed(job: PrintJob, step: Step, at: str, **members: Any) -> PrintJob:
    """The job after a step. Raises ImpossibleStep for one that the table does not have."""
    state = STEPS.get((job.state, step))
    if state is None:
        raise ImpossibleStep(f"Slip {job.job} is {job.state}: it cannot take the step {step!r} now.")
    return msgspec.structs.replace(job, state=state, at=at, **members)


def marked(job: PrintJob, mark: PrintMark, at: str) -> PrintJob:
    """The printer is about to bring the slip that far."""
    return changed(job, "begin", at, mark=msgspec.json.encode(mark).decode(), code=None, reason=None)


def after(job: PrintJob, result: PrintResult, at: str, *, repeatable: bool = True) -> PrintJob:
    """The job after the printer's answer. `repeatable` False: something that must not be done twice on a guess.

    What was not asked yet is asked first (`asking`); what stays unknown comes out again as a copy, so often and no
    more. A printer that is away counts for nothing: its slips wait.
    """
    said = {"code": result.code, "reason": result.reason, "asking": False}
    tries = job.tries + 1
    if result.outcome == Outcome.PRINTED:
        whole = {"code": None, "reason": None, "asking": False}
        return changed(job, "printed", at, **whole, tries=tries, on_paper=True, document=result.document)
    if result.outcome == Outcome.NOTHING:
        if result.away:
            return changed(job, "wait", at, **said, mark=None)
        return changed(job, "wait" if tries < MOST_TRIES else "fail", at, **said, tries=tries, mark=None)
    if result.outcome == Outcome.TORN:
        step: Step = "wait" if tries < MOST_TRIES else "fail"
        return changed(job, step, at, **said, tries=tries, on_paper=True, mark=None)
    if not job.asking or result.away:
        return changed(job, "doubt", at, **{**said, "asking": True})
    again = repeatable and tries < MOST_DOUBTS
    return changed(job, "wait" if again else "doubt", at, **said, tries=tries, on_paper=True, mark=None)


def mark_of(job: PrintJob) -> PrintMark:
    """How far the job got; a job without a mark is taken for one that was being printed."""
    return msgspec.json.decode(job.mark, type=PrintMark) if job.mark else PrintMark("open")
