"""PDF files as a viewer sees them: rendered pages, the QR code read back from the picture, the text to copy."""

from decimal import Decimal

import msgspec
import pypdfium2
import pytest
import zxingcpp

from fiscalmon.documents.pdf import receipt_pdf, report_pdf
from fiscalmon.documents.pdf_invoice import columns_of
from fiscalmon.documents.pdf_sheet import shown, width_of
from fiscalmon.documents.receipt_document import document_facts, paper_lines
from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.receipt import Buyer, TaxLine
from tests.support.worked_day import NO_VAT, document, report

FORMS = [(0, "Receipt48"), (0, "InvoiceA4"), (1, "InvoiceA4"), (2, "Receipt48"), (2, "InvoiceA4"), (3, "Receipt48")]


class Seen:
    """A PDF file in a viewer."""

    def __init__(self, content: bytes) -> None:
        file = pypdfium2.PdfDocument(content)
        self.sizes = [page.get_size() for page in file]
        self.texts = [page.get_textpage().get_text_bounded() for page in file]
        self.pictures = [page.render(scale=2).to_pil() for page in file]
        file.close()

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def codes(self) -> list[str]:
        return [code.text for picture in self.pictures for code in zxingcpp.read_barcodes(picture)]


def many(count: int, **changes):
    """The first receipt with many lines."""
    lines = document().receipt.lines
    made = [msgspec.structs.replace(lines[0], no=n, name=f"Ware number {n}") for n in range(1, count + 1)]
    return document(0, lines=tuple(made), **changes)


@pytest.mark.parametrize(("index", "form"), FORMS)
def test_the_qr_code_leads_to_the_receipt(index, form):
    assert Seen(receipt_pdf(document(index), form)).codes() == [document(index).qr_url]


@pytest.mark.parametrize(("index", "form"), FORMS)
def test_every_mandatory_field_can_be_read(index, form):
    paper = document(index)
    text = Seen(receipt_pdf(paper, form)).text
    wanted = [paper.title, paper.config.tax_payer_name, "TIN: 2000417788", "VAT No: 220041778", "Avondale Branch"]
    wanted += ["27 King George Road, Harare, Harare", paper.verification_code, "https://fdmstest.zimra.co.zw"]
    wanted += [part for fact in document_facts(paper) for part in fact]
    wanted += [part for line in paper_lines(paper) for part in (line.name, line.total)]
    wanted += [f"TOTAL {paper.receipt.currency}", f"{paper.receipt.total:.2f}", "15.5%" if index < 3 else "0%"]
    if index == 1:
        wanted += ["Total (excl. tax)", "Price", "Amount", "(incl. tax)", "BUYER", "Buyer (Pvt) Ltd"]
    if index == 2:
        wanted += ["CREDITED INVOICE", "FM-0012345", "101", "INV-101", "One soap returned"]
    assert [part for part in wanted if part not in text] == []


def test_the_receipts_own_form_is_taken():
    assert Seen(receipt_pdf(document(0))).sizes[0][0] == pytest.approx(226.77, abs=0.1)
    assert Seen(receipt_pdf(document(1))).sizes == [pytest.approx((595.28, 841.89), abs=0.1)]


def test_prices_without_tax_do_not_go_on_the_roll():
    with pytest.raises(BadInput, match="only the A4 form"):
        receipt_pdf(document(1), "Receipt48")


def test_the_columns_of_the_two_forms():
    names = [[column.heading.replace("\n", " ") for column in columns_of(document(index))] for index in (0, 1)]
    assert names == [
        ["HS code", "Description", "Qty", "Price", "VAT", "Total (incl. tax)"],
        ["HS code", "Description", "Qty", "Price (excl. tax)", "Amount (excl. tax)", "VAT", "Amount (incl. tax)"],
    ]
    assert [column.heading for column in columns_of(document(0, NO_VAT))][-1] == "Amount"


def test_who_pays_no_vat_shows_none():
    text = Seen(receipt_pdf(document(0, NO_VAT), "InvoiceA4")).text
    assert "FISCAL INVOICE" in text
    assert "VAT" not in text
    assert "Gross" not in text


def test_exempt_has_a_minus_sign_in_the_column():
    text = Seen(receipt_pdf(document(0), "InvoiceA4")).text
    assert "Textbook 1 7.40 - 7.40" in text.replace("\r\n", " ")


def test_many_lines_go_over_pages():
    seen = Seen(receipt_pdf(many(100), "InvoiceA4"))
    assert len(seen.texts) == 3
    assert [f"Page {n} of 3" in text for n, text in enumerate(seen.texts, 1)] == [True] * 3
    assert ["Description" in text for text in seen.texts] == [True] * 3
    assert [seen.text.count(f"Ware number {n} 2 11.55") for n in (1, 50, 100)] == [1, 1, 1]
    assert [seen.text.count(part) for part in ("TOTAL USD", "Verification code")] == [1, 1]
    assert len(seen.codes()) == 1


@pytest.mark.parametrize("count", range(24, 44))
def test_the_end_never_runs_into_the_foot(count):
    """Wherever the lines stop, totals and QR code stay above the foot of a page, on one page."""
    seen = Seen(receipt_pdf(many(count), "InvoiceA4"))
    last = seen.texts[-1]
    assert "TOTAL USD" in last
    assert "Verification code" in last
    assert seen.codes() == [document().qr_url]


def test_a_very_long_slip_goes_over_pages():
    seen = Seen(receipt_pdf(many(500), "Receipt48"))
    assert len(seen.texts) == 3
    assert all(height <= 14_400 for _, height in seen.sizes)
    assert [seen.text.count(f"Ware number {n}\r") for n in (1, 250, 500)] == [1, 1, 1]


def test_large_amounts_stay_whole():
    huge = Decimal("999999999999999.99")
    line = msgspec.structs.replace(document().receipt.lines[0], price=huge, total=huge)
    taxes = (TaxLine(517, Decimal("134199134199134.20"), huge, Decimal("15.5")),)
    text = Seen(receipt_pdf(document(0, lines=(line,), taxes=taxes, total=huge), "InvoiceA4")).text
    assert text.count("999999999999999.99") >= 3


def test_foreign_and_hostile_names_are_shown_and_harmless():
    name = "<b>&amp;</b> \\x (1) Ćwikła Ωμέγα Ёлка ₦ ₹ 漢字 \u202e{}\x1b[31m"
    buyer = Buyer("x" * 240, "2000000001", trade_name="; DROP TABLE receipts")
    line = msgspec.structs.replace(document().receipt.lines[0], name=name)
    text = Seen(receipt_pdf(document(0, lines=(line,), buyer=buyer), "InvoiceA4")).text
    for part in ("<b>&amp;</b>", "Ćwikła", "Ωμέγα", "Ёлка", "₦", "₹", "????", "?{}?[31m", "; DROP TABLE receipts"):
        assert part in text.replace("\r\n", " "), part
    assert text.replace("\r\n", "").count("x" * 240) == 1


def test_what_the_font_lacks_keeps_its_width():
    assert shown("a漢b", "mono") == "a??b"
    assert shown("שלום", "sans") == "םולש"
    assert width_of("0" * 48, 1, "mono") == pytest.approx(48 * 0.602, abs=0.01)


def test_the_same_document_gives_the_same_bytes():
    assert receipt_pdf(document(), "InvoiceA4") == receipt_pdf(document(), "InvoiceA4")


def test_the_fonts_are_in_the_file():
    content = receipt_pdf(document(), "InvoiceA4")
    assert content.count(b"/FontFile2") == 3
    assert b"DejaVuSans-Bold" in content


@pytest.mark.parametrize(("closed", "title"), [(True, "Z REPORT"), (False, "X REPORT")])
def test_reports(closed, title):
    seen = Seen(report_pdf(report(closed=closed)))
    wanted = [title, "Total net", "21.95", "Total gross", "23.35", "Credit notes", "-11.55", "ZWG", "115.50"]
    assert [part for part in wanted if part not in seen.text] == []
    assert len(seen.texts) == 1
