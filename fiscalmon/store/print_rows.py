"""Writing printers and their slips inside a write transaction: a receipt's slip is born in the receipt's own one.

What a state means is the domain's business.
"""

from __future__ import annotations

import msgspec

from ..books import NewSlip
from ..domain.errors import BadInput
from ..domain.paper import PrinterSetup
from ..domain.preferences import Printing, name_of
from ..domain.print_job import PrintJob
from .print_archive import JOB, job_of, setup_of
from .print_tables import print_jobs, printers
from .session import Session
from .statements import insert_into

_ADD_PRINTER = insert_into(printers)
_ADD_JOB = insert_into(print_jobs)
_PUT = """
    UPDATE print_jobs SET printer = ?, state = ?, tries = ?, on_paper = ?, asking = ?, mark = ?, code = ?, reason = ?,
           document = ?, at = ? WHERE job = ?"""
_DAY_SLIPS = """
    INSERT INTO print_jobs (printer, kind, state, device_id, fiscal_day_no, created_at, at)
    SELECT name, 'z', 'waiting', device_id, ?, ?, ? FROM printers WHERE device_id = ?
        AND NOT EXISTS (SELECT 1 FROM print_jobs j WHERE j.printer = printers.name AND j.kind = 'z'
                        AND j.device_id = printers.device_id AND j.fiscal_day_no = ?)"""


class PrintRows:
    """The printers' side of a write transaction. Who prints for a device is remembered until a transaction fails."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._printers: dict[int, list[str]] | None = None

    def forget(self) -> None:
        """Read from the rows again who prints for whom."""
        self._printers = None

    def add_printer(self, setup: PrinterSetup, at: str) -> None:
        """A printer. Raises BadInput when its name or its port is taken by another set-up."""
        for row in self._session.all("SELECT * FROM printers"):
            known = setup_of(row)
            if known == setup:
                return
            if known.name == setup.name:
                raise BadInput(f"There is a printer {setup.name} already: remove it first, or take another name.")
            if known.port == setup.port:
                raise BadInput(f"The port {setup.port} is that of printer {known.name}: one printer a port.")
        self._session.run(
            _ADD_PRINTER, {**msgspec.structs.asdict(setup), "id": None, "added_at": at, "attention": None}
        )
        self.forget()

    def remove_printer(self, name: str, at: str) -> bool:
        """Forget a printer; what waits for it is given up, its journal stays. False when there is none."""
        self.forget()
        reason = "The printer was removed before this was printed."
        self._session.run(
            "UPDATE print_jobs SET on_paper = on_paper OR asking OR state = 'printing', state = 'failed', asking = 0, "
            "code = 'REMOVED', reason = ?, at = ? WHERE printer = ? AND (state IN ('waiting', 'printing') OR asking)",
            (reason, at, name),
        )
        return self._session.run("DELETE FROM printers WHERE name = ?", (name,)) == 1

    def receipt_signed(self, row: int, device_id: int, at: str) -> None:
        """A slip for each printer of the device; the first one's is the original, the others' say COPY."""
        for number, name in enumerate(self._printers_of(device_id)):
            self.add(NewSlip(name, "copy" if number else "receipt", device_id=device_id, row=row), at)

    def day_closed(self, device_id: int, day_no: int, at: str) -> None:
        """The Z report for each printer of the device, once, unless the owner wants none."""
        if self._printers_of(device_id) and self._wants_day_reports():
            self._session.run(_DAY_SLIPS, (day_no, at, at, device_id, day_no))

    def add(self, slip: NewSlip, at: str) -> int:
        """A slip that is to be printed; its key."""
        values = {
            "job": None,
            "printer": slip.printer,
            "kind": slip.kind,
            "state": "waiting",
            "device_id": slip.device_id,
            "fiscal_day_no": slip.fiscal_day_no,
            "receipt": slip.row,
            "tries": 0,
            "on_paper": False,
            "asking": False,
            "mark": None,
            "content": slip.content,
            "code": None,
            "reason": None,
            "document": None,
            "created_at": at,
            "at": at,
        }
        return self._session.insert(_ADD_JOB, values)

    def find(self, job: int) -> PrintJob | None:
        """A slip as it stands."""
        row = self._session.one(f"{JOB} WHERE j.job = ?", (job,))
        return job_of(row) if row else None

    def of_receipt(self, row: int) -> list[PrintJob]:
        """All slips of a receipt, oldest first."""
        return [job_of(found) for found in self._session.all(f"{JOB} WHERE j.receipt = ? ORDER BY j.job", (row,))]

    def put(self, job: PrintJob) -> None:
        """What became of a slip."""
        how = (job.state, job.tries, job.on_paper, job.asking, job.mark)
        why = (job.code, job.reason, job.document)
        self._session.run(_PUT, (job.printer, *how, *why, job.at, job.job))

    def attention(self, name: str, codes: str | None) -> bool:
        """What is wrong with a printer, as codes, None for nothing. False when that is no news."""
        sql = "UPDATE printers SET attention = ? WHERE name = ? AND attention IS NOT ?"
        return self._session.run(sql, (codes, name, codes)) == 1

    def _wants_day_reports(self) -> bool:
        row = self._session.one("SELECT value FROM preferences WHERE section = ?", (name_of(Printing),))
        return (msgspec.json.decode(row["value"], type=Printing) if row else Printing()).day_reports

    def _printers_of(self, device_id: int) -> list[str]:
        if self._printers is None:
            self._printers = {}
            for row in self._session.all("SELECT name, device_id FROM printers ORDER BY id"):
                if row["device_id"] is not None:
                    self._printers.setdefault(row["device_id"], []).append(row["name"])
        return self._printers.get(device_id, [])
