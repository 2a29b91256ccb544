"""Writing fiscal days inside a write transaction; which steps are possible is the domain's table."""

from __future__ import annotations

from collections.abc import Callable

from ..domain.day_record import DayRecord
from ..domain.fiscal_day import DayStatus
from ..domain.localtime import parse_local, utc_text
from .print_rows import PrintRows
from .reading import DAY
from .session import Session


class DayRows:
    """The fiscal days' side of a write transaction."""

    def __init__(self, session: Session, prints: PrintRows, changed: Callable[[], None]) -> None:
        self._session = session
        self._prints = prints
        self._changed = changed

    def last(self, device_id: int) -> DayRecord | None:
        """The device's newest day, open or closed."""
        row = self._session.one(DAY + " WHERE device_id = ? ORDER BY fiscal_day_no DESC LIMIT 1", (device_id,))
        return DayRecord(*row) if row else None

    def add(
        self, device_id: int, day_no: int, opened: str, *, announced: bool = False, number_before: int | None = None
    ) -> None:
        """A day that was just opened here; `number_before`: the number its first receipt follows."""
        self._session.run(
            "INSERT INTO fiscal_days (device_id, fiscal_day_no, opened, status, announced, number_before) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (device_id, day_no, opened, DayStatus.OPENED, announced, number_before),
        )
        self._changed()

    def adopt(self, device_id: int, day_no: int, opened: str) -> None:
        """A day that FDMS holds open and that these books do not have; again with another opening time."""
        self._session.run(
            "INSERT INTO fiscal_days (device_id, fiscal_day_no, opened, status, announced, adopted) "
            "VALUES (?, ?, ?, ?, 1, 1) ON CONFLICT (device_id, fiscal_day_no) DO UPDATE SET opened = excluded.opened "
            "WHERE adopted",
            (device_id, day_no, opened, DayStatus.OPENED),
        )
        self._changed()

    def end_told(self, day: DayRecord, at: str) -> bool:
        """People were told that the day must be closed soon. False when they had been before."""
        return (
            self._session.run(
                "UPDATE fiscal_days SET end_told_at = ? WHERE device_id = ? AND fiscal_day_no = ? "
                "AND end_told_at IS NULL",
                (at, day.device_id, day.fiscal_day_no),
            )
            == 1
        )

    def announced(self, device_id: int, day_no: int) -> None:
        """FDMS knows that the day is open."""
        self._session.run(
            "UPDATE fiscal_days SET announced = 1 WHERE device_id = ? AND fiscal_day_no = ?", (device_id, day_no)
        )

    def drop_empty(self, device_id: int, day_no: int) -> None:
        """Take back a day that FDMS refused to open and that holds no receipt."""
        self._session.run(
            "DELETE FROM fiscal_days WHERE device_id = :d AND fiscal_day_no = :n AND announced = 0 AND NOT EXISTS "
            "(SELECT 1 FROM receipts WHERE device_id = :d AND fiscal_day_no = :n)",
            {"d": device_id, "n": day_no},
        )
        self._changed()

    def closing(self, day: DayRecord, request: bytes, receipt_counter: int) -> None:
        """The close was signed and is about to be sent."""
        self._session.run(
            "UPDATE fiscal_days SET status = ?, close_request = ?, receipt_counter = ?, close_sent_at = NULL, "
            "closing_error = NULL WHERE device_id = ? AND fiscal_day_no = ?",
            (DayStatus.CLOSE_INITIATED, request, receipt_counter, day.device_id, day.fiscal_day_no),
        )
        self._changed()

    def signed_anew(self, day: DayRecord, request: bytes, receipt_counter: int) -> None:
        """The close of a day that an offline device had closed, signed once more; its state and times stay."""
        self._session.run(
            "UPDATE fiscal_days SET close_request = ?, receipt_counter = ? WHERE device_id = ? AND fiscal_day_no = ?",
            (request, receipt_counter, day.device_id, day.fiscal_day_no),
        )
        self._changed()

    def close_sent(self, day: DayRecord, at: str) -> None:
        """FDMS took the close and works on it."""
        self._session.run(
            "UPDATE fiscal_days SET close_sent_at = ? WHERE device_id = ? AND fiscal_day_no = ?",
            (at, day.device_id, day.fiscal_day_no),
        )

    def closed(self, day: DayRecord, closed: str, mode: str | None, server_signature: str | None) -> None:
        """FDMS has closed the day; without `mode` the device has, for FDMS to learn of it from a file."""
        self._session.run(
            "UPDATE fiscal_days SET status = ?, closed = ?, reconciliation_mode = ?, server_signature = ?, "
            "closing_error = NULL WHERE device_id = ? AND fiscal_day_no = ?",
            (DayStatus.CLOSED, closed, mode, server_signature, day.device_id, day.fiscal_day_no),
        )
        # Of a day that was not kept here there is nothing true to print.
        if not day.adopted:
            self._prints.day_closed(day.device_id, day.fiscal_day_no, utc_text(parse_local(closed)))
        self._changed()

    def close_failed(self, day: DayRecord, error: str) -> None:
        """FDMS refused the close; receipts may follow, and another close."""
        self._session.run(
            "UPDATE fiscal_days SET status = ?, closing_error = ? WHERE device_id = ? AND fiscal_day_no = ?",
            (DayStatus.CLOSE_FAILED, error, day.device_id, day.fiscal_day_no),
        )
        self._changed()
