"""Printers on serial lines. Implements ports.Printers and ports.Printer: the loop's side of drivers that block.

A printer's calls run in its port's thread, one after the other; two printers on one port share the thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import TimeoutError as MarkTimeout
from datetime import datetime
from typing import TypeVar

from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.paper import (
    FoundPrinter,
    Outcome,
    Paper,
    PrinterMode,
    PrinterSetup,
    PrinterStatus,
    PrintMark,
    PrintResult,
)

from ..link import Port, port_names
from .driver import Driver, LocalNow, not_printed
from .escpos import EscposDriver
from .escpos_bytes import QrForm
from .escpos_silent import SilentDriver
from .failures import LineLost, PortUnavailable, PrinterFailure, Stopped
from .findings import ADVICE, findings
from .framed_driver import FramedDriver
from .probe import SPEEDS, probe
from .profile import DATECS_X4, FP1_DIALECTS
from .tremol import TremolDriver
from .wire import Wire

T = TypeVar("T")
_DIALECT_OF_FP1 = "eltrade"
_NARROW = 32
# A mark that is not stored by then never will be.
_MARK_SECONDS = 30.0


class SerialPrinters:
    """Makes printers. `local_now`: the shop's time, which printers' clocks are compared with."""

    def __init__(self, local_now: LocalNow) -> None:
        self._local_now = local_now
        self._ports: dict[str, tuple[Port, int]] = {}

    def open(self, setup: PrinterSetup) -> SerialPrinter:
        """A printer that opens its port when first used and again after it was gone. Raises BadInput."""
        return SerialPrinter(setup, driver_for(setup, self._local_now), self._share(setup.port), self._release)

    def ports(self) -> list[tuple[str, str]]:
        """The serial ports of this machine: name to use, and what is said of it."""
        return port_names()

    async def probe(self, port: str) -> FoundPrinter | None:
        """Who answers on a port, at which speed; None where nobody does. Raises BadInput where it cannot be opened."""
        shared = self._share(port)
        try:
            for baud in SPEEDS:
                found = await asyncio.wrap_future(shared.submit(baud, probe))
                if found is not None:
                    return found
        except PrinterFailure as failure:
            raise BadInput(ADVICE[failure.code], str(failure)) from failure
        finally:
            await self._release(port)
        return None

    def _share(self, name: str) -> Port:
        port, users = self._ports.get(name) or (Port(name), 0)
        self._ports[name] = port, users + 1
        return port

    async def _release(self, name: str) -> None:
        port, users = self._ports.pop(name)
        if users > 1:
            self._ports[name] = port, users - 1
            return
        port.stop()
        await asyncio.to_thread(port.join)


class SerialPrinter:
    """One printer on its port."""

    def __init__(
        self, setup: PrinterSetup, driver: Driver, port: Port, release: Callable[[str], Awaitable[None]]
    ) -> None:
        self._setup = setup
        self._driver = driver
        self._port = port
        self._release = release
        self._at_work = 0
        self._closed = False

    @property
    def columns(self) -> int:
        """How wide a line may be: the set-up's width, or less where the dialect says so."""
        return self._driver.columns

    async def print(self, paper: Paper, mark: Callable[[PrintMark], Awaitable[None]]) -> PrintResult:
        """Put a slip on paper. Raises only what `mark` raises."""
        loop = asyncio.get_running_loop()

        async def awaited(step: PrintMark) -> None:
            await mark(step)

        def store(step: PrintMark) -> None:
            """In the port's thread: returns once the loop has stored the mark."""
            if loop.is_closed():
                raise Stopped
            storing = asyncio.run_coroutine_threadsafe(awaited(step), loop)
            try:
                storing.result(_MARK_SECONDS)
            except MarkTimeout as late:
                storing.cancel()
                raise Stopped from late

        begun: list[PrintMark] = []

        def marked(step: PrintMark) -> None:
            store(step)
            begun.append(step)

        try:
            return await self._run(lambda wire: self._driver.print(wire, paper, marked))
        except PrinterFailure as failure:
            return not_printed(_worst(begun, failure), failure)

    async def settle(self, paper: Paper, mark: PrintMark) -> PrintResult:
        """Ask what became of a slip whose end is not known, and end what it left open; prints nothing anew."""
        try:
            return await self._run(lambda wire: self._driver.settle(wire, paper, mark))
        except PrinterFailure as failure:
            return not_printed(Outcome.UNKNOWN, failure)

    async def status(self) -> PrinterStatus:
        """The printer's health: asked for now, or what it last said while it is at work on a slip."""
        if self._at_work and self._driver.latest is not None:
            return self._driver.latest
        try:
            return await self._run(self._driver.status)
        except PrinterFailure as failure:
            return PrinterStatus(reachable=False, findings=findings({failure.code}))

    async def set_clock(self, local: datetime) -> PrintResult:
        """Set the printer's clock; NOTHING with a reason where it has none or refuses."""
        try:
            return await self._run(lambda wire: self._driver.set_clock(wire, local))
        except PrinterFailure as failure:
            return not_printed(Outcome.NOTHING, failure)

    async def close(self) -> None:
        """Let go of the port; a slip under way is given a moment."""
        if not self._closed:
            self._closed = True
            await self._release(self._setup.port)

    async def _run(self, job: Callable[[Wire], T]) -> T:
        self._at_work += 1
        try:
            return await asyncio.wrap_future(self._port.submit(self._setup.baud, job))
        finally:
            self._at_work -= 1


def driver_for(setup: PrinterSetup, local_now: LocalNow) -> Driver:
    """The driver of a set-up. Raises BadInput where family, dialect and mode do not go together."""
    if setup.dialect is not None and setup.family in ("escpos", "zfp"):
        raise BadInput(f"The family {setup.family} has no dialects; leave --dialect out.")
    if setup.mode is PrinterMode.HARDWARE_FISCAL and setup.family == "escpos":
        raise BadInput("An ESC/POS printer has no fiscal memory; use the mode print-only.")
    if not setup.answers and setup.family != "escpos":
        raise BadInput("Only ESC/POS printers may be without a back channel; this family prints nothing unanswered.")
    if not 24 <= setup.width <= 80:
        raise BadInput("A printer's width is 24 to 80 columns; 48, 42 and 32 are usual.")
    as_text = setup.qr == "text"
    match setup.family:
        case "escpos":
            image = setup.qr == "image" or (setup.qr == "auto" and setup.width <= _NARROW)
            form: QrForm = "text" if as_text else "image" if image else "native"
            return EscposDriver(setup.width, form) if setup.answers else SilentDriver(setup.width, form)
        case "fp1":
            profile = FP1_DIALECTS[setup.dialect or _DIALECT_OF_FP1]
            return FramedDriver("fp1", profile, setup.width, setup.mode, as_text, local_now)
        case "x4":
            if setup.dialect not in (None, "datecs"):
                raise BadInput(f"X4 is Datecs's own; {setup.dialect} printers are of the family fp1.")
            return FramedDriver("x4", DATECS_X4, setup.width, setup.mode, as_text, local_now)
        case "zfp":
            if setup.mode is PrinterMode.HARDWARE_FISCAL:
                raise BadInput("Tremol printers are used with the mode print-only.")
            return TremolDriver(setup.width, local_now)


def _worst(begun: list[PrintMark], failure: PrinterFailure) -> Outcome:
    """What a slip may have come to whose line went away: by the last mark that was stored."""
    if not begun or isinstance(failure, PortUnavailable):
        return Outcome.NOTHING
    if begun[-1].state in ("paying", "closing"):
        return Outcome.UNKNOWN
    return Outcome.TORN if isinstance(failure, LineLost | Stopped) else Outcome.UNKNOWN
