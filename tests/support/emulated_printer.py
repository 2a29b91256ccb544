"""An emulated printer that runs in a thread of its own, and a host on the other end of its line.

Knows the emulator and pyserial; the frames that the host writes are put together here, by nobody's codec."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import serial

from device.emulator.emulator import Emulator, Wishes
from device.emulator.faults import read_plan
from device.emulator.machine import DeviceClock
from device.emulator.printout import Identity

AT_HALF_PAST_THREE = datetime(2026, 11, 22, 15, 30)


class RunningPrinter:
    """The emulator inside its loop; `do` runs a function there and gives what it returns."""

    def __init__(self, loop: asyncio.AbstractEventLoop, emulator: Emulator) -> None:
        self.loop, self.emulator = loop, emulator

    @property
    def port(self) -> str:
        return str(self.emulator.terminal.link)

    @property
    def machine(self):
        return self.emulator.machine

    @property
    def printer(self):
        return self.emulator.session._printer

    @property
    def register(self):
        return self.printer.register

    def do(self, act: Callable[[], Any]) -> Any:
        async def run() -> Any:
            done = act()
            return await done if asyncio.iscoroutine(done) else done

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(10)

    def faults(self, *rules: dict[str, Any]) -> None:
        plan = read_plan(msgspec.json.encode({"rules": rules}), self.emulator.session.operations)
        self.do(lambda: self.emulator.put_faults(plan))

    def mend(self) -> None:
        self.do(self.emulator.clear_faults)

    def text(self) -> str:
        return self.do(self.machine.roll.text)

    def view(self) -> dict[str, Any]:
        return self.do(self.emulator.session.view)

    def until(self, holds: Callable[[], bool], what: str = "the printer's state") -> None:
        """Wait until something is so inside the emulator."""
        end = time.monotonic() + 10
        while not self.do(holds):
            assert time.monotonic() < end, f"{what} did not come"
            time.sleep(0.01)


@contextlib.contextmanager
def running(
    folder: Path, family: str, dialect: str = "datecs", *, identity: Identity | None = None, **more: Any
) -> Iterator[RunningPrinter]:
    """An emulator on a pseudo-terminal under `folder`, its clock standing at half past three."""
    started: list[RunningPrinter] = []
    up, stop = threading.Event(), asyncio.Event()

    async def live() -> None:
        wishes = Wishes(family, dialect, link=folder / "port", **more)
        emulator = Emulator(wishes, DeviceClock(lambda: AT_HALF_PAST_THREE), identity)
        await emulator.start()
        started.append(RunningPrinter(asyncio.get_running_loop(), emulator))
        up.set()
        await stop.wait()
        await emulator.stop()

    thread = threading.Thread(target=lambda: asyncio.run(live()), name="emulator")
    thread.start()
    assert up.wait(10)
    try:
        yield started[0]
    finally:
        started[0].loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        assert not thread.is_alive()


class Host:
    """A program at the other end of the line. Reads with a deadline, never for ever."""

    def __init__(self, port: str) -> None:
        self.line = serial.serial_for_url(port, timeout=0.02, write_timeout=5)

    def write(self, data: bytes) -> None:
        self.line.write(data)

    def read(self, seconds: float = 3.0, *, until: bytes = b"", length: int = 0) -> bytes:
        """What arrives until it ends with `until`, or is `length` long, or the time is over."""
        end, got = time.monotonic() + seconds, b""
        while time.monotonic() < end:
            got += self.line.read(1)
            if (until and got.endswith(until)) or (length and len(got) >= length):
                break
        return got

    def silence(self, seconds: float = 0.25) -> bool:
        return self.read(seconds) == b""

    def ask(self, frame: bytes, end: bytes = b"\x03") -> bytes:
        """Write a frame, read the answer's."""
        self.write(frame)
        return self.read(until=end)

    def close(self) -> None:
        self.line.close()


@contextlib.contextmanager
def host(port: str) -> Iterator[Host]:
    one = Host(port)
    try:
        yield one
    finally:
        one.close()


def _nibbles(value: int) -> bytes:
    return bytes(0x30 + int(digit, 16) for digit in f"{value:04x}")


def fp1(seq: int, command: int, data: str | bytes = b"") -> bytes:
    """A request of the one-byte-length variant."""
    raw = data.encode("cp1251") if isinstance(data, str) else data
    body = bytes((0x24 + len(raw), seq, command)) + raw + b"\x05"
    return b"\x01" + body + _nibbles(sum(body)) + b"\x03"


def x4(seq: int, command: int, *fields: str) -> bytes:
    """A request of the four-nibble variant."""
    raw = "".join(f"{field}\t" for field in fields).encode("cp1251")
    body = _nibbles(0x2A + len(raw)) + bytes((seq,)) + _nibbles(command) + raw + b"\x05"
    return b"\x01" + body + _nibbles(sum(body)) + b"\x03"


def zfp(seq: int, command: int, data: str = "") -> bytes:
    """A request of Tremol's."""
    body = bytes((0x23 + len(data), seq, command)) + data.encode("cp1251")
    check = 0
    for byte in body:
        check ^= byte
    return b"\x02" + body + bytes((0x30 + (check >> 4), 0x30 + (check & 15))) + b"\x0a"


def said(answer: bytes) -> str:
    """The data of an FP1 answer as text."""
    return answer[4 : answer.rindex(b"\x04")].decode("cp1251")


def said_x4(answer: bytes) -> list[str]:
    """The fields of an X4 answer."""
    return answer[10 : answer.rindex(b"\x04")].decode("cp1251").split("\t")[:-1]


def bits(answer: bytes) -> set[tuple[int, int]]:
    """The status bits that are set, without bit 7."""
    status = answer[answer.rindex(b"\x04") + 1 : answer.rindex(b"\x05")]
    return {(byte, bit) for byte, value in enumerate(status) for bit in range(7) if value >> bit & 1}
