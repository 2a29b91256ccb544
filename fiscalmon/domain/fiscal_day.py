"""The fiscal day's states as a table (Gateway v7.2 §16). Anything not in the table raises and changes nothing.

Drawn from this table in docs/fiscal-day.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from .errors import ImpossibleTransition

Step = Literal["open", "receipt", "close", "close_succeeded", "close_failed", "closed_manually"]


class DayStatus(StrEnum):
    """FDMS's own names; a device that was never used is closed."""

    CLOSED = "FiscalDayClosed"
    OPENED = "FiscalDayOpened"
    CLOSE_INITIATED = "FiscalDayCloseInitiated"
    CLOSE_FAILED = "FiscalDayCloseFailed"


TRANSITIONS: Mapping[tuple[DayStatus, Step], DayStatus] = MappingProxyType(
    {
        (DayStatus.CLOSED, "open"): DayStatus.OPENED,
        (DayStatus.OPENED, "receipt"): DayStatus.OPENED,
        (DayStatus.OPENED, "close"): DayStatus.CLOSE_INITIATED,
        (DayStatus.OPENED, "closed_manually"): DayStatus.CLOSED,
        (DayStatus.CLOSE_INITIATED, "close_succeeded"): DayStatus.CLOSED,
        (DayStatus.CLOSE_INITIATED, "close_failed"): DayStatus.CLOSE_FAILED,
        (DayStatus.CLOSE_FAILED, "receipt"): DayStatus.CLOSE_FAILED,
        (DayStatus.CLOSE_FAILED, "close"): DayStatus.CLOSE_INITIATED,
        (DayStatus.CLOSE_FAILED, "closed_manually"): DayStatus.CLOSED,
    }
)

CLOSE_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "BadCertificateSignature": "FDMS could not verify the close signature: check that the opening date and the "
        "certificate are the ones of this day, then close again.",
        "MissingReceipts": "FDMS misses receipts of this day: wait until the queue is empty, then close again.",
        "ReceiptsWithValidationErrors": "The day holds receipts that FDMS marked Red: ask ZIMRA to close it manually.",
        "CountersMismatch": "FDMS counted other totals: run `fiscalmon audit`, then close again.",
        "InternalError": "FDMS had a fault of its own: close again in some minutes.",
    }
)


def after(status: str, step: Step) -> DayStatus:
    """The state after a step. Raises ImpossibleTransition for a step the table does not have."""
    try:
        return TRANSITIONS[DayStatus(status), step]
    except (KeyError, ValueError):
        raise ImpossibleTransition(f"A fiscal day that is {status} cannot take the step {step!r}.") from None


def allows(status: str, step: Step) -> bool:
    """Whether the table has that step."""
    return (status, step) in TRANSITIONS
