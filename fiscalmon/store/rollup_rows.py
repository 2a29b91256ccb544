"""The rollups as the deltas they are the sum of, and as the board made of them, for readers and the writer alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from ..domain.kpi import WINDOW, Board, Bucket, Delta
from ..domain.localtime import shop_day, utc_text

Ask = Callable[[str, tuple[Any, ...]], Iterable[Any]]
_QUERIES: tuple[tuple[Bucket, str, int], ...] = (
    ("sales", "SELECT device_id, hour, currency, receipts, cents FROM rollup_sales WHERE hour >= ?", 3),
    ("taxes", "SELECT device_id, day, currency, band, cents FROM rollup_taxes WHERE day >= ?", 4),
    ("days", "SELECT device_id, day, completed, failed FROM rollup_days WHERE day >= ?", 2),
    (
        "minutes",
        "SELECT device_id, minute, completed, failed, latency_ms, latencies FROM rollup_minutes WHERE minute >= ?",
        2,
    ),
)


def rollups(ask: Ask, first_day: str = "", first_minute: str = "") -> Iterator[Delta]:
    """From a local day and a UTC minute on."""
    for bucket, sql, keys in _QUERIES:
        for row in ask(sql, (first_minute if bucket == "minutes" else first_day,)):
            values = tuple(row)
            yield Delta(bucket, values[:keys], values[keys:])


def board(ask: Ask, now: datetime) -> Board:
    """All figures that a snapshot from now on can need."""
    made = Board()
    made.apply(rollups(ask, (shop_day(now) - timedelta(days=7)).isoformat(), utc_text(now - WINDOW)[:16]))
    made.prune(now)
    return made
