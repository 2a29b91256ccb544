"""The paper as a picture of 203 dpi, one dot a pixel, black on white. Knows paper and Pillow, no printer.

A QR code is drawn from its data as the printer would; whoever scans the picture scans what the customer would."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO

import segno
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from .paper import Align, Bars, Cut, Feed, Image, Piece, Qr, Run, Text

DPI = 203
# Eight metres of paper; viewers and decoders give up on much more.
TALLEST = 64_000
_MARGIN = 24
# By "is small" and "is bold".
_HEIGHTS = (24, 17)
_FILES = ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf")


class Painter:
    """Draws pieces of paper; keeps its fonts. One at a time: Pillow's fonts are shared by no two threads here."""

    def __init__(self, dots: int, paper_dots: int) -> None:
        self._dots, self._paper_dots = dots, paper_dots
        self._left = (paper_dots - dots) // 2
        self._fonts = {
            (small, bold): ImageFont.truetype(
                BytesIO((files("resources") / "fonts" / _FILES[bold]).read_bytes()), 15 if small else 20
            )
            for small in (False, True)
            for bold in (False, True)
        }

    def png(self, pieces: Sequence[Piece]) -> bytes:
        """The picture; of a paper longer than `TALLEST` dots the newest end, with a line that says so."""
        strips: list[Pictures.Image] = []
        height = 2 * _MARGIN
        for piece in reversed(pieces):
            strip = self._strip(piece)
            if height + strip.height > TALLEST:
                strips.append(self._text(Text((Run("... earlier paper is not shown ...", small=True),), "centre")))
                height += strips[-1].height
                break
            strips.append(strip)
            height += strip.height
        sheet = Pictures.new("1", (self._paper_dots, height), 1)
        top = _MARGIN
        for strip in reversed(strips):
            sheet.paste(strip, (0, top))
            top += strip.height
        out = BytesIO()
        sheet.save(out, "PNG", dpi=(DPI, DPI))
        return out.getvalue()

    def _strip(self, piece: Piece) -> Pictures.Image:
        match piece:
            case Text():
                return self._text(piece)
            case Qr():
                return self._placed(qr_picture(piece), piece.align)
            case Image(width, height, bits, align):
                # Pillow's "1" has 1 for white.
                inverted = bytes(255 - byte for byte in bits)
                return self._placed(Pictures.frombytes("1", (width, height), inverted), align)
            case Bars(kind, data, align):
                return self._placed(self._label(f"{kind} {data}"), align)
            case Feed(dots):
                return self._blank(dots)
            case Cut(partial):
                strip = self._blank(25)
                step, length = (24, 12) if partial else (8, 6)
                draw = ImageDraw.Draw(strip)
                for x in range(0, self._paper_dots, step):
                    draw.line((x, 12, x + length, 12), fill=0, width=2)
                return strip

    def _text(self, line: Text) -> Pictures.Image:
        tallest = max((_HEIGHTS[run.small] * run.high for run in line.runs), default=0)
        strip = self._blank(max(line.spacing, tallest))
        x = self._left + self._indent(sum(run.dots for run in line.runs), line.align)
        for run in line.runs:
            drawn = self._run(run)
            # Runs of different height stand on one base line.
            strip.paste(drawn, (x, tallest - drawn.height))
            x += run.dots
        return strip

    def _run(self, run: Run) -> Pictures.Image:
        height, advance = _HEIGHTS[run.small], run.advance // run.wide
        drawn = Pictures.new("1", (max(1, advance * len(run.text)), height), 1)
        draw = ImageDraw.Draw(drawn)
        draw.fontmode = "1"
        font = self._fonts[run.small, run.bold]
        base = 19 if not run.small else 13
        for index, char in enumerate(run.text):
            draw.text((index * advance, base), char, font=font, fill=0, anchor="ls")
        if run.underline:
            draw.line((0, height - 2, drawn.width, height - 2), fill=0, width=2)
        if run.inverse:
            drawn = drawn.point(lambda dot: 0 if dot else 1)
        return drawn.resize((drawn.width * run.wide, height * run.high), Pictures.Resampling.NEAREST)

    def _label(self, text: str) -> Pictures.Image:
        words = self._run(Run(text, small=True))
        box = Pictures.new("1", (words.width + 20, 60), 1)
        ImageDraw.Draw(box).rectangle((0, 0, box.width - 1, 59), outline=0, width=3)
        box.paste(words, (10, 22))
        return box

    def _placed(self, drawn: Pictures.Image, align: Align) -> Pictures.Image:
        strip = self._blank(drawn.height)
        strip.paste(drawn, (self._left + self._indent(drawn.width, align), 0))
        return strip

    def _blank(self, height: int) -> Pictures.Image:
        return Pictures.new("1", (self._paper_dots, height), 1)

    def _indent(self, dots: int, align: Align) -> int:
        free = max(0, self._dots - dots)
        return {"left": 0, "centre": free // 2, "right": free}[align]


def qr_dots(code: Qr) -> int:
    """Width and height of a code in dots, without a quiet zone: printers add none."""
    return len(_matrix(code)) * code.module


def qr_picture(code: Qr) -> Pictures.Image:
    """The code alone, `module` dots a module."""
    matrix = _matrix(code)
    side = len(matrix)
    small = Pictures.new("1", (side, side), 1)
    small.putdata([0 if dark else 1 for row in matrix for dark in row])
    return small.resize((side * code.module, side * code.module), Pictures.Resampling.NEAREST)


def _matrix(code: Qr) -> tuple[bytearray, ...]:
    """Raises ValueError where no QR code can hold the data."""
    return tuple(segno.make(code.data, error=code.level, micro=False, boost_error=False).matrix)
