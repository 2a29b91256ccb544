"""Slips for printers: receipts, X and Z reports, a printer's test page, each in the words that text and PDF have too.

Knows no printer's bytes: what a printer cannot show, its driver replaces.
"""

from __future__ import annotations

import msgspec

from ..domain.paper import Paper, PaperKind, PaperLine, PrinterSetup
from .day_report import DayReport, report_text
from .layout import centred, pair, row, safe, wrapped
from .receipt_document import ReceiptDocument
from .slip import COPY, slip

TEST_TITLE = "PRINTER TEST"
# What a till's papers are made of; a page that shows all of it shows whether the code page is right.
_LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789 .,:;-+*/%()&@#$!?",
    "ÀÇÉÑÖÜ àçéñöü ßø £€",
)


def receipt_paper(document: ReceiptDocument, width: int, *, copy: bool, drawer: bool = False) -> Paper:
    """A receipt's slip; a copy says so, opens no drawer and registers nothing in a printer's fiscal memory."""
    marked = msgspec.structs.replace(document, copy=copy)
    return Paper(
        kind="copy" if copy else "receipt",
        width=width,
        lines=tuple(slip(marked, width)),
        number=document.receipt.global_no,
        receipt=None if copy else document.receipt,
        drawer=drawer and not copy,
    )


def report_paper(report: DayReport, width: int, *, copy: bool = False) -> Paper:
    """An X or Z report; a copy is mere text, by which no printer closes a day of its own."""
    lines = report_lines(report, width)
    if copy:
        lines = [*(PaperLine(text, strong=True) for text in centred(COPY, width)), *lines]
    kind: PaperKind = "copy" if copy else "z" if report.report == "Z" else "x"
    return Paper(kind=kind, width=width, lines=tuple(lines))


def report_lines(report: DayReport, width: int = 48) -> list[PaperLine]:
    """An X or Z report in lines no wider than `width`."""
    strong = {report.title, *(figures.currency for figures in report.currencies)}
    return [
        PaperLine(text, strong=text.strip() in strong or text.startswith("Total "))
        for text in report_text(report, width).splitlines()
    ]


def trial_paper(setup: PrinterSetup, width: int, *, printed: str, till: str) -> Paper:
    """A page that shows what the printer can do. `printed`: the moment in words; `till`: the shop's name, or "".

    It carries nothing by which it could pass for a receipt.
    """
    facts = [
        ("Printer", safe(setup.name)),
        ("Family", setup.family if setup.dialect is None else f"{setup.family} {setup.dialect}"),
        ("Port", safe(setup.port)),
        ("Speed", f"{setup.baud} baud"),
        ("Columns", str(width)),
        ("Printed", printed),
    ]
    ruler = "".join(str(column % 10) for column in range(1, width + 1))
    half = width // 2
    lines = [PaperLine(text, strong=True) for text in centred(TEST_TITLE, width)]
    lines += _plain(*(centred(safe(till), width) if till else ()), *centred("This is no receipt.", width), "-" * width)
    lines += _plain(*(text for label, value in facts for text in pair(f"{label}:", value, width)), "-" * width)
    lines += _plain(ruler, *(text for letters in _LETTERS for text in wrapped(letters, width)))
    lines += [PaperLine("Bold", strong=True), PaperLine("Double"[:half], double=True)]
    lines += _plain(row(("Left", "right"), (half, width - half)), *centred("middle", width), "-" * width)
    lines.append(PaperLine(f"fiscalmon printer test {setup.name}", qr=True))
    return Paper(kind="test", width=width, lines=(*lines, *_plain(*centred("The code above can be read.", width))))


def _plain(*texts: str) -> list[PaperLine]:
    return [PaperLine(text) for text in texts]


def paper_text(paper: Paper) -> str:
    """The paper in words, ending with a line feed; what the QR code says stands in words on receipts anyway."""
    return "".join(f"{line.text.rstrip()}\n" for line in paper.lines if not line.qr)
