"""What a sale states of itself beyond what a till owns: read from every form in which a sale comes."""

import json

import pytest

from fiscalmon.domain.errors import SaleRefused
from fiscalmon.domain.stated import Stated, read_stated
from tests.unit.domain.samples import invoice, sale_json

TAX = {"taxID": 2, "taxPercent": "0.00", "taxAmount": "0", "salesAmountWithTax": "2.50"}


@pytest.mark.parametrize(
    "form", [dict, json.dumps, lambda data: json.dumps(data).encode()], ids=["dict", "text", "bytes"]
)
def test_every_form_of_a_sale_says_the_same(form):
    stated = read_stated("s", form(sale_json(receiptCounter=4, receiptGlobalNo=104, receiptTaxes=[TAX])))
    assert (stated.counter, stated.no) == (4, 104)
    over = stated.over(invoice())
    assert (over.counter, over.global_no) == (4, 104)
    assert [(tax.tax_id, str(tax.sales_with_tax)) for tax in over.taxes] == [(2, "2.50")]


def test_what_states_nothing_changes_nothing():
    assert read_stated("s", sale_json()).over(invoice()) == invoice()
    assert read_stated("s", object()) == Stated()


@pytest.mark.parametrize("number", [-(2**31) - 1, 2**31])
def test_numbers_have_the_gateways_thirty_two_bits(number):
    for name in ("receiptCounter", "receiptGlobalNo"):
        with pytest.raises(SaleRefused) as refused:
            read_stated("s", sale_json(**{name: number}))
        assert [error["code"] for error in refused.value.errors] == ["RCPT02"]
    assert read_stated("s", sale_json(receiptCounter=2**31 - 1)).counter == 2**31 - 1
    assert read_stated("s", sale_json(receiptCounter=-(2**31))).counter == -(2**31)
