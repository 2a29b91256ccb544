"""Serial ports and what passes for one (pseudo-terminals, socket:// and other pyserial URLs): one thread a port.

The only module that knows pyserial. Knows no printer: whoever wants the line hands over a job that gets it opened.
"""

from __future__ import annotations

import errno
import os
import queue
import select
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from .printers.failures import LineLost, PortUnavailable, PrinterFailure, Stopped

if TYPE_CHECKING:
    import serial

T = TypeVar("T")

# Small enough that a slow line shows within a second that it moves, large enough to keep a fast one busy.
_CHUNK = 256
# Reads and writes look this often whether the till is stopping, in seconds.
_TICK = 0.05
# The other end takes not a byte for so long: flow control held, or nobody there.
_STALL = 5.0
# What a slip under way is given to come to its end when the till stops.
_GRACE = 2.5
_BUSY = (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK)


class Line:
    """An open port. Implements printers.wire.Wire; used by its port's thread alone."""

    def __init__(self, name: str, baud: int, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping
        self._broken = False
        self.baud = baud
        self._serial = _opened(name, baud)
        # A native port tells by select whether it takes bytes; others have only a time-out of their own.
        self._selects = os.name == "posix" and "://" not in name
        self._serial.write_timeout = 0 if self._selects else _STALL

    def now(self) -> float:
        return time.monotonic()

    def read(self, seconds: float) -> bytes:
        """What has come, waiting at most so long for its first byte (0: not at all). Raises LineLost, Stopped."""
        end = self.now() + seconds
        while True:
            if self._stopping():
                raise Stopped
            try:
                if seconds <= 0:
                    return self._rest()
                if first := self._serial.read(1):
                    return bytes(first) + self._rest()
            except _faults() as fault:
                raise self._lost(fault) from fault
            if self.now() >= end:
                return b""

    def write(self, data: bytes) -> None:
        """Hand over all of it, as fast as the line takes it. Raises LineLost, Stopped."""
        left = memoryview(data)
        end = self.now() + _STALL
        while left:
            if self._stopping():
                raise Stopped
            try:
                taken = self._written(left[:_CHUNK])
            except _faults() as fault:
                raise self._lost(fault) from fault
            if taken:
                left = left[taken:]
                end = self.now() + _STALL
            elif self.now() >= end:
                self._broken = True
                raise LineLost("E10", "the port takes no more bytes", sent=True)

    def discard(self) -> None:
        """Forget what has come and was not read. Raises LineLost."""
        try:
            self._serial.reset_input_buffer()
        except _faults() as fault:
            raise self._lost(fault) from fault

    def spoil(self) -> None:
        """Something went wrong: what the line did not take yet shall not go out any more."""
        self._broken = True

    def close(self) -> None:
        """Let the port go. What a broken line did not take is dropped, or closing would wait for it."""
        try:
            if self._broken:
                self._serial.reset_output_buffer()
        except _faults():
            pass
        finally:
            try:
                self._serial.close()
            except _faults():
                pass

    def _written(self, chunk: memoryview) -> int:
        if self._selects and not select.select([], [self._serial.fileno()], [], _TICK)[1]:
            return 0
        return self._serial.write(chunk) or 0

    def _rest(self) -> bytes:
        """What else is there already; a socket gives it byte by byte."""
        found = bytearray()
        while len(found) < 4096 and (more := self._serial.in_waiting):
            found += self._serial.read(more)
        return bytes(found)

    def _lost(self, fault: BaseException) -> LineLost:
        self._broken = True
        return LineLost("E01", str(fault), sent=True)


class Port:
    """A port by its name, with its thread. The name is opened anew for each job, so that it may be a link, and a
    printer that was away and came back is found again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stop_at: float | None = None

    def submit(self, baud: int, job: Callable[[Line], T]) -> Future[T]:
        """Run the job with the line open, after the jobs before it. It fails with PortUnavailable where the port cannot
        be opened, with Stopped where the till stops first, and with whatever the job raises."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(self._with_line(baud, job))
            except BaseException as failure:
                future.set_exception(failure)

        if self._stop_at is not None:
            future.set_exception(Stopped())
            return future
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=f"port {self.name}", daemon=True)
            self._thread.start()
        self._jobs.put(run)
        return future

    def stop(self) -> None:
        """No more jobs; the one under way is given a moment."""
        if self._stop_at is None:
            self._stop_at = time.monotonic() + _GRACE
            self._jobs.put(None)

    def join(self) -> None:
        """Wait for the thread; only after `stop`."""
        if self._thread is not None:
            self._thread.join(_GRACE + 1.0)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _stopping(self) -> bool:
        return self._stop_at is not None and time.monotonic() >= self._stop_at

    def _with_line(self, baud: int, job: Callable[[Line], T]) -> T:
        if self._stop_at is not None:
            raise Stopped
        line = Line(self.name, baud, self._stopping)
        try:
            return job(line)
        except PrinterFailure:
            line.spoil()
            raise
        finally:
            line.close()


def port_names() -> list[tuple[str, str]]:
    """The serial ports of this machine: the name to use, and what the system says of it."""
    from serial.tools.list_ports import comports

    return sorted((port.device, port.description or port.device) for port in comports())


def _opened(name: str, baud: int) -> serial.Serial:
    """8N1 without flow control, for us alone. Raises PortUnavailable."""
    import serial

    try:
        opened = serial.serial_for_url(name, baudrate=baud, timeout=_TICK, write_timeout=_STALL, exclusive=True)
    except _faults() as fault:
        raise PortUnavailable(_why(fault), f"{name}: {fault}") from fault
    return opened


def _why(fault: BaseException) -> str:
    """The finding for a port that cannot be opened."""
    number = getattr(fault, "errno", None)
    text = str(fault)
    if number in _BUSY or "exclusively lock" in text:
        return "E03"
    if number in (errno.EACCES, errno.EPERM):
        return "E02"
    if "PermissionError" in text:
        # Windows says so of a port that another program holds.
        return "E03"
    if isinstance(fault, ValueError) or number == errno.ENOTTY or "Could not configure port" in text:
        return "E29"
    return "E01"


def _faults() -> tuple[type[BaseException], ...]:
    """All that pyserial lets through when a port goes away."""
    import serial

    native: list[Any] = [serial.SerialException, OSError, ValueError]
    if os.name == "posix":
        import termios

        native.append(termios.error)
    return tuple(native)
