"""Writing and reading alerts: incidents as people were told of them, and the messages that go out about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ..books.alerts import Delivery
from ..domain.alert_channels import Note
from ..domain.alerts import Incident
from ..domain.localtime import parse_utc, utc_text
from ..events import Message
from .session import Session

_INCIDENT = (
    "SELECT id, rule, subject, device_id, reason, raised_at, told_at, resolved_at, acknowledged_at, acknowledged_by "
    "FROM alert_incidents"
)
_DELIVERY = "SELECT id, incident, channel, note, attempts, next_at, done_at, error FROM alert_deliveries"
_PUT = """
    INSERT INTO alert_incidents (id, rule, subject, device_id, reason, raised_at, told_at, resolved_at,
        acknowledged_at, acknowledged_by, open) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, told_at = excluded.told_at,
        resolved_at = excluded.resolved_at, acknowledged_at = excluded.acknowledged_at,
        acknowledged_by = excluded.acknowledged_by, open = excluded.open"""
_QUEUE = """
    INSERT INTO alert_deliveries (id, incident, channel, note, attempts, next_at, done_at, error)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"""
_TRIED = "UPDATE alert_deliveries SET attempts = ?, next_at = ?, done_at = ?, error = ? WHERE id = ?"
_LAST_ERRORS = """
    SELECT channel, error FROM alert_deliveries
    WHERE rowid IN (SELECT max(rowid) FROM alert_deliveries WHERE attempts > 0 GROUP BY channel)"""
_HAPPENED = """
    SELECT type, seq, at, device_id, data FROM events
    WHERE seq > ? AND type IN (SELECT value FROM json_each(?)) ORDER BY seq"""
_NEWEST = " WHERE rowid IN (SELECT max(rowid) FROM alert_incidents GROUP BY rule, subject)"


class AlertRows:
    """The alerts' side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, incident: Incident) -> None:
        """An incident as it is from now on."""
        times = (incident.raised_at, incident.told_at, incident.resolved_at, incident.acknowledged_at)
        self._session.run(
            _PUT,
            (
                incident.id,
                incident.rule,
                incident.subject,
                incident.device_id,
                incident.text,
                *(None if moment is None else utc_text(moment) for moment in times),
                incident.acknowledged_by,
                incident.is_open,
            ),
        )

    def queue(self, delivery: Delivery) -> None:
        """A message to send; one that is known already stays as it is."""
        note = msgspec.json.encode(delivery.note).decode()
        self._session.run(_QUEUE, (*delivery[:3], note, *delivery[4:]))

    def tried(self, delivery: Delivery) -> bool:
        """How a delivery stands now; False when it was given up before."""
        values = (delivery.attempts, delivery.next_at, delivery.done_at, delivery.error, delivery.id)
        return self._session.run(_TRIED, values) == 1

    def untold(self, incident: str) -> frozenset[str]:
        """Give up the messages that were never tried; the channels that were told, or may have been."""
        self._session.run("DELETE FROM alert_deliveries WHERE incident = ? AND attempts = 0", (incident,))
        rows = self._session.all("SELECT DISTINCT channel FROM alert_deliveries WHERE incident = ?", (incident,))
        return frozenset(row["channel"] for row in rows)

    def forget_channel(self, channel: str) -> None:
        """Nothing more goes to a channel."""
        self._session.run("DELETE FROM alert_deliveries WHERE channel = ?", (channel,))

    def prune(self, before: str) -> None:
        """Forget incidents and messages that were over before then."""
        self._session.run("DELETE FROM alert_deliveries WHERE done_at < ?", (before,))
        self._session.run(
            "DELETE FROM alert_incidents WHERE NOT open AND resolved_at < ? "
            "AND id NOT IN (SELECT incident FROM alert_deliveries)",
            (before,),
        )


class AlertArchive:
    """Queries about alerts. `ask` runs a SELECT."""

    def __init__(self, ask: Callable[..., list[Any]]) -> None:
        self._ask = ask

    def incidents(self, limit: int) -> list[Incident]:
        """Incidents, those that somebody still has to look at first, then the newest."""
        return list(map(_incident, self._ask(_INCIDENT + " ORDER BY open DESC, rowid DESC LIMIT ?", (limit,))))

    def incident(self, alert_id: str) -> Incident | None:
        """One incident."""
        rows = self._ask(_INCIDENT + " WHERE id = ?", (alert_id,))
        return _incident(rows[0]) if rows else None

    def last_of_each(self) -> list[Incident]:
        """The newest incident of each rule and subject."""
        return list(map(_incident, self._ask(_INCIDENT + _NEWEST)))

    def waiting(self) -> list[Delivery]:
        """The messages that still have to go out, oldest first."""
        return list(map(_delivery, self._ask(_DELIVERY + " WHERE done_at IS NULL ORDER BY rowid")))

    def last_errors(self) -> dict[str, str | None]:
        """Each channel's newest tried message: its error, None where it went well."""
        return {row[0]: row[1] for row in self._ask(_LAST_ERRORS)}

    def happened(self, types: Sequence[str], after: int) -> list[Message]:
        """Lasting messages of some types after a `seq`, oldest first."""
        rows = self._ask(_HAPPENED, (after, json.dumps(types)))
        return [Message(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in rows]


def _incident(row: Any) -> Incident:
    rule, text = row[1], row[4]
    return Incident(
        row[0],
        rule,
        row[2],
        row[3],
        text,
        parse_utc(row[5]),
        parse_utc(row[6]),
        _moment(row[7]),
        _moment(row[8]),
        row[9],
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_utc(text)


def _delivery(row: Any) -> Delivery:
    id_, incident, channel, note, attempts, next_at, done_at, error = row
    note = msgspec.json.decode(note, type=Note)
    return Delivery(id_, incident, channel, note, attempts, next_at, done_at, error)
