"""Writing the event log inside a write transaction: every row is a lasting message with the next `seq`."""

from __future__ import annotations

from typing import Any

from ..events import Message, encode
from .session import Session


class EventRows:
    """The event log's side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, type_: str, at: str, device_id: int | None, data: dict[str, Any]) -> Message:
        """Append a fact; publish the returned message only after the commit."""
        seq = self._session.insert(
            "INSERT INTO events (at, type, device_id, data) VALUES (?, ?, ?, ?)",
            (at, type_, device_id, encode(data).decode()),
        )
        return Message(type_, seq, at, device_id, data)

    def told(self, type_: str, device_id: int, day_no: int) -> bool:
        """Whether the device's newest message of the type is about that fiscal day."""
        row = self._session.one(
            "SELECT json_extract(data, '$.fiscalDayNo') AS day FROM events WHERE type = ? AND device_id = ? "
            "ORDER BY seq DESC LIMIT 1",
            (type_, device_id),
        )
        return row is not None and row["day"] == day_no
