"""Reading a device's chain: its receipts and numbers one after the other, and the notes on a receipt.

Blocking calls; the store runs them on its reader threads.
"""

from __future__ import annotations

from ..books import ChainRow
from .reading import RECORDED, Ask, recorded


class ChainArchive:
    """Queries about the order of things. `ask` runs one."""

    def __init__(self, ask: Ask) -> None:
        self._all = ask

    def chain(self, device_id: int, after_row: int, limit: int) -> list[ChainRow]:
        """A stretch of a device's chain in the order of signing."""
        sql = RECORDED.replace("FROM receipts", ", r.payload, r.previous_hash FROM receipts")
        rows = self._all(
            sql + " WHERE r.device_id = ? AND r.id > ? ORDER BY r.id LIMIT ?", (device_id, after_row, limit)
        )
        return [ChainRow(recorded(row[:-2]), bytes(row[-2]), row[-1]) for row in rows]

    def numbers(self, device_id: int) -> list[tuple[int, int, int, str]]:
        """Day, counter, number and hash of each receipt of a device, sorted."""
        rows = self._all(
            "SELECT fiscal_day_no, receipt_counter, receipt_global_no, hash FROM receipts WHERE device_id = ? "
            "ORDER BY fiscal_day_no, receipt_counter",
            (device_id,),
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def numbers_before(self, device_id: int) -> dict[int, int]:
        """The days whose first receipt does not follow the last one in the books, with the number it follows."""
        rows = self._all(
            "SELECT fiscal_day_no, number_before FROM fiscal_days WHERE device_id = ? AND number_before IS NOT NULL",
            (device_id,),
        )
        return {row[0]: row[1] for row in rows}

    def red_numbers(self, device_id: int, day_no: int) -> list[int]:
        """The receipts of a day that FDMS flagged Red or never took, by number."""
        rows = self._all(
            "SELECT r.receipt_global_no FROM receipts r JOIN outbox o ON o.receipt = r.id "
            "WHERE r.device_id = ? AND r.fiscal_day_no = ? AND o.status = 'failed' ORDER BY r.id",
            (device_id, day_no),
        )
        return [row[0] for row in rows]

    def notes_on(self, receipt_id: str) -> list[bytes]:
        """The bodies of all notes that refer to a receipt of this till."""
        rows = self._all(
            "SELECT n.payload FROM notes JOIN receipts n ON n.id = notes.receipt "
            "JOIN receipts r ON r.id = notes.original WHERE r.receipt_id = ? ORDER BY n.id",
            (receipt_id,),
        )
        return [bytes(row[0]) for row in rows]
