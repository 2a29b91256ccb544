"""`memory`: the desktop app's resident size, idle and while it sells, beside a window with its libraries."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from .line import Line, single
from .sales import small_sale
from .shop import scratch, stock
from .starting import window_process
from .timing import FULL

RECEIPTS = 100_000 if FULL else 3_000
SETTLE_SECONDS = 4.0
PATIENCE = 7_200.0 if FULL else 120.0
SAMPLE_SECONDS = 0.25


def memory() -> Iterator[Line]:
    with window_process(["imported"]) as floor_window:
        time.sleep(SETTLE_SECONDS)
        floor = _resident_mb(floor_window)
    with scratch() as folder:
        asyncio.run(stock(folder, 3, datetime.now(UTC)))
        with window_process(["app", str(folder.path)]) as app:
            time.sleep(2 * SETTLE_SECONDS)
            idle = _resident_mb(app)
    with scratch() as folder:
        sales = folder.path / "sales.jsonl"
        sales.write_bytes(b"\n".join(small_sale(number) for number in range(1, RECEIPTS + 1)))
        with window_process(["demo", str(folder.path), str(sales)]) as demo:
            sizes = _while_selling(demo, folder.path)
    half, end = sizes
    yield single("memory", "MB", idle, floor, 1.4, "lower", state="idle")
    yield single("memory_selling", "MB", end, floor, 1.4, "lower", receipts=RECEIPTS)
    yield single("memory_flat", "MB", end, half, 1.05, "lower", receipts=RECEIPTS, floor_is="after half of them")


def _while_selling(process: subprocess.Popen[str], folder: Path) -> tuple[float, float]:
    """Megabytes after half of the receipts and after all of them, each settled; the mean of some samples."""
    found = []
    for wanted in (RECEIPTS // 2, RECEIPTS):
        give_up = time.monotonic() + PATIENCE
        while (done := _settled(folder)) < wanted:
            if time.monotonic() > give_up or process.poll() is not None:
                raise AssertionError(f"only {done} of {RECEIPTS} receipts were settled")
            time.sleep(SAMPLE_SECONDS)
        samples = []
        for _ in range(4):
            samples.append(_resident_mb(process))
            time.sleep(SAMPLE_SECONDS)
        found.append(sum(samples) / len(samples))
    return found[0], found[1]


def _settled(folder: Path) -> int:
    # Before the engine has made the file there is none to count in.
    with contextlib.suppress(sqlite3.OperationalError):
        connection = sqlite3.connect(f"file:{folder / 'fiscalmon.db'}?mode=ro", uri=True, timeout=5)
        try:
            return int(connection.execute("SELECT count(*) FROM outbox WHERE settled_at IS NOT NULL").fetchone()[0])
        finally:
            connection.close()
    return 0


def _resident_mb(process: subprocess.Popen[str]) -> float:
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
