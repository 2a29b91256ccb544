"""What every family's driver does, in terms of an open line; and the results they share. Knows no port, no thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from fiscalmon.domain.paper import Outcome, Paper, PrinterStatus, PrintMark, PrintResult

from .failures import PrinterFailure
from .findings import ADVICE
from .wire import Wire

# Stores a mark and returns once it is stored.
Mark = Callable[[PrintMark], None]
LocalNow = Callable[[], datetime]

_PASSING = frozenset({"E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09", "E10", "E17", "E18"})


class Driver(Protocol):
    """A family. Its methods run in the port's thread with the line open; they raise PortUnavailable or LineLost for
    the line and Stopped, and answer with all else."""

    @property
    def columns(self) -> int: ...

    @property
    def latest(self) -> PrinterStatus | None:
        """What the printer last said of itself, also in the middle of a slip."""

    def print(self, wire: Wire, paper: Paper, mark: Mark) -> PrintResult: ...

    def settle(self, wire: Wire, paper: Paper, mark: PrintMark) -> PrintResult: ...

    def status(self, wire: Wire) -> PrinterStatus: ...

    def set_clock(self, wire: Wire, local: datetime) -> PrintResult: ...


def printed(document: str | None = None) -> PrintResult:
    """It is on paper, whole."""
    return PrintResult(Outcome.PRINTED, document=document)


def not_printed(outcome: Outcome, failure: PrinterFailure) -> PrintResult:
    """The outcome with the failure's code and its plain sentence."""
    return said(outcome, failure.code)


def said(outcome: Outcome, code: str, document: str | None = None) -> PrintResult:
    """The outcome with the sentence of a code."""
    return PrintResult(outcome, code, ADVICE[code], document, away=code in _PASSING)
