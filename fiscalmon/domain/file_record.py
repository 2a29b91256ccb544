"""A file of an offline device as it stands in the till's books, and the words for its states."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

# built: not sent yet; unknown: sent, nobody knows whether it arrived; sent, waiting: FDMS works on it;
# done, failed: FDMS has decided; refused: FDMS did not take it.
FileState = Literal["built", "unknown", "sent", "waiting", "done", "failed", "refused"]
TO_SEND: frozenset[FileState] = frozenset({"built", "unknown", "refused"})
UNDER_WAY: frozenset[FileState] = frozenset({"unknown", "sent", "waiting"})


class FileRecord(msgspec.Struct, frozen=True):
    """`file_id` is the store's own key; `first_row` and `last_row` bound its receipts, both 0 without any.

    Texts with `_at` are UTC; `errors` is JSON text: [{receiptGlobalNo, receiptCounter, errors: [{code, color, …}]}].
    """

    file_id: int
    device_id: int
    fiscal_day_no: int
    file_sequence: int
    state: FileState
    receipts: int
    first_row: int
    last_row: int
    has_footer: bool
    size: int
    built_at: str
    sent_at: str | None = None
    operation_id: str | None = None
    reason: str | None = None
    errors: str | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """FDMS's names for what is wrong with a failed file: what its reason begins with."""
        return tuple((self.reason or "").split(".")[0].split(", ")) if self.state == "failed" else ()

    def as_dict(self) -> dict[str, Any]:
        """The file as `files list` prints it."""
        return {
            "fileId": self.file_id,
            "deviceID": self.device_id,
            "fiscalDayNo": self.fiscal_day_no,
            "fileSequence": self.file_sequence,
            "state": self.state,
            "receipts": self.receipts,
            "hasFooter": self.has_footer,
            "bytes": self.size,
            "builtAt": self.built_at,
            "sentAt": self.sent_at,
            "operationID": self.operation_id,
            "reason": self.reason,
            "invoiceWithValidationErrors": json.loads(self.errors) if self.errors else [],
        }
