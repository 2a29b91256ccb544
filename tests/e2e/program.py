"""fiscalmon's commands as processes of their own, and the books they leave, read as support would read them.

Knows the command line and the SQL views only; must not import the program.
"""

from __future__ import annotations

import gzip
import json
import os
import queue
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "build" / "screens"
FISCALMON = str(Path(sys.executable).with_name("fiscalmon"))
BASKETS = ROOT / "resources" / "demo" / "baskets.jsonl.gz"


def until(condition: Callable[[], Any], what: str, seconds: float = 30.0) -> Any:
    """The condition's value once it is true; fails the test when that takes longer."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.05)
    return value


def without_display() -> dict[str, str]:
    """This environment as a machine without a screen has it, and free of an outer make's and Qt test's settings."""
    strange = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"}
    return {name: value for name, value in os.environ.items() if name not in strange}


class Program:
    """A command that runs until it is told to end; use it in a `with` so that it always ends."""

    def __init__(self, command: Iterable[str], env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
        self._process = subprocess.Popen(
            list(command),
            env=env or without_display(),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.said: list[str] = []
        self._complaints: list[str] = []
        self._readers = [
            threading.Thread(target=self._read_out, daemon=True),
            threading.Thread(target=self._read_err, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._process.poll() is None:
                self.end(seconds=15)
        except AssertionError:
            self._process.kill()
            raise
        finally:
            self._process.wait()
            for reader in self._readers:
                reader.join()
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                pipe.close()

    def say(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def line(self, seconds: float = 40.0) -> dict[str, Any]:
        """The next line of output that is JSON; others, such as make's, are passed over."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{seconds:.0f} s without a line; {self.complaints()}") from None
            assert line is not None, f"it ended ({self._process.wait()}) without a line; {self.complaints()}"
            if line.startswith("{"):
                return json.loads(line)

    def finish(self, seconds: float = 15.0) -> int:
        """Let its standard input end and wait for the exit code."""
        self._process.stdin.close()
        return self.code(seconds)

    def running(self) -> bool:
        return self._process.poll() is None

    def end(self, number: int = signal.SIGTERM, seconds: float = 5.0) -> int:
        """Send a signal and wait for the exit code, so many seconds at most."""
        self._process.send_signal(number)
        return self.code(seconds)

    def code(self, seconds: float = 5.0) -> int:
        """The exit code, awaited so many seconds at most."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds:.0f} s; {self.complaints()}") from None

    def complaints(self) -> str:
        """What it wrote to standard error."""
        return "".join(self._complaints)

    def _read_out(self) -> None:
        for line in self._process.stdout:
            self.said.append(line)
            self._lines.put(line)
        self._lines.put(None)

    def _read_err(self) -> None:
        for line in self._process.stderr:
            self._complaints.append(line)


def fiscalmon(*arguments: object, env: dict[str, str] | None = None) -> Program:
    return Program([FISCALMON, *map(str, arguments)], env)


def run(*arguments: object, given: str = "") -> list[Any]:
    """A command that ends by itself with exit code 0; its lines of JSON."""
    done = subprocess.run(
        [FISCALMON, *map(str, arguments), "--json"],
        input=given,
        env=without_display(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def baskets(folder: Path, count: int) -> Path:
    """A file with the first baskets of the demo."""
    with gzip.open(BASKETS, "rt") as every:
        first = [line for line, _ in zip(every, range(count), strict=False)]
    file = folder / f"{count}-baskets.jsonl"
    file.write_text("".join(first))
    return file


def sale(folder: Path, sale_id: str) -> Path:
    """A file with one small sale of a cashier."""
    document = {
        "saleId": sale_id,
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "invoiceNo": sale_id,
        "receiptLinesTaxInclusive": True,
        "receiptLines": [
            {
                "receiptLineType": "Sale",
                "receiptLineName": "MEALIE MEAL 10 KG",
                "receiptLineHSCode": "11022000",
                "receiptLinePrice": "6.20",
                "receiptLineQuantity": "2",
                "taxID": 3,
            }
        ],
        "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": "12.40"}],
    }
    file = folder / f"{sale_id}.json"
    file.write_text(json.dumps(document))
    return file


def books(folder: str | Path, query: str, *values: object) -> list[dict[str, Any]]:
    """Rows of one of support's views, from the database of a till that runs."""
    with closing(sqlite3.connect(f"file:{Path(folder) / 'fiscalmon.db'}?mode=ro", uri=True, timeout=10)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(query, values)]
