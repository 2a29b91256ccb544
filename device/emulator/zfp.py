"""Tremol's protocol: its commands, its two error digits, its ping. The session around it is that of the other families.

Status bits and error digits follow the maker's published meaning; a device may differ."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from .fp1_commands import moment_of
from .frames import Request, ZfpReader, answer_zfp, older_zfp, receipt_zfp
from .paper import plain
from .printer import FiscalPrinter
from .receipts import GROUP_NAMES
from .refusals import Refusal, demand
from .register import cents

Handler = Callable[[FiscalPrinter, str], "str | None"]

_SALE = re.compile(
    r"(?P<price>-?\d{1,8}(?:\.\d{1,2})?)(?:\*(?P<quantity>\d{1,6}(?:\.\d{1,3})?))?"
    r"(?:,(?P<percent>[+-]?\d{1,2}(?:\.\d{1,2})?)%?|:(?P<sum>[+-]?\d{1,8}(?:\.\d{1,2})?))?"
)
_CYRILLIC = "АБВГДЕЖЗ"
READY, BUSY_NO_PAPER, OVERHEATED = b"\x40", b"\x42", b"\x44"


class Command(NamedTuple):
    """One command: its name in fault rules, and what does it. None as an answer is a bare acknowledgement."""

    name: str
    handler: Handler


class Zfp:
    """The variant that `FramedSession` runs."""

    def __init__(self, printer: FiscalPrinter) -> None:
        self._printer = printer
        self.reader = ZfpReader()
        self._commands = {
            0x20: Command("status", _status),
            0x21: Command("identify", _identify),
            0x2E: Command("open-nonfiscal", _open_nonfiscal),
            0x2F: Command("close-nonfiscal", _close_nonfiscal),
            0x30: Command("open-fiscal", _open_fiscal),
            0x31: Command("sell", _sell),
            0x33: Command("subtotal", _subtotal),
            0x35: Command("total", _pay),
            0x36: Command("total", _pay_and_close),
            0x37: Command("text", _text),
            0x38: Command("close-fiscal", _close_fiscal),
            0x39: Command("cancel", _cancel),
            0x48: Command("set-clock", _set_clock),
            0x68: Command("read-clock", _read_clock),
            0x71: Command("last-document", _last_document),
            0x7C: Command("report", _report),
            0x29: Command("cut", _cut),
            0x2A: Command("drawer", _drawer),
            0x2B: Command("feed", _feed),
        }

    def name_of(self, command: int) -> str:
        if command == ZfpReader.PING:
            return "ping"
        return self._commands[command].name if command in self._commands else "unknown"

    def names(self) -> frozenset[str]:
        return frozenset(command.name for command in self._commands.values()) | {"ping", "unknown"}

    def with_older_sequence(self, frame: bytes) -> bytes:
        return older_zfp(frame) if len(frame) > 1 else frame

    def execute(self, request: Request) -> bytes:
        printer = self._printer
        if request.is_ping:
            machine = printer.machine
            if machine.overheated:
                return OVERHEATED
            return READY if machine.ready else BUSY_NO_PAPER
        try:
            command = self._commands.get(request.command)
            if command is None:
                raise Refusal("command")
            said = command.handler(printer, request.data.decode(printer.dialect.encoding, "replace"))
        except Refusal as refusal:
            return self.refuse(request, refusal)
        if said is None:
            return receipt_zfp(request, 0, 0)
        if command.name == "status":
            return answer_zfp(request, said.encode("latin-1"))
        return answer_zfp(request, said.encode(printer.dialect.encoding, "replace"))

    def refuse(self, request: Request, refusal: Refusal) -> bytes:
        """Device errors: 1 printer, 4 fiscal and 6 non-fiscal receipt open, 7 payment begun, 8 memory, 9 password."""
        register = self._printer.register
        match refusal.reason:
            case "print":
                return receipt_zfp(request, 1, 0)
            case "overflow":
                return receipt_zfp(request, 2, 5)
            case "memory":
                return receipt_zfp(request, 8, 2)
            case "password":
                return receipt_zfp(request, 9, 2)
            case "command":
                return receipt_zfp(request, 0, 1)
            case "syntax":
                return receipt_zfp(request, 0, 4)
            case "payment":
                return receipt_zfp(request, 0, 8)
        if register.receipt is not None and register.receipt.tendered:
            return receipt_zfp(request, 7, 2)
        return receipt_zfp(request, 4 if register.fiscal_open else 6 if register.nonfiscal_open else 0, 2)


def _status(printer: FiscalPrinter, data: str) -> str:
    demand(not data, "syntax")
    machine, register = printer.machine, printer.register
    status = bytearray([0x80] * 7)
    for byte, bit, holds in (
        (0, 2, machine.overheated),
        (0, 3, not machine.clock.is_set),
        (0, 5, printer.ram_was_reset),
        (1, 0, not machine.ready),
        (2, 0, register.nonfiscal_open),
        (2, 1, register.fiscal_open),
        (4, 4, register.memory == "error"),
        (4, 5, register.memory == "full"),
        (4, 6, register.memory == "near-full"),
    ):
        status[byte] |= holds << bit
    return status.decode("latin-1")


def _identify(printer: FiscalPrinter, data: str) -> str:
    it = printer.identity
    return f"2;{it.serial};{it.built};{it.model};{it.firmware};{it.memory}"


def _operator(printer: FiscalPrinter, data: str) -> str:
    parts = data.split(";")
    demand(len(parts) >= 2 and parts[0].isdigit(), "syntax")
    printer.check_password(parts[1].strip())
    return parts[0]


def _open_nonfiscal(printer: FiscalPrinter, data: str) -> None:
    printer.register.may_open("nonfiscal")
    _operator(printer, data)
    printer.receipts.open_nonfiscal()


def _close_nonfiscal(printer: FiscalPrinter, data: str) -> None:
    printer.receipts.close_nonfiscal()


def _open_fiscal(printer: FiscalPrinter, data: str) -> None:
    printer.register.may_open("fiscal")
    printer.receipts.open_fiscal("fiscal", _operator(printer, data))


def _sell(printer: FiscalPrinter, data: str) -> None:
    """The name padded to 36 characters; tax group; price and the rest."""
    demand(len(data) > 40 and data[36] == ";" and data[38] == ";", "syntax")
    found = _SALE.fullmatch(data[39:])
    letters = GROUP_NAMES if data[37] in GROUP_NAMES else _CYRILLIC
    if found is None or data[37] not in letters:
        raise Refusal("syntax")
    amount = cents(Decimal(found["price"]) * Decimal(found["quantity"] or 1))
    if found["percent"] is not None:
        amount += cents(amount * Decimal(found["percent"]) / 100)
    amount += Decimal(found["sum"] or 0)
    detail = f"{found['quantity']} x {found['price']}" if found["quantity"] else ""
    printer.receipts.sell([data[:36].rstrip()], letters.index(data[37]), cents(amount), detail)


def _subtotal(printer: FiscalPrinter, data: str) -> str:
    return str(printer.receipts.subtotal(None, printed=data.startswith("1")))


def _pay(printer: FiscalPrinter, data: str) -> None:
    """Type; change; amount."""
    parts = data.split(";")
    demand(len(parts) >= 3 and re.fullmatch(r"\d{1,8}(\.\d{1,2})?", parts[2].strip()) is not None, "syntax")
    code, _ = printer.receipts.pay(parts[0], cents(Decimal(parts[2].strip())), [])
    demand(code in ("D", "R"), "payment")


def _pay_and_close(printer: FiscalPrinter, data: str) -> None:
    code, _ = printer.receipts.pay("0", None, [])
    demand(code == "R", "payment")
    printer.receipts.close_fiscal()


def _text(printer: FiscalPrinter, data: str) -> None:
    fiscal = printer.register.fiscal_open
    printer.receipts.text([plain(data.rstrip()[: printer.comment])], fiscal=fiscal)


def _close_fiscal(printer: FiscalPrinter, data: str) -> None:
    printer.receipts.close_fiscal()


def _cancel(printer: FiscalPrinter, data: str) -> None:
    printer.receipts.cancel()


def _set_clock(printer: FiscalPrinter, data: str) -> None:
    printer.set_clock(moment_of(data))


def _read_clock(printer: FiscalPrinter, data: str) -> str:
    return printer.machine.clock.now().strftime("%d-%m-%Y %H:%M")


def _last_document(printer: FiscalPrinter, data: str) -> str:
    return f"{printer.register.last_document:06d}"


def _report(printer: FiscalPrinter, data: str) -> None:
    demand(data in ("X", "Z"), "syntax")
    printer.receipts.report(closing=data == "Z")


def _cut(printer: FiscalPrinter, data: str) -> None:
    demand(printer.machine.cut(), "print")


def _drawer(printer: FiscalPrinter, data: str) -> None:
    printer.machine.drawer_kicks += 1


def _feed(printer: FiscalPrinter, data: str) -> None:
    printer.receipts.feed(1)
