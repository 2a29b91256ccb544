"""What an ESC/POS printer says of itself, byte by byte: real-time status, automatic status, answers in job order.

Knows no port and no slip. Epson's published meanings; clones send the same bytes or none.
"""

from __future__ import annotations

from typing import NamedTuple

# GS r 1 is carried out in its turn, so that its answer proves that everything before it was done.
JOB_STATUS = b"\x1dr\x01"
PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, PAPER = 1, 2, 3, 4
_AUTOMATIC = 4
_JOB_ANSWERS = (0x00, 0x03, 0x0C, 0x0F)


def real_time(what: int) -> bytes:
    """The question DLE EOT n, answered at once even by a printer that cannot print."""
    return bytes((0x10, 0x04, what))


class RealTime(NamedTuple):
    """The answer to one DLE EOT; to which, the order of the questions tells."""

    value: int


class Automatic(NamedTuple):
    """Four bytes that some printers send by themselves when something changes."""

    values: bytes


class InTurn(NamedTuple):
    """The answer to a GS r. `alone`: no noise came with it."""

    value: int
    alone: bool


Said = RealTime | Automatic | InTurn


class StatusParser:
    """Chunks cut anywhere to what they say; noise is dropped."""

    def __init__(self) -> None:
        self._automatic = bytearray()

    def feed(self, chunk: bytes) -> list[Said]:
        """What ends within this chunk, in order."""
        said: list[Said] = []
        noise = False
        for byte in chunk:
            if self._automatic:
                if byte & 0x90 == 0:
                    self._automatic.append(byte)
                    if len(self._automatic) == _AUTOMATIC:
                        said.append(Automatic(bytes(self._automatic)))
                        self._automatic.clear()
                    continue
                self._automatic.clear()
                noise = True
            if byte & 0x93 == 0x12:
                said.append(RealTime(byte))
            elif byte & 0x93 == 0x10:
                self._automatic.append(byte)
            elif byte in _JOB_ANSWERS:
                said.append(InTurn(byte, alone=True))
            else:
                noise = True
        return [one._replace(alone=False) if noise and isinstance(one, InTurn) else one for one in said]


def codes_of(what: int, value: int) -> set[str]:
    """What the answer to DLE EOT `what` means, as codes of `findings.py`."""
    bits: tuple[tuple[int, str], ...] = ()
    if what == PRINTER:
        bits = ((0x08, "E10"),)
    elif what == OFFLINE_CAUSE:
        bits = ((0x04, "E06"), (0x20, "E05"))
    elif what == ERROR_CAUSE:
        bits = ((0x08, "E07"), (0x20, "E08"), (0x40, "E09"))
    elif what == PAPER:
        bits = ((0x60, "E05"), (0x0C, "W01"))
    return _clear({code for mask, code in bits if value & mask})


def codes_of_automatic(values: bytes) -> set[str]:
    """The same for an automatic status."""
    first, second, third = values[0], values[1], values[2]
    found = {code for mask, code in ((0x08, "E10"), (0x20, "E06")) if first & mask}
    found |= {code for mask, code in ((0x08, "E07"), (0x20, "E08"), (0x40, "E09")) if second & mask}
    found |= {code for mask, code in ((0x0C, "E05"), (0x03, "W01")) if third & mask}
    return _clear(found)


def _clear(codes: set[str]) -> set[str]:
    """Off-line says nothing beside its cause, nearly no paper nothing beside none."""
    if len([code for code in codes if code.startswith("E")]) > 1:
        codes.discard("E10")
    if "E05" in codes:
        codes.discard("W01")
    return codes
