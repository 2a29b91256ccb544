"""What can go wrong between a driver and its printer, sorted by what it means for the slip. Knows no port.

A code is one of `findings.py`; drivers turn these into results, nothing here leaves the package.
"""

from __future__ import annotations


class PrinterFailure(Exception):
    """Root of the family. `code`: the finding that says it to people; `sent`: whether a byte may have arrived."""

    def __init__(self, code: str, why: str = "", *, sent: bool = False) -> None:
        super().__init__(why or code)
        self.code = code
        self.sent = sent


class PortUnavailable(PrinterFailure):
    """The port cannot be opened: not there, not allowed, in use. Nothing was sent."""


class LineLost(PrinterFailure):
    """The port went away, or takes no more bytes, in the middle."""


class NoAnswer(PrinterFailure):
    """Sent, and no valid answer in time. `busy`: the printer had said that it works on it. What it did is unknown."""

    def __init__(self, why: str, *, busy: bool = False) -> None:
        super().__init__("E04", why, sent=True)
        self.busy = busy


class NotUnderstood(PrinterFailure):
    """The printer refused the frame itself each time: nothing was done. Another framing or another mode is needed."""


class Rejected(PrinterFailure):
    """The printer answered that it did not do it: nothing changed there. `again`: the frame had to be sent twice,
    so that the first one may have been done after all."""

    def __init__(self, code: str, why: str = "", *, again: bool = False) -> None:
        super().__init__(code, why, sent=True)
        self.again = again


class Stopped(PrinterFailure):
    """The till is stopping; the slip is left as it stands and is asked for at the next start."""

    def __init__(self) -> None:
        super().__init__("E04", "the till is stopping", sent=True)
