"""Writing the files of offline devices inside a write transaction, and settling the receipts that were in them."""

from __future__ import annotations

from ..books import FileNews
from ..domain.file_record import FileRecord
from ..domain.recorded import Recorded
from .session import Session


class FileRows:
    """The files' side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: FileRecord, content: bytes) -> int:
        """A file that was just built; its key. Raises when that sequence number of the day is taken."""
        return self._session.insert(
            "INSERT INTO offline_files (device_id, fiscal_day_no, file_sequence, state, receipts, first_row, last_row, "
            "has_footer, payload, built_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.device_id,
                record.fiscal_day_no,
                record.file_sequence,
                record.state,
                record.receipts,
                record.first_row,
                record.last_row,
                record.has_footer,
                content,
                record.built_at,
            ),
        )

    def note(self, file_id: int, news: FileNews) -> None:
        """What became of a file; members that are None stay as they are, `reason` and `errors` are replaced."""
        self._session.run(
            "UPDATE offline_files SET state = ?, sent_at = coalesce(?, sent_at), "
            "operation_id = coalesce(?, operation_id), reason = ?, errors = ? WHERE id = ?",
            (news.state, news.sent_at, news.operation_id, news.reason, news.errors, file_id),
        )

    def settle(self, entry: Recorded, settled_at: str) -> bool:
        """FDMS's final answer to a receipt of a file, as `entry` tells it. False when it was settled before."""
        return (
            self._session.run(
                "UPDATE outbox SET status = ?, attempts = attempts + 1, validation_errors = ?, settled_at = ? "
                "WHERE receipt = ? AND settled_at IS NULL",
                (entry.status, entry.validation_errors, settled_at, entry.row),
            )
            == 1
        )
