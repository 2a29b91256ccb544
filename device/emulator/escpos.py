"""An ESC/POS printer on a line: its buffer, its real-time answers, its status bytes, and its documents.

Commands work in the order of the buffer; without paper they wait there, while DLE EOT is answered at once. What stands
in the buffer is printed when the paper is back, and is lost with the power."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from . import misbehaviour
from .escpos_page import Page
from .escpos_status import answer_to, automatic_status
from .escpos_stream import Command, take
from .faults import CONDITIONS, Faults, Rule
from .machine import Machine, NotPrinting
from .paper import Feed
from .wire import Wire

# What a small printer takes before it stops listening.
BUFFER = 4096
_REAL_TIME = re.compile(rb"\x10(\x04[\x01-\x06]|\x05[\x00-\x02]|\x14\x01[\x00\x01][\x01-\x08])", re.DOTALL)
_NAMES = (
    ("text", "text"),
    ("LF", "feed"),
    ("ESC d", "feed"),
    ("ESC J", "feed"),
    ("ESC @", "init"),
    ("GS V", "cut"),
    ("ESC i", "cut"),
    ("ESC m", "cut"),
    ("ESC p", "drawer"),
    ("DLE DC4", "drawer"),
    ("DLE EOT", "status"),
    ("GS r", "job-status"),
    ("GS I", "identify"),
    ("GS a", "automatic-status"),
    ("GS v", "picture"),
    ("GS 8", "picture"),
    ("ESC *", "picture"),
    ("GS (", "code"),
    ("GS k", "barcode"),
)
OPERATIONS = frozenset(name for _, name in _NAMES) | {"qr", "line", "other"}


class EscPosSession:
    """The printer's half of the line. `native_qr` False: a clone that does not know GS ( k."""

    def __init__(self, machine: Machine, faults: Faults, model: str = "EMULATOR", *, native_qr: bool = True) -> None:
        self.machine, self._faults, self._model = machine, faults, model
        self._page = Page(machine.roll.dots, native_qr=native_qr)
        self._buffer = bytearray()
        self._names = dict(_NAMES)
        self._automatic = 0
        self._last_automatic = b""
        self.printed = 0
        self._last_answer = b""
        self.room = asyncio.Event()
        self.room.set()

    @property
    def operations(self) -> frozenset[str]:
        return OPERATIONS

    async def feed(self, chunk: bytes, wire: Wire) -> None:
        """Raises PowerLost and CableOut when a fault of such a kind strikes."""
        if not self.machine.ready:
            chunk = await self._answer_at_once(chunk, wire)
        self._buffer += chunk
        await self._work(wire)

    async def resume(self, wire: Wire | None) -> None:
        """The printer's condition changed: go on with what waits, tell those who asked to be told."""
        if wire is not None:
            await self._tell(wire)
            await self._work(wire)

    def suffer(self, rule: Rule) -> None:
        self.machine.suffer(rule)

    def mend(self) -> None:
        self.machine.mend()

    def hang_up(self) -> None:
        """The line broke. What is in the buffer will be printed."""

    def power_off(self) -> None:
        self._buffer.clear()
        self._page.reset()
        self._automatic = 0
        if self.machine.document is not None:
            self.machine.document.interrupted = True
            self.machine.end("torn")
        self.room.set()

    def power_on(self) -> None:
        """A printer that was off remembers nothing."""

    def view(self) -> dict[str, Any]:
        return {
            **self.machine.view(),
            "receiptOpen": self.machine.document is not None,
            "lastDocument": self.printed,
            "counters": {"documents": self.printed},
            "buffered": len(self._buffer),
        }

    async def _work(self, wire: Wire) -> None:
        """Do what the buffer holds, as far as it is whole and the printer can."""
        while self._buffer:
            command = take(self._buffer)
            if command is None:
                break
            if not await self._do(command, wire):
                break
        if len(self._buffer) >= BUFFER and not self.machine.ready:
            self.room.clear()
        else:
            self.room.set()

    async def _do(self, command: Command, wire: Wire) -> bool:
        """Whether the command is done and gone from the buffer."""
        if not self.machine.ready and command.name != "DLE EOT":
            return False
        rule = self._faults.draw(self._name(command))
        if rule is not None and rule.action in (*CONDITIONS, "power-cycle", "cable-out"):
            self.machine.suffer(rule)
            await self._tell(wire)
            rule = None
        if not self.machine.ready and command.name != "DLE EOT":
            return False
        if rule is not None and rule.action in ("drop-before", "syn-storm", "refuse"):
            del self._buffer[: command.length]
            return True
        try:
            await self._perform(command, wire, rule)
        except NotPrinting:
            # A fault struck at one of its lines: it waits for paper with all that follows.
            await self._tell(wire)
            return False
        return True

    async def _perform(self, command: Command, wire: Wire, rule: Rule | None) -> None:
        answer = answer_to(command, self.machine, self._model)
        if answer is not None:
            del self._buffer[: command.length]
            await self._say(wire, answer, rule)
            return
        if self._page.prints(command):
            # Before the page forgets its line: a line that cannot be printed must wait whole.
            self.machine.strike_line()
            if not self.machine.ready:
                raise NotPrinting
        del self._buffer[: command.length]
        match command.name:
            case "GS V" | "ESC i" | "ESC m":
                self._cut(command)
            case "ESC p":
                self.machine.drawer_kicks += 1
            case "DLE DC4":
                self.machine.drawer_kicks += command.data[:1] == b"\x01"
            case "ESC B":
                self.machine.beeps += 1
            case "GS a":
                self._automatic = command.data[0]
                self._last_automatic = b""
                await self._tell(wire)
            case _:
                self._put(self._page.do(command))
        if rule is not None:
            # A command that has no answer: a loss after the work can still strike.
            await misbehaviour.answer(wire, b"", rule, b"", self._faults.over)

    def _put(self, pieces: list[Any]) -> None:
        if not pieces:
            return
        if self.machine.document is None and any(not isinstance(piece, Feed) for piece in pieces):
            self.machine.begin("slip")
        self.machine.roll.append(pieces)
        if self.machine.document is not None:
            self.machine.document.pieces.extend(pieces)

    def _cut(self, command: Command) -> None:
        self._put(self._page.flush())
        if command.name == "GS V" and len(command.data) == 2 and command.data[1]:
            self._put([Feed(command.data[1])])
        partial = command.name == "ESC m" or (command.name == "GS V" and command.data[0] in (1, 49, 66, 98, 104))
        # With the knife stuck the slip is whole all the same: a hand tears it off.
        self.machine.cut(partial=partial)
        if self.machine.document is not None:
            self.printed += 1
            self.machine.end("whole", self.printed)

    def _name(self, command: Command) -> str:
        if command.name == "GS (" and command.data[:1] == b"L":
            return "picture"
        if command.name == "GS (" and command.data[:1] == b"k" and command.data[4:5] == b"\x51":
            return "qr"
        return self._names.get(command.name, "other")

    # -- status -------------------------------------------------------------------------------------------------------

    async def _answer_at_once(self, chunk: bytes, wire: Wire) -> bytes:
        """Off line, real-time commands are taken out of the stream as they come; the rest is given back."""
        for found in _REAL_TIME.finditer(chunk):
            command = take(found[0])
            if command is not None and command.name == "DLE EOT":
                rule = self._faults.draw("status")
                answer = answer_to(command, self.machine, self._model)
                if answer is not None and (rule is None or rule.action != "drop-before"):
                    await self._say(wire, answer, rule)
        return _REAL_TIME.sub(b"", chunk)

    async def _say(self, wire: Wire, answer: bytes, rule: Rule | None) -> None:
        last, self._last_answer = self._last_answer, answer
        await misbehaviour.answer(wire, answer, rule, last, self._faults.over)

    async def _tell(self, wire: Wire) -> None:
        """Automatic status back, when it was asked for and something changed."""
        status = automatic_status(self.machine)
        if self._automatic and status != self._last_automatic:
            self._last_automatic = status
            await wire.send(status)
