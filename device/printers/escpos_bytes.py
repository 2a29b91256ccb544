"""A slip as the bytes of an ESC/POS printer, composed by python-escpos. The only module that knows the library.

Knows no port; loads the library when the first slip is composed.
"""

from __future__ import annotations

import io
import logging
import os
import shutil
from functools import cache
from typing import Any, Literal, NamedTuple

import segno

from fiscalmon.domain.paper import Paper, PaperLine

from .text import pieces, printable

QrForm = Literal["native", "image", "text"]
# Code pages that every printer has at these numbers; what neither has is replaced.
_CODE_PAGES = ("cp437", "cp850")
_PAGE_NUMBERS = (("CP437", 0), ("CP850", 2))
# Dots across the paper at 203 dpi, by the columns of font A that fit on it.
_DOTS = ((32, 384), (42, 512))
_DOTS_80MM = 576
# A module of 6 dots is 0.75 mm: a receipt's code is then 25 to 28 mm wide. The quiet zone is 4 modules.
_MODULE, _QUIET = 6, 4
_FEED = 6


class Composed(NamedTuple):
    """Blocks that end where a command ends. Without those from `last` on, the slip proves nothing to its customer."""

    blocks: list[bytes]
    last: int


def compose(paper: Paper, columns: int, qr: QrForm, *, apart: bool = False) -> Composed:
    """The slip's bytes, line by line, with the cut and the drawer's kick at the end.

    `apart`: the paper may end with a torn slip, which is cut off first.
    """
    out = _composer(columns)
    out.hw("INIT")
    if apart:
        _end(out, paper)
    blocks = [_taken(out)]
    last = None
    style = (False, False)
    for line in paper.lines:
        if line.qr:
            last = len(blocks) if last is None else last
            _qr(out, line.text, columns, qr)
        else:
            style = _text(out, line, columns, style)
        blocks.append(_taken(out))
    _end(out, paper)
    if paper.drawer:
        out.cashdraw(2)
    blocks.append(_taken(out))
    return Composed(blocks, len(blocks) - 1 if last is None else last)


def _end(out: Any, paper: Paper) -> None:
    if paper.cut:
        out.cut()
    else:
        out.print_and_feed(_FEED)


def _text(out: Any, line: PaperLine, columns: int, style: tuple[bool, bool]) -> tuple[bool, bool]:
    wanted = (line.strong, line.double)
    if wanted != style:
        out.set(bold=line.strong, double_width=line.double, double_height=line.double, normal_textsize=not line.double)
    room = columns // 2 if line.double else columns
    for part in pieces(printable(line.text, *_CODE_PAGES), room):
        out.text(part + "\n")
    return wanted


def _qr(out: Any, text: str, columns: int, form: QrForm) -> None:
    """The code in the middle, as large as scanners like and the paper allows."""
    if form == "text":
        for part in pieces(printable(text, "ascii"), columns):
            out.text(part + "\n")
        return
    code = segno.make_qr(text, error="m")
    size = module_dots(int(code.symbol_size(border=_QUIET)[0]), columns)
    out.set(align="center")
    if form == "native":
        out.qr(text, native=True, ec=1, size=size)
    else:
        picture = io.BytesIO()
        code.save(picture, kind="png", scale=size, border=_QUIET)
        picture.seek(0)
        out.image(picture)
    out.set(align="left")


def module_dots(modules: int, columns: int) -> int:
    """Dots a module of a code so many modules wide, quiet zone included."""
    return max(2, min(_MODULE, paper_dots(columns) // modules))


def paper_dots(columns: int) -> int:
    """The width of paper that takes so many columns."""
    return next((dots for most, dots in _DOTS if columns <= most), _DOTS_80MM)


def _composer(columns: int) -> Any:
    library = _library()
    profile = library.Profile(columns=columns, features={"paperFullCut": True, "qrCode": True})
    # With a width the library centres pictures, and does not print a warning to our standard output.
    profile.profile_data = {**profile.profile_data, "media": {"width": {"pixels": paper_dots(columns)}}}
    return library.Dummy(profile=profile, magic_encode_args={"encoder": library.Encoder(dict(_PAGE_NUMBERS))})


def _taken(out: Any) -> bytes:
    block = bytes(out.output)
    out.clear()
    return block


class _Library(NamedTuple):
    Dummy: Any
    Profile: Any
    Encoder: Any


@cache
def _library() -> _Library:
    """The library, without what its import leaves behind: a folder of its own and a handler of the root logger."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    import escpos.capabilities
    from escpos.magicencode import Encoder
    from escpos.printer.dummy import Dummy

    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(escpos.capabilities.pickle_dir, ignore_errors=True)
    return _Library(Dummy, escpos.capabilities.Profile, Encoder)
