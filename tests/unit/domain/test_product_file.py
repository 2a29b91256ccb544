"""Product lists as people have them: found columns, odd numbers, and files that mean no good."""

from decimal import Decimal as D

import pytest

from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.product import Product, code_key, compare
from fiscalmon.domain.product_file import MOST_BYTES, decode_text, read_products
from tests.support.books import TAXES

HEAD = "sku,barcode,name,hs_code,tax,price_USD,price_ZWG\n"


def one(row: str, head: str = HEAD):
    return read_products(head + row + "\n", TAXES)


def wrong(row: str) -> str:
    file = one(row)
    assert file.products == () and len(file.problems) == 1 and file.problems[0].line == 2
    return file.problems[0].text


def test_a_plain_list():
    file = one('M2,6001234567890,"MILK, 2 L",04012000,3,2.49,"1,066.50"')
    milk = Product("M2", "MILK, 2 L", 3, {"USD": D("2.49"), "ZWG": D("1066.5")}, "6001234567890", "04012000")
    assert file == ((milk,), (), 0)


@pytest.mark.parametrize(
    "text",
    [
        "Code;Description;VAT;Price USD\r\nM2;MILK;15.5%;2,49\r\n",
        "\ufeffitem code\tName\ttax id\tUSD\tcolour\nM2\tMILK\t3\t2.49\twhite\n\n",
        "PLU,Product,Tax,Price\nM2,MILK,15.5 %,2.490\n",
        "sku,name,tax,price\nM2,MILK,15.5,2.49\n",
    ],
)
def test_lists_of_many_programs(text):
    (milk,) = read_products(decode_text(text.encode()), TAXES).products
    assert (milk.sku, milk.name, milk.tax_id, milk.prices) == ("M2", "MILK", 3, {"USD": D("2.49")})


def test_bands_are_known_by_the_device_only():
    assert one("A,,A,,exempt,1,").products[0].tax_id == 1
    assert one("A,,A,,0%,1,").products[0].tax_id == 2
    assert "device must be registered" in read_products(HEAD + "A,,A,,exempt,1,\n").problems[0].text
    assert read_products(HEAD + "A,,A,,77,1,\n").products[0].tax_id == 77


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",1,A,,3,1,", "sku is empty"),
        ("A,1,,,3,1,", "name is empty"),
        ("A,1,A,,,1,", "tax is empty"),
        ("A,1,A,,9,1,", "tax 9 is not one of this device's taxes (1 = Exempt"),
        ("A,1,A,,14%,1,", "neither a tax id nor a band"),
        ("A,1,A,,3,,", "no price"),
        ("A,1,A,,3,-1,", "no number"),
        ("A,1,A,,3,0,", "above zero"),
        ("A,1,A,,3,1e9,", "no number"),
        ("A,1,A,,3,NaN,", "no number"),
        ("A,1,A,,3,0.0000001,", "6 decimals"),
        ("A,1,A,,3,٣,", "no number"),
        ("A,1,A,123,3,1,", "4 or 8 digits"),
        ("A,1,A\x07,,3,1,", "control characters"),
        ("A,1," + "N" * 201 + ",,3,1,", "more than 200"),
        ("A,1,MILK, 2 L,,3,1,1", "it has 8 cells"),
    ],
)
def test_wrong_lines_are_told(row, why):
    assert why in wrong(row)


def test_duplicates_leave_the_first():
    file = read_products(HEAD + "a,0123,A,,3,1,\nA,,B,,3,1,\nC,123,C,,3,1,\nD,,D,,3,1,\n", TAXES)
    assert [product.sku for product in file.products] == ["a", "D"]
    assert [(p.line, "line 2 already" in p.text) for p in file.problems] == [(3, True), (4, True)]


@pytest.mark.parametrize("text", ["", "\n\n", "hello\nworld", "sku,name\nA,B", "sku,sku,name,tax,price\n"])
def test_no_list_at_all(text):
    with pytest.raises(BadInput):
        read_products(text)


def test_hostile_files():
    with pytest.raises(BadInput, match="binary"):
        decode_text(b"PK\x03\x04\0\0\0")
    with pytest.raises(BadInput, match="larger"):
        decode_text(b"x" * (MOST_BYTES + 1))
    assert decode_text(HEAD.encode("utf-16")).startswith("sku") and decode_text(b"caf\xe9") == "café"
    open_quote = read_products(HEAD + "A,,A,,3,1,\n" + 'B,,"' + "x" * 200_000, TAXES)
    assert len(open_quote.products) == 1 and "open quote" in open_quote.problems[0].text
    formulas = one('=cmd|calc,,"=HYPERLINK(""http://x"")",,3,1,').products[0]
    assert formulas.name.startswith("=")  # text is text: nothing here runs it


def test_a_flood_of_errors_is_counted_not_kept():
    file = read_products(HEAD + "A,,A,,3,x,\n" * 1_500, TAXES)
    assert len(file.problems) == 1_000 and file.more == 500


def test_what_an_import_changes():
    a, b = Product("A", "A", 3, {"USD": D(1)}), Product("B", "B", 3, {"USD": D(1)})
    dearer = Product("a", "A", 3, {"USD": D(2)})
    assert compare({"a": a, "b": b}, [dearer, b, Product("N", "N", 3, {"USD": D(1)})]) == (1, 1, 1, 0)
    assert code_key("0012345678905") == code_key("12345678905")
    assert (code_key("000"), code_key("Ab0")) == ("000", "ab0")
