"""ESC/POS as a stream: where one command ends and the next begins. Does not know what any of them does.

Lengths follow Epson's published syntax; of a command that is not known, its two bytes are dropped."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

ESC, GS, FS, DLE = 0x1B, 0x1D, 0x1C, 0x10

# After ESC or GS: how many bytes of parameters a command of fixed length has.
_ESC: Mapping[int, int] = MappingProxyType(
    {ord(char): 0 for char in "@2LS<imv"}
    | {ord(char): 1 for char in "!aEt-GdJMR 3V{r=uT"}
    | {ord(char): 2 for char in "$\\cB"}
    | {ord("p"): 3, ord("W"): 8}
    | {0x0C: 0}
)
_GS: Mapping[int, int] = MappingProxyType(
    {ord(char): 1 for char in "!BarIHhwfb/"} | {ord(char): 2 for char in "LW$P\\"} | {ord(":"): 0, ord("^"): 3}
)
_FS: Mapping[int, int] = MappingProxyType(
    {ord(char): 0 for char in ".&"} | {ord(char): 1 for char in "!-W"} | {ord(char): 2 for char in "pSC"}
)
_CUT_AND_FEED = b"AaBbghij"
# A length may name 64 KiB; graphics (GS 8 L) may name more than a printer has.
MOST = 2**20


class Command(NamedTuple):
    """`name` is the command as manuals write it ("ESC a", "GS v 0", "LF", "text"); `data` its parameters."""

    name: str
    data: bytes
    length: int


def take(buffer: bytes | bytearray) -> Command | None:
    """The first command of the buffer, None as long as it is not whole. The buffer is not empty."""
    first = buffer[0]
    if first >= 0x20:
        end = 1
        while end < len(buffer) and buffer[end] >= 0x20:
            end += 1
        return Command("text", bytes(buffer[:end]), end)
    if first not in (ESC, GS, FS, DLE):
        names = {0x0A: "LF", 0x0D: "CR", 0x09: "HT", 0x0C: "FF", 0x18: "CAN"}
        return Command(names.get(first, "noise"), b"", 1)
    if len(buffer) < 2:
        return None
    size = _parameters(buffer)
    if size is None or len(buffer) < 2 + size:
        return None
    prefix = {ESC: "ESC", GS: "GS", FS: "FS", DLE: "DLE"}[first]
    second = {0x04: "EOT", 0x05: "ENQ", 0x14: "DC4"}.get(buffer[1]) if first == DLE else chr(buffer[1])
    if size < 0 or second is None:
        return Command("noise", b"", 2)
    return Command(f"{prefix} {second}", bytes(buffer[2 : 2 + size]), 2 + size)


def _parameters(buffer: bytes | bytearray) -> int | None:
    """How many bytes follow the first two; None while that cannot be told yet, -1 for a command nobody knows."""
    first, second, rest = buffer[0], chr(buffer[1]), bytes(buffer[2:18])
    if second == "(" and first != DLE:
        return _counted(rest, at=1, width=2, extra=3)
    match first, second:
        case 0x10, "\x04":
            return 2 if rest[:1] in (b"\x07", b"\x08", b"\x12") else 1
        case 0x10, "\x05":
            return 1
        case 0x10, "\x14":
            return _dc4(rest)
        case 0x1B, "*":
            return _columns(rest)
        case 0x1B, "D":
            return _to_nul(buffer)
        case 0x1D, "V":
            return _known_after(rest, 1, 2 if rest[:1] and rest[0] in _CUT_AND_FEED else 1)
        case 0x1D, "k":
            if not rest:
                return None
            return _to_nul(buffer) if rest[0] <= 6 else _counted(rest, at=1, width=1, extra=2)
        case 0x1D, "v":
            return _raster(rest)
        case 0x1D, "8":
            return _counted(rest, at=1, width=4, extra=5)
        case 0x1D, "*":
            return None if len(rest) < 2 else 2 + rest[0] * rest[1] * 8
    table = {ESC: _ESC, GS: _GS, FS: _FS}.get(first)
    return -1 if table is None else table.get(buffer[1], -1)


def _known_after(rest: bytes, needed: int, size: int) -> int | None:
    return None if len(rest) < needed else size


def _counted(rest: bytes, at: int, width: int, extra: int) -> int | None:
    """A length of `width` bytes, least significant first, stands at `at`; so many bytes follow it."""
    if len(rest) < at + width:
        return None
    count = int.from_bytes(rest[at : at + width], "little")
    return -1 if count > MOST else extra + count


def _raster(rest: bytes) -> int | None:
    """GS v 0 m xL xH yL yH."""
    if len(rest) < 6:
        return None
    size = int.from_bytes(rest[2:4], "little") * int.from_bytes(rest[4:6], "little")
    return -1 if size > MOST or rest[:1] not in (b"0", b"\x00") else 6 + size


def _columns(rest: bytes) -> int | None:
    """ESC * m nL nH: eight or twenty-four dots a column."""
    if len(rest) < 3:
        return None
    return 3 + int.from_bytes(rest[1:3], "little") * (3 if rest[0] in (32, 33) else 1)


def _dc4(rest: bytes) -> int | None:
    if not rest:
        return None
    return {1: 3, 2: 3, 3: 5, 7: 1, 8: 8}.get(rest[0], 1)


def _to_nul(buffer: bytes | bytearray) -> int | None:
    end = bytes(buffer).find(b"\0", 2)
    if end < 0:
        return None if len(buffer) < 300 else -1
    return end - 1
