"""What printing asks of the books, as Protocols: set-ups of printers and the journal of their slips.

Knows no SQL and no printer.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from ..domain.paper import PaperKind, PrinterSetup
from ..domain.print_job import PrintJob


class NewSlip(NamedTuple):
    """A slip that is to be printed. `row`: the receipt's key; `content`: a report as it stands now, JSON."""

    printer: str
    kind: PaperKind
    device_id: int | None = None
    fiscal_day_no: int | None = None
    row: int | None = None
    content: str | None = None


class PrintBook(Protocol):
    """Printers and slips inside a write transaction."""

    def add_printer(self, setup: PrinterSetup, at: str) -> None:
        """A printer. Raises BadInput when its name or its port is taken by another set-up."""

    def remove_printer(self, name: str, at: str) -> bool:
        """Forget a printer; what waits for it is given up, its journal stays. False when there is none."""

    def add(self, slip: NewSlip, at: str) -> int:
        """A slip that is to be printed; its key."""

    def find(self, job: int) -> PrintJob | None:
        """A slip as it stands."""

    def of_receipt(self, row: int) -> list[PrintJob]:
        """All slips of a receipt, oldest first."""

    def put(self, job: PrintJob) -> None:
        """What became of a slip."""

    def attention(self, name: str, codes: str | None) -> bool:
        """What is wrong with a printer, as codes, None for nothing. False when that is no news."""


class PrintArchive(Protocol):
    """Queries about printers and slips; None means not found."""

    def printers(self) -> list[PrinterSetup]:
        """All printers in the order in which they were added."""

    def attention(self) -> dict[str, str]:
        """What people were told last about printers that need them, as codes by name."""

    def job(self, job: int) -> PrintJob | None:
        """A slip."""

    def jobs(self, printer: str, limit: int) -> list[PrintJob]:
        """A printer's newest slips, oldest first."""

    def of_receipt(self, receipt_id: str) -> list[PrintJob]:
        """All slips of a receipt, oldest first."""

    def next(self, printer: str) -> PrintJob | None:
        """What the printer has to do next: first what it is to be asked about, then what waits, in order."""

    def counts(self) -> dict[str, dict[str, int]]:
        """How many slips of each printer are open or went wrong, by state; those that were printed are left out."""
