"""An original that a note states from paper, judged as the rest of the sale is; complaints about the right member."""

from decimal import Decimal

import pytest

from fiscalmon.domain.errors import SaleRefused
from fiscalmon.domain.sale import decode_sale
from tests.unit.domain.samples import line_json, sale_json

D = Decimal
PAPER = {
    "receiptDate": "2026-02-02T08:00:00",
    "receiptCurrency": "USD",
    "receiptTotal": "11.55",
    "receiptTaxes": [{"taxID": 517, "taxPercent": 15.5}, {"taxID": 1}],
}


def told(data) -> dict[str, str]:
    with pytest.raises(SaleRefused) as refused:
        decode_sale(data)
    return {error["field"]: error["advice"] for error in refused.value.errors}


def on(**changes) -> dict:
    return sale_json(receiptType="CreditNote", originalReceipt={**PAPER, **changes})


def test_a_stated_original_is_read():
    original = decode_sale(on()).original
    assert (original.date, original.currency, original.total) == ("2026-02-02T08:00:00", "USD", D("11.55"))
    assert [(tax.tax_id, tax.percent) for tax in original.taxes] == [(517, D("15.5")), (1, None)]


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"receiptDate": "2026-02-30T08:00:00"}, "receiptDate", "is no date and time that exists"),
        ({"receiptTotal": "11.555"}, "receiptTotal", "has more than 2 decimals"),
        ({"receiptTaxes": [{"taxID": 1}, {"taxID": 517, "taxPercent": "15.555"}]}, "receiptTaxes[1].taxPercent",
         "has more than 2 decimals"),
    ],
    ids=["date", "total", "percent"],
)  # fmt: skip
def test_what_is_wrong_with_it_is_said_of_its_member(changes, field, says):
    wrong = told(on(**changes))
    assert list(wrong) == [f"originalReceipt.{field}"]
    assert says in wrong[f"originalReceipt.{field}"]


def test_only_the_member_that_is_wrong_is_told():
    good = {"price": "2.00", "quantity": "1", "total": "2.00", "taxPercent": "15.5"}
    for member, value in (("receiptLineQuantity", "0.0000001"), ("receiptLineName", "A\x07B"), ("taxPercent", "1.555")):
        line = {**line_json(**good), member: value}
        assert list(told(sale_json(receiptLines=[line]))) == [f"receiptLines[0].{member}"]
    line = {**line_json(**good), "receiptLinePrice": "0.0000001"}
    assert list(told(sale_json(receiptLines=[line]))) == ["receiptLines[0].receiptLinePrice"]
    line = {**line_json(**good), "receiptLineTotal": "2.005"}
    assert list(told(sale_json(receiptLines=[line]))) == ["receiptLines[0].receiptLineTotal"]


def test_a_stated_total_is_content_and_how_it_is_written_is_not():
    def digest(total):
        return decode_sale(sale_json(receiptTotal=total)).digest()

    assert digest("25.00") == digest("25") == digest(25.0)
    assert len({digest("25.00"), digest("25.01"), digest(None)}) == 3
