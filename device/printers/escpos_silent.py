"""ESC/POS printers with no back channel: nothing is asked, and a slip whose last byte has left counts as printed.

Only by its owner's setting, who looks at the paper. The bytes come from `escpos_bytes.py`.
"""

from __future__ import annotations

from datetime import datetime

from fiscalmon.domain.paper import Outcome, Paper, PrinterStatus, PrintMark, PrintResult

from .driver import Mark, not_printed, printed, said
from .escpos_bytes import QrForm, compose
from .failures import PrinterFailure
from .findings import findings
from .wire import Wire


class SilentDriver:
    """Implements driver.Driver."""

    def __init__(self, width: int, qr: QrForm) -> None:
        self.columns = width
        self.latest: PrinterStatus | None = None
        self._qr = qr
        # What came out last may have no end: the next slip is not to hang on to it.
        self._torn = False

    def print(self, wire: Wire, paper: Paper, mark: Mark) -> PrintResult:
        slip = compose(paper, self.columns, self._qr, apart=self._torn)
        mark(PrintMark("opening"))
        self._torn = True
        worst = Outcome.TORN
        try:
            empty = wire.now()
            for place, block in enumerate(slip.blocks):
                if place == slip.last:
                    mark(PrintMark("closing"))
                    worst = Outcome.UNKNOWN
                wire.write(block)
                empty = max(empty, wire.now()) + len(block) * 10 / wire.baud
            # Until the line is empty a cable that goes away takes bytes with it, and says so.
            while wire.now() < empty:
                wire.read(empty - wire.now())
        except PrinterFailure as failure:
            return not_printed(worst, failure)
        self._torn = False
        return printed()

    def settle(self, wire: Wire, paper: Paper, mark: PrintMark) -> PrintResult:
        """Nobody can be asked: what was not sent to its last block is torn, the rest is for a person."""
        self._torn = True
        return said(Outcome.TORN, "E27") if mark.state in ("opening", "open") else said(Outcome.UNKNOWN, "E26")

    def status(self, wire: Wire) -> PrinterStatus:
        """Its port is there; all else is not known."""
        self.latest = PrinterStatus(reachable=True, findings=findings({"W06"} if self._qr == "text" else set()))
        return self.latest

    def set_clock(self, wire: Wire, local: datetime) -> PrintResult:
        return PrintResult(Outcome.NOTHING, "E15", "This printer has no clock; there is nothing to set.")
