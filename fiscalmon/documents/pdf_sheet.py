"""Drawing on PDF pages in points from the top left: fonts, text, rules, QR codes. Must not know receipts or reports.

DejaVu comes with the program, never from the system. What a font lacks is shown as "?".
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import groupby
from types import MappingProxyType
from typing import Any, Literal

import segno
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .layout import as_seen, cells

Face = Literal["sans", "bold", "mono", "mono-bold"]
MM = 72 / 25.4
INK, MUTED, LINE, GROUND = "#131A24", "#5A6675", "#C9D1DB", "#F4F6F9"
_FILES = MappingProxyType(
    {
        "sans": "DejaVuSans.ttf",
        "bold": "DejaVuSans-Bold.ttf",
        "mono": "DejaVuSansMono.ttf",
        "mono-bold": "DejaVuSansMono-Bold.ttf",
    }
)
_QUIET_MODULES = 4


@cache
def font(face: Face) -> str:
    """The font's name for reportlab, which keeps fonts by name for the whole program."""
    name = f"fiscalmon-{face}"
    registerFont(TTFont(name, BytesIO((files("resources") / "fonts" / _FILES[face]).read_bytes())))
    return name


@cache
def _drawable(face: Face) -> frozenset[int]:
    drawn: Any = getFont(font(face))
    return frozenset(drawn.face.charToGlyph)


def shown(text: str, face: Face) -> str:
    """The text as it is drawn: in the order of the eye, "?" for what the font lacks, as wide as before."""
    if text.isascii():
        return text
    known = _drawable(face)
    return "".join([char if ord(char) in known else "?" * cells(char) for char in as_seen(text)])


def width_of(text: str, size: float, face: Face = "sans") -> float:
    """How wide the drawn text is, in points."""
    return float(stringWidth(shown(text, face), font(face), size))


class Sheet:
    """A PDF in the making. `y` counts downwards from the top of the page to a text's base line."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height = width, height
        self._paper = BytesIO()
        # Without the hour of its making the same document gives the same bytes.
        self._canvas = Canvas(self._paper, pagesize=(width, height), invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("fiscalmon")
        self._canvas.setAuthor("fiscalmon")
        self._canvas.setSubject("")

    def text(self, x: float, y: float, text: str, size: float, *, face: Face = "sans", color: str = INK) -> None:
        """Text whose left end is at x."""
        self._canvas.setFont(font(face), size)
        self._canvas.setFillColor(HexColor(color))
        self._canvas.drawString(x, self.height - y, shown(text, face))

    def right(self, x: float, y: float, text: str, size: float, *, face: Face = "sans", color: str = INK) -> None:
        """Text whose right end is at x."""
        self.text(x - width_of(text, size, face), y, text, size, face=face, color=color)

    def rule(self, x1: float, x2: float, y: float, *, color: str = LINE, thick: float = 0.6) -> None:
        """A horizontal line."""
        self._canvas.setStrokeColor(HexColor(color))
        self._canvas.setLineWidth(thick)
        self._canvas.line(x1, self.height - y, x2, self.height - y)

    def box(self, x: float, y: float, width: float, height: float, *, color: str = GROUND) -> None:
        """A filled rectangle with rounded corners; y is its upper edge."""
        self._canvas.setFillColor(HexColor(color))
        self._canvas.roundRect(x, self.height - y - height, width, height, 3, stroke=0, fill=1)

    def qr(self, x: float, y: float, side: float, content: str) -> None:
        """A QR code of error level M with its quiet zone, `side` points wide in all; y is its upper edge."""
        rows = [list(line) for line in segno.make_qr(content, error="m", boost_error=False).matrix]
        module = side / (len(rows) + 2 * _QUIET_MODULES)
        path = self._canvas.beginPath()
        for number, line in enumerate(rows, _QUIET_MODULES):
            column = _QUIET_MODULES
            # Neighbours in one rectangle: a seam between two would show as a white hair on some screens.
            for dark, run in groupby(line):
                length = len(list(run))
                if dark:
                    top = self.height - y - (number + 1) * module
                    path.rect(x + column * module, top, length * module, module * 1.02)
                column += length
        self._canvas.setFillColor(HexColor("#000000"))
        self._canvas.drawPath(path, stroke=0, fill=1)

    def link(self, x: float, y: float, width: float, height: float, url: str) -> None:
        """Make an area lead to an address; y is its upper edge."""
        self._canvas.linkURL(url, (x, self.height - y - height, x + width, self.height - y))

    def next_page(self) -> None:
        """End this page and begin the next."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The whole file; the sheet takes nothing more."""
        self._canvas.showPage()
        self._canvas.save()
        return self._paper.getvalue()
