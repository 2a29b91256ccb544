"""What ESC/POS commands put on paper: styles, code pages, lines that wrap, codes and dots. Knows no port and no status.

A line is printed when it is full or ended; until then it stands in memory, and a loss of power loses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from .escpos_stream import Command
from .paper import DOTS_OF_A, Align, Bars, Feed, Image, Piece, Qr, Run, Text
from .picture import qr_dots

_PAGES: Mapping[int, str] = MappingProxyType(
    {0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 15: "iso8859_7"}
    | {16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 33: "cp775", 34: "cp855", 35: "cp861", 36: "cp862"}
    | {37: "cp864", 39: "iso8859_2", 40: "iso8859_15", 45: "cp1250", 46: "cp1251", 47: "cp1253", 48: "cp1254"}
    | {49: "cp1255", 50: "cp1256", 51: "cp1257", 52: "cp1258"}
)
_ALIGN: Mapping[int, Align] = MappingProxyType(
    {0: "left", 1: "centre", 2: "right", 48: "left", 49: "centre", 50: "right"}
)
_LEVELS = "LMQH"
_BARCODES = ("UPC-A", "UPC-E", "EAN13", "EAN8", "CODE39", "ITF", "CODABAR", "CODE93", "CODE128")
_SPACING = 30


@dataclass(frozen=True)
class Style:
    """How the next characters look."""

    bold: bool = False
    underline: bool = False
    inverse: bool = False
    wide: int = 1
    high: int = 1
    small: bool = False

    def run(self, text: str) -> Run:
        return Run(text, self.bold, self.underline, self.inverse, self.wide, self.high, self.small)


class Page:
    """Turns commands into pieces of paper. `do` says what a command prints; it raises for none, whatever its data."""

    def __init__(self, dots: int, *, native_qr: bool = True) -> None:
        self._dots = dots
        self._native_qr = native_qr
        self.reset()
        self._handlers: dict[str, Callable[[bytes], list[Piece]]] = {
            "LF": lambda _: self._end_line(),
            "FF": lambda _: self._end_line(),
            "HT": lambda _: self._tab(),
            "text": self._text,
            "ESC !": self._mode,
            "ESC d": lambda data: [*self._flush(), Feed(data[0] * self._spacing)],
            "ESC J": lambda data: [*self._flush(), Feed(data[0])],
            "GS v": self._raster,
            "GS (": self._function,
            "GS 8": lambda data: self._graphics(data[:1] + data[3:]),
            "GS k": self._barcode,
            "ESC *": self._columns,
            "ESC $": self._move,
        }

    def reset(self) -> None:
        """As after power-on and ESC @."""
        self._style = Style()
        self._align: Align = "left"
        self._page = "cp437"
        self._spacing = _SPACING
        self._line: list[Run] = []
        self._band: Image | None = None
        self._qr_module, self._qr_level, self._qr_data = 3, "L", b""
        self._graphic: Image | None = None

    def do(self, command: Command) -> list[Piece]:
        """What comes out of the printer by this command, perhaps nothing yet."""
        data = command.data
        match command.name:
            case "ESC @":
                self.reset()
            case "ESC E" | "ESC G":
                self._style = replace(self._style, bold=bool(data[0] & 1))
            case "ESC -":
                self._style = replace(self._style, underline=data[0] in (1, 2, 49, 50))
            case "GS B":
                self._style = replace(self._style, inverse=bool(data[0] & 1))
            case "ESC M":
                self._style = replace(self._style, small=data[0] in (1, 49))
            case "GS !":
                self._style = replace(self._style, wide=(data[0] >> 4 & 7) + 1, high=(data[0] & 7) + 1)
            case "ESC a":
                # Only at the beginning of a line, as Epson says.
                if not self._line:
                    self._align = _ALIGN.get(data[0], self._align)
            case "ESC t":
                self._page = _PAGES.get(data[0], "cp437")
            case "ESC 2":
                self._spacing = _SPACING
            case "ESC 3":
                self._spacing = data[0]
            case name if name in self._handlers:
                return self._handlers[name](data)
        return []

    def prints(self, command: Command) -> bool:
        """Whether dots come out by this command, so that a printer without paper must wait with it."""
        if command.name == "text":
            return sum(run.dots for run in self._line) + len(command.data) * self._style.run("x").advance > self._dots
        if command.name == "GS (":
            which = {b"k": (b"\x51",), b"L": (b"2", b"\x02")}.get(command.data[:1], ())
            return command.data[4:5] in which
        return command.name in ("LF", "FF", "ESC d", "ESC J", "GS v", "GS k", "GS V")

    def flush(self) -> list[Piece]:
        """The line that was begun, as it stands."""
        return self._flush()

    def _text(self, data: bytes) -> list[Piece]:
        out: list[Piece] = []
        advance = self._style.run("x").advance
        used = sum(run.dots for run in self._line)
        taken = ""
        for char in data.decode(self._page, "replace"):
            if used + advance > self._dots and (taken or self._line):
                self._keep(taken)
                out += self._end_line()
                taken, used = "", 0
            taken += char
            used += advance
        self._keep(taken)
        return out

    def _keep(self, text: str) -> None:
        if text:
            self._line.append(self._style.run(text))

    def _end_line(self) -> list[Piece]:
        if self._band is not None:
            band, self._band = self._band, None
            return [band]
        line, self._line = tuple(self._line), []
        return [Text(line, self._align, self._spacing)]

    def _flush(self) -> list[Piece]:
        return self._end_line() if self._line or self._band is not None else []

    def _tab(self) -> list[Piece]:
        cells = sum(run.dots for run in self._line) // DOTS_OF_A
        return self._text(b" " * (8 - cells % 8))

    def _move(self, data: bytes) -> list[Piece]:
        """An absolute place becomes spaces up to it."""
        missing = int.from_bytes(data, "little") - sum(run.dots for run in self._line)
        if 0 < missing <= self._dots:
            self._line.append(Run(" " * (missing // DOTS_OF_A)))
        return []

    def _mode(self, data: bytes) -> list[Piece]:
        mode = data[0]
        self._style = Style(
            bold=bool(mode & 8),
            underline=bool(mode & 0x80),
            inverse=self._style.inverse,
            wide=2 if mode & 0x20 else 1,
            high=2 if mode & 0x10 else 1,
            small=bool(mode & 1),
        )
        return []

    def _raster(self, data: bytes) -> list[Piece]:
        """GS v 0 m x y: rows of x bytes."""
        mode, across, down = data[1] & 3, int.from_bytes(data[2:4], "little"), int.from_bytes(data[4:6], "little")
        return [*self._flush(), *self._image(across * 8, down, data[6:], (mode & 1) + 1, (mode >> 1) + 1)]

    def _image(self, width: int, height: int, bits: bytes, wide: int = 1, high: int = 1) -> list[Piece]:
        """Dots, cut off at the paper's edge, each doubled as asked."""
        row = (width + 7) // 8
        if not row or not height or len(bits) < row * height:
            return []
        rows = [bits[at : at + row] for at in range(0, row * height, row)]
        if wide == 2:
            rows = [_doubled(one) for one in rows]
        rows = [one[: self._dots // 8] for one in rows for _ in range(high)]
        return [Image(len(rows[0]) * 8, len(rows), b"".join(rows), self._align)]

    def _function(self, data: bytes) -> list[Piece]:
        """GS ( k: codes; GS ( L: graphics; the others print nothing."""
        if data[:1] == b"L":
            return self._graphics(data)
        # k pL pH cn fn …; cn 49 is QR.
        if data[:1] != b"k" or len(data) < 5 or data[3] != 49 or not self._native_qr:
            return []
        function, rest = data[4], data[5:]
        if function == 67 and rest:
            self._qr_module = min(max(rest[0], 1), 16)
        elif function == 69 and rest and 48 <= rest[0] <= 51:
            self._qr_level = _LEVELS[rest[0] - 48]
        elif function == 80 and rest[:1] == b"0":
            self._qr_data = rest[1:]
        elif function == 81 and self._qr_data:
            code = Qr(self._qr_data, self._qr_module, self._qr_level, self._align)
            try:
                fits = qr_dots(code) <= self._dots
            except ValueError:
                fits = False
            # A code that is wider than the paper is not printed at all.
            return [*self._flush(), code] if fits else []
        return []

    def _graphics(self, data: bytes) -> list[Piece]:
        """GS ( L m fn: 112 stores a raster picture, 50 prints it. `data` has L and a length of two bytes before m."""
        if len(data) < 5:
            return []
        function, rest = data[4], data[5:]
        if function == 112 and len(rest) >= 8:
            wide, high = min(max(rest[1], 1), 2), min(max(rest[2], 1), 2)
            width, height = int.from_bytes(rest[4:6], "little"), int.from_bytes(rest[6:8], "little")
            made = self._image(width, height, rest[8:], wide, high)
            self._graphic = made[0] if made and isinstance(made[0], Image) else None
        elif function in (2, 50) and self._graphic is not None:
            picture, self._graphic = self._graphic, None
            return [*self._flush(), picture._replace(align=self._align)]
        return []

    def _columns(self, data: bytes) -> list[Piece]:
        """ESC * m n: columns of eight or twenty-four dots, printed with the line."""
        tall = 24 if data[0] in (32, 33) else 8
        count, dots = int.from_bytes(data[1:3], "little"), data[3:]
        row = (count + 7) // 8
        bits = bytearray(row * tall)
        for x in range(count):
            for y in range(tall):
                if dots[x * tall // 8 + y // 8] >> (7 - y % 8) & 1:
                    bits[y * row + x // 8] |= 0x80 >> (x % 8)
        made = self._image(count, tall, bytes(bits), 1 if data[0] in (1, 33) else 2, 1 if tall == 24 else 3)
        self._band = made[0] if made and isinstance(made[0], Image) else None
        return []

    def _barcode(self, data: bytes) -> list[Piece]:
        kind = data[0] if data[0] <= 6 else data[0] - 65
        content = data[1:-1] if data[0] <= 6 else data[2:]
        if not content or not 0 <= kind < len(_BARCODES):
            return []
        return [*self._flush(), Bars(_BARCODES[kind], content.decode("latin-1"), self._align)]


def _doubled(row: bytes) -> bytes:
    """Every dot twice."""
    out = bytearray()
    for byte in row:
        wide = 0
        for bit in range(8):
            if byte >> bit & 1:
                wide |= 3 << (2 * bit)
        out += wide.to_bytes(2, "big")
    return bytes(out)
