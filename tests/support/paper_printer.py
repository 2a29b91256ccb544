"""A printer on the port itself: paper as a list, faults by script. Says truthfully what it did unless told not to."""

import asyncio
from collections import deque

from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.paper import (
    Finding,
    Outcome,
    PrinterMode,
    PrinterSetup,
    PrinterStatus,
    PrintMark,
    PrintResult,
)

OUT_OF_PAPER = Finding("E05", "The printer is out of paper.")
GONE = PrintResult(Outcome.NOTHING, "E01", "The printer's port is not there.", away=True)
REFUSED = PrintResult(Outcome.NOTHING, "E15", "The printer does not allow this now.")


class PaperPrinter:
    """`paper`: what came out, (number, kind, says COPY, whole). `script`: what the next slips meet: torn, torn-away,
    refused, lost-done, lost-undone; an empty one prints. `answers`: whether it tells afterwards what it did.
    """

    columns = 48

    def __init__(self, setup: PrinterSetup) -> None:
        self.setup = setup
        self.paper: list[tuple[int | None, str, bool, bool]] = []
        self.script: deque[str] = deque()
        self.marks: list[PrintMark] = []
        self.away = False
        self.answers = True
        self.findings: tuple[Finding, ...] = ()
        self.gate = asyncio.Event()
        self.gate.set()
        self.closed = False
        self.asked = 0
        self.tried = 0
        self._did: bool | None = None

    async def print(self, paper, mark):
        self.tried += 1
        if self.away:
            return GONE
        await mark(PrintMark("opening", document_before=str(len(self.paper))))
        self.marks.append(PrintMark("opening"))
        await self.gate.wait()
        meets = self.script.popleft() if self.script else ""
        if meets == "refused":
            return REFUSED
        if meets == "lost-undone":
            self._did = False
            return PrintResult(Outcome.UNKNOWN, "E04", "The printer does not answer.")
        whole = not meets.startswith("torn")
        self._put(paper, whole)
        if not whole:
            return PrintResult(Outcome.TORN, "E27", "The slip is not whole.", away=meets == "torn-away")
        if meets == "lost-done":
            self._did = True
            return PrintResult(Outcome.UNKNOWN, "E04", "The printer does not answer.")
        return PrintResult(Outcome.PRINTED, document=str(len(self.paper)))

    async def settle(self, paper, mark):
        self.asked += 1
        if self.away:
            return GONE._replace(outcome=Outcome.UNKNOWN)
        if not self.answers or self._did is None:
            return PrintResult(Outcome.UNKNOWN, "E26", "The slip's end cannot be seen from here.")
        return PrintResult(Outcome.PRINTED if self._did else Outcome.NOTHING, document=str(len(self.paper)))

    async def status(self):
        if self.away:
            return PrinterStatus(False, (Finding("E01", "The printer's port is not there."),))
        return PrinterStatus(True, self.findings, model="Paper 1")

    async def set_clock(self, local):
        return PrintResult(Outcome.NOTHING, "E15", "It has no clock.")

    async def close(self):
        self.closed = True

    def _put(self, paper, whole):
        copy = any("COPY" in line.text for line in paper.lines)
        self.paper.append((paper.number, paper.kind, copy, whole))


class PaperPrinters:
    """`made`: each printer by name, as it was opened last."""

    def __init__(self) -> None:
        self.made: dict[str, PaperPrinter] = {}

    def open(self, setup: PrinterSetup) -> PaperPrinter:
        if setup.mode == PrinterMode.HARDWARE_FISCAL and setup.family == "escpos":
            raise BadInput("An ESC/POS printer has no fiscal memory.")
        self.made[setup.name] = PaperPrinter(setup)
        return self.made[setup.name]

    def ports(self):
        return [("/dev/ttyUSB0", "USB Serial")]
