"""One emulated printer, put together: a family's session, its ports, and the hand that pulls plugs and loads paper.

The only place that knows which family is which. Lives in one event loop; nothing here blocks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from .dialects import ELTRADE, X4, ZFP, Dialect, dialect_named
from .escpos import EscPosSession
from .faults import FaultPlan, Faults, Rule
from .framed import X4 as X4Variant
from .framed import Fp1, FramedSession, Variant
from .machine import CableOut, DeviceClock, Machine, PowerLost
from .printer import FiscalPrinter
from .printout import Identity
from .pseudo_terminal import PseudoTerminal
from .tcp_port import Connection, TcpPort
from .wire import Wire
from .zfp import Zfp

Family = Literal["escpos", "fp1", "x4", "zfp"]
FAMILIES: tuple[Family, ...] = ("escpos", "fp1", "x4", "zfp")


log = logging.getLogger(__name__)


class Session(Protocol):
    """A family's conversation, as the emulator drives it."""

    room: asyncio.Event

    @property
    def operations(self) -> frozenset[str]:
        """Names that a fault rule may use."""
        ...

    async def feed(self, chunk: bytes, wire: Wire) -> None:
        """Bytes from the host; raises PowerLost and CableOut."""
        ...

    async def resume(self, wire: Wire | None) -> None:
        """The printer's condition changed."""
        ...

    def suffer(self, rule: Rule) -> None:
        """A fault's change of condition; raises PowerLost and CableOut."""
        ...

    def mend(self) -> None:
        """All conditions are good again."""
        ...

    def hang_up(self) -> None:
        """The line broke."""
        ...

    def power_off(self) -> None:
        """What the printer forgets."""
        ...

    def power_on(self) -> None:
        """What it does first."""
        ...

    def view(self) -> dict[str, Any]:
        """Its state for people and tests."""
        ...


@dataclass(frozen=True)
class Wishes:
    """What to emulate. `link`: where the terminal is found; None for none. `tcp`: a port, 0 a free one."""

    family: Family = "fp1"
    dialect: str = ELTRADE.name
    width: int | None = None
    baud: int | None = None
    link: Path | None = None
    tcp: int | None = None
    native_qr: bool = True

    def table(self) -> Dialect:
        """Raises KeyError for a dialect that there is not."""
        return {"x4": X4, "zfp": ZFP}.get(self.family) or dialect_named(self.dialect)


class Emulator:
    """`start`, then bytes come and go; `stop` takes the ports away."""

    def __init__(self, wishes: Wishes, clock: DeviceClock | None = None, identity: Identity | None = None) -> None:
        self.wishes = wishes
        self.faults = Faults()
        self.powered = self.plugged = True
        most = 48 if wishes.family == "escpos" else wishes.table().columns
        self.machine = Machine(min(wishes.width or most, most), self.faults, clock)
        self.session = make_session(wishes, self.machine, identity)
        self.terminal = PseudoTerminal(wishes.link, wishes.baud) if wishes.link is not None else None
        self.tcp = TcpPort(wishes.tcp, wishes.baud, self._welcome) if wishes.tcp is not None else None
        self._wire: Wire | None = None
        self._turn = asyncio.Lock()
        self._work: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Raises OSError where a port cannot be had."""
        if self.tcp is not None:
            await self.tcp.plug()
        if self.terminal is not None:
            self.terminal.plug()
            self._spawn(self._attend(self.terminal))

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.terminal is not None:
            self.terminal.unplug()
        if self.tcp is not None:
            await self.tcp.unplug()

    # -- what a hand can do -------------------------------------------------------------------------------------------

    def put_faults(self, plan: FaultPlan) -> None:
        """Replace all rules; those that wait for no operation strike now."""
        self.faults.replace(plan)
        for rule in plan.rules:
            if rule.at_once:
                try:
                    self.session.suffer(rule)
                except PowerLost as lost:
                    self.cycle(lost.seconds)
                except CableOut as out:
                    self._spawn(self.pull_cable(out.seconds))
        self.wake()

    def clear_faults(self) -> None:
        """No rules, nothing broken; storms and pauses end."""
        self.faults.replace(FaultPlan(()))
        self.session.mend()
        self.wake()

    def wake(self) -> None:
        """The printer's condition changed: what waits in it may go on."""
        if self.powered:
            self._spawn(self._guarded(self.session.resume(self._wire)))

    def power_off(self) -> None:
        if self.powered:
            self.powered = False
            self._interrupt()
            self.session.power_off()

    def power_on(self) -> None:
        if not self.powered:
            self.powered = True
            self.session.power_on()
            self.wake()

    def cycle(self, seconds: float) -> None:
        """Off, and on again after so many seconds."""
        self.power_off()
        self._spawn(self._return_power(seconds))

    async def unplug(self) -> None:
        self.plugged = False
        self.session.hang_up()
        self._interrupt()
        if self.terminal is not None:
            self.terminal.unplug()
        if self.tcp is not None:
            await self.tcp.unplug()

    async def pull_cable(self, seconds: float) -> None:
        """Out now, in again after so many seconds."""
        await self.unplug()
        self._spawn(self._replug(seconds))

    async def plug(self) -> None:
        """Raises OSError where a port cannot be had again."""
        self.plugged = True
        if self.tcp is not None:
            await self.tcp.plug()
        if self.terminal is not None:
            self.terminal.plug()

    # -- the conversation ---------------------------------------------------------------------------------------------

    async def _attend(self, terminal: PseudoTerminal) -> None:
        """Serve the terminal whenever it is plugged in."""
        while True:
            await terminal.plugged_in.wait()
            with contextlib.suppress(ConnectionError):
                await self._converse(terminal)

    async def _welcome(self, connection: Connection) -> None:
        """Serve one connection to its end. Raises ConnectionError then."""
        try:
            await self._converse(connection)
        finally:
            self.session.hang_up()

    async def _converse(self, line: PseudoTerminal | Connection) -> None:
        """Raises ConnectionError when the line is gone."""
        self._wire = line
        while True:
            await self.session.room.wait()
            chunk = await line.read()
            if self.powered:
                self._wire = line
                await self._guarded(self.session.feed(chunk, line))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the printer's work, one piece at a time; a loss in the middle of it ends it."""
        async with self._turn:
            task = self._work = asyncio.ensure_future(work)
            try:
                await asyncio.wait((task,))
            except asyncio.CancelledError:
                task.cancel()
                raise
            finally:
                self._work = None
        if task.cancelled():
            return
        failure = task.exception()
        if isinstance(failure, PowerLost):
            self.cycle(failure.seconds)
        elif isinstance(failure, CableOut):
            self._spawn(self.pull_cable(failure.seconds))
        elif failure is not None:
            log.error("the printer's program failed", exc_info=failure)

    def _interrupt(self) -> None:
        """End what the printer is at."""
        if self._work is not None:
            self._work.cancel()

    async def _return_power(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.power_on()

    async def _replug(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        try:
            await self.plug()
        except OSError:
            log.exception("the cable cannot be put back in")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def make_session(wishes: Wishes, machine: Machine, identity: Identity | None = None) -> Session:
    """The conversation of the family that is wished for."""
    if wishes.family == "escpos":
        return EscPosSession(machine, machine.faults, native_qr=wishes.native_qr)
    dialect = wishes.table()
    model = {"fp1": f"{dialect.maker}-EMULATOR", "x4": "FP-700X", "zfp": "TREMOL-EMULATOR"}[wishes.family]
    printer = FiscalPrinter(machine, dialect, identity or Identity(model))
    variants: dict[str, Callable[[FiscalPrinter], Variant]] = {"fp1": Fp1, "x4": X4Variant, "zfp": Zfp}
    return FramedSession(printer, variants[wishes.family](printer), machine.faults)
