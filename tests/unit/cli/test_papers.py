"""Commands that make documents, on a folder where no engine runs."""

import asyncio
import json

import pypdfium2
import pytest
from PIL import Image

from fiscalmon.cli.main import main
from tests.support.books import Shop


@pytest.fixture
def folder(tmp_path):
    """A data folder with three receipts of an open day; returns the folder and the first receipt's id."""

    async def fill():
        shop = Shop(tmp_path)
        await shop.add_device()
        entries = [await shop.sell(number) for number in (1, 2, 3)]
        await shop.close()
        return entries[0].receipt_id

    return tmp_path, asyncio.run(fill())


def run(folder, *argv) -> int:
    return main(["--data-dir", str(folder[0]), *argv])


def text_of(path) -> str:
    file = pypdfium2.PdfDocument(path.read_bytes())
    text = "\n".join(page.get_textpage().get_text_bounded() for page in file)
    file.close()
    return text


def test_day_report_as_text(folder, capsys):
    assert run(folder, "day", "report", "--device", "101") == 0
    out = capsys.readouterr().out
    assert "X REPORT" in out
    assert "Total gross                                14.94" in out.splitlines()
    assert ["Total", "documents", "3", "14.94"] in [line.split() for line in out.splitlines()]


def test_day_report_as_json(folder, capsys):
    assert run(folder, "day", "report", "--device", "101", "--day", "1", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["report"], report["fiscalDayNo"], report["deviceSerialNo"]) == ("X", 1, "SN-1")
    assert report["currencies"][0]["gross"] == 14.94
    assert report["fiscalDayCounters"][0]["fiscalCounterType"] == "SaleByTax"


def test_day_report_as_pdf(folder, capsys):
    path = folder[0] / "x.pdf"
    assert run(folder, "day", "report", "--device", "101", "--pdf", str(path)) == 0
    assert "14.94" in text_of(path)
    assert str(path) in capsys.readouterr().out


@pytest.mark.parametrize(("width", "dots"), [(48, 640), (32, 464)])
def test_day_report_as_it_would_come_out(folder, capsys, width, dots):
    """The picture is as wide as the roll, the text is that of the report."""
    picture, text = folder[0] / "x.png", folder[0] / "x.txt"
    for path in (picture, text):
        asked = ("day", "report", "--device", "101", "--preview", str(path), "--width", str(width))
        assert run(folder, *asked) == 0
        assert capsys.readouterr().out.rstrip().endswith(str(path))
    with Image.open(picture) as seen:
        assert (seen.format, seen.width) == ("PNG", dots)
        assert seen.convert("L").getextrema() == (0, 255)
    assert "REPORT" in text.read_text()
    assert max(map(len, text.read_text().splitlines())) <= width
    assert run(folder, "day", "report", "--device", "101", "--preview", str(folder[0] / "x.gif")) == 1
    assert "not" in capsys.readouterr().err


def test_a_day_that_never_was(folder, capsys):
    assert run(folder, "day", "report", "--device", "101", "--day", "9") == 1
    assert "no fiscal day 9" in capsys.readouterr().err
    assert run(folder, "day", "report", "--device", "55") == 1
    assert "no device 55" in capsys.readouterr().err


def test_a_folder_without_books(tmp_path, capsys):
    assert main(["--data-dir", str(tmp_path), "day", "report", "--device", "1"]) == 1
    assert "no books" in capsys.readouterr().err


@pytest.mark.parametrize("width", [48, 42, 32])
def test_a_slip(folder, capsys, width):
    assert run(folder, "receipts", "slip", folder[1], "--width", str(width)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) == width
    assert "FISCAL TAX INVOICE" in [line.strip() for line in lines]


def test_a_slip_as_json_has_the_place_of_the_qr_code(folder, capsys):
    assert run(folder, "receipts", "slip", folder[1], "--json") == 0
    lines = json.loads(capsys.readouterr().out)
    assert [line["text"][:28] for line in lines if line["qr"]] == ["https://fdmstest.zimra.co.zw"]


@pytest.mark.parametrize("form", ["Receipt48", "InvoiceA4"])
def test_a_receipt_as_pdf(folder, capsys, form):
    path = folder[0] / "r.pdf"
    assert run(folder, "receipts", "pdf", folder[1], str(path), "--form", form, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["receiptId"], said["file"], said["bytes"]) == (folder[1], str(path), path.stat().st_size)
    assert "MILK 2 L" in text_of(path)


def test_a_pdf_to_standard_output_is_nothing_else(folder, capsysbinary):
    assert run(folder, "receipts", "pdf", folder[1], "-") == 0
    out = capsysbinary.readouterr().out
    assert out.startswith(b"%PDF")
    assert out.rstrip().endswith(b"%%EOF")


def test_a_file_that_cannot_be_written(folder, capsys):
    assert run(folder, "receipts", "pdf", folder[1], str(folder[0] / "no" / "such.pdf")) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_receipt_that_is_not_here(folder, capsys):
    assert run(folder, "receipts", "pdf", "nope", str(folder[0] / "x.pdf")) == 1
    assert "There is no receipt nope" in capsys.readouterr().err
    assert not (folder[0] / "x.pdf").exists()
