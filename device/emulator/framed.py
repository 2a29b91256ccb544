"""The device's half of a framed conversation: frames in, answers out, the memory for repeats, faults on the way.

One command at a time; FP1 and X4 differ in their frames and in how a command's data is read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from . import misbehaviour, x4_commands
from .faults import CONDITIONS, Faults, Rule
from .fp1_commands import fp1_commands
from .frames import NAK, SYN, Bad, FrameReader, Reader, Request, answer_fp1, answer_x4, older, parse_fp1, parse_x4
from .machine import CableOut, PowerLost
from .printer import FiscalPrinter
from .refusals import Refusal
from .status import status_of
from .wire import Wire

STATUS = 0x4A


class Variant(Protocol):
    """What FP1 and X4 do differently."""

    @property
    def reader(self) -> Reader:
        """What cuts the byte stream into requests."""
        ...

    def with_older_sequence(self, frame: bytes) -> bytes:
        """An answer as if it belonged to the request before; its checksum is right."""
        ...

    def name_of(self, command: int) -> str:
        """The command's name in fault rules; "unknown" for one that is not in the table."""
        ...

    def execute(self, request: Request) -> bytes:
        """The answer's frame; raises PowerLost and CableOut."""
        ...

    def refuse(self, request: Request, refusal: Refusal) -> bytes:
        """The frame of an answer that says no."""
        ...

    def names(self) -> frozenset[str]:
        """All names of commands."""
        ...


class _Named:
    """A command's name in fault rules, by the variant's own table; the status is the session's own."""

    _commands: Mapping[int, Any]

    def name_of(self, command: int) -> str:
        if command == STATUS:
            return "status"
        return self._commands[command].name if command in self._commands else "unknown"

    def names(self) -> frozenset[str]:
        return frozenset(command.name for command in self._commands.values()) | {"status", "unknown"}


class Fp1(_Named):
    """The variant with a length of one byte."""

    def __init__(self, printer: FiscalPrinter) -> None:
        self._printer = printer
        self._commands = fp1_commands(printer.dialect)
        self.reader = FrameReader(parse_fp1)

    def with_older_sequence(self, frame: bytes) -> bytes:
        return older(frame, 2)

    def execute(self, request: Request) -> bytes:
        printer = self._printer
        try:
            if request.command == STATUS:
                if request.data not in (b"", b"W", b"X"):
                    raise Refusal("syntax")
                return answer_fp1(request, status_of(printer), status_of(printer))
            command = self._commands.get(request.command)
            if command is None:
                raise Refusal("command")
            said = command.handler(printer, request.data.decode(printer.dialect.encoding, "replace"))
        except Refusal as refusal:
            return self.refuse(request, refusal)
        printer.error_code = printer.error_code if command.name == "error-text" else 0
        return answer_fp1(request, said.encode(printer.dialect.encoding, "replace"), status_of(printer))

    def refuse(self, request: Request, refusal: Refusal) -> bytes:
        self._printer.error_code = abs(refusal.code) & 0x7F
        return answer_fp1(request, b"", status_of(self._printer, refusal))


class X4(_Named):
    """The variant of four nibbles."""

    def __init__(self, printer: FiscalPrinter) -> None:
        self._printer = printer
        self._commands = x4_commands.x4_commands()
        self.reader = FrameReader(parse_x4)

    def with_older_sequence(self, frame: bytes) -> bytes:
        return older(frame, 5)

    def execute(self, request: Request) -> bytes:
        printer = self._printer
        try:
            fields = x4_commands.fields_of(request.command, request.data.decode(printer.dialect.encoding, "replace"))
            if request.command == STATUS:
                said = [status_of(printer).decode("latin-1")]
                data = "".join(f"{field}\t" for field in ("0", *said)).encode("latin-1")
                return answer_x4(request, data, status_of(printer))
            command = self._commands.get(request.command)
            if command is None:
                raise Refusal("command")
            said = command.handler(printer, fields)
        except Refusal as refusal:
            return self.refuse(request, refusal)
        if request.data == b"1" and request.command == 0x5A:
            # Asked in the other variant's manner, it answers in that manner: no error code, no TAB.
            data = said[0].encode(printer.dialect.encoding, "replace")
        else:
            data = "".join(f"{field}\t" for field in ("0", *said)).encode(printer.dialect.encoding, "replace")
        return answer_x4(request, data, status_of(printer))

    def refuse(self, request: Request, refusal: Refusal) -> bytes:
        data = f"{x4_commands.error_code(refusal)}\t".encode("ascii")
        return answer_x4(request, data, status_of(self._printer, refusal))


class FramedSession:
    """A printer on a line. `feed` is called with what arrives and returns when it has been answered."""

    def __init__(self, printer: FiscalPrinter, variant: Variant, faults: Faults) -> None:
        self._printer, self._variant, self._faults = printer, variant, faults
        self._last: Request | None = None
        self._last_answer = b""
        self.room = asyncio.Event()
        self.room.set()

    @property
    def operations(self) -> frozenset[str]:
        return self._variant.names() | {"line"}

    async def feed(self, chunk: bytes, wire: Wire) -> None:
        """Raises PowerLost and CableOut when a fault of such a kind strikes."""
        for item in self._variant.reader.feed(chunk):
            if isinstance(item, Bad):
                await wire.send(item.answer)
            else:
                await self._serve(item, wire)

    async def resume(self, wire: Wire | None) -> None:
        """A framed printer has nothing waiting: what it could not print it has refused."""

    def suffer(self, rule: Rule) -> None:
        self._printer.suffer(rule)

    def mend(self) -> None:
        self._printer.mend()

    def hang_up(self) -> None:
        """The line broke: the torn frame is worth nothing; the memory for repeats stays."""
        self._variant.reader.reset()

    def power_off(self) -> None:
        self.hang_up()
        self._last, self._last_answer = None, b""
        self._printer.power_off()

    def power_on(self) -> None:
        self._printer.power_on()

    def view(self) -> dict[str, Any]:
        return self._printer.view()

    async def _serve(self, request: Request, wire: Wire) -> None:
        rule = self._faults.draw(self._variant.name_of(request.command), f"{request.command:02X}")
        if rule is not None and await self._before(rule, request, wire):
            return
        last = self._last_answer
        if self._is_repeat(request):
            good = last
        else:
            # Remembered before the power can go: a command that is done must not be done again by its repetition.
            good = self._execute(rule, request)
            if not request.is_ping:
                self._last, self._last_answer = request, good
        if rule is not None and rule.action == "wrong-sequence":
            good = self._variant.with_older_sequence(good)
        elif rule is not None and rule.action == "wrong-checksum" and not request.is_ping:
            good = good[:-2] + bytes((good[-2] ^ 1,)) + good[-1:]
        await misbehaviour.answer(wire, good, rule, last, self._faults.over)

    def _is_repeat(self, request: Request) -> bool:
        last = self._last
        if last is None or last.seq != request.seq or request.is_ping:
            return False
        return last.command == request.command or not self._printer.dialect.repeats_by_command

    def _execute(self, rule: Rule | None, request: Request) -> bytes:
        if rule is None:
            return self._variant.execute(request)
        match rule.action:
            case "refuse":
                return self._variant.refuse(request, Refusal("state"))
            case "syntax-error":
                return self._variant.refuse(request, Refusal("syntax"))
            case "error-code":
                return self._variant.refuse(request, Refusal("code", rule.code))
        return self._variant.execute(request)

    async def _before(self, rule: Rule, request: Request, wire: Wire) -> bool:
        """What happens before the work; whether that was all."""
        match rule.action:
            case "nak":
                await wire.send(NAK)
            case "not-now":
                await wire.send(misbehaviour.RETRY)
            case "drop-before":
                pass
            case "echo":
                await wire.send(request.frame)
            case "wrong-variant":
                await wire.send(SYN + NAK)
            case "syn-storm":
                await misbehaviour.storm(wire, rule, self._faults.over)
            case "busy":
                await misbehaviour.storm(wire, rule, self._faults.over)
                return False
            case "power-cycle":
                raise PowerLost(rule.duration)
            case "cable-out":
                raise CableOut(rule.duration)
            case action if action in CONDITIONS:
                self._printer.suffer(rule)
                return False
            case _:
                return False
        return True
