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
