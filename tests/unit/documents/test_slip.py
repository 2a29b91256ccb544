"""A receipt as a slip: every mandatory field of Gateway v7.2 §20, exact text for the worked day, any name harmless."""

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiscalmon.documents.layout import cells
from fiscalmon.documents.receipt_document import (
    ReceiptDocument,
    Referenced,
    amount,
    number_of_items,
    paper_lines,
    price,
)
from fiscalmon.documents.slip import WIDTHS, slip, slip_text
from fiscalmon.domain.receipt import Buyer, TaxLine
from fiscalmon.events import encode
from fiscalmon.services.reports import as_plain
from tests.support.worked_day import NO_VAT, SELLER, document

GOLDEN = Path(__file__).parents[2] / "golden" / "papers"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("index", "name"), [(0, "invoice"), (1, "exclusive"), (2, "credit-note"), (3, "debit-note")])
def test_the_worked_day_on_slips(index, name, width):
    assert slip_text(document(index), width) == (GOLDEN / f"{name}-{width}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", WIDTHS)
@given(name=st.text(min_size=1, max_size=120), buyer=st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_whatever_the_names_a_slip_keeps_its_width(width, name, buyer):
    first = document()
    line = msgspec.structs.replace(first.receipt.lines[0], name=name)
    receipt = msgspec.structs.replace(first.receipt, lines=(line,), buyer=Buyer(buyer, "2000000001"), notes=name)
    seller = msgspec.structs.replace(SELLER, tax_payer_name=name)
    lines = slip(msgspec.structs.replace(first, receipt=receipt, config=seller), width)
    assert all(cells(line.text) <= width and line.text.isprintable() for line in lines if not line.qr)


def test_the_qr_code_has_its_place():
    assert [line.text for line in slip(document()) if line.qr] == [document().qr_url]


@pytest.mark.parametrize(
    ("index", "seller", "title"),
    [
        (0, SELLER, "FISCAL TAX INVOICE"),
        (0, NO_VAT, "FISCAL INVOICE"),
        (2, SELLER, "CREDIT NOTE"),
        (2, NO_VAT, "CREDIT NOTE"),
        (3, SELLER, "DEBIT NOTE"),
    ],
)
def test_the_title_says_what_it_is(index, seller, title):
    assert title in [line.strip() for line in slip_text(document(index, seller)).splitlines()]


def test_who_pays_no_vat_shows_none():
    text = slip_text(document(0, NO_VAT))
    assert "VAT" not in text
    assert "Gross" not in text
    assert "15.5%" not in text
    assert "34.40" in text


def test_a_branch_of_the_legal_name_is_not_named_twice():
    same = msgspec.structs.replace(SELLER, branch_name=SELLER.tax_payer_name)
    assert slip_text(document(0, same)).count(SELLER.tax_payer_name) == 1


def test_a_copy_says_so():
    assert "COPY" not in slip_text(document())
    assert "*** COPY ***" in slip_text(msgspec.structs.replace(document(), copy=True))


def test_the_original_of_another_till_is_told_as_far_as_it_is_known():
    note = msgspec.structs.replace(document(2), original=Referenced(fdms_receipt_id=77))
    text = slip_text(note)
    assert text.count("not known to this till") == 4
    assert "FDMS receipt ID:                              77" in text


def test_large_taxes_get_a_line_each_where_the_table_is_too_narrow():
    huge = Decimal("123456789012.34")
    taxes = (TaxLine(517, Decimal("16567280470.23"), huge, Decimal("15.5")),)
    text = slip_text(document(0, taxes=taxes), 32)
    assert "15.5% gross      123456789012.34" in text.splitlines()
    assert "15.5% tax         16567280470.23" in text.splitlines()


def test_numbers_on_paper():
    assert [amount(Decimal(n)) for n in ("0", "-0.00", "-11.5", "1000")] == ["0.00", "0.00", "-11.50", "1000.00"]
    assert [price(Decimal(n)) for n in ("2", "2.5", "33.333", "0.000001")] == ["2.00", "2.50", "33.333", "0.000001"]
    assert number_of_items(document(2)) == "1"
    assert number_of_items(document(0)) == "7"


def test_the_tax_of_a_line_by_form():
    assert [line.tax for line in paper_lines(document(0))] == ["3.10", "-0.15", "0.00", "-"]
    assert paper_lines(document(1))[0][-3:] == ("100.00", "15.50", "115.50")


def test_a_document_travels_as_json():
    sent = json.loads(encode(as_plain(document(2))), parse_float=Decimal)
    assert msgspec.convert(sent, ReceiptDocument) == document(2)
