"""What a POS sends: decoded exactly, or refused with the field and plain words; never anything else."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiscalmon.domain.errors import BadInput, SaleRefused
from fiscalmon.domain.sale import MAX_LINES, Sale, decode_sale, line_total, printable
from tests.unit.domain.samples import line_json, sale, sale_json

D = Decimal
LONG = "9" * 400


def refused(data):
    with pytest.raises(SaleRefused) as raised:
        decode_sale(data)
    errors = raised.value.errors
    assert {(error["code"], error["color"]) for error in errors} == {("RCPT02", "Red")}
    assert all(f"{error['field'].rpartition('].')[2]}: " in error["advice"] for error in errors)
    return raised.value


def bad_input(data):
    with pytest.raises(BadInput) as raised:
        decode_sale(data)
    assert raised.value.code == "NOT_JSON"
    return raised.value.text


def with_line(**changes):
    return sale_json(receiptLines=[{**line_json(), **changes}])


@pytest.mark.parametrize("form", [lambda s: s, json.dumps, lambda s: json.dumps(s).encode()])
def test_the_three_forms_of_a_sale(form):
    decoded = decode_sale(form(sale_json()))
    assert decoded == sale()
    assert decoded.sale_id == "POS1-000123"
    assert decoded.lines[2].price == D("-1.10")
    assert decoded.payments[0].amount == D(20)


def test_numbers_are_exact_however_they_are_written():
    text = json.dumps(with_line(receiptLinePrice=0)).replace(
        '"receiptLinePrice": 0', '"receiptLinePrice": 0.100000, "x": 1e400'
    )
    assert decode_sale(text).lines[0].price == D("0.1")
    assert decode_sale(with_line(receiptLinePrice=0.1)).lines[0].price == D("0.1")
    assert decode_sale(with_line(receiptLineQuantity=9781)).lines[0].quantity == D(9781)


def test_what_is_left_out():
    least = {
        "saleId": "a",
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "invoiceNo": "b",
        "receiptLines": [
            {
                "receiptLineType": "Sale",
                "receiptLineName": "x",
                "receiptLineQuantity": 1,
                "receiptLinePrice": 1,
                "taxID": 1,
            }
        ],
        "receiptPayments": [],
    }
    decoded = decode_sale(least)
    assert decoded.lines_tax_inclusive
    assert (decoded.buyer, decoded.date, decoded.device_id, decoded.total) == (None, None, None, None)
    for member in least:
        problem = refused({key: value for key, value in least.items() if key != member})
        assert problem.errors[0]["field"] == member
        assert problem.errors[0]["advice"] == f"{member}: is missing"


def test_the_same_content_has_the_same_digest():
    assert decode_sale(json.dumps(sale_json())).digest() == sale().digest()
    assert sale(receiptNotes=None).digest() == sale().digest()
    assert sale(invoiceNo="INV-2").digest() != sale().digest()
    assert sale(receiptLines=[line_json()]).digest() != sale().digest()


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ({"receiptLineTotal": "5.00"}, "5.00"),
        ({"receiptLinePrice": "33.333", "receiptLineQuantity": "3"}, "100.00"),
        ({"receiptLinePrice": "-0.005", "receiptLineQuantity": "1"}, "-0.01"),
    ],
)
def test_the_total_of_a_line(line, total):
    assert str(line_total(decode_sale(with_line(**line)).lines[0])) == total


def test_a_line_without_price_and_total_has_no_total():
    problem = refused(with_line(receiptLinePrice=None))
    assert problem.errors[0]["field"] == "receiptLines[0].receiptLineTotal"
    assert "is missing" in problem.text
    nothing = sale().lines[0]
    assert line_total(type(nothing)("Sale", "x", D(1), 1)) is None


LINE, PAYMENT = "receiptLines[0].", "receiptPayments[0].paymentAmount"
WRONG = [
    (sale_json(saleId=""), "saleId", "may not be empty"),
    (sale_json(saleId="x" * 101), "saleId", "at most 100 characters"),
    (sale_json(saleId=5), "saleId", "must be a text, not a whole number"),
    (sale_json(saleId="a\x00b"), "invoiceNo", "control characters"),
    (sale_json(invoiceNo="a\nb"), "invoiceNo", "control characters"),
    (sale_json(invoiceNo="x" * 51), "invoiceNo", "at most 50 characters"),
    (sale_json(receiptType="Refund"), "receiptType", "'Refund' is not one of the values"),
    (sale_json(receiptCurrency="DOLLAR"), "receiptCurrency", "at most 3 characters"),
    (sale_json(receiptCurrency="U$D"), "receiptCurrency", "has not the form [A-Za-z]{3}"),
    (sale_json(receiptCurrency="USD\n"), "receiptCurrency", "at most 3 characters"),
    (sale_json(receiptLines=None), "receiptLines", "must be a list, not nothing"),
    (sale_json(receiptLines={}), "receiptLines", "must be a list, not an object"),
    (sale_json(receiptLines=[5]), "receiptLines[0]", "must be an object"),
    (sale_json(receiptLines=[line_json()] * (MAX_LINES + 1)), "receiptLines", f"at most {MAX_LINES} lines"),
    (sale_json(receiptLinesTaxInclusive=1), "receiptLinesTaxInclusive", "must be true or false"),
    (sale_json(receiptPrintForm="A3"), "receiptPrintForm", "is not one of"),
    (sale_json(receiptNotes="x" * 501), "receiptNotes", "at most 500"),
    (sale_json(receiptNotes="\x1b@"), "receiptNotes", "control characters"),
    (sale_json(receiptDate="2026-03-02"), "receiptDate", "has not the form"),
    (sale_json(receiptDate="2026-02-30T10:00:00"), "receiptDate", "is no date"),
    (sale_json(receiptDate="2026-03-02T10:00:00\n"), "receiptDate", "at most 19"),
    (sale_json(deviceID=0), "deviceID", "must be at least 1"),
    (sale_json(deviceID=2**31), "deviceID", "must be at most"),
    (sale_json(receiptTotal="1.005"), "receiptTotal", "more than 2 decimals"),
    (sale_json(receiptTotal="NaN"), "receiptTotal", "must be a plain number"),
    (sale_json(buyerData={"buyerRegisterName": "B", "buyerTIN": "12"}), "buyerData.buyerTIN", "has not the form"),
    (
        sale_json(buyerData={"buyerRegisterName": "B\x07", "buyerTIN": "2000000001"}),
        "buyerData.buyerRegisterName",
        "control characters",
    ),
    (
        sale_json(buyerData={"buyerAddress": {"street": "a\nb"}}),
        "buyerData.buyerAddress.street",
        "control characters",
    ),
    (sale_json(creditDebitNote={"receiptID": 2**63}), "creditDebitNote.receiptID", "must be at most"),
    (sale_json(creditDebitNote={"fiscalDayNo": -1}), "creditDebitNote.fiscalDayNo", "must be at least 1"),
    (with_line(receiptLineType="Gift"), LINE + "receiptLineType", "is not one of"),
    (with_line(receiptLineName="x" * 300), LINE + "receiptLineName", "at most 200 characters"),
    (with_line(receiptLineName=""), LINE + "receiptLineName", "may not be empty"),
    (with_line(receiptLineName="MILK\x1bp"), LINE + "receiptLineName", "control characters"),
    (with_line(receiptLineName="\u202egnp"), LINE + "receiptLineName", "control characters"),
    (with_line(receiptLineName="a\u2067b"), LINE + "receiptLineName", "control characters"),
    (with_line(receiptLineName="a\u2028b"), LINE + "receiptLineName", "control characters"),
    (with_line(receiptLineName="a\u0085b"), LINE + "receiptLineName", "control characters"),
    (with_line(receiptLineQuantity=""), LINE + "receiptLineQuantity", "must be a plain number"),
    (with_line(receiptLineQuantity="2,5"), LINE + "receiptLineQuantity", "must be a plain number"),
    (with_line(taxCode="\u00a0"), LINE + "taxCode", "control characters"),
    (with_line(receiptLineName="\ud800"), LINE + "receiptLineName", "control characters"),
    (with_line(receiptLineHSCode="123456789"), LINE + "receiptLineHSCode", "at most 8"),
    (with_line(receiptLineHSCode="34\t1"), LINE + "receiptLineHSCode", "control characters"),
    (with_line(taxCode="ABCD"), LINE + "taxCode", "at most 3"),
    (with_line(taxCode="\x00"), LINE + "taxCode", "control characters"),
    (with_line(taxID="1"), LINE + "taxID", "must be a whole number, not a text"),
    (with_line(taxID=1.5), LINE + "taxID", "must be a whole number"),
    (with_line(taxID=10**30), LINE + "taxID", "must be at most"),
    (with_line(taxPercent="15.555"), LINE + "taxPercent", "more than 2 decimals"),
    (with_line(receiptLineQuantity=None), LINE + "receiptLineQuantity", "must be a number, not nothing"),
    (with_line(receiptLineQuantity=True), LINE + "receiptLineQuantity", "must be a number, not true or false"),
    (with_line(receiptLineQuantity="0.1234567"), LINE + "receiptLineQuantity", "more than 6 decimals"),
    (with_line(receiptLineQuantity="1e30"), LINE + "receiptLineQuantity", "too large"),
    (with_line(receiptLineQuantity=LONG), LINE + "receiptLineQuantity", "too large"),
    (with_line(receiptLineQuantity="sNaN"), LINE + "receiptLineQuantity", "must be a plain number"),
    (with_line(receiptLinePrice="Infinity"), LINE + "receiptLinePrice", "must be a plain number"),
    (with_line(receiptLinePrice="0.0000001"), LINE + "receiptLinePrice", "more than 6 decimals"),
    (with_line(receiptLineTotal="23.101"), LINE + "receiptLineTotal", "more than 2 decimals"),
    (with_line(receiptLineTotal="-1e15"), LINE + "receiptLineTotal", "too large"),
    (
        with_line(receiptLinePrice="99999999", receiptLineQuantity="99999999"),
        LINE + "receiptLineTotal",
        "price times quantity is too large",
    ),
    (
        sale_json(receiptPayments=[{"moneyTypeCode": "Shells", "paymentAmount": 1}]),
        "receiptPayments[0].moneyTypeCode",
        "'Shells'",
    ),
    (sale_json(receiptPayments=[{"moneyTypeCode": "Cash", "paymentAmount": "1.001"}]), PAYMENT, "more than 2 decimals"),
    (sale_json(receiptPayments=[{"moneyTypeCode": "Cash"}]), PAYMENT, "is missing"),
]


@pytest.mark.parametrize(
    ("data", "field", "words"), [pytest.param(*case, id=f"{case[1]}-{n}") for n, case in enumerate(WRONG)]
)
def test_a_wrong_field_is_named(data, field, words):
    (error,) = refused(data).errors
    assert error["field"] == field
    assert words in error["advice"]


def test_all_wrong_amounts_are_named_at_once():
    lines = [line_json(price="1.1234567", quantity="nan"), line_json(total="0.001", taxPercent="1.001", name="\x00")]
    fields = [error["field"] for error in refused(sale_json(receiptLines=lines, receiptTotal="0.001")).errors]
    assert fields == [
        "receiptLines[0].receiptLineQuantity",
        "receiptLines[0].receiptLinePrice",
        "receiptLines[1].receiptLineTotal",
        "receiptLines[1].taxPercent",
        "receiptLines[1].receiptLineName",
        "receiptTotal",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "שלום",
        "牛奶 🥛",
        "<script>alert(1)</script>",
        "=1+1",
        "Café",
        "a" * 200,
        "'; DROP TABLE",
        "MILK\u00a02\u202fL",
        "👨\u200d👩\u200d👧",
        "\u0645\u06cc\u200c\u062e\u0648",
        "new emoji \U0001fae8",
        "own sign \ue000",
    ],
)
def test_strange_but_printable_names_are_data(name):
    assert decode_sale(with_line(receiptLineName=name)).lines[0].name == name


def test_a_person_reads_which_line_is_meant():
    (error,) = refused(sale_json(receiptLines=[line_json(), line_json(quantity="1.2345678")])).errors
    assert error["advice"] == "Line 2, receiptLineQuantity: has more than 6 decimals; round it before sending"


def test_notes_may_have_several_lines():
    assert sale(receiptNotes="One soap\r\n\treturned").notes == "One soap\r\n\treturned"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"NaN",
        "\ud800",
        '{"saleId": "\\ud800"}',
        b"[1]",
        '"text"',
        "5",
        "null",
        [],
        None,
        5,
        1.5,
        True,
    ],
)
def test_what_is_no_json_object(data):
    assert bad_input(data).startswith("This is not a sale")


@pytest.mark.parametrize("text", ['{"a":' * 100_000, '{"x":' + "[" * 100_000 + "]" * 100_000 + "}"])
def test_what_is_nested_too_deeply(text):
    assert "nested too deeply" in bad_input(text)


def test_an_amount_that_is_no_unicode():
    assert bad_input(with_line(receiptLinePrice="\ud800")).startswith("This is not a sale")


def test_of_two_members_with_one_name_the_last_counts():
    text = json.dumps(sale_json())[:-1] + ', "invoiceNo": "SECOND"}'
    assert decode_sale(text).invoice_no == "SECOND"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"saleId": "A-1"}, "A-1"),
        ('{"saleId": "A-1"}', "A-1"),
        ({"saleId": "A\x1b[31m"}, "A?[31m"),
        ({"saleId": 5}, None),
        ({"saleId": ""}, None),
        ({}, None),
        ({"saleId": "x" * 500}, "x" * 100),
        ('{"receiptType": 5, "x": 1e999}', None),
    ],
)
def test_the_sale_is_named_in_the_refusal(data, name):
    problem = refused(data)
    assert problem.sale_id == name
    assert problem.text.startswith(f"Sale {name} was refused: " if name else "A sale without saleId was refused: ")


def test_a_refused_sale_of_a_strange_name_is_named_harmlessly():
    assert refused(sale_json(saleId="A\u202e", receiptTotal="0.001")).sale_id == "A?"
    assert printable("a\nb") == "a?b"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["NaN", "1e30", "0.1234567", "Sale", "Cash", "FiscalInvoice", "USD", "\ud800", "\x00", "🥛" * 300]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*sale_json(), *line_json(), "moneyTypeCode", "paymentAmount"]) | st.text(),
            inner,
            max_size=8,
        )
    ),
    max_leaves=20,
)
MEMBERS = [*sale_json(), "receiptTotal", "receiptDate", "deviceID", "unknown"]
LINE_MEMBERS = [*line_json(), "taxCode", "taxPercent", "unknown"]


def survives(data):
    """A sale, or one of the two errors; whatever is decoded can be written, hashed and told."""
    try:
        decoded = decode_sale(data)
    except (SaleRefused, BadInput) as wrong:
        assert wrong.text
        wrong.text.encode()
    else:
        assert isinstance(decoded, Sale)
        assert len(decoded.digest()) == 64


@given(JSON)
def test_any_json_is_a_sale_or_refused(data):
    survives(data)
    survives(json.dumps(data))


@given(st.sampled_from(MEMBERS), JSON)
def test_any_value_of_a_member(member, value):
    survives(sale_json(**{member: value}))


@settings(max_examples=200)
@given(st.sampled_from(LINE_MEMBERS), JSON)
def test_any_value_of_a_line(member, value):
    survives(with_line(**{member: value}))
    survives(json.dumps(with_line(**{member: value})))


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes(data):
    survives(data)
