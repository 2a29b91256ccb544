"""`till_calm`: how long the window stands still while dashboards watch and receipts flow, beside one left alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx

from .line import Line, compared
from .live import DASHBOARDS, SOCKET, listening
from .sales import small_sale
from .shop import scratch, stock
from .starting import window_process
from .timing import FULL

RATE = 20
SECONDS = 60 if FULL else 10
SETTLE_SECONDS = 6
ROUNDS = 3 if FULL else 1
LONGEST_MS = 33.0


def till_calm() -> Iterator[Line]:
    busy, idle = [], []
    for _ in range(ROUNDS):
        idle.append(_idle())
        busy.append(_busy())
    middle = sorted(idle)[len(idle) // 2]
    # Twice the idle window's gap, but never longer than two frames of a screen.
    goal = min(2.0, LONGEST_MS / middle)
    more = {"part": "p99.9", "dashboards": DASHBOARDS, "receipts_a_second": RATE, "most_ms": LONGEST_MS}
    yield compared("till_calm", "ms", busy, idle, goal, "lower", **more)


def _idle() -> float:
    with scratch() as folder:
        asyncio.run(stock(folder, 3, datetime.now(UTC)))
        with window_process(["ticks", "--data-dir", str(folder.path), "app"]) as window:
            time.sleep(SETTLE_SECONDS)
            return _longest_gap(window, time.monotonic())


def _busy() -> float:
    with scratch() as folder:
        sales = folder.path / "sales.jsonl"
        count = RATE * 6 * (SECONDS + 60)
        sales.write_bytes(b"\n".join(small_sale(number) for number in range(1, count + 1)))
        command = [
            "ticks",
            "--data-dir",
            str(folder.path),
            "demo",
            "--json",
            "--rate",
            str(RATE),
            "--sales",
            str(sales),
        ]
        with window_process(command) as window:
            ready = _ready(window)
            return asyncio.run(_watched(window, ready))


async def _watched(window: subprocess.Popen[str], ready: dict[str, Any]) -> float:
    """With all dashboards connected; they read what they are told and count nothing."""
    headers = await _sign_in(ready)
    port = httpx.URL(ready["url"]).port
    group = {"port": port, "path": SOCKET, "headers": headers, "clients": DASHBOARDS, "size": -1, "batch": 1}
    async with listening({"groups": [group], "ca": ready["ca"]}):
        await asyncio.sleep(SETTLE_SECONDS)
        return await asyncio.to_thread(_longest_gap, window, time.monotonic())


async def _sign_in(ready: dict[str, Any]) -> dict[str, str]:
    context = ssl.create_default_context(cafile=ready["ca"])
    async with httpx.AsyncClient(base_url=ready["url"], verify=context, trust_env=False) as http:
        who = {"username": ready["username"], "password": ready["password"]}
        answer = await http.post("/api/auth/token", json=who)
        return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


def _ready(window: subprocess.Popen[str]) -> dict[str, Any]:
    for line in window.stdout or ():
        said = json.loads(line)
        if said.get("event") == "ready":
            return said
    raise AssertionError("the demo's window ended before it was ready")


def _longest_gap(window: subprocess.Popen[str], since: float) -> float:
    """The gap in milliseconds that one of a thousand ticks exceeds, over the seconds from now on."""
    longest: list[float] = []
    ticks = 0
    for line in window.stdout or ():
        with contextlib.suppress(ValueError):
            said = json.loads(line)
            if said.get("moment") != "ticks" or said["at"] < since + 1:
                continue
            longest += said["longest"]
            ticks += said["count"]
            if said["at"] > since + SECONDS:
                break
    if not ticks:
        raise AssertionError("the window's loop did not tick")
    return sorted(longest)[-1 - ticks // 1000]
