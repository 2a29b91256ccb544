"""A slip as a picture of its paper at 203 dpi: what a thermal printer of that width would put out.

Knows no printer's bytes; a printer's own letters differ a little from these.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

from ..domain.paper import Paper, PaperLine
from .layout import as_seen, cells

# Font A of thermal printers: 12 by 24 dots, a line every 30; 8 dots a millimetre.
CELL, LEADING = 12, 30
MARGIN, END = 32, 96
# Paper rolls by the columns that fit: 80 mm, or 58 mm.
_WIDE, _NARROW = 640, 464
_MODULE = 6
_QUIET = 4
_SIZE = 20


def paper_png(paper: Paper) -> bytes:
    """The whole slip, with its cut as a dashed line."""
    dots = paper.width * CELL
    sheet = _NARROW if dots <= 384 else max(_WIDE, dots + 2 * CELL)
    codes = {line.text: _code(line.text, dots) for line in paper.lines if line.qr}
    height = MARGIN + sum(_height(line, codes) for line in paper.lines) + END
    picture = Image.new("L", (sheet, height), 255)
    draw = ImageDraw.Draw(picture)
    left, y = (sheet - dots) // 2, MARGIN
    for line in paper.lines:
        if line.qr:
            code = codes[line.text]
            picture.paste(code, ((sheet - code.width) // 2, y))
        else:
            _write(picture, line, left, y)
        y += _height(line, codes)
    for x in range(0, sheet, 16):
        draw.line((x, height - END // 2, x + 8, height - END // 2), fill=160, width=2)
    held = BytesIO()
    picture.save(held, "PNG", dpi=(203, 203), optimize=True)
    return held.getvalue()


def _height(line: PaperLine, codes: dict[str, Image.Image]) -> int:
    return codes[line.text].height if line.qr else LEADING


def _write(picture: Image.Image, line: PaperLine, left: int, y: int) -> None:
    """Each letter in its own cell, as a printer has it: columns stay columns whatever the letters."""
    wide = 2 if line.double else 1
    x = left
    for char in as_seen(line.text):
        width = cells(char) * CELL * wide
        if char.strip() and width:
            glyph = Image.new("L", (width // wide, LEADING), 255)
            ImageDraw.Draw(glyph).text((0, 1), char, font=_font(line.strong), fill=0)
            picture.paste(glyph.resize((width, LEADING)) if wide > 1 else glyph, (x, y))
        x += width


@cache
def _font(strong: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSansMono-Bold.ttf" if strong else "DejaVuSansMono.ttf"
    return ImageFont.truetype(BytesIO((files("resources") / "fonts" / name).read_bytes()), _SIZE)


def _code(text: str, dots: int) -> Image.Image:
    """The QR code with its quiet zone, in the largest modules that fit the line."""
    matrix = [list(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix]
    modules = len(matrix) + 2 * _QUIET
    module = max(2, min(_MODULE, dots // modules))
    picture = Image.new("L", (modules, modules), 255)
    for y, row in enumerate(matrix, _QUIET):
        for x, dark in enumerate(row, _QUIET):
            if dark:
                picture.putpixel((x, y), 0)
    return picture.resize((modules * module, modules * module), Image.Resampling.NEAREST)
