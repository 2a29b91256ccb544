"""The documents as PDF files: which form a receipt gets, and reports on the roll. The door to the drawing modules."""

from __future__ import annotations

from ..domain.errors import BadInput
from .day_report import DayReport
from .paper import report_lines
from .pdf_invoice import invoice_pdf
from .pdf_roll import roll_pdf
from .receipt_document import ReceiptDocument
from .slip import slip


def receipt_pdf(document: ReceiptDocument, form: str | None = None) -> bytes:
    """The receipt in its own print form, or in the one asked for ("Receipt48", "InvoiceA4").

    Raises BadInput for a tax-exclusive receipt on the roll, which has no columns for it (Gateway v7.2 §20).
    """
    inclusive = document.receipt.lines_tax_inclusive
    if form == "Receipt48" and not inclusive:
        raise BadInput("This receipt's prices are without tax: only the A4 form can show them.")
    chosen = form or document.receipt.print_form or "Receipt48"
    if chosen == "InvoiceA4" or not inclusive:
        return invoice_pdf(document)
    return roll_pdf(slip(document), f"{document.title} {document.number}")


def report_pdf(report: DayReport) -> bytes:
    """The X or Z report on the roll."""
    return roll_pdf(report_lines(report), f"{report.title} {report.day_no} of device {report.device_id}")
