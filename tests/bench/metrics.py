"""`metrics_scale`: the time to produce the snapshot must not grow with the receipts that are stored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from .line import Line, compared
from .shop import FIRST_DEVICE, Shop, scratch, shop, stock
from .stored import fill
from .timing import FULL, in_turn

FEW = 1_000
MANY = 10_000_000 if FULL else 1_000_000
DEVICES = 3
ROUNDS = 101
SNAPSHOTS = 20


def metrics_scale() -> Iterator[Line]:
    yield asyncio.run(_metrics_scale())


async def _metrics_scale() -> Line:
    """Both tills have traded for a month up to now: the one with 1,000 receipts, the other with very many."""
    with scratch() as small, scratch() as large:
        for folder, count in ((small, FEW), (large, MANY)):
            await stock(folder, DEVICES, datetime.now(UTC))
            await asyncio.to_thread(fill, folder.path, count, DEVICES, FIRST_DEVICE, days=30)
        async with shop(small) as few, shop(large) as many:
            for till, count in ((few, FEW), (many, MANY)):
                if not 0 < till.metrics.snapshot()["receiptsToday"] < count:
                    raise AssertionError("the stored receipts do not show in the snapshot")
            values, floors = in_turn(ROUNDS, lambda: _microseconds(many), lambda: _microseconds(few))
    more = {"receipts": MANY, "floor_receipts": FEW}
    return compared("metrics_scale", "us", values, floors, 1.2, "lower", **more)


def _microseconds(till: Shop) -> float:
    started = time.thread_time()
    for _ in range(SNAPSHOTS):
        till.metrics.snapshot()
    return (time.thread_time() - started) / SNAPSHOTS * 1e6
