"""A text on a page of A4 as PDF, for the shop's papers. Must not know what it says."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument


def write_text_pdf(file: str, title: str, text: str) -> bool:
    """Plain text under a title; False where the file cannot be written."""
    try:
        with open(file, "ab"):
            pass
    except OSError:
        return False
    writer = QPdfWriter(file)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20), QPageLayout.Unit.Millimeter)
    writer.setTitle(title)
    document = QTextDocument()
    document.setDefaultFont(QFont(document.defaultFont().family(), 11))
    document.setPlainText(f"{title}\n\n{text}")
    document.print_(writer)
    return True
