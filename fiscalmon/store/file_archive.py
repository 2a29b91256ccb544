"""Reading the files of offline devices, and the certificates beside the one in use. Blocking; on reader threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..books import Pending
from ..domain.day_record import DayRecord
from ..domain.file_record import FileRecord
from ..domain.recorded import Recorded
from .reading import DAY, RECORDED, recorded

_FILE = """SELECT id, device_id, fiscal_day_no, file_sequence, state, receipts, first_row, last_row, has_footer,
    length(payload), built_at, sent_at, operation_id, reason, errors FROM offline_files"""
Ask = Callable[[str, tuple[Any, ...]], list[Any]]


class FileArchive:
    """`ask` runs a query and gives its rows."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def of_device(self, device_id: int) -> list[FileRecord]:
        """The device's files in the order in which FDMS is to get them."""
        sql = _FILE + " WHERE device_id = ? ORDER BY fiscal_day_no, file_sequence"
        return [_record(row) for row in self._ask(sql, (device_id,))]

    def one(self, file_id: int) -> FileRecord | None:
        """A file by its key."""
        rows = self._ask(_FILE + " WHERE id = ?", (file_id,))
        return _record(rows[0]) if rows else None

    def content(self, file_id: int) -> bytes:
        """The exact bytes of a file; empty for an unknown key."""
        rows = self._ask("SELECT payload FROM offline_files WHERE id = ?", (file_id,))
        return bytes(rows[0][0]) if rows else b""

    def days(self, device_id: int) -> list[DayRecord]:
        """The device's days whose end is in no file that stands, oldest first; days closed online are left out."""
        sql = DAY
        sql += (
            " WHERE device_id = ? AND (status IN ('FiscalDayOpened', 'FiscalDayCloseFailed') OR "
            "(status = 'FiscalDayClosed' AND reconciliation_mode IS NULL)) AND NOT EXISTS (SELECT 1 FROM offline_files "
            "f WHERE f.device_id = fiscal_days.device_id AND f.fiscal_day_no = fiscal_days.fiscal_day_no "
            "AND f.has_footer AND NOT (f.state = 'failed' AND (f.reason LIKE 'CountersMismatch%' OR "
            "f.reason LIKE 'BadCertificateSignature%'))) ORDER BY fiscal_day_no"
        )
        return [DayRecord(*row) for row in self._ask(sql, (device_id,))]

    def loose(self, device_id: int, day_no: int) -> list[Pending]:
        """The day's receipts that are in no file yet, in the order of signing."""
        sql = RECORDED.replace("FROM receipts", ", r.payload FROM receipts")
        sql += (
            " WHERE r.device_id = ? AND r.fiscal_day_no = ? AND o.settled_at IS NULL AND r.id > "
            "(SELECT coalesce(max(last_row), 0) FROM offline_files WHERE device_id = r.device_id) ORDER BY r.id"
        )
        rows = self._ask(sql, (device_id, day_no))
        return [Pending(recorded(row[:-1]), bytes(row[-1])) for row in rows]

    def payloads(self, device_id: int, day_no: int) -> list[bytes]:
        """The signed bytes of all receipts of a day, in the order of signing."""
        sql = "SELECT payload FROM receipts WHERE device_id = ? AND fiscal_day_no = ? ORDER BY id"
        return [bytes(row[0]) for row in self._ask(sql, (device_id, day_no))]

    def receipts(self, record: FileRecord) -> list[Recorded]:
        """The receipts of a file that have no final answer yet."""
        sql = RECORDED + " WHERE r.device_id = ? AND r.id BETWEEN ? AND ? AND o.settled_at IS NULL ORDER BY r.id"
        return [recorded(row) for row in self._ask(sql, (record.device_id, record.first_row, record.last_row))]


class CertificateArchive:
    """`ask` runs a query and gives its rows."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def next(self) -> dict[int, str]:
        """The certificates that are still to be proven, by device."""
        rows = self._ask("SELECT device_id, certificate_pem FROM device_certificates WHERE state = 'next'", ())
        return {row[0]: row[1] for row in rows}

    def former(self, device_id: int) -> list[str]:
        """What the device had before, newest first: its old receipts are signed by their keys."""
        sql = (
            "SELECT certificate_pem FROM device_certificates WHERE state = 'former' AND device_id = ? ORDER BY id DESC"
        )
        return [row[0] for row in self._ask(sql, (device_id,))]


def _record(row: Any) -> FileRecord:
    values = list(row)
    values[8] = bool(values[8])
    return FileRecord(*values)
