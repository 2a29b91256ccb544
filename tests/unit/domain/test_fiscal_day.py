"""The fiscal day's table: every listed step leads where it says, every other raises; the page shows the same."""

import re
import typing

import pytest

from fiscalmon.domain.errors import ImpossibleTransition
from fiscalmon.domain.fiscal_day import CLOSE_ADVICE, TRANSITIONS, DayStatus, Step, after, allows
from tests.house.source import ROOT

STEPS = typing.get_args(Step)
PAGE = ROOT / "docs/fiscal-day.md"
BLOCK = re.compile(r"<!-- table of \S+ -->\n(.*?)<!-- end of the table -->", re.DOTALL)

# §16 by hand, so that the table is not its own witness.
GATEWAY = {
    "FiscalDayClosed": {"open": "FiscalDayOpened"},
    "FiscalDayOpened": {
        "receipt": "FiscalDayOpened",
        "close": "FiscalDayCloseInitiated",
        "closed_manually": "FiscalDayClosed",
    },
    "FiscalDayCloseInitiated": {"close_succeeded": "FiscalDayClosed", "close_failed": "FiscalDayCloseFailed"},
    "FiscalDayCloseFailed": {
        "receipt": "FiscalDayCloseFailed",
        "close": "FiscalDayCloseInitiated",
        "closed_manually": "FiscalDayClosed",
    },
}


def table() -> str:
    """The block of the page: a row for each state, a column for each step, and the same as a drawing."""
    rows = ["| state | " + " | ".join(f"`{step}`" for step in STEPS) + " |", "|---" * (len(STEPS) + 1) + "|"]
    for status in DayStatus:
        cells = [TRANSITIONS.get((status, step), "–") for step in STEPS]
        rows.append(f"| **{status}** | " + " | ".join(cells) + " |")
    drawing = [f"    {before} --> {then}: {step}" for (before, step), then in TRANSITIONS.items()]
    drawn = ["```mermaid", "stateDiagram-v2", "    [*] --> FiscalDayClosed", *drawing, "```"]
    return "\n".join([*rows, "", *drawn]) + "\n"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", list(DayStatus))
def test_every_step_from_every_state(status, step):
    then = GATEWAY[status].get(step)
    assert allows(status, step) is allows(str(status), step) is (then is not None)
    if then is None:
        with pytest.raises(ImpossibleTransition, match=f"{status} cannot take the step '{step}'"):
            after(status, step)
    else:
        assert after(status, step) == after(str(status), step) == then


@pytest.mark.parametrize(("status", "step"), [("Closed", "open"), ("", "receipt"), ("FiscalDayOpened", "sell")])
def test_what_is_no_state_or_no_step(status, step):
    assert not allows(status, step)
    with pytest.raises(ImpossibleTransition) as raised:
        after(status, step)
    assert raised.value.code == "IMPOSSIBLE_TRANSITION"


def test_the_table_cannot_be_changed():
    with pytest.raises(TypeError):
        TRANSITIONS[DayStatus.CLOSED, "close"] = DayStatus.CLOSED


def test_every_close_error_has_advice():
    # §6, FiscalDayProcessingError
    assert set(CLOSE_ADVICE) == {
        "BadCertificateSignature",
        "MissingReceipts",
        "ReceiptsWithValidationErrors",
        "CountersMismatch",
        "InternalError",
    }
    assert all(advice.endswith(".") for advice in CLOSE_ADVICE.values())


def test_the_page_shows_the_table_as_it_is():
    shown = BLOCK.search(PAGE.read_text(encoding="utf-8"))
    assert shown is not None
    assert shown[1] == table(), f"put this between the two comments of docs/fiscal-day.md:\n{table()}"
