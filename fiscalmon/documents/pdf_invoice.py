"""A receipt on A4 (Gateway v7.2 §20, InvoiceA4): tax-inclusive and tax-exclusive form, over as many pages as it needs.

Must not know the books; what stands on the page comes from `receipt_document`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .layout import Measure, safe, wrapped
from .pdf_sheet import INK, MM, MUTED, Face, Sheet, width_of
from .receipt_document import (
    Fact,
    ReceiptDocument,
    amount,
    buyer_facts,
    document_facts,
    number_of_items,
    paper_lines,
    paper_taxes,
    payments,
    reference_facts,
    seller_contacts,
    seller_facts,
    total_before_tax,
    total_tax,
)
from .slip import COPY

WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 16 * MM, WIDTH - 16 * MM
TOP, BOTTOM = 16 * MM, HEIGHT - 20 * MM
MIDDLE = LEFT + (RIGHT - LEFT) * 0.54
SMALL, BODY, TITLE = 7.5, 8.5, 14.0
LEADING = 11.5
QR_SIDE = 38 * MM


class Column(NamedTuple):
    """A column of the lines: heading, width in mm (0: what is left), and which member of LineInWords it shows."""

    heading: str
    width: float
    member: str
    right: bool = True


def invoice_pdf(document: ReceiptDocument) -> bytes:
    """The receipt as an A4 document."""
    pages = _Invoice(document, 0).draw()[1]
    return _Invoice(document, pages).draw()[0]


def columns_of(document: ReceiptDocument) -> list[Column]:
    """The table's columns by form; HS code only where some line has one."""
    inclusive = document.receipt.lines_tax_inclusive
    found = [Column("HS code", 17, "hs_code", right=False)] if any(x.hs_code for x in document.receipt.lines) else []
    found += [
        Column("Description", 0, "name", right=False),
        Column("Qty", 15, "quantity"),
        Column("Price" if inclusive else "Price\n(excl. tax)", 21, "price"),
    ]
    tax = "VAT" if document.config.vat_payer else "Tax"
    if not document.shows_line_tax:
        return [*found, Column("Amount", 27, "total")]
    if inclusive:
        return [*found, Column(tax, 20, "tax"), Column("Total\n(incl. tax)", 24, "gross")]
    return [
        *found,
        Column("Amount\n(excl. tax)", 23, "net"),
        Column(tax, 20, "tax"),
        Column("Amount\n(incl. tax)", 23, "gross"),
    ]


class _Invoice:
    """One pass over the pages; the first pass only counts them."""

    def __init__(self, document: ReceiptDocument, pages: int) -> None:
        self._document = document
        self._pages = pages
        self._page = 1
        self._places = _places(columns_of(document))
        self._sheet = Sheet(WIDTH, HEIGHT, f"{document.title} {document.number}")
        self._y = TOP

    def draw(self) -> tuple[bytes, int]:
        """The file and the number of its pages."""
        self._head()
        self._parties()
        self._table()
        self._end()
        self._foot()
        return self._sheet.finish(), self._page

    # --- the head -------------------------------------------------------------------------------------------------

    def _head(self) -> None:
        name, lines = seller_facts(self._document.config)
        top = self._y
        for text in wrapped(name, MIDDLE - LEFT - 14, _measure(TITLE - 2, "bold")):
            self._y += TITLE
            self._sheet.text(LEFT, self._y, text, TITLE - 2, face="bold")
        self._y += 3
        self._paragraphs([*lines, *seller_contacts(self._document.config)], LEFT, MIDDLE - LEFT - 14, color=MUTED)
        left_end = self._y
        self._y = top + TITLE
        self._sheet.right(RIGHT, self._y, self._document.title, TITLE, face="bold")
        if self._document.copy:
            self._y += LEADING
            self._sheet.right(RIGHT, self._y, COPY, BODY, face="bold")
        self._y += 6
        self._facts(document_facts(self._document), MIDDLE)
        self._y = max(left_end, self._y) + 12

    def _parties(self) -> None:
        """Buyer at the left, the note's original at the right, on one ground."""
        buyer, reference = buyer_facts(self._document), reference_facts(self._document)
        if buyer is None and reference is None:
            return
        top = self._y
        for measured in (True, False):
            ends = [top]
            if buyer:
                self._y = top + 15
                ends.append(self._buyer(buyer, drawn=not measured))
            if reference:
                self._y = top + 15
                ends.append(self._reference(reference, drawn=not measured))
            if measured:
                self._sheet.box(LEFT, top, RIGHT - LEFT, max(ends) - top + 8)
            self._y = max(ends) + 8 + 12

    def _buyer(self, buyer: tuple[str, list[str]], *, drawn: bool) -> float:
        name, lines = buyer
        room = MIDDLE - LEFT - 22
        texts: list[tuple[str, Face]] = [(text, "bold") for text in wrapped(name, room, _measure(BODY, "bold"))]
        texts += [(text, "sans") for line in lines for text in wrapped(line, room, _measure(BODY))]
        if drawn:
            self._sheet.text(LEFT + 8, self._y, "BUYER", SMALL, face="bold", color=MUTED)
            for number, (text, face) in enumerate(texts, 1):
                self._sheet.text(LEFT + 8, self._y + number * LEADING, text, BODY, face=face)
        return self._y + len(texts) * LEADING

    def _reference(self, reference: tuple[str, list[Fact]], *, drawn: bool) -> float:
        heading, facts = reference
        if drawn:
            self._sheet.text(MIDDLE, self._y, heading, SMALL, face="bold", color=MUTED)
        return self._facts(facts, MIDDLE, inset=8, drawn=drawn)

    def _facts(self, facts: Sequence[Fact], x: float, *, inset: float = 0, drawn: bool = True) -> float:
        """Labels at x, values at the right edge, wrapped where they are long."""
        for label, value in facts:
            room = RIGHT - inset - x - width_of(label, BODY) - 10
            for number, text in enumerate(wrapped(value, room, _measure(BODY))):
                self._y += LEADING
                if drawn and number == 0:
                    self._sheet.text(x, self._y, label, BODY, color=MUTED)
                if drawn:
                    self._sheet.right(RIGHT - inset, self._y, text, BODY)
        return self._y

    def _paragraphs(self, texts: Sequence[str], x: float, room: float, *, color: str = INK) -> None:
        for text in texts:
            for line in wrapped(text, room, _measure(BODY)):
                self._y += LEADING
                self._sheet.text(x, self._y, line, BODY, color=color)

    # --- the lines ------------------------------------------------------------------------------------------------

    def _table(self) -> None:
        self._headings()
        for line in paper_lines(self._document):
            cells = [_texts(str(getattr(line, column.member)), width, column) for _, width, column in self._places]
            height = max(len(cell) for cell in cells) * LEADING + 4
            if self._y + height > BOTTOM:
                self._turn()
                self._headings()
            self._y += 1
            for (x, width, column), texts in zip(self._places, cells, strict=True):
                for number, text in enumerate(texts, 1):
                    y = self._y + number * LEADING - 1
                    if column.right:
                        self._sheet.right(x + width, y, text, _fitting(text, width))
                    else:
                        self._sheet.text(x, y, text, BODY)
            self._y += height - 1
            self._sheet.rule(LEFT, RIGHT, self._y)

    def _headings(self) -> None:
        """The columns' names on the base line of the longest one's last line."""
        headings = [column.heading.split("\n") for _, _, column in self._places]
        deepest = max(len(texts) for texts in headings)
        height = 8 + deepest * (SMALL + 2)
        self._sheet.box(LEFT, self._y, RIGHT - LEFT, height)
        for (x, width, column), texts in zip(self._places, headings, strict=True):
            for number, text in enumerate(texts, deepest - len(texts)):
                y = self._y + 11.5 + number * (SMALL + 2)
                if column.right:
                    self._sheet.right(x + width, y, text, SMALL, face="bold", color=MUTED)
                else:
                    self._sheet.text(x, y, text, SMALL, face="bold", color=MUTED)
        self._y += height

    # --- the end --------------------------------------------------------------------------------------------------

    def _end(self) -> None:
        """Totals at the right, taxes and verification at the left; all of it on one page."""
        document = self._document
        taxes = paper_taxes(document)
        note = f"Note: {safe(document.receipt.notes)}" if document.receipt.notes else ""
        notes = wrapped(note, RIGHT - LEFT, _measure(BODY)) if note else []
        totals = self._totals()
        right = len(totals) * (LEADING + 2) + 16
        left = QR_SIDE + 6 + ((len(taxes) + 1) * LEADING + 14 if taxes else 0)
        if self._y + max(left, right) + len(notes) * LEADING + 24 > BOTTOM:
            self._turn()
        if notes:
            self._y += 6
            for text in notes:
                self._y += LEADING
                self._sheet.text(LEFT, self._y, text, BODY)
        self._y += 10
        top = self._y
        for label, value, strong in totals:
            face: Face = "bold" if strong else "sans"
            size = BODY + 3 if strong else BODY
            self._y += LEADING + (6 if strong else 2)
            self._sheet.text(MIDDLE + 8, self._y, label, size, face=face)
            self._sheet.right(RIGHT - 6, self._y, value, size, face=face)
            if strong:
                self._y += 4
                self._sheet.rule(MIDDLE + 8, RIGHT - 6, self._y)
        self._y = top
        if taxes:
            self._taxes()
        self._verification()

    def _totals(self) -> list[tuple[str, str, bool]]:
        document = self._document
        receipt = document.receipt
        found = []
        if not receipt.lines_tax_inclusive:
            found.append(("Total (excl. tax)", total_before_tax(document), False))
            if document.shows_line_tax:
                found.append(("VAT" if document.config.vat_payer else "Tax", amount(total_tax(document)), False))
        found.append((f"TOTAL {receipt.currency}", amount(receipt.total), True))
        found += [(method, paid, False) for method, paid in payments(document)]
        return [*found, ("Number of items", number_of_items(document), False)]

    def _taxes(self) -> None:
        room = MIDDLE - LEFT - 14
        ends = [LEFT + room * part for part in (0.55, 0.76, 1.0)]
        self._sheet.box(LEFT, self._y, room + 6, 17)
        self._sheet.text(LEFT + 6, self._y + 11.5, "Tax", SMALL, face="bold", color=MUTED)
        for end, heading in zip(ends, ("Net", "Tax", "Gross"), strict=True):
            self._sheet.right(end, self._y + 11.5, heading, SMALL, face="bold", color=MUTED)
        self._y += 19
        for tax in paper_taxes(self._document):
            labels = wrapped(tax.label, room * 0.3, _measure(BODY))
            for number, text in enumerate(labels, 1):
                self._sheet.text(LEFT + 6, self._y + number * LEADING - 1, text, BODY)
            for end, text in zip(ends, (tax.net, tax.tax, tax.gross), strict=True):
                self._sheet.right(end, self._y + LEADING - 1, text, _fitting(text, room * 0.2))
            self._y += len(labels) * LEADING
        self._y += 8

    def _verification(self) -> None:
        document = self._document
        self._sheet.qr(LEFT - 8, self._y, QR_SIDE, document.qr_url)
        self._sheet.link(LEFT - 8, self._y, QR_SIDE, QR_SIDE, document.qr_url)
        x, room = LEFT + QR_SIDE - 4, MIDDLE - LEFT - QR_SIDE - 6
        self._y += 22
        self._sheet.text(x, self._y, "Verification code", SMALL, color=MUTED)
        self._y += LEADING + 2
        self._sheet.text(x, self._y, document.verification_code, BODY + 1.5, face="mono-bold")
        self._y += 6
        for text in wrapped("You can verify this receipt manually at", room, _measure(SMALL)):
            self._y += LEADING - 1
            self._sheet.text(x, self._y, text, SMALL, color=MUTED)
        for text in wrapped(document.check_url, room, _measure(SMALL)):
            self._y += LEADING - 1
            self._sheet.text(x, self._y, text, SMALL)

    # --- pages ----------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        self._foot()
        self._sheet.next_page()
        self._page += 1
        self._y = TOP

    def _foot(self) -> None:
        document = self._document
        y = HEIGHT - 12 * MM
        self._sheet.rule(LEFT, RIGHT, y - 10)
        left = f"{document.title} {document.number}   Fiscal day {document.fiscal_day_no}   Device {document.device_id}"
        self._sheet.text(LEFT, y, left, SMALL - 0.5, color=MUTED)
        self._sheet.right(RIGHT, y, f"Page {self._page} of {self._pages}", SMALL - 0.5, color=MUTED)


def _places(columns: Sequence[Column]) -> list[tuple[float, float, Column]]:
    """Each column's left end and width in points; the one without a width takes what is left."""
    gap = 2 * MM
    fixed = sum(column.width * MM for column in columns) + gap * (len(columns) - 1)
    x, found = LEFT + 6, []
    for column in columns:
        width = column.width * MM or RIGHT - LEFT - 12 - fixed
        found.append((x, width, column))
        x += width + gap
    return found


def _texts(text: str, width: float, column: Column) -> list[str]:
    """What stands in a cell: words are wrapped, a number is never broken."""
    return [text] if column.right else wrapped(text, width, _measure(BODY))


def _fitting(number: str, width: float) -> float:
    """The size at which a number fits: a very large one gets smaller letters."""
    return min(BODY, BODY * width / max(width_of(number, BODY), 1))


def _measure(size: float, face: Face = "sans") -> Measure:
    return lambda text: width_of(text, size, face)
