"""What a printer's answer does to a slip, by the table, and what holds whatever a printer answers."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiscalmon.domain.paper import Outcome, PrintMark, PrintResult
from fiscalmon.domain.print_job import (
    MOST_TRIES,
    STEPS,
    ImpossibleStep,
    JobState,
    PrintJob,
    after,
    changed,
    mark_of,
    marked,
)

WAITING = PrintJob(
    1, "till", "receipt", JobState.WAITING, 101, 1, 7, "r7", 7, 0, False, False, None, None, None, None, None, "t0",
    "t0",
)  # fmt: skip
RESULTS = st.builds(PrintResult, st.sampled_from(Outcome), st.just("E05"), st.just("why"), st.none(), st.booleans())


def test_a_step_that_is_not_in_the_table_changes_nothing():
    for state in JobState:
        for step in ("begin", "wait", "printed", "doubt", "fail", "skip", "retry", "confirm"):
            job = changed_to(state)
            if (state, step) in STEPS:
                assert changed(job, step, "t1").state == STEPS[state, step]
            else:
                with pytest.raises(ImpossibleStep):
                    changed(job, step, "t1")


def changed_to(state: JobState) -> PrintJob:
    return msgspec.structs.replace(WAITING, state=state)


def test_a_mark_is_kept_as_it_was():
    mark = PrintMark("closing", "12", "3", "DT1")
    assert mark_of(marked(WAITING, mark, "t1")) == mark


@given(st.lists(RESULTS, max_size=30))
def test_whatever_a_printer_answers(results):
    """As the worker drives it: what may be on paper is only printed as a copy; refusals and tears come to an end."""
    job, unmarked = WAITING, 0
    for result in results:
        if job.final:
            break
        asked = job.asking
        if not asked and not (result.outcome == Outcome.NOTHING and result.away):
            unmarked += result.outcome != Outcome.NOTHING and not job.is_copy
            job = marked(job, PrintMark("open"), "t1")
        before = job
        job = after(job, result, "t2")
        assert job.tries <= MOST_TRIES
        if result.outcome in (Outcome.TORN, Outcome.PRINTED):
            assert job.is_copy
        if result.away and result.outcome == Outcome.NOTHING:
            assert (job.state, job.tries) == (JobState.WAITING, before.tries)
        if asked and result.outcome == Outcome.NOTHING:
            unmarked -= not job.is_copy
    assert unmarked <= 1


def test_an_unknown_end_is_asked_for_then_copied_then_left_to_people():
    lost = PrintResult(Outcome.UNKNOWN, "E26", "why")
    asked = after(marked(WAITING, PrintMark("closing"), "t1"), lost, "t2")
    assert (asked.state, asked.asking, asked.final, asked.may_be_on_paper) == (JobState.UNKNOWN, True, False, True)
    again = after(asked, lost, "t3")
    assert (again.state, again.is_copy) == (JobState.WAITING, True)
    left = after(after(marked(again, PrintMark("closing"), "t4"), lost, "t5"), lost, "t6")
    assert (left.state, left.final) == (JobState.UNKNOWN, True)
    once = after(asked, lost, "t3", repeatable=False)
    assert (once.state, once.final) == (JobState.UNKNOWN, True)
