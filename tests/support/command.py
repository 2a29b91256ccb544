"""The `fiscalmon` command as a process of its own, as scripts and people start it.

Short commands are forked off a process that has imported everything (`zygote`); `Running` starts the real program.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
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


class Zygote:
    """Starts on construction."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "zygote")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.zygote", self.address], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert self.process.stdout.readline() == b"ready\n"

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=10)

    def start(self, arguments: list[str], files: list[int], more: dict[str, str], program="fiscalmon") -> "Forked":
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self.address)
        asked = {"program": program, "arguments": arguments, "environment": environment(**more)}
        socket.send_fds(connection, [json.dumps(asked).encode()], files)
        return Forked(connection)

    async def until_ready(self, arguments: list[str], out: Path, program: str = "fiscalmon") -> "Forked":
        """Start a program and wait for its first line; stdout and stderr go into the file."""
        with out.open("wb") as file:
            started = self.start(arguments, [file.fileno()] * 3, {}, program)
        async with asyncio.timeout(20):
            while b"\n" not in out.read_bytes():  # noqa: ASYNC110, ASYNC240 - a file tells nobody
                await asyncio.sleep(0.02)
        return started

    async def run(self, folder: Path | None, *arguments: str, given: bytes = b"", **more: str) -> Done:
        """Run a command to its end."""
        return await asyncio.to_thread(self.run_now, folder, list(arguments), given, more)

    def run_now(self, folder: Path | None, arguments: list[str], given: bytes, more: dict[str, str]) -> Done:
        named = [] if folder is None else ["--data-dir", str(folder)]
        with contextlib.ExitStack() as stack:
            files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            files[0].write(given)
            files[0].seek(0)
            code = self.start([*named, *arguments], [file.fileno() for file in files], more).wait()
            for file in files[1:]:
                file.seek(0)
            return Done(code, files[1].read(), files[2].read())


class Forked:
    """A command under way. `pid` is for signals."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        connection.settimeout(60)
        self._answers = connection.makefile("rb")
        self.pid = int(self._answers.readline())

    def wait(self) -> int:
        try:
            return int(self._answers.readline())
        finally:
            self._answers.close()
            self._connection.close()


class Running:
    """A program that runs until it is ended. `ready` is its first line."""

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
