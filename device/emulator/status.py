"""The status bytes of the framed families, from the printer's condition and the fate of the command just done."""

from __future__ import annotations

from .dialects import Bit
from .printer import FiscalPrinter
from .refusals import Refusal

SYNTAX, UNKNOWN_COMMAND, CLOCK, GENERAL = (0, 0), (0, 1), (0, 2), (0, 5)
OVERFLOW, NOT_PERMITTED, RAM_RESET, REFUND_OPEN = (1, 0), (1, 1), (1, 2), (1, 4)
NO_PAPER, FISCAL_OPEN, NONFISCAL_OPEN = (2, 0), (2, 3), (2, 5)
MEMORY_ERROR, MEMORY_LOW, MEMORY_FULL, MEMORY_GENERAL = (4, 0), (4, 3), (4, 4), (4, 5)
# Each of these raises the general error bit.
GRAVE = (SYNTAX, UNKNOWN_COMMAND, (0, 4), NOT_PERMITTED, RAM_RESET, NO_PAPER)


def status_of(printer: FiscalPrinter, refusal: Refusal | None = None) -> bytes:
    """Six or eight bytes, bit 7 of each set."""
    raised = {*_conditions(printer), *_fate(printer, refusal)}
    if raised.intersection(GRAVE):
        raised.add(GENERAL)
    if raised & {MEMORY_ERROR, MEMORY_FULL}:
        raised.add(MEMORY_GENERAL)
    status = bytearray(printer.dialect.base)
    for byte, bit in raised:
        status[byte] |= 1 << bit
    if printer.dialect.error_in_byte_3:
        status[3] = 0x80 | printer.error_code & 0x7F
    return bytes(status)


def _conditions(printer: FiscalPrinter) -> list[Bit]:
    dialect, machine, register = printer.dialect, printer.machine, printer.register
    broken = dialect.head_bit or NOT_PERMITTED
    bits: list[tuple[bool, Bit]] = [
        (not machine.clock.is_set, CLOCK),
        (printer.ram_was_reset, RAM_RESET),
        (machine.paper == "out", NO_PAPER),
        (machine.head_failed, broken),
        # Where a brand has no bit for an open cover, its paper sensor or its head tells.
        (machine.cover_open, dialect.cover_bit or dialect.head_bit or NO_PAPER),
        (machine.overheated, dialect.overheated_bit or broken),
        (register.fiscal_open, FISCAL_OPEN),
        (register.nonfiscal_open, NONFISCAL_OPEN),
        (register.memory == "near-full", MEMORY_LOW),
        (register.memory == "full", MEMORY_FULL),
        (register.memory == "error", MEMORY_ERROR),
        (register.receipt is not None and register.receipt.kind == "refund", REFUND_OPEN),
    ]
    if dialect.cutter_bit is not None:
        bits.append((machine.cutter_jammed, dialect.cutter_bit))
    if dialect.low_paper_bit is not None:
        bits.append((machine.paper == "near-end", dialect.low_paper_bit))
    return [bit for holds, bit in bits if holds]


def _fate(printer: FiscalPrinter, refusal: Refusal | None) -> tuple[Bit, ...]:
    if refusal is None:
        return ()
    match refusal.reason:
        case "syntax":
            return (SYNTAX,)
        case "command":
            return (UNKNOWN_COMMAND,)
        case "overflow":
            return (OVERFLOW, NOT_PERMITTED)
        case "password":
            bit = printer.dialect.password_bit
            return (NOT_PERMITTED,) if bit is None else (NOT_PERMITTED, bit)
        case "print":
            # No paper says enough: the command was rejected and nothing changed.
            return () if printer.machine.paper == "out" else (NOT_PERMITTED,)
        case "payment" | "code" if len(printer.dialect.base) == 8:
            # This variant may leave its bits clean and tell by number alone.
            return ()
        case _:
            return (NOT_PERMITTED,)
