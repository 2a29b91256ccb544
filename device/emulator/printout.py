"""How a fiscal printer puts documents on paper: head, lines, foot, all or nothing. Knows no register, no protocol."""

from __future__ import annotations

from dataclasses import dataclass

from .machine import Machine, NotPrinting
from .paper import Piece, Text, plain
from .refusals import Refusal

# Error numbers of the dialects that show one: this emulator's own.
NO_PAPER, COVER_OPEN, HEAD = 21, 22, 24


@dataclass(frozen=True)
class Identity:
    """What a device says of itself."""

    model: str
    firmware: str = "1.00"
    built: str = "22Nov26 1200"
    check: str = "9460"
    switches: str = "00000000"
    serial: str = "DT000042"
    memory: str = "02000042"
    tax_number: str = "1234567890"


class Printout:
    """Prints for one device; raises Refusal("print") when nothing came out."""

    def __init__(self, machine: Machine, identity: Identity) -> None:
        self.machine, self._identity = machine, identity
        self.width = machine.roll.columns

    def begin(self, kind: str, pieces: list[Piece]) -> None:
        """Print the head of a new document, or leave no trace of it."""
        try:
            for _ in (piece for piece in pieces if isinstance(piece, Text)):
                self.machine.strike_line()
            if not self.machine.ready:
                raise NotPrinting
        except NotPrinting:
            raise self._jam() from None
        self.machine.begin(kind)
        self.machine.roll.append(pieces)
        if self.machine.document is not None:
            self.machine.document.pieces.extend(pieces)

    def print(self, pieces: list[Piece]) -> None:
        try:
            self.machine.print(pieces)
        except NotPrinting:
            raise self._jam() from None

    def _jam(self) -> Refusal:
        machine = self.machine
        return Refusal("print", NO_PAPER if machine.paper == "out" else COVER_OPEN if machine.cover_open else HEAD)

    def end(self, number: int) -> int:
        self.machine.end("whole", number)
        return number

    def header(self) -> list[Piece]:
        return [
            plain("PRINTER EMULATOR", "centre", bold=True),
            plain(f"TAX NO {self._identity.tax_number}", "centre"),
        ]

    def footer(self, number: int) -> list[Piece]:
        now = self.machine.clock.now()
        return [
            plain(self.pair(f"DOC {number:07d}", now.strftime("%d-%m-%Y %H:%M:%S"))),
            plain(self.pair(self._identity.serial, self._identity.memory)),
        ]

    def pair(self, left: str, right: str) -> str:
        return left + right.rjust(max(0, self.width - len(left)))
