"""Clocks and orders of measuring. Knows no benchmark."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

FULL = os.environ.get("BENCH_FULL", "") not in ("", "0")


def rate(work: Callable[[], object], seconds: float) -> float:
    """How often a second of this thread's processor time `work` runs, from a stretch of about so many seconds.

    For work that never waits: what other programs take of the machine is not counted, on neither side.
    """
    batch = 8
    count = 0
    started = time.thread_time()
    while (spent := time.thread_time() - started) < seconds:
        for _ in range(batch):
            work()
        count += batch
    return count / spent


def in_turn(rounds: int, *works: Callable[[], float]) -> list[list[float]]:
    """Each work's results over the rounds. The order turns round each time, so that none is always the first."""
    results: list[list[float]] = [[] for _ in works]
    for turn in range(rounds):
        for index in range(len(works)) if turn % 2 == 0 else reversed(range(len(works))):
            results[index].append(works[index]())
    return results


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which so much (0..1) of all lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
