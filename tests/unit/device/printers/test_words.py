"""What a printer is told and what is read from it: text made harmless, status bits by dialect, fields of answers."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.printers.commands import Sale, clock_of, money_of
from device.printers.findings import ADVICE, finding
from device.printers.fp1_commands import Fp1Paper, Fp1Registering
from device.printers.profile import DAISY, DATECS, DATECS_X4, ELTRADE, FP1_DIALECTS, INCOTEX, findings_of
from device.printers.text import pieces, printable
from device.printers.x4_commands import X4Paper, X4Registering
from fiscalmon.domain.paper import PaperLine

MILK = Sale("MILK 2 L", "C", Decimal("2.49"), Decimal(2), Decimal("0.50"))


@given(text=st.text(max_size=80))
def test_no_text_steers_a_printer(text: str):
    for page in ("ascii", "cp437"):
        data = printable(text, page).encode(page)
        assert all(byte >= 0x20 and byte != 0x7F for byte in data)


@given(text=st.text(alphabet="abc -é", max_size=120), limit=st.integers(16, 48))
def test_long_lines_are_broken_and_nothing_of_them_is_lost(text: str, limit: int):
    parts = pieces(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


def test_letters_that_a_page_lacks_keep_their_column():
    assert printable("Café – “Œuf” 日本\t€\x1b@", "ascii") == 'Cafe - "Ouf" ???? E?@'
    assert printable("Café Ñ", "cp437") == "Café Ñ"


@pytest.mark.parametrize(
    ("profile", "status", "codes"),
    [
        (DATECS, "80 80 80 80 86 9A", set()),
        (DATECS, "E0 80 81 80 86 9A", {"E05", "E06"}),
        (ELTRADE, "A0 A0 80 80 86 9A", {"E06"}),
        (DAISY, "88 80 C0 80 80 B8", set()),
        (DAISY, "A8 A0 C0 80 80 B8", {"E07"}),
        (DAISY, "88 80 C0 85 80 B8", {"E22"}),
        (INCOTEX, "80 80 80 80 80 B8", set()),
        (DATECS_X4, "80 80 8A 80 98 9A 80 80", {"W01", "W03", "W08", "E11"}),
    ],
)
def test_status_bits_mean_what_the_dialect_says(profile, status: str, codes: set[str]):
    assert findings_of(profile, bytes.fromhex(status)) == codes


def test_every_code_of_a_table_has_its_advice():
    for profile in (*FP1_DIALECTS.values(), DATECS_X4):
        for _, _, code in profile.bits:
            assert finding(code).advice
    assert all(len(text) > 20 and text.endswith(".") for text in ADVICE.values())


@pytest.mark.parametrize(
    ("profile", "data", "serial", "firmware"),
    [
        (DATECS, b"FP-2000,1.00BG 23NOV18 1000,AB12,00000000,DT000042,02000042", "DT000042", "1.00BG 23NOV18 1000"),
        (DATECS, b"FP-2000,3.10TAN,AB12,00000000,TZ000042", "TZ000042", "3.10TAN"),
        (ELTRADE, b"A3,KL5101,1.0,AB12,0,ED000042,44000042", "ED000042", "KL5101"),
        (DAISY, b"ONL01-4.01BG 22-10-2018 10:00,B4C5,00000000,6,DY000042,36000042", "DY000042", None),
    ],
)
def test_a_printer_is_known_by_its_fields(profile, data: bytes, serial: str, firmware: str | None):
    found = Fp1Paper(profile, 42).read_identity(data)
    assert found.serial_no == serial
    assert firmware is None or found.firmware == firmware


def test_x4_identities_mix_their_separators():
    words = X4Paper(DATECS_X4, 46)
    found = words.read_identity(b"DP-150MX,609428 20Jul23 1353,9460,00000000,    02500002")
    assert found.model == "DP-150MX"
    whole = words.read_identity(b"0\tFP-700X\t1.00\t22Nov26\t1200\tABCD\t00000000\tDT000042\t02000042\t")
    assert (whole.model, whole.serial_no, whole.memory_no) == ("FP-700X", "DT000042", "02000042")


def test_sales_are_worded_by_dialect():
    assert Fp1Registering(DATECS, 42).sale(MILK).data == b"MILK 2 L\tC2.49*2.000;-0.50"
    assert Fp1Registering(DAISY, 42).sale(MILK).data == b"MILK 2 L\tC2.49*2.000$-0.50"
    assert X4Registering(DATECS_X4, 46).sale(MILK._replace(tax="3")).data == (b"MILK 2 L\t3\t2.49\t2.000\t4\t0.50\t0\t")
    assert Fp1Registering(DAISY, 42).cancel().command == 0x82
    assert Fp1Registering(ELTRADE, 42).open_receipt().command == 0x90


def test_every_x4_parameter_ends_with_a_tab():
    words = X4Paper(DATECS_X4, 46)
    for request in (*words.text(PaperLine("a", strong=True)), words.set_clock(datetime(2026, 11, 22)), words.drawer()):
        assert request.data.endswith(b"\t")
    assert words.error(b"-112001\t") == "-112001"
    assert words.error(b"0\t16-09-19\t") is None


def test_clocks_and_amounts_in_every_spelling():
    moment = datetime(2026, 11, 22, 15, 30)
    for text in ("22-11-26 15:30:00", "22.11.26 15:30:00", "22/11/26  15:30:00", "0\t22-11-26 15:30:00 DST\t"):
        assert clock_of(text) == moment
    assert clock_of("99-99-99 15:30:00") is None
    assert (money_of("+000000123"), money_of("1.5"), money_of("x")) == (Decimal("1.23"), Decimal("1.5"), None)
