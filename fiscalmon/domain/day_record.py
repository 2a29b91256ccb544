"""A fiscal day as it stands in the till's books."""

from __future__ import annotations

import msgspec


class DayRecord(msgspec.Struct, frozen=True):
    """`opened` and `closed` are local texts; `announced`: FDMS knows of it; `close_request`: the signed bytes.

    `adopted`: FDMS held the day and these books did not. `number_before`: the number that the day's first receipt
    follows, where it is not the last receipt in the books. `end_told_at`: when people were told of its end (UTC).
    """

    device_id: int
    fiscal_day_no: int
    opened: str
    closed: str | None
    status: str
    announced: bool
    closing_error: str | None
    reconciliation_mode: str | None
    receipt_counter: int | None
    close_request: bytes | None
    close_sent_at: str | None
    adopted: bool = False
    number_before: int | None = None
    end_told_at: str | None = None

    @property
    def takes_receipts(self) -> bool:
        """Gateway v7.2 §16: an open day does, and one whose close failed; never one whose receipts are not here."""
        return not self.adopted and self.status in ("FiscalDayOpened", "FiscalDayCloseFailed")
