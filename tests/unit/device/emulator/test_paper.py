"""The paper as text and as a picture: true QR codes, both widths of roll, papers of any length."""

import io

import pytest
import zxingcpp
from PIL import Image as Pictures

from device.emulator.paper import Bars, Cut, Feed, Image, Qr, Roll, Run, Text, plain
from device.emulator.picture import TALLEST, Painter
from tests.support.emulated_printer import fp1, said, said_x4, x4

LINK = "https://fdmstest.zimra.co.zw/0000012345221120260000000042A1B2C3D4E5F60718"


def picture(pieces, columns=48):
    roll = Roll(columns)
    png = Painter(roll.dots, roll.paper_dots).png(tuple(pieces))
    return Pictures.open(io.BytesIO(png))


def codes(drawn):
    return [found.text for found in zxingcpp.read_barcodes(drawn.convert("L"))]


def black(drawn):
    return sum(1 for dot in drawn.convert("L").tobytes() if dot == 0)


@pytest.mark.parametrize(("columns", "millimetres"), [(48, 80), (42, 80), (32, 58)])
@pytest.mark.parametrize("module", [3, 4, 6, 8])
@pytest.mark.parametrize("level", ["L", "M", "Q"])
def test_a_code_is_read_back_from_the_picture(columns, millimetres, module, level):
    around = [plain("Verification code", "centre"), plain("A1B2-C3D4", "centre", bold=True)]
    drawn = picture([*around, Qr(LINK.encode(), module, level), Feed(30), *around, Cut()], columns)
    assert codes(drawn) == [LINK]
    assert drawn.info["dpi"] == pytest.approx((203, 203), abs=0.1)
    assert drawn.width / 203 * 25.4 == pytest.approx(millimetres, abs=0.5)


def test_codes_as_the_printer_got_them_over_the_line(start):
    printer, line = start("fp1", "daisy")
    line.ask(fp1(0x21, 0x26))
    line.ask(fp1(0x22, 0x55, f"Q,{LINK}"))
    line.ask(fp1(0x23, 0x27))
    assert codes(picture(printer.machine.roll.pieces(), 42)) == [LINK]


def test_a_code_that_does_not_fit_is_refused(start):
    printer, line = start("x4", width=32)
    line.ask(x4(0x21, 0x26))
    assert said_x4(line.ask(x4(0x22, 0x54, "4", "x" * 195, "10"))) == ["-111022"]
    assert "QR" not in printer.text()
    assert said_x4(line.ask(x4(0x23, 0x54, "4", "x" * 195, "6"))) == ["0"]


def test_daisy_tells_by_number_that_a_code_does_not_fit(start):
    printer, line = start("fp1", "daisy")
    line.ask(fp1(0x21, 0x26))
    printer.faults({"operation": "qr", "action": "error-code", "code": 16, "count": 1})
    assert line.ask(fp1(0x22, 0x55, "Q,HELLO"))[-9] == 0x80 | 16
    assert said(line.ask(fp1(0x23, 0xAE))) == "QR CODE DOES NOT FIT"


def test_styles_leave_more_or_less_ink():
    words = "TOTAL 12.50"
    thin, bold, tall, inverse = (
        black(
            picture(
                [
                    Text(
                        (run,),
                    )
                ]
            )
        )
        for run in (Run(words), Run(words, bold=True), Run(words, high=2), Run(words, inverse=True))
    )
    assert thin < bold < tall
    assert inverse > 2 * thin
    assert black(picture([Text((Run(words, underline=True),))])) > thin


def test_placing():
    for align, left in (("left", 32), ("centre", 32 + 282), ("right", 32 + 564)):
        drawn = picture([Text((Run("M"),), align)])
        box = drawn.convert("L").point(lambda dot: 255 - dot).getbbox()
        assert left <= box[0] < box[2] <= left + 12


def test_text_is_what_a_person_reads():
    roll = Roll(32)
    roll.append(
        [
            plain("SHOP", "centre"),
            Text((Run("Milk "), Run("2.49", bold=True)), "right"),
            Text((Run("BIG", wide=2),), "centre"),
            Qr(b"https://x.test", align="centre"),
            Bars("EAN13", "4006381333931"),
            Image(16, 8, bytes(16), "left"),
            Feed(60),
            Cut(),
        ]
    )
    assert roll.text().splitlines() == [
        " " * 14 + "SHOP",
        " " * 23 + "Milk 2.49",
        " " * 13 + "BIG",
        " " * 6 + "[QR https://x.test]",
        " " * 5 + "[EAN13 4006381333931]",
        "[picture 16×8]",
        "",
        "",
        "-" * 14 + " 8< " + "-" * 14,
    ]


def test_a_very_long_paper_shows_its_end():
    pieces = [plain(f"line {number}") for number in range(5_000)] + [Qr(b"the last one", 6)]
    drawn = picture(pieces)
    assert TALLEST - 200 < drawn.height <= TALLEST + 60
    assert codes(drawn.crop((0, drawn.height - 400, drawn.width, drawn.height))) == ["the last one"]


def test_an_empty_paper_is_a_picture_too():
    assert picture([]).height > 0
