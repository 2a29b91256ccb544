"""A slip without a printer: what would come out, as text, picture or PDF. The door to the drawing modules."""

from __future__ import annotations

from ..domain.errors import BadInput
from ..domain.paper import Paper
from .paper import paper_text


def preview(paper: Paper, name: str) -> bytes:
    """The slip in the form that a file's name asks for: .txt, .png or .pdf. Raises BadInput for another one."""
    form = name.rpartition(".")[2].lower()
    if form == "txt":
        return paper_text(paper).encode()
    if form == "png":
        from .paper_png import paper_png

        return paper_png(paper)
    if form == "pdf":
        from .pdf_roll import roll_pdf

        return roll_pdf(paper.lines, f"Slip {paper.number}" if paper.number else "Slip", paper.width)
    raise BadInput(f"A preview is a .txt, .png or .pdf file, not {name}.")
