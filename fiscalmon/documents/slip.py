"""A receipt as a slip of fixed-width text (Gateway v7.2 §20, Receipt48), for printers, screens and PDF alike.

Knows nothing of fonts and printers: a line is text, or the place of the QR code.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.paper import PaperLine
from .layout import cells, centred, flush_right, pair, row, safe, wrapped
from .receipt_document import (
    LineInWords,
    ReceiptDocument,
    amount,
    buyer_facts,
    document_facts,
    number_of_items,
    paper_lines,
    paper_taxes,
    payments,
    reference_facts,
    seller_facts,
    total_before_tax,
)

WIDTHS = (48, 42, 32)
COPY = "*** COPY ***"


def slip(document: ReceiptDocument, width: int = 48) -> list[PaperLine]:
    """The slip's lines, none wider than `width` columns (at least 24); a `qr` line's text is what the code says."""
    rule = PaperLine("-" * width)
    lines = [*_head(document, width), rule, *_plain(_facts(document, width))]
    if buyer := buyer_facts(document):
        name, more = buyer
        lines += [rule, PaperLine("BUYER", strong=True), *_plain(_each(wrapped, [name, *more], width))]
    if reference := reference_facts(document):
        heading, facts = reference
        lines += [rule, PaperLine(heading, strong=True)]
        lines += _plain(text for label, value in facts for text in pair(f"{label}:", value, width))
    lines += [rule, *_plain(text for line in paper_lines(document) for text in _line(line, width))]
    lines += [rule, *_settlement(document, width)]
    if paper_taxes(document):
        lines += [rule, *_plain(_taxes(document, width))]
    if document.receipt.notes:
        lines += [rule, *_plain(wrapped("Note: " + safe(document.receipt.notes), width))]
    return [*lines, rule, *_verification(document, width)]


def slip_text(document: ReceiptDocument, width: int = 48) -> str:
    """The slip as text that ends with a line feed; the QR code's address stands in words above it anyway."""
    return "".join(f"{line.text.rstrip()}\n" for line in slip(document, width) if not line.qr)


def _head(document: ReceiptDocument, width: int) -> list[PaperLine]:
    name, lines = seller_facts(document.config)
    head = [PaperLine(text, strong=True) for text in centred(name, width)]
    head += _plain(_each(centred, lines, width))
    head += [PaperLine(""), *(PaperLine(text, strong=True) for text in centred(document.title, width))]
    if document.copy:
        head += [PaperLine(text, strong=True) for text in centred(COPY, width)]
    return head


def _facts(document: ReceiptDocument, width: int) -> Iterable[str]:
    return (text for label, value in document_facts(document) for text in pair(f"{label}:", value, width))


def _line(line: LineInWords, width: int) -> list[str]:
    """The name, and under it quantity and price unless it is one piece."""
    if line.single:
        return pair(line.name, line.total, width)
    how_many = f"  {line.quantity} each {line.price}" if line.price else f"  {line.quantity}"
    room = width - cells(line.total) - 1
    if cells(how_many) > room:
        return [*wrapped(line.name, width), how_many, *flush_right(line.total, width)]
    gap = " " * (width - cells(how_many) - cells(line.total))
    return [*wrapped(line.name, width), how_many + gap + line.total]


def _settlement(document: ReceiptDocument, width: int) -> list[PaperLine]:
    receipt = document.receipt
    lines = []
    if not receipt.lines_tax_inclusive:
        lines += _plain(pair("Total (excl. tax)", total_before_tax(document), width))
    total = pair(f"TOTAL {receipt.currency}", amount(receipt.total), width)
    lines += [PaperLine(text, strong=True) for text in total]
    lines += _plain(text for method, paid in payments(document) for text in pair(method, paid, width))
    return [*lines, *_plain(pair("Number of items", number_of_items(document), width))]


def _taxes(document: ReceiptDocument, width: int) -> list[str]:
    """A table where it fits, else every figure on a line of its own."""
    taxes = paper_taxes(document)
    longest = max(cells(text) for tax in taxes for text in (tax.net, tax.tax, tax.gross, "Gross"))
    column = max(longest + 1, width // 5)
    widths = (width - 3 * column, column, column, column)
    if widths[0] >= 7:
        lines = [row(("Tax", "Net", "Tax", "Gross"), widths)]
        for tax in taxes:
            *above, label = wrapped(tax.label, widths[0])
            lines += [*above, row((label, tax.net, tax.tax, tax.gross), widths)]
        return lines
    figures = [
        (f"{tax.label} {word}", value)
        for tax in taxes
        for word, value in (("net", tax.net), ("tax", tax.tax), ("gross", tax.gross))
    ]
    return [text for label, value in figures for text in pair(label, value, width)]


def _verification(document: ReceiptDocument, width: int) -> list[PaperLine]:
    return [
        *_plain(centred("Verification code", width)),
        *(PaperLine(text, strong=True) for text in centred(document.verification_code, width)),
        PaperLine(document.qr_url, qr=True),
        *_plain(centred("You can verify this receipt manually at", width)),
        *_plain(centred(document.check_url, width)),
    ]


def _plain(texts: Iterable[str]) -> list[PaperLine]:
    return [PaperLine(text) for text in texts]


def _each(placed: object, texts: Iterable[str], width: int) -> list[str]:
    place = centred if placed is centred else wrapped
    return [line for text in texts for line in place(text, width)]
