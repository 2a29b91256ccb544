"""Fixed-width slips and reports as PDF on a roll 80 mm wide: what the text says, in a handsome letter.

Must not know what the lines mean.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..domain.paper import PaperLine
from .pdf_sheet import MM, Sheet, width_of

ROLL = 80 * MM
MARGIN = 4 * MM
QR_SIDE = 42 * MM
# Viewers refuse pages longer than 200 inches; a longer slip goes on on the next page.
LONGEST = 3_600.0
_LEADING = 1.32


def roll_pdf(lines: Sequence[PaperLine], title: str, columns: int = 48) -> bytes:
    """The slip as PDF; `columns` characters fill the width of the roll."""
    size = (ROLL - 2 * MARGIN) / (columns * width_of("0", 1, "mono"))
    height = size * _LEADING
    needed = sum(QR_SIDE if line.qr else height for line in lines) + 2 * MARGIN
    page = min(needed, LONGEST)
    sheet = Sheet(ROLL, page, title)
    y = MARGIN
    for line in lines:
        step = QR_SIDE if line.qr else height
        if y + step > page - MARGIN + 1e-6:
            sheet.next_page()
            y = MARGIN
        if line.qr:
            sheet.qr((ROLL - QR_SIDE) / 2, y, QR_SIDE, line.text)
        elif set(line.text) in ({"-"}, {"="}):
            sheet.rule(MARGIN, ROLL - MARGIN, y + height / 2, color="#131A24", thick=1.2 if "=" in line.text else 0.5)
        else:
            sheet.text(MARGIN, y + size, line.text, size, face="mono-bold" if line.strong else "mono")
        y += step
    return sheet.finish()
