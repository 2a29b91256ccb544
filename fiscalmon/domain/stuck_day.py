"""Why a fiscal day is stuck, and what may be done about it: facts → cause → acts, one after the other, all pure.

The facts come from the books, the device and FDMS; without FDMS the first two steps still work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from .fiscal_day import CLOSE_ADVICE, DayStatus

ActName = Literal["take_over", "send_again", "wait", "close", "recover"]
Row = tuple[str, Any, Any]


class BookFacts(NamedTuple):
    """The newest day as this till has it. `waiting`: receipts without FDMS's answer; `red`: numbers that failed."""

    day_no: int | None
    status: str
    opened: str | None = None
    receipts: int = 0
    last_number: int = 0
    waiting: int = 0
    red: tuple[int, ...] = ()
    closing_error: str | None = None
    adopted: bool = False
    announced: bool = True
    hours_left: float | None = None


class FdmsFacts(NamedTuple):
    """The newest day as FDMS has it. `receipts` and `counters_agree` are None where it does not tell."""

    day_no: int | None
    status: str
    receipts: int | None = None
    last_number: int | None = None
    closing_error: str | None = None
    counters_agree: bool | None = None


class Facts(NamedTuple):
    """`fdms` is None while it cannot be reached; `blocked`: why the head of the queue cannot go."""

    books: BookFacts
    fdms: FdmsFacts | None
    blocked: str | None = None


class Cause(NamedTuple):
    """A stable code, and one sentence."""

    code: str
    text: str


class Act(NamedTuple):
    """Something that may be done now. `name` is None for what only people can do; `sends`: what FDMS gets."""

    name: ActName | None
    text: str
    sends: str


def differences(facts: Facts) -> list[Row]:
    """What books and FDMS tell differently: (name, books, FDMS)."""
    if facts.fdms is None:
        return []
    books, fdms = facts.books, facts.fdms
    rows: list[Row] = [
        ("fiscalDayNo", books.day_no, fdms.day_no),
        ("fiscalDayStatus", books.status, fdms.status),
        ("fiscalDayClosingErrorCode", books.closing_error, fdms.closing_error),
    ]
    if books.day_no == fdms.day_no and not books.adopted:
        if fdms.receipts is not None:
            rows.append(("receipts", books.receipts - books.waiting, fdms.receipts))
        if fdms.counters_agree is False:
            rows.append(("fiscalDayCounters", "differ", "differ"))
    found = [row for row in rows if row[1] != row[2] or row[0] == "fiscalDayCounters"]
    if (fdms.last_number or 0) > books.last_number:
        found.append(("lastReceiptGlobalNo", books.last_number, fdms.last_number))
    return found


def cause(facts: Facts) -> Cause:
    """The first row of the table that fits."""
    return next(Cause(code, text(facts)) for code, fits, text in _CAUSES if fits(facts))


def acts(facts: Facts, found: Cause) -> tuple[Act, ...]:
    """What may be done about the cause, best first."""
    make = _ACTS.get(found.code)
    if make is not None:
        return make
    return (_CLOSE, _CALL) if found.code in CLOSE_ADVICE else ()


def _open_here(facts: Facts) -> bool:
    return facts.books.status in (DayStatus.OPENED, DayStatus.CLOSE_FAILED)


def _unknown_day(facts: Facts) -> bool:
    fdms, books = facts.fdms, facts.books
    red = books.closing_error == "ReceiptsWithValidationErrors"
    return (
        fdms is not None
        and fdms.status in (DayStatus.OPENED, DayStatus.CLOSE_FAILED)
        and (not red if books.adopted else books.day_no != fdms.day_no)
    )


def _not_ours(facts: Facts) -> bool:
    """A day opened here without a link, whose number FDMS has given to another day."""
    fdms, books = facts.fdms, facts.books
    return fdms is not None and _open_here(facts) and not books.announced and (fdms.day_no or 0) >= (books.day_no or 0)


def _closed_there(facts: Facts) -> bool:
    fdms = facts.fdms
    return (
        fdms is not None
        and fdms.status == DayStatus.CLOSED
        and fdms.day_no == facts.books.day_no
        and facts.books.announced
        and _open_here(facts)
    )


def _behind(facts: Facts) -> bool:
    """FDMS has receipts of the open day that these books lost."""
    fdms = facts.fdms
    return (
        fdms is not None
        and fdms.day_no == facts.books.day_no
        and fdms.status != DayStatus.CLOSED
        and (fdms.last_number or 0) > facts.books.last_number
    )


def _close_failed(code: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.books.status == DayStatus.CLOSE_FAILED and facts.books.closing_error == code


def _said(text: str) -> Callable[[Facts], str]:
    return lambda _: text


_Row = tuple[str, Callable[[Facts], bool], Callable[[Facts], str]]
_CAUSES: tuple[_Row, ...] = (
    (
        "DAY_NUMBER_TAKEN",
        _not_ours,
        lambda f: (
            f"Day {f.books.day_no} was opened here without a link, but FDMS has given that number to another day: "
            "these books are an old copy."
        ),
    ),
    (
        "CLOSED_THERE",
        _closed_there,
        lambda f: f"ZIMRA closed day {f.books.day_no} by hand, and these books do not know it yet.",
    ),
    (
        "UNKNOWN_DAY",
        _unknown_day,
        lambda f: (
            f"FDMS holds day {f.fdms.day_no if f.fdms else None}, whose receipts are not in these books: they were "
            "lost or are an old copy."
        ),
    ),
    (
        "BOOKS_BEHIND",
        _behind,
        lambda f: (
            f"FDMS holds receipts of day {f.books.day_no} up to {f.fdms.last_number if f.fdms else None}, these books "
            f"end at {f.books.last_number}: they are an old copy. Nothing is sold, or a number would be used twice."
        ),
    ),
    (
        "ReceiptsWithValidationErrors",
        _close_failed("ReceiptsWithValidationErrors"),
        lambda f: (
            f"Day {f.books.day_no} holds receipts that FDMS marked Red"
            + (f" ({', '.join(map(str, f.books.red))})" if f.books.red else "")
            + ": the device can no longer close it."
        ),
    ),
    (
        "QUEUE_BLOCKED",
        lambda f: f.books.waiting > 0 and f.blocked is not None,
        lambda f: f"{f.books.waiting} receipts wait, and FDMS refuses the first: {f.blocked}",
    ),
    (
        "RECEIPTS_WAIT",
        lambda f: f.books.waiting > 0,
        lambda f: f"{f.books.waiting} receipts have not been answered yet; a day closes when all are.",
    ),
    (
        "CLOSE_RUNNING",
        lambda f: f.books.status == DayStatus.CLOSE_INITIATED,
        lambda f: f"Day {f.books.day_no} is being closed; its fate is asked for every few seconds.",
    ),
    *(
        (code, _close_failed(code), _said(text))
        for code, text in CLOSE_ADVICE.items()
        if code != "ReceiptsWithValidationErrors"
    ),
    (
        "CloseRefused",
        lambda f: f.books.status == DayStatus.CLOSE_FAILED,
        lambda f: f"FDMS refused to close day {f.books.day_no} ({f.books.closing_error}).",
    ),
    (
        "DAY_TOO_LONG",
        lambda f: _open_here(f) and f.books.hours_left is not None and f.books.hours_left < 0,
        lambda f: f"Day {f.books.day_no} is open for longer than allowed: nothing can be sold until it is closed.",
    ),
    ("FDMS_AWAY", lambda f: f.fdms is None, _said("FDMS cannot be reached; sales go on, and receipts wait.")),
    ("NOTHING", lambda f: True, _said("Nothing keeps this day from going on.")),
)
_CALL = Act(None, "Call ZIMRA with the day's number and have it closed by hand.", "nothing")
_CLOSE = Act("close", "Close the day again with the counters in these books.", "closeDay, signed anew")
_SEND = Act(
    "send_again", "Send the waiting receipts now instead of at the next try.", "the signed receipts, as they are"
)
_WAIT = Act("wait", "Follow the close to its end.", "closeDay as it was signed, unless FDMS has it")
_TAKE = Act("take_over", "Take the close into the books; receipts FDMS never got are marked failed.", "nothing")
_RECOVER = Act("recover", "Close it by FDMS's own counters (needs its opening time).", "closeDay with FDMS's counters")
_SUPPORT = Act(None, "Call support: receipts signed in this day cannot be sent as they are.", "nothing")
_NEWEST = Act(None, "Restore the newest copy of the data folder; with it the day goes on.", "nothing")
_ACTS: Mapping[str, tuple[Act, ...]] = MappingProxyType(
    {
        "DAY_NUMBER_TAKEN": (_SUPPORT,),
        "CLOSED_THERE": (_TAKE,),
        "UNKNOWN_DAY": (_RECOVER, _CALL),
        "BOOKS_BEHIND": (_NEWEST, _CALL),
        "ReceiptsWithValidationErrors": (_CALL,),
        "QUEUE_BLOCKED": (_SEND,),
        "RECEIPTS_WAIT": (_SEND,),
        "CLOSE_RUNNING": (_WAIT,),
        "CloseRefused": (_CLOSE, _CALL),
        "DAY_TOO_LONG": (_CLOSE,),
    }
)
