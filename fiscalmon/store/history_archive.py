"""Reading days gone by: rollups of one calendar day, messages before others, a receipt's way to FDMS.

Blocking calls, on the connection they are given. Must not know who asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from ..domain.kpi import Bucket, Delta
from ..events import Message

# By device first, as the tables' keys are: a day is found without reading the years before it.
_DAY: tuple[tuple[Bucket, str, int], ...] = (
    (
        "sales",
        "SELECT r.device_id, r.hour, r.currency, r.receipts, r.cents FROM devices d "
        "JOIN rollup_sales r ON r.device_id = d.device_id AND r.hour >= ? AND r.hour < ?",
        3,
    ),
    (
        "taxes",
        "SELECT r.device_id, r.day, r.currency, r.band, r.cents FROM devices d "
        "JOIN rollup_taxes r ON r.device_id = d.device_id AND r.day >= ? AND r.day < ?",
        4,
    ),
    (
        "days",
        "SELECT r.device_id, r.day, r.completed, r.failed FROM devices d "
        "JOIN rollup_days r ON r.device_id = d.device_id AND r.day >= ? AND r.day < ?",
        2,
    ),
)


class HistoryArchive:
    """Queries; see books/history.py. `rows` runs a statement and gives its rows."""

    def __init__(self, rows: Callable[..., Any]) -> None:
        self._rows = rows

    def day(self, day: str) -> Iterator[Delta]:
        """The rollups of a calendar day."""
        for bucket, sql, keys in _DAY:
            # "~" sorts after the "T" of an hour and after the day itself.
            for row in self._rows(sql, (day, day + "~")):
                yield Delta(bucket, tuple(row[:keys]), tuple(row[keys:]))

    def first_day(self) -> str | None:
        """The calendar day of the first receipt."""
        rows = self._rows(
            "SELECT min((SELECT min(r.hour) FROM rollup_sales r WHERE r.device_id = d.device_id)) FROM devices d"
        )
        first = rows[0][0] if rows else None
        return None if first is None else str(first)[:10]

    def events_before(self, before: int, limit: int, devices: frozenset[int] | None = None) -> list[Message]:
        """The last messages before a `seq`, oldest first."""
        # Integers only, so their text is safe.
        ids = None if devices is None else ",".join(str(int(device)) for device in sorted(devices)) or "NULL"
        clause = "" if ids is None else f"AND device_id IN ({ids})"
        rows = self._rows(
            f"SELECT type, seq, at, device_id, data FROM events WHERE seq < ? {clause} ORDER BY seq DESC LIMIT ?",  # noqa: S608
            (before, limit),
        )
        found = [Message(row[0], row[1], row[2], row[3], json.loads(row[4], parse_float=Decimal)) for row in rows]
        return found[::-1]

    def way(self, row: int) -> dict[str, Any]:
        """A receipt's life."""
        signed_at, settled_at, server_date, signature = self._rows(
            "SELECT r.signed_at, o.settled_at, o.server_date, o.server_signature "
            "FROM receipts r JOIN outbox o ON o.receipt = r.id WHERE r.id = ?",
            (row,),
        )[0]
        tries = self._rows(
            "SELECT at, outcome, http_status, latency_ms, error FROM attempts WHERE receipt = ? ORDER BY id", (row,)
        )
        names = ("at", "outcome", "httpStatus", "latencyMs", "error")
        return {
            "signedAt": signed_at,
            "settledAt": settled_at,
            "serverDate": server_date,
            "serverSignature": json.loads(signature) if signature else None,
            "attempts": [dict(zip(names, one, strict=True)) for one in tries],
        }
