"""`record` and `record_burst`: from a sale's bytes to a receipt that is signed, numbered and on the disk.

Through the product's Fiscaliser and store with `synchronous=FULL`; the floor is a bare commit of the same bytes.
"""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from fiscalmon.books import Archive

from .line import Line, compared, single
from .sales import small_sale
from .shop import FIRST_DEVICE, SLOW_DISK, Shop, scratch, shop
from .timing import FULL, percentile

ROUNDS = 21 if FULL else 11
SALES = 300 if FULL else 150
BURSTS = 120 if FULL else 40
AT_ONCE, DEVICES = 16, 4


def record() -> Iterator[Line]:
    return iter(asyncio.run(_record()))


def record_burst() -> Iterator[Line]:
    return iter(asyncio.run(_record_burst()))


async def _record() -> list[Line]:
    lines = []
    for name, pause, goals in (("record", 0.0, (3.0, 5.0)), ("record_slow_disk", SLOW_DISK, (1.2, 1.2))):
        with scratch() as folder:
            async with shop(folder, before_commit=_pausing(pause)) as till:
                numbers = itertools.count(1)
                await _one_by_one(till, numbers, 20)
                floor = BareCommits(folder.path / "floor.db", await _bytes_of_a_receipt(till), pause)
                count = SALES if not pause else SALES // 3
                taken, bare = [], []
                for _ in range(ROUNDS):
                    taken.append(await _one_by_one(till, numbers, count))
                    bare.append(floor.times(count))
                floor.close()
        medians = [statistics.median(times) for times in taken], [statistics.median(times) for times in bare]
        lines.append(_milliseconds(name, *medians, goals[0], pause))
        if not pause:
            # The tail of all rounds together: a single round's would be one or two sales.
            worst = [percentile(list(itertools.chain(*rounds)), 0.99) * 1e3 for rounds in (taken, bare)]
            lines.append(single(f"{name}_p99", "ms", *worst, goals[1], "lower", sales=ROUNDS * count))
    return lines


def _milliseconds(name: str, values: list[float], floors: list[float], goal: float, pause: float) -> Line:
    in_ms = [value * 1e3 for value in values], [value * 1e3 for value in floors]
    return compared(name, "ms", *in_ms, goal, "lower", part="p50", disk_ms=pause * 1e3)


async def _record_burst() -> list[Line]:
    with scratch() as folder:
        async with shop(folder, devices=DEVICES, before_commit=_pausing(SLOW_DISK)) as till:
            numbers = itertools.count(1)
            await _at_once(till, numbers)
            rates, floors = [], []
            for _ in range(BURSTS):
                started = time.perf_counter()
                await _at_once(till, numbers)
                rates.append(AT_ONCE / (time.perf_counter() - started))
                floors.append(1 / statistics.median(await _one_by_one(till, numbers, 8)))
    more = {"sales_at_once": AT_ONCE, "devices": DEVICES, "disk_ms": SLOW_DISK * 1e3}
    return [compared("record_burst", "sales/s", rates, floors, 8.0, "higher", **more)]


async def _one_by_one(till: Shop, numbers: Iterator[int], count: int) -> list[float]:
    """Seconds of each sale."""
    times = []
    for number in itertools.islice(numbers, count):
        data = small_sale(number, FIRST_DEVICE)
        started = time.perf_counter()
        await till.fiscaliser.fiscalise(data)
        times.append(time.perf_counter() - started)
    return times


async def _at_once(till: Shop, numbers: Iterator[int]) -> None:
    sales = [small_sale(number, FIRST_DEVICE + number % DEVICES) for number in itertools.islice(numbers, AT_ONCE)]
    await asyncio.gather(*(till.fiscaliser.fiscalise(sale) for sale in sales))


def _pausing(pause: float) -> Callable[[], None] | None:
    return (lambda: time.sleep(pause)) if pause else None


async def _bytes_of_a_receipt(till: Shop) -> bytes:
    """What one receipt leaves in the books: every column of its row."""

    def row(archive: Archive) -> bytes:
        kept = archive.chain(FIRST_DEVICE, 0, 1)[0]
        texts = "".join(str(value) for value in msgspec.structs.astuple(kept.entry) if value is not None)
        return kept.payload + texts.encode()

    return await till.store.read(row)


class BareCommits:
    """The floor: one row of so many bytes a transaction, WAL, FULL, nothing else; a pause where the disk is slow."""

    def __init__(self, path: Path, content: bytes, pause: float) -> None:
        self._content = content
        self._pause = pause
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, content BLOB)")

    def times(self, count: int) -> list[float]:
        """Seconds of each commit."""
        run, times = self._connection.execute, []
        for _ in range(count):
            started = time.perf_counter()
            run("BEGIN IMMEDIATE")
            run("INSERT INTO kept (content) VALUES (?)", (self._content,))
            if self._pause:
                time.sleep(self._pause)
            run("COMMIT")
            times.append(time.perf_counter() - started)
        return times

    def close(self) -> None:
        self._connection.close()
