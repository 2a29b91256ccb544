"""The `fiscalmon` command as a process of its own, as scripts and people start it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from fiscalmon.control import ControlClient
from fiscalmon.data_folder import DataFolder

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-m", "fiscalmon")


def environment(**more: str) -> dict[str, str]:
    """This process's, without a display and without a data folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "FISCALMON_GATEWAY_TIMEOUT": "2", **more}


class Done:
    """How a command ended. `json`: each line of stdout; anything there that is no JSON raises."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.out = out.decode()
        self.err = err.decode()

    @property
    def json(self) -> list:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaint(self) -> str:
        """The one plain sentence on stderr; nothing may stand on stdout."""
        assert self.out == ""
        assert "Traceback" not in self.err
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


async def run(folder: Path | None, *arguments: str, given: bytes = b"", **more: str) -> Done:
    """Run a command to its end."""
    named = () if folder is None else ("--data-dir", str(folder))
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, *named, *arguments, cwd=ROOT, env=environment(**more),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(given), 60)
    return Done(process.returncode, out, err)


class Running:
    """A command that runs until it is ended. `ready` is its first line."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [*PROGRAM, "--data-dir", str(folder), *arguments], cwd=ROOT, env=environment(**more),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def wait_ready(self) -> "Running":
        line = self.process.stdout.readline()
        assert line, self.process.communicate(timeout=10)[1].decode()
        self.ready = json.loads(line)
        return self

    def send(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    def end(self, number: int = signal.SIGTERM) -> tuple[Done, float]:
        """Send a signal; how it ended, and after how many seconds."""
        started = time.monotonic()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return Done(self.process.returncode, out, err), time.monotonic() - started

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.communicate(timeout=10)


def serve(folder: Path, **more: str) -> Running:
    return Running(folder, "serve", "--no-tls", "--port", "0", "--json", **more).wait_ready()


async def connect(folder: Path) -> ControlClient:
    """The control channel of the engine that runs on a folder."""
    address = DataFolder(folder).running()
    assert address is not None
    client = ControlClient(address)
    assert await client.connect()
    return client
