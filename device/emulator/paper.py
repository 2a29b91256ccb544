"""What has come out of the printer: text, codes, pictures, feeds and cuts, in order. Must not know any protocol.

The roll reads itself aloud as text; `picture.py` draws it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Align = Literal["left", "centre", "right"]

DOTS_OF_A, DOTS_OF_B = 12, 9
# A roll that nobody tears off must not fill the memory; a slip has some 60 pieces.
MOST_PIECES = 200_000


class Run(NamedTuple):
    """Characters in one style. `wide` and `high` multiply the character cell; `small` is font B."""

    text: str
    bold: bool = False
    underline: bool = False
    inverse: bool = False
    wide: int = 1
    high: int = 1
    small: bool = False

    @property
    def dots(self) -> int:
        return len(self.text) * self.advance

    @property
    def advance(self) -> int:
        return (DOTS_OF_B if self.small else DOTS_OF_A) * self.wide


class Text(NamedTuple):
    """One printed line; `spacing` is the least feed of paper in dots."""

    runs: tuple[Run, ...]
    align: Align = "left"
    spacing: int = 30


class Qr(NamedTuple):
    """A QR code that the printer made by itself: `module` dots a module, error correction L, M, Q or H."""

    data: bytes
    module: int = 6
    level: str = "M"
    align: Align = "centre"


class Bars(NamedTuple):
    """A one-dimensional bar code, by its kind and data."""

    kind: str
    data: str
    align: Align = "centre"


class Image(NamedTuple):
    """Dots from the host: rows of whole bytes, most significant bit left, 1 is black."""

    width: int
    height: int
    bits: bytes
    align: Align = "left"


class Feed(NamedTuple):
    """Blank paper, in dots."""

    dots: int


class Cut(NamedTuple):
    """Where the knife went through."""

    partial: bool = False


Piece = Text | Qr | Bars | Image | Feed | Cut


class Roll:
    """The paper of one printer. `dots`: printable width at 203 dpi; `paper_dots`: the roll's own width."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.dots = columns * DOTS_OF_A
        # 58 and 80 mm at 8 dots a millimetre.
        self.paper_dots = 464 if self.dots <= 384 else 640
        self._pieces: deque[Piece] = deque(maxlen=MOST_PIECES)

    def append(self, pieces: Iterable[Piece]) -> None:
        self._pieces.extend(pieces)

    def tear(self) -> None:
        """What has come out is taken away."""
        self._pieces.clear()

    def pieces(self) -> tuple[Piece, ...]:
        return tuple(self._pieces)

    def text(self) -> str:
        return as_text(self._pieces, self.columns)


def plain(text: str, align: Align = "left", *, bold: bool = False, high: int = 1) -> Text:
    """A line in font A."""
    return Text((Run(text, bold=bold, high=high),), align)


def as_text(pieces: Iterable[Piece], columns: int) -> str:
    """What a person would read: lines placed as they stand on the paper, codes and pictures named in brackets."""
    return "".join(f"{line}\n" for piece in pieces for line in _lines(piece, columns))


def _lines(piece: Piece, columns: int) -> Sequence[str]:
    match piece:
        case Text(runs, align):
            text = "".join(run.text for run in runs)
            cells = -(-sum(run.dots for run in runs) // DOTS_OF_A)
            return ((_indent(cells, columns, align) + text).rstrip(),)
        case Qr(data, _, _, align):
            named = f"[QR {data.decode('utf-8', 'replace')}]"
            return (_indent(len(named), columns, align) + named,)
        case Bars(kind, data, align):
            named = f"[{kind} {data}]"
            return (_indent(len(named), columns, align) + named,)
        case Image(width, height, _, align):
            named = f"[picture {width}×{height}]"
            return (_indent(len(named), columns, align) + named,)
        case Cut():
            return ("-" * (columns // 2 - 2) + " 8< " + "-" * (columns - columns // 2 - 2),)
        case Feed(dots):
            return ("",) * (dots // 30)


def _indent(cells: int, columns: int, align: Align) -> str:
    free = max(0, columns - cells)
    return " " * {"left": 0, "centre": free // 2, "right": free}[align]
