"""What an ESC/POS printer says of itself: status, job status, identity, status unasked. Bits as Epson has them."""

from __future__ import annotations

from .escpos_stream import Command
from .machine import Machine


def answer_to(command: Command, machine: Machine, model: str) -> bytes | None:
    """The bytes that answer a command, None for one that has no answer."""
    match command.name:
        case "DLE EOT":
            return real_time(machine, command.data[0])
        case "GS r":
            return job_status(machine, command.data[0])
        case "GS I":
            return identity(model, command.data[0])
        case "ESC v":
            return job_status(machine, 1)
        case "ESC u":
            return b"\x01"
    return None


def real_time(machine: Machine, which: int) -> bytes:
    """One byte; bits 1 and 4 are always set, 0 and 7 never."""
    error = machine.cutter_jammed or machine.head_failed or machine.overheated
    match which:
        case 1:
            bits = 0x08 if not machine.ready or error else 0
        case 2:
            bits = 0x04 * machine.cover_open | 0x20 * (machine.paper == "out") | 0x40 * error
        case 3:
            bits = 0x08 * machine.cutter_jammed | 0x20 * machine.head_failed | 0x40 * machine.overheated
        case 4:
            bits = {"ok": 0, "near-end": 0x0C, "out": 0x6C}[machine.paper]
        case _:
            bits = 0
    return bytes((0x12 | bits,))


def job_status(machine: Machine, which: int) -> bytes:
    """GS r: done in buffer order, so its answer proves that all before it was done."""
    if which in (1, 49):
        return bytes(({"ok": 0x00, "near-end": 0x03, "out": 0x0F}[machine.paper],))
    return b"\x01"


def identity(model: str, which: int) -> bytes:
    """GS I: one byte for the old questions, a text from 5Fh to 00h for the others."""
    # Type: bit 1 is the knife, bit 0 two-byte characters.
    single = {1: 0x20, 2: 0x02, 3: 0x01, 49: 0x20, 50: 0x02, 51: 0x01}
    if which in single:
        return bytes((single[which],))
    words = {65: "1.00 ESC/POS", 66: "FISCALMON", 67: model, 68: "EM000042", 69: "PC437"}
    return b"_" + words.get(which, "").encode("ascii") + b"\0"


def automatic_status(machine: Machine) -> bytes:
    """GS a: four bytes."""
    error = machine.cutter_jammed or machine.head_failed or machine.overheated
    first = 0x10 | 0x08 * (not machine.ready or error) | 0x20 * machine.cover_open
    second = 0x08 * machine.cutter_jammed | 0x20 * machine.head_failed | 0x40 * machine.overheated
    third = {"ok": 0, "near-end": 0x03, "out": 0x0F}[machine.paper]
    return bytes((first, second, third, 0))
