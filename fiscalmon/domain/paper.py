"""What goes onto paper and what printers say of themselves, as values shared by documents, services and drivers.

Knows no printer's bytes, no port and no queue.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NamedTuple

import msgspec

from .receipt import Receipt

Family = Literal["escpos", "fp1", "x4", "zfp"]
Dialect = Literal["eltrade", "incotex", "datecs", "daisy"]
QrMode = Literal["auto", "native", "image", "text"]
PaperKind = Literal["receipt", "copy", "x", "z", "test"]


class PrinterMode(StrEnum):
    """`print-only`: the printer's own fiscal memory stays out of it, so that no sale is fiscalised a second time."""

    PRINT_ONLY = "print-only"
    HARDWARE_FISCAL = "hardware-fiscal"


class PrinterSetup(msgspec.Struct, frozen=True):
    """A printer as its owner described it. `port`: a serial port, a pseudo-terminal's path or a pyserial URL.

    `width` is an upper bound in columns, the dialect's limit wins. `device_id`: prints that device's receipts.
    `answers` False: an ESC/POS printer with no back channel: it is not asked, a slip sent whole counts as printed.
    """

    name: str
    family: Family
    port: str
    dialect: Dialect | None = None
    baud: int = 115_200
    width: int = 48
    qr: QrMode = "auto"
    mode: PrinterMode = PrinterMode.PRINT_ONLY
    device_id: int | None = None
    answers: bool = True


class FoundPrinter(NamedTuple):
    """A printer that answered on a port. `dialect`: a guess by its serial number, None where that says nothing."""

    family: Family
    baud: int
    dialect: Dialect | None = None
    model: str | None = None
    serial_no: str | None = None


class PaperLine(NamedTuple):
    """A line laid out to the paper's width, or the place of the QR code of `text`. `strong`, `double`: where a
    printer can; a `double` line is at most half as wide as the paper."""

    text: str
    strong: bool = False
    qr: bool = False
    double: bool = False


class Paper(NamedTuple):
    """One slip from its first line to the cut. `width`: columns of its lines; `receipt`: what a hardware fiscal
    printer registers (None on copies and reports); `number`: receiptGlobalNo, for messages."""

    kind: PaperKind
    width: int
    lines: tuple[PaperLine, ...]
    number: int | None = None
    receipt: Receipt | None = None
    cut: bool = True
    drawer: bool = False


class PrintMark(msgspec.Struct, frozen=True):
    """How far a slip has come, stored before the bytes that bring it there.

    `state`: opening, open, paying, closing. `document_before`, `closure_before`: the printer's own last document and
    last Z number before it began (None where a printer has none); `printer_serial`: which printer that was.
    """

    state: Literal["opening", "open", "paying", "closing"]
    document_before: str | None = None
    closure_before: str | None = None
    printer_serial: str | None = None


class Outcome(StrEnum):
    """What became of a slip. NOTHING: not a byte of it is on paper; TORN: some of it, surely not all; UNKNOWN: the
    printer did not say, and has to be asked."""

    PRINTED = "printed"
    NOTHING = "nothing"
    TORN = "torn"
    UNKNOWN = "unknown"


class PrintResult(NamedTuple):
    """`code` and `reason` (a plain sentence with what to do) where it was not printed. `document`: the printer's
    own number of it. `away`: the printer cannot be reached or wants paper or a cover closed: later may be better."""

    outcome: Outcome
    code: str | None = None
    reason: str | None = None
    document: str | None = None
    away: bool = False


class Finding(NamedTuple):
    """One thing that a printer says of itself: a stable code (E: it cannot print, W: soon), and what to do."""

    code: str
    advice: str

    @property
    def stops(self) -> bool:
        return self.code.startswith("E")


class PrinterStatus(NamedTuple):
    """A printer's health. `reachable` False: all else is unknown. `clock_drift`: seconds it is ahead of the asker;
    `fiscal_memory_left`: Z reports left, where it has a fiscal memory."""

    reachable: bool
    findings: tuple[Finding, ...] = ()
    model: str | None = None
    serial_no: str | None = None
    firmware: str | None = None
    clock_drift: float | None = None
    fiscal_memory_left: int | None = None

    @property
    def ready(self) -> bool:
        return self.reachable and not any(finding.stops for finding in self.findings)
