"""The simulator's only notion of time: this machine's clock, moved by so many seconds. Knows nothing of receipts."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import formatdate

from fiscalmon.domain.localtime import local_text


class SimulatorClock:
    """`offset` in seconds may be negative; it moves receipts' server dates and the validity of certificates alike."""

    def __init__(self, offset: float = 0.0, source: Callable[[], float] = time.time) -> None:
        self.offset = offset
        self._source = source

    def timestamp(self) -> float:
        """Seconds since 1970, moved."""
        return self._source() + self.offset

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def local(self, ahead: float = 0.0) -> str:
        """Now, or so many seconds ahead, as FDMS's local text."""
        return local_text(datetime.fromtimestamp(self.timestamp() + ahead, UTC))

    def http_date(self) -> str:
        """Now as the Date header has it."""
        return formatdate(self.timestamp(), usegmt=True)


def utc_text(moment: datetime) -> str:
    """An aware moment as FDMS's UTC text, whole seconds, no zone (certificateValidTill, Gateway v7.2 §3)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
