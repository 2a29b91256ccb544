"""Reading what printed documents need beyond the receipt itself: the configuration of its time, days, originals.

Blocking calls on the archive's connection.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..domain.day_record import DayRecord
from ..domain.device import DeviceConfig, decode_config
from ..domain.receipt import NoteReference
from ..domain.recorded import Recorded
from .reading import DAY, RECORDED, recorded

Ask = Callable[[str, tuple[Any, ...]], list[Any]]


class Papers:
    """Queries. `None` means not found."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def config_at(self, device_id: int, row: int) -> DeviceConfig | None:
        """The device's configuration when the receipt of that row was signed."""
        rows = self._ask(
            "SELECT config FROM device_configs WHERE device_id = ? AND after_receipt < ? ORDER BY id DESC LIMIT 1",
            (device_id, row),
        )
        return decode_config(rows[0][0]) if rows else None

    def day(self, device_id: int, day_no: int | None) -> DayRecord | None:
        """One fiscal day of a device; its newest one where no number is given."""
        which, values = ("", ()) if day_no is None else ("AND fiscal_day_no = ?", (day_no,))
        rows = self._ask(f"{DAY} WHERE device_id = ? {which} ORDER BY fiscal_day_no DESC LIMIT 1", (device_id, *values))
        return DayRecord(*rows[0]) if rows else None

    def documents(self, device_id: int, day_no: int) -> dict[tuple[str, str], tuple[int, Decimal]]:
        """How many receipts of each type and currency a day has, and their totals."""
        found: dict[tuple[str, str], tuple[int, Decimal]] = {}
        for type_, currency, total in self._ask(
            "SELECT receipt_type, receipt_currency, receipt_total FROM receipts "
            "WHERE device_id = ? AND fiscal_day_no = ?",
            (device_id, day_no),
        ):
            count, amount = found.get((type_, currency), (0, Decimal(0)))
            found[type_, currency] = count + 1, amount + Decimal(total)
        return found

    def last_row(self, device_id: int, day_no: int) -> int | None:
        """The row of the day's last receipt."""
        sql = "SELECT max(id) FROM receipts WHERE device_id = ? AND fiscal_day_no = ?"
        row: int | None = self._ask(sql, (device_id, day_no))[0][0]
        return row

    def referenced(self, reference: NoteReference) -> Recorded | None:
        """The receipt that a note refers to, if this till issued it."""
        if reference.receipt_id is not None:
            rows = self._ask(RECORDED + " WHERE o.fdms_receipt_id = ?", (reference.receipt_id,))
        else:
            rows = self._ask(
                RECORDED + " WHERE r.device_id = ? AND r.fiscal_day_no = ? AND r.receipt_global_no = ?",
                (reference.device_id, reference.fiscal_day_no, reference.receipt_global_no),
            )
        return recorded(rows[0]) if rows else None

    def serial_no(self, device_id: int) -> str | None:
        """The serial number of a device that is registered here."""
        rows = self._ask("SELECT serial_no FROM devices WHERE device_id = ?", (device_id,))
        return str(rows[0][0]) if rows else None
