"""What printed documents ask of the books beyond the receipt itself, as a Protocol: the store implements it.

Knows no SQL and nothing of how paper looks.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from ..domain.day_record import DayRecord
from ..domain.device import DeviceConfig
from ..domain.receipt import NoteReference
from ..domain.recorded import Recorded


class Papers(Protocol):
    """What printed documents need beyond the receipt itself; None means not found."""

    def config_at(self, device_id: int, row: int) -> DeviceConfig | None:
        """The device's configuration when the receipt of that row was signed."""

    def day(self, device_id: int, day_no: int | None) -> DayRecord | None:
        """One fiscal day of a device; its newest one where no number is given."""

    def documents(self, device_id: int, day_no: int) -> dict[tuple[str, str], tuple[int, Decimal]]:
        """How many receipts of each type and currency a day has, and their totals."""

    def last_row(self, device_id: int, day_no: int) -> int | None:
        """The row of the day's last receipt."""

    def referenced(self, reference: NoteReference) -> Recorded | None:
        """The receipt that a note refers to, if this till issued it."""

    def serial_no(self, device_id: int) -> str | None:
        """The serial number of a device that is registered here."""
