"""Reading printers and their slips. Blocking calls on the archive's connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..domain.paper import PrinterMode, PrinterSetup
from ..domain.print_job import JobState, PrintJob

Ask = Callable[[str, tuple[Any, ...]], list[Any]]
JOB = """
    SELECT j.job, j.printer, j.kind, j.state, j.device_id, coalesce(j.fiscal_day_no, r.fiscal_day_no), j.receipt,
           r.receipt_id, r.receipt_global_no, j.tries, j.on_paper, j.asking, j.mark, j.content, j.code, j.reason,
           j.document, j.created_at, j.at
    FROM print_jobs j LEFT JOIN receipts r ON r.id = j.receipt"""
_SETUP = "SELECT name, family, port, dialect, baud, width, qr, mode, device_id, answers FROM printers"


def job_of(row: Any) -> PrintJob:
    """A row of JOB as a value: the columns stand in the order of its members."""
    job, printer, kind, state, *more = row
    device_id, day_no, receipt, receipt_id, number, tries, on_paper, asking, *rest = more
    state = JobState(state)
    return PrintJob(
        job, printer, kind, state, device_id, day_no, receipt, receipt_id, number, tries, bool(on_paper), bool(asking),
        *rest,
    )  # fmt: skip


def setup_of(row: Any) -> PrinterSetup:
    """A row of `printers` as a value, by the columns' names."""
    held = row._mapping if hasattr(row, "_mapping") else row
    members = {name: held[name] for name in PrinterSetup.__struct_fields__}
    return PrinterSetup(**{**members, "mode": PrinterMode(members["mode"]), "answers": bool(members["answers"])})


class PrintArchive:
    """Queries. `None` means not found."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def printers(self) -> list[PrinterSetup]:
        """All printers in the order in which they were added."""
        return [setup_of(row) for row in self._ask(f"{_SETUP} ORDER BY id", ())]

    def attention(self) -> dict[str, str]:
        """What people were told last about printers that need them, as codes by name."""
        sql = "SELECT name, attention FROM printers WHERE attention IS NOT NULL"
        return {row[0]: row[1] for row in self._ask(sql, ())}

    def job(self, job: int) -> PrintJob | None:
        """A slip."""
        rows = self._ask(f"{JOB} WHERE j.job = ?", (job,))
        return job_of(rows[0]) if rows else None

    def jobs(self, printer: str, limit: int) -> list[PrintJob]:
        """A printer's newest slips, oldest first."""
        rows = self._ask(f"{JOB} WHERE j.printer = ? ORDER BY j.job DESC LIMIT ?", (printer, limit))
        return [job_of(row) for row in reversed(rows)]

    def of_receipt(self, receipt_id: str) -> list[PrintJob]:
        """All slips of a receipt, oldest first."""
        return [job_of(row) for row in self._ask(f"{JOB} WHERE r.receipt_id = ? ORDER BY j.job", (receipt_id,))]

    def next(self, printer: str) -> PrintJob | None:
        """What the printer has to do next: first what it is to be asked about, then what waits, in order."""
        sql = (
            f"{JOB} WHERE j.printer = ? AND (j.state IN ('waiting', 'printing') OR j.asking) "
            "ORDER BY j.state = 'waiting', j.job LIMIT 1"
        )
        rows = self._ask(sql, (printer,))
        return job_of(rows[0]) if rows else None

    def counts(self) -> dict[str, dict[str, int]]:
        """How many slips of each printer are open or went wrong, by state; those that were printed are left out."""
        found: dict[str, dict[str, int]] = {}
        sql = "SELECT printer, state, count(*) FROM print_jobs WHERE state <> 'printed' GROUP BY printer, state"
        for printer, state, count in self._ask(sql, ()):
            found.setdefault(printer, {})[state] = count
        return found
