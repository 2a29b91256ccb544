"""Raw baskets: every good one of the bundled file becomes a sale without a finding, every bad one names its rows."""

import copy
import gzip
import json
from collections import Counter
from decimal import Decimal
from importlib import resources

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fiscalmon.domain.basket import Department, decode_departments, is_basket, sale_from_basket
from fiscalmon.domain.device import Tax
from fiscalmon.domain.drafting import draft
from fiscalmon.domain.errors import SaleRefused
from fiscalmon.domain.rulebook import judge_content
from fiscalmon.domain.sale import decode_sale
from tests.unit.domain.samples import AT, CONFIG, EXEMPT, NO_VAT, NOW, STANDARD, TAXES, ZERO_RATED

D = Decimal
DEMO = resources.files("resources") / "demo"
TABLE = decode_departments((DEMO / "departments.json").read_bytes())
BASKETS = [json.loads(text) for text in gzip.decompress((DEMO / "baskets.jsonl.gz").read_bytes()).decode().splitlines()]


def row(**changes):
    return {
        "sku": "1",
        "name": "MILK",
        "department": "GROCERY",
        "quantity": 2,
        "salesValue": "2.00",
        "retailDiscount": "0.00",
        "couponDiscount": "0.00",
        "couponMatchDiscount": "0.00",
        **changes,
    }


def basket(*rows, **changes):
    return {"basket": "41366246800", "store": "340", "time": "2017-12-23T23:59:00", "lines": list(rows), **changes}


def sale_of(*rows, position=0, config=CONFIG, **changes):
    return sale_from_basket(basket(*rows, **changes), position, TABLE, config, NOW)


def refused(*rows, **changes):
    with pytest.raises(SaleRefused) as raised:
        sale_of(*rows, **changes)
    return [(error["code"], error["field"]) for error in raised.value.errors]


def bad_rows(data):
    """By the words of the format: no quantity, or no shelf value."""
    shelf = [D(r["salesValue"]) + D(r["retailDiscount"]) + D(r["couponMatchDiscount"]) for r in data["lines"]]
    return [n for n, r in enumerate(data["lines"]) if r["quantity"] <= 0 or shelf[n] <= 0]


# --- the bundled file ------------------------------------------------------------------------------------------------


def test_the_bundled_baskets_one_by_one():
    good = refusals = 0
    received = Counter()
    expected = Counter()
    for position, data in enumerate(BASKETS):
        assert is_basket(data)
        bad = bad_rows(data)
        if bad:
            refusals += 1
            with pytest.raises(SaleRefused) as raised:
                sale_from_basket(data, position, TABLE, CONFIG, NOW)
            assert {error["field"].split(".")[0] for error in raised.value.errors} == {f"lines[{n}]" for n in bad}
            assert f"lines[{bad[0]}]" in str(raised.value)
            continue
        good += 1
        sale = sale_from_basket(data, position, TABLE, CONFIG, NOW)
        receipt = draft(sale, CONFIG, NOW)
        assert judge_content(receipt, AT) == []
        assert decode_sale(msgspec.to_builtins(sale)) == sale
        assert receipt.currency == ("ZWG" if position % 10 == 9 else "USD")
        received[receipt.currency] += receipt.total
        expected[receipt.currency] += sum(D(r["salesValue"]) for r in data["lines"])
    assert (len(BASKETS), good, refusals) == (606, 569, 37)
    assert received["USD"] == expected["USD"] == D("20406.06")
    # In ZWG each line is rounded by itself, so half a cent a line is the most that may be between.
    assert abs(received["ZWG"] - expected["ZWG"] * TABLE.zwg_per_usd) < D("0.005") * 2 * 7110 / 10


def test_the_bundled_table_is_sound():
    known = {r["department"] for data in BASKETS for r in data["lines"]}
    assert known <= set(TABLE.departments)
    assert {"TRAVEL & LEISURE", "FROZEN GROCERY", "GARDEN CENTER", "GM MERCH EXP"} <= set(TABLE.departments)
    for department in (*TABLE.departments.values(), TABLE.other):
        assert department.hs_code.isdigit()
        assert len(department.hs_code) == 8
    assert TABLE.zwg_per_usd > 0
    assert all(name == name.strip().upper() for name in TABLE.departments)
    assert {TABLE.of(name).tax for name in ("PRODUCE", "MEAT", "SEAFOOD")} == {"zero"}
    assert TABLE.of("RX").tax == "exempt"
    assert TABLE.of("GROCERY").tax == "standard"
    licence = (DEMO / "LICENSE-baskets.txt").read_text(encoding="utf-8")
    assert "MIT" in licence
    assert "Complete Journey" in licence


def test_departments_by_name_and_the_others():
    assert TABLE.of(" produce ") == TABLE.departments["PRODUCE"]
    assert TABLE.of("NEVER HEARD OF") == TABLE.of("") == TABLE.other


# --- one row ---------------------------------------------------------------------------------------------------------


def test_a_row_without_discount():
    sale = sale_of(row())
    assert (sale.sale_id, sale.invoice_no, sale.currency) == ("41366246800", "41366246800", "USD")
    (line,) = sale.lines
    assert (line.type, line.name, line.quantity, line.price, line.total) == ("Sale", "MILK", 2, D(1), D("2.00"))
    assert (line.tax_id, line.hs_code) == (STANDARD, "21069090")
    (payment,) = sale.payments
    assert (payment.money_type, payment.amount) == ("Cash", D("2.00"))
    assert sale.date is None


def test_a_row_with_discounts():
    given = row(
        department="PRODUCE", salesValue="1.19", retailDiscount="0.28", couponMatchDiscount="0.10", couponDiscount="9"
    )
    shelf, reduced = sale_of(given).lines
    assert (shelf.type, shelf.total, shelf.price, shelf.quantity) == ("Sale", D("1.57"), D("0.785"), 2)
    assert (reduced.type, reduced.total, reduced.price, reduced.quantity) == ("Discount", D("-0.38"), D("-0.38"), 1)
    assert shelf.tax_id == reduced.tax_id == ZERO_RATED
    assert shelf.hs_code == reduced.hs_code == "07099900"


def test_a_free_row():
    sale = sale_of(row(salesValue="0.00", retailDiscount="3.00"))
    assert [line.total for line in sale.lines] == [D("3.00"), D("-3.00")]
    assert sale.payments[0].amount == D("0.00")
    assert judge_content(draft(sale, CONFIG, NOW), AT) == []


@pytest.mark.parametrize(
    ("value", "quantity", "price"),
    [
        ("1.00", 3, None),
        ("28.45", 9781, None),
        ("1.00", 8, "0.125"),
        ("1.00", 64, "0.015625"),
        ("1.00", 128, None),
        ("12.00", 1, "12"),
        ("1.00", "0.5", "2"),
        ("1.00", 10**14, None),
    ],
)
def test_a_unit_price_only_where_it_is_exact(value, quantity, price):
    sale = sale_of(row(salesValue=value, quantity=quantity))
    said = sale.lines[0].price
    assert (None if said is None else str(said)) == price
    assert judge_content(draft(sale, CONFIG, NOW), AT) == []


def test_every_tenth_basket_is_in_zwg():
    given = row(salesValue="1.19", retailDiscount="0.29")
    assert {n for n in range(40) if sale_of(given, position=n).currency == "ZWG"} == {9, 19, 29, 39}
    sale = sale_of(given, row(salesValue="0.01"), position=9)
    assert [line.total for line in sale.lines] == [D("39.22"), D("-7.69"), D("0.27")]
    assert sale.payments[0].amount == D("31.80")


def test_taxes_are_found_by_kind_not_by_number():
    moved = (
        Tax(7, "Exempt"),
        Tax(8, "Zero", D("0.00")),
        Tax(9, "Reduced", D(5)),
        Tax(10, "Standard", D("14.5")),
        Tax(11, "Non-VAT Withholding Tax", D(20)),
        Tax(12, "Next year", D(30), valid_from="2027-01-01T00:00:00"),
        Tax(13, "Last year", D(40), valid_till="2025-12-31T23:59:59"),
    )
    config = replace(CONFIG, taxes=moved)
    rows = [row(department=name) for name in ("RX", "PRODUCE", "GROCERY")]
    assert [line.tax_id for line in sale_of(*rows, config=config).lines] == [7, 8, 10]
    later = sale_from_basket(basket(*rows), 0, TABLE, config, "2027-06-01T00:00:00")
    assert [line.tax_id for line in later.lines] == [7, 8, 12]


@pytest.mark.parametrize(
    ("taxes", "expected"),
    [(TAXES, [EXEMPT, ZERO_RATED, EXEMPT]), (TAXES[1:], None), ((TAXES[0], *TAXES[2:]), None)],
)
def test_without_vat_nothing_is_charged(taxes, expected):
    rows = [row(department=name) for name in ("RX", "PRODUCE", "GROCERY")]
    config = replace(NO_VAT, taxes=taxes)
    if expected is None:
        assert refused(*rows, config=config)[0][0] == "RCPT025"
    else:
        sale = sale_of(*rows, config=config)
        assert [line.tax_id for line in sale.lines] == expected
        assert judge_content(draft(sale, config, NOW), replace(AT, config=config)) == []


def test_without_vat_and_exempt_all_is_zero_rated():
    sale = sale_of(row(), config=replace(NO_VAT, taxes=(TAXES[1],)))
    assert sale.lines[0].tax_id == ZERO_RATED


def test_a_device_without_the_tax():
    config = replace(CONFIG, taxes=TAXES[:2])
    assert refused(row(department="PRODUCE"), row(), config=config) == [("RCPT025", "lines[1].department")]


# --- refused whole ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "member"),
    [
        ({"quantity": 0}, "RCPT023", "quantity"),
        ({"quantity": -1}, "RCPT023", "quantity"),
        ({"salesValue": "0.00"}, "RCPT022", "salesValue"),
        ({"salesValue": "-1.00", "retailDiscount": "1.00"}, "RCPT022", "salesValue"),
        ({"retailDiscount": "-0.10"}, "RCPT022", "retailDiscount"),
        ({"quantity": "many"}, "RCPT02", "quantity"),
        ({"quantity": "NaN"}, "RCPT02", "quantity"),
        ({"quantity": "1e30"}, "RCPT02", "quantity"),
        ({"salesValue": "1.005"}, "RCPT02", "salesValue"),
        ({"salesValue": None}, "RCPT02", "salesValue"),
        ({"retailDiscount": "Infinity"}, "RCPT02", "retailDiscount"),
        ({"name": ""}, "RCPT02", "name"),
        ({"name": "MILK\x1b@"}, "RCPT02", "name"),
        ({"name": "x" * 201}, "RCPT02", "name"),
        ({"department": 5}, "RCPT02", "department"),
    ],
)
def test_one_bad_row_refuses_the_basket(changes, code, member):
    rows = [row(), row(), row(), row(**changes), row()]
    assert refused(*rows) == [(code, f"lines[3].{member}")]


def test_every_bad_row_is_named():
    rows = [row(), row(quantity=0, salesValue="0.00"), row(), row(quantity=0)]
    assert refused(*rows) == [
        ("RCPT023", "lines[1].quantity"),
        ("RCPT022", "lines[1].salesValue"),
        ("RCPT023", "lines[3].quantity"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"basket": ""}, "basket"),
        ({"basket": "x" * 51}, "basket"),
        ({"basket": 41366246800}, "basket"),
        ({"basket": "a\nb"}, "basket"),
        ({"lines": {}}, "lines"),
        ({"lines": [5]}, "lines[0]"),
        ({"lines": [row(salesValue="\ud800")]}, "lines"),
        ({"lines": [row()] * 2001}, "lines"),
    ],
)
def test_a_basket_of_the_wrong_shape(changes, field):
    assert refused(row(), **changes) == [("RCPT02", field)]


def test_a_basket_without_rows():
    assert refused() == [("RCPT016", "lines")]


def test_what_a_row_may_lack():
    sale = sale_of({"name": "MILK", "quantity": 1, "salesValue": "1.00"})
    assert sale.lines[0].hs_code == TABLE.other.hs_code


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (basket(), True),
        ({"basket": "1"}, False),
        ({"lines": []}, False),
        ({**basket(), "saleId": "1"}, False),
        ([], False),
        (None, False),
    ],
)
def test_what_is_a_basket(data, verdict):
    assert is_basket(data) is verdict


def test_a_table_of_the_wrong_shape():
    good = json.loads((DEMO / "departments.json").read_text())
    bad = copy.deepcopy(good)
    bad["other"]["tax"] = "reduced"
    with pytest.raises(msgspec.ValidationError, match="reduced"):
        decode_departments(json.dumps(bad))
    assert decode_departments(json.dumps(good)).other == Department("standard", good["other"]["hsCode"])


CENTS = st.integers(0, 10**7).map(lambda value: str(D(value).scaleb(-2)))
ROWS = st.lists(
    st.builds(
        lambda department, quantity, value, retail, match: row(
            department=department,
            quantity=quantity,
            salesValue=value,
            retailDiscount=retail,
            couponMatchDiscount=match,
        ),
        st.sampled_from(["GROCERY", "PRODUCE", "RX", "?"]),
        st.integers(-1, 40000),
        CENTS,
        CENTS | st.just("0.00"),
        CENTS | st.just("0.00"),
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS, st.integers(0, 100))
def test_any_basket_is_a_valid_sale_or_refused(rows, position):
    data = basket(*rows)
    bad = bad_rows(data)
    if bad:
        with pytest.raises(SaleRefused) as raised:
            sale_from_basket(data, position, TABLE, CONFIG, NOW)
        assert {error["field"].split(".")[0] for error in raised.value.errors} == {f"lines[{n}]" for n in bad}
        return
    receipt = draft(sale_from_basket(data, position, TABLE, CONFIG, NOW), CONFIG, NOW)
    assert judge_content(receipt, AT) == []
    if receipt.currency == "USD":
        assert receipt.total == sum(D(r["salesValue"]) for r in rows)


@given(
    st.dictionaries(
        st.sampled_from(["name", "quantity", "salesValue", "x"]), st.none() | st.text() | st.integers() | st.floats()
    )
)
def test_any_row_is_sold_or_refused(changes):
    try:
        sale = sale_of(row(**changes))
    except SaleRefused as refusal:
        refusal.text.encode()
        assert refusal.errors[0]["field"].startswith("lines")
    else:
        assert judge_content(draft(sale, CONFIG, NOW), AT) == []
