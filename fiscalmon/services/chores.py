"""What the engine does by itself, by name: a due-table that the engine's clock drives and the books remember.

Sleep, restarts and a clock that was set all end the same way: the next look at the clock finds what is due. Knows no
chore's content.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ..books import Store
from ..books.chores import ChoreRecord
from ..domain.localtime import SHOP_ZONE, parse_utc, utc_text
from ..ports import Clock

AUDIT: Final = "audit"
INTEGRITY: Final = "integrity"
BACKUP: Final = "backup"
LOGS: Final = "logs"
AGAIN: Final = timedelta(hours=1)
# A record from further ahead than this was written while the clock was wrong.
AHEAD: Final = timedelta(hours=26)


class Chores:
    """The records; `load` first."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._records: dict[str, ChoreRecord] = {}

    async def load(self) -> None:
        """Read the books."""
        self._records = await self._store.read(lambda archive: archive.chores.all())

    def last(self, name: str) -> ChoreRecord | None:
        """How a chore stands; None when it was never heard of."""
        return self._records.get(name)

    async def done(self, name: str, note: Mapping[str, Any]) -> None:
        """It went well."""
        await self._put(name, "done", note)

    async def failed(self, name: str, note: Mapping[str, Any]) -> None:
        """It did not."""
        await self._put(name, "failed", note)

    async def ask(self, name: str, note: Mapping[str, Any]) -> None:
        """It is to be done as soon as possible, whatever the hour."""
        await self._put(name, "asked", note)

    async def begin(self, name: str) -> None:
        """A chore that was never heard of is due from its next hour on, not at once."""
        if name not in self._records:
            await self._put(name, "new", {})

    def is_due(self, name: str, at: str) -> bool:
        """Whether the chore of the hour `at` ("HH:MM", the shop's) is to be done now."""
        record = self._records.get(name)
        return record is not None and due(record, at, self._clock.now())

    def done_at(self, name: str) -> datetime | None:
        """When the chore went well last, None when it never did."""
        record = self._records.get(name)
        text = record.note.get("doneAt") if record is not None else None
        return parse_utc(text) if isinstance(text, str) else None

    async def _put(self, name: str, outcome: str, note: Mapping[str, Any]) -> None:
        at, before = utc_text(self._clock.now()), self._records.get(name)
        done_at = at if outcome == "done" else before.note.get("doneAt") if before is not None else None
        record = ChoreRecord(at, outcome, {**note, "doneAt": done_at})
        await self._store.write(lambda work: work.chores.put(name, record))
        self._records[name] = record


def due(record: ChoreRecord, at: str, now: datetime) -> bool:
    """Asked for, failed an hour ago, or not done since the hour came round last."""
    last = parse_utc(record.at)
    if record.outcome == "asked" or last - now > AHEAD:
        return True
    if record.outcome == "failed" and now - last >= AGAIN:
        return True
    return last < latest(at, now)


def latest(at: str, now: datetime) -> datetime:
    """When the shop's clock showed `at` last."""
    local = now.astimezone(SHOP_ZONE)
    moment = local.replace(hour=int(at[:2]), minute=int(at[3:]), second=0, microsecond=0)
    return moment if moment <= local else moment - timedelta(days=1)
