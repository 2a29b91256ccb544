"""Slips for printers say what text and PDF say, at every width; the code on the picture of the paper can be read."""

from io import BytesIO
from pathlib import Path

import msgspec
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fiscalmon.documents.layout import cells
from fiscalmon.documents.paper import paper_text, receipt_paper, trial_paper
from fiscalmon.documents.preview import preview
from fiscalmon.documents.slip import WIDTHS
from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.paper import PrinterSetup
from tests.support.worked_day import document

GOLDEN = Path(__file__).parents[2] / "golden" / "papers"
SETUP = PrinterSetup("till", "fp1", "/dev/ttyUSB0", dialect="daisy", baud=9600)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("index", "name"), [(0, "invoice"), (1, "exclusive"), (2, "credit-note"), (3, "debit-note")])
def test_paper_says_what_the_slip_says(index, name, width):
    paper = receipt_paper(document(index), width, copy=False)
    assert paper_text(paper) == (GOLDEN / f"{name}-{width}.txt").read_text(encoding="utf-8")
    assert (paper.kind, paper.number) == ("receipt", document(index).receipt.global_no)
    assert paper.receipt == document(index).receipt


@pytest.mark.parametrize("width", WIDTHS)
def test_a_copy_differs_by_its_mark_alone_and_registers_nothing(width):
    plain, copy = (receipt_paper(document(), width, copy=marked, drawer=True) for marked in (False, True))
    assert [line for line in copy.lines if "COPY" not in line.text] == list(plain.lines)
    assert (copy.kind, copy.receipt, copy.drawer, plain.drawer) == ("copy", None, False, True)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_test_page(width):
    paper = trial_paper(SETUP, width, printed="22/11/26 15:30", till="Kumusha Stores")
    assert paper_text(paper) == (GOLDEN / f"printer-test-{width}.txt").read_text(encoding="utf-8")
    assert "FISCAL" not in paper_text(paper)


@settings(max_examples=40, deadline=None)
@given(name=st.text(max_size=60), till=st.text(max_size=80), width=st.sampled_from([24, *WIDTHS, 64]))
def test_whatever_the_names_a_test_page_keeps_its_width(name, till, width):
    paper = trial_paper(msgspec.structs.replace(SETUP, name=name, port=name), width, printed="now", till=till)
    assert all(cells(line.text) <= width and line.text.isprintable() for line in paper.lines if not line.qr)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_picture_is_as_wide_as_the_roll_and_its_code_can_be_read(width):
    made = document()
    picture = Image.open(BytesIO(preview(receipt_paper(made, width, copy=False), "slip.png")))
    assert picture.width == (464 if width == 32 else 640)
    assert round(picture.info["dpi"][0]) == 203
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [made.qr_url]


def test_previews_are_text_picture_or_pdf():
    paper = receipt_paper(document(), 48, copy=True)
    assert preview(paper, "x.TXT").decode() == paper_text(paper)
    assert preview(paper, "x.pdf").startswith(b"%PDF")
    with pytest.raises(BadInput):
        preview(paper, "x.docx")
