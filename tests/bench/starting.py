"""`start_cli`, `start_window` and `recover`: from the start of a process to the moment somebody can use it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from fiscalmon.data_folder import DataFolder

from .line import Line, compared, single
from .shop import FIRST_DEVICE, scratch, stock
from .stored import fill
from .timing import FULL, in_turn

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CLI_ROUNDS = 31 if FULL else 9
WINDOW_ROUNDS = 15 if FULL else 3
RECOVER_ROUNDS = 9 if FULL else 3
STORED = 100_000
QUEUED = 5_000


def start_cli() -> Iterator[Line]:
    """`fiscalmon device list --json` on a folder with a device, beside importing SQLAlchemy."""
    with scratch() as folder:
        asyncio.run(stock(folder, 1, datetime.now(UTC)))
        listing = [str(Path(sys.executable).with_name("fiscalmon")), "--data-dir", str(folder.path)]
        listing += ["device", "list", "--json"]
        floor = [sys.executable, "-c", "import sqlalchemy"]
        said = json.loads(subprocess.run(listing, check=True, capture_output=True).stdout)
        if [device["deviceID"] for device in said] != [FIRST_DEVICE]:
            raise AssertionError(f"the command listed {said}")
        values, floors = in_turn(CLI_ROUNDS, lambda: _run_ms(listing), lambda: _run_ms(floor))
    yield compared("start_cli", "ms", values, floors, 1.25, "lower", floor_is="import sqlalchemy")


def start_window() -> Iterator[Line]:
    """The desktop app on a folder with many receipts; both its moments, beside two bare windows."""
    with scratch() as folder:
        asyncio.run(stock(folder, 3, datetime.now(UTC)))
        fill(folder.path, STORED, 3, FIRST_DEVICE, days=30)
        app = ["app", str(folder.path)]
        # The first start in a folder makes the server's certificate, once in its life.
        _window(app)
        shells, numbers, bare, imported = [], [], [], []
        for _ in range(WINDOW_ROUNDS):
            shell, live = _window(app)
            shells.append(shell)
            numbers.append(live)
            bare.append(_window(["bare"])[0])
            imported.append(_window(["imported"])[0])
    yield compared(
        "start_window", "ms", shells, bare, 2.5, "lower", until="shell painted", floor_is="a bare PySide6 window"
    )
    yield compared(
        "start_window_numbers",
        "ms",
        numbers,
        imported,
        0.9,
        "lower",
        until="live numbers shown",
        floor_is="a window that imports the same libraries first",
        receipts=STORED,
    )


def recover() -> Iterator[Line]:
    """The engine on a folder that a kill -9 left with a full outbox, beside the same folder left in order."""
    with scratch() as clean, scratch() as killed:
        asyncio.run(stock(clean, 1, datetime.now(UTC)))
        shutil.copytree(clean.path, killed.path, dirs_exist_ok=True, copy_function=shutil.copy)
        _queue_and_die(killed)
        values, floors = in_turn(RECOVER_ROUNDS, lambda: _serve_ms(killed), lambda: _serve_ms(clean))
    middle = _middle(values), _middle(floors)
    # The goal is a difference: at most one second more than a clean start.
    goal = (middle[1] + 1_000) / middle[1]
    yield single("recover", "ms", *middle, goal, "lower", queued=QUEUED, most_more_ms=1_000, rounds=RECOVER_ROUNDS)


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _run_ms(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1e3


def _window(arguments: list[str]) -> tuple[float, float]:
    """Milliseconds from the start of the process to the painted shell and to live numbers, as the window tells them."""
    started = time.monotonic()
    moments: dict[str, float] = {}
    with window_process(arguments) as process:
        for line in process.stdout or ():
            said = json.loads(line)
            moments[said["moment"]] = (said["at"] - started) * 1e3
            if said["moment"] == "numbers" or (said["moment"] == "painted" and arguments[0] != "app"):
                break
    if "painted" not in moments:
        raise AssertionError(f"the window {arguments} was never painted")
    return moments["painted"], moments.get("numbers", 0.0)


@contextlib.contextmanager
def window_process(arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    """The window's program, drawing on no screen; told to end afterwards, and killed if it does not."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(HERE / "window.py"), *arguments], stdout=subprocess.PIPE, env=environment, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _queue_and_die(folder: DataFolder) -> None:
    process = subprocess.run(
        [sys.executable, str(HERE / "dying.py"), str(folder.path), str(QUEUED)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    if process.returncode != -9:
        raise AssertionError(f"the till that should have been killed ended with {process.returncode}")


def _serve_ms(folder: DataFolder) -> float:
    """From the start of `fiscalmon serve` to its "ready", on a copy of the folder: it must be left as it was."""
    with scratch() as copy:
        shutil.copytree(folder.path, copy.path, dirs_exist_ok=True, copy_function=shutil.copy)
        command = [str(Path(sys.executable).with_name("fiscalmon")), "--data-dir", str(copy.path)]
        started = time.perf_counter()
        process = subprocess.Popen([*command, "serve", "--json", "--port", "0"], stdout=subprocess.PIPE, text=True)
        try:
            ready = json.loads((process.stdout.readline() if process.stdout else "") or "{}")
            spent = (time.perf_counter() - started) * 1e3
        finally:
            process.terminate()
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
    if ready.get("event") != "ready":
        raise AssertionError("the engine did not start")
    return spent
