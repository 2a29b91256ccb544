"""`make soak`: the whole product for a long time, over a link that breaks again and again; must not know its insides.

SOAK_SECONDS (default 600) of sales at SOAK_RATE a second (default 4). One JSON object a line: a sample every ten
seconds, then the result. Exit 1 unless FDMS got every sale, each day closed, the audit found nothing and memory held.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
BASKETS = ROOT / "resources" / "demo" / "baskets.jsonl.gz"
SAMPLE_SECONDS = 10
CALM_SECONDS = 30
CLOSING_SECONDS = 300
MOST_GROWTH_MB = 64
TROUBLE: tuple[dict[str, Any], ...] = (
    {"operation": "SubmitReceipt", "action": "drop-before", "count": 20},
    {"operation": "SubmitReceipt", "action": "drop-after", "count": 20},
    {"operation": "SubmitReceipt", "action": "status", "status": 503, "count": 20},
    {"operation": "SubmitReceipt", "action": "garbage", "count": 5},
    {"operation": "SubmitReceipt", "action": "truncate", "count": 5},
    {"operation": "SubmitReceipt", "action": "delay", "seconds": 2.0, "count": 10},
)


def main() -> int:
    seconds, rate = float(os.environ.get("SOAK_SECONDS", "600")), float(os.environ.get("SOAK_RATE", "4"))
    with tempfile.TemporaryDirectory(prefix="fiscalmon-soak-") as folder:
        sales = Path(folder) / "sales.jsonl"
        _write_sales(sales, max(1, round(seconds * rate)))
        command = (sys.executable, "-m", "fiscalmon", "--data-dir", f"{folder}/data", "demo", "--headless", "--json")
        process = subprocess.Popen(
            (*command, "--exit-when-done", "--sales", str(sales), "--rate", str(rate)),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            return _watch(process, seconds)
        finally:
            process.kill()
            process.wait()


def _write_sales(path: Path, count: int) -> None:
    """So many baskets, each with a number of its own; bad rows are left in."""
    with gzip.open(BASKETS, "rt") as known, path.open("w") as file:
        for number, line in zip(range(count), itertools.cycle(known.readlines()), strict=False):
            file.write(json.dumps({**json.loads(line), "basket": f"SOAK-{number}"}) + "\n")


def _watch(process: subprocess.Popen[str], seconds: float) -> int:
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    sizes: list[float] = []
    # Only the first half of the time's sizes may still grow: caches fill, rollups begin.
    over = threading.Event()
    trouble = threading.Thread(target=_trouble, args=(ready["control"], seconds, over))
    trouble.start()
    sampler = threading.Thread(target=_sample, args=(process.pid, sizes, over))
    sampler.start()
    give_up = threading.Timer(seconds + CLOSING_SECONDS, process.kill)
    give_up.start()
    rest = process.stdout.read()
    code = process.wait()
    give_up.cancel()
    over.set()
    trouble.join()
    sampler.join()
    summary = json.loads(rest.splitlines()[-1]) if rest.strip() else {}
    summary.pop("refusals", None)
    half = len(sizes) // 2
    growth = max(sizes[half:], default=0.0) - max(sizes[: half + 1], default=0.0)
    held = growth <= MOST_GROWTH_MB
    print(json.dumps({"soak": summary, "exit": code, "growthMB": round(growth, 1), "memoryHeld": held}), flush=True)
    return 0 if code == 0 and held else 1


def _trouble(control: str, seconds: float, over: threading.Event) -> None:
    """Now a trouble, now calm; none in the last part, in which the queues have to empty."""
    until = time.monotonic() + seconds - CALM_SECONDS
    choose = random.Random(0)
    with httpx.Client(base_url=control, timeout=30, trust_env=False) as client:
        while time.monotonic() < until and not over.is_set():
            client.post("/faults", json={"rules": [choose.choice(TROUBLE)]}).raise_for_status()
            over.wait(CALM_SECONDS / 3)
            client.delete("/faults").raise_for_status()
            over.wait(CALM_SECONDS / 3)


def _sample(pid: int, sizes: list[float], over: threading.Event) -> None:
    while not over.wait(SAMPLE_SECONDS):
        try:
            status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        except OSError:
            return
        if "VmRSS" not in status:
            return
        sizes.append(int(status["VmRSS"].split()[0]) / 1024)
        print(json.dumps({"rssMB": round(sizes[-1], 1), "threads": int(status["Threads"])}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
