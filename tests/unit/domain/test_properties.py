"""What must hold for every valid sale: its draft breaks no rule, its payload is read back the same."""

import json
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fiscalmon.domain.canonical import join, receipt_parts
from fiscalmon.domain.chain import Link, encode_payload, next_date, place, seal
from fiscalmon.domain.counters import fold
from fiscalmon.domain.drafting import draft, tax_lines
from fiscalmon.domain.money import cents, round_cents
from fiscalmon.domain.receipt import MONEY_TYPES, Receipt
from fiscalmon.domain.rulebook import CURRENCIES, judge, judge_content
from fiscalmon.domain.sale import decode_sale
from tests.unit.domain.samples import (
    AT,
    CONFIG,
    EXEMPT,
    NOW,
    OPENED,
    STANDARD,
    WITHHOLDING,
    ZERO_RATED,
    original,
    sale_json,
)

D = Decimal
HS = {STANDARD: ["3401", "34011100"], WITHHOLDING: ["3401", "34011100"], ZERO_RATED: ["19059000"], EXEMPT: ["49019900"]}
RATES = {STANDARD: D("15.5"), WITHHOLDING: D(5), ZERO_RATED: D(0), EXEMPT: None}
PRICES = st.integers(1, 10**9).map(lambda value: D(value).scaleb(-6)) | st.integers(1, 10**7).map(
    lambda value: D(value).scaleb(-2)
)
QUANTITIES = st.integers(1, 40_000).map(D) | st.integers(1, 10**9).map(lambda value: D(value).scaleb(-6))
CODES = st.sampled_from([None, "A", "B"])
VALID_NOW = sorted(name for name, (since, till) in CURRENCIES.items() if since <= NOW <= till)
BUYER = {"buyerRegisterName": "Moyo and Sons", "buyerTIN": "2000000001", "vatNumber": "220000001"}


@st.composite
def sale_lines(draw, sign=1):
    """A Sale line with or without price, perhaps followed by a Discount of at most its worth."""
    tax = draw(st.sampled_from(sorted(RATES)))
    code, hs = draw(CODES), draw(st.sampled_from(HS[tax]))
    price, quantity = sign * draw(PRICES), draw(QUANTITIES)
    total = round_cents(price * quantity)
    common = {
        "taxID": tax,
        "taxCode": code,
        "receiptLineHSCode": hs,
        "receiptLineName": draw(st.sampled_from(["MILK", "牛奶"])),
    }
    lines = [
        {**common, "receiptLineType": "Sale", "receiptLineQuantity": str(quantity), "receiptLineTotal": str(total)}
    ]
    if draw(st.booleans()):
        lines[0]["receiptLinePrice"] = str(price)
        if draw(st.booleans()):
            del lines[0]["receiptLineTotal"]
    if total and draw(st.booleans()):
        reduced = D(draw(st.integers(1, abs(cents(total))))).scaleb(-2) * sign
        lines.append(
            {
                **common,
                "receiptLineType": "Discount",
                "receiptLineQuantity": "1",
                "receiptLinePrice": str(-reduced),
                "receiptLineTotal": str(-reduced),
            }
        )
    return lines


@st.composite
def sales(draw):
    """A valid sale of any kind, up to sixty lines; what is due comes from a draft without payments, split at random."""
    kind = draw(st.sampled_from(["FiscalInvoice", "CreditNote", "DebitNote"]))
    sign = -1 if kind == "CreditNote" else 1
    given_lines = draw(st.lists(sale_lines(sign), min_size=1, max_size=5))
    data = sale_json(
        receiptType=kind,
        receiptCurrency=draw(st.sampled_from([*VALID_NOW, "zwg"])),
        receiptLinesTaxInclusive=draw(st.booleans()),
        receiptLines=[line for group in given_lines for line in group] * draw(st.sampled_from([1, 1, 1, 6])),
        receiptPayments=[],
        buyerData=draw(st.sampled_from([None, BUYER])),
    )
    if kind != "FiscalInvoice":
        data["receiptNotes"] = "because"
        data["creditDebitNote"] = {"deviceID": 12345, "receiptGlobalNo": 101, "fiscalDayNo": 7}
    total = draft(decode_sale(data), CONFIG, NOW).total
    left, data["receiptPayments"] = abs(cents(total)), []
    kinds = draw(st.lists(st.sampled_from(MONEY_TYPES), min_size=1, max_size=4))
    for number, money in enumerate(kinds, 1):
        part = left if number == len(kinds) else draw(st.integers(0, left))
        data["receiptPayments"].append({"moneyTypeCode": money, "paymentAmount": str(D(part * sign).scaleb(-2))})
        left -= part
    if draw(st.booleans()):
        data["receiptTotal"] = str(total)
    return data


def situation(receipt):
    if receipt.type == "FiscalInvoice":
        return AT
    return replace(
        AT,
        original=original(currency=receipt.currency, taxes=frozenset(RATES.items()), balance=abs(receipt.total)),
    )


@given(sales())
def test_the_draft_of_a_valid_sale_breaks_no_rule(data):
    made = draft(decode_sale(data), CONFIG, NOW)
    assert judge_content(made, situation(made)) == []
    placed = replace(made, counter=1, global_no=1)
    assert judge(placed, situation(placed)) == []
    strict_or_not = replace(situation(placed), per_line_rounding=True)
    assert judge(placed, strict_or_not) == []


@given(sales())
def test_a_payload_is_read_back_the_same(data):
    link = Link(7, OPENED, 0, 0, "", None)
    placed = place(draft(decode_sale(json.dumps(data)), CONFIG, NOW), link, next_date(link, NOW))
    signed = seal(12345, placed, None, lambda sha256: b"signature of " + sha256)
    read = msgspec.json.decode(signed.payload, type=dict[str, Receipt])["receipt"]
    assert read == signed.receipt
    assert encode_payload(read) == signed.payload
    assert join(receipt_parts(12345, read, None)) == signed.canonical
    assert judge(read, situation(read)) == []
    numbers = []
    json.loads(signed.payload, parse_float=numbers.append, parse_int=numbers.append)
    assert [number for number in numbers if "E" in number or (D(number).is_zero() and "-" in number)] == []


@given(sales(), st.integers(1, 10**6), st.booleans())
def test_a_cent_more_or_less_never_goes_unseen(data, by, up):
    made = draft(decode_sale(data), CONFIG, NOW)
    off = made.total + D(by if up else -by).scaleb(-2)
    codes = {finding.code for finding in judge_content(replace(made, total=off), situation(made))}
    assert {"RCPT038", "RCPT039"} <= codes
    assert ("RCPT019" if made.lines_tax_inclusive else "RCPT037") in codes
    taxes = (replace(made.taxes[0], amount=made.taxes[0].amount + D("0.01")), *made.taxes[1:])
    assert "RCPT026" in {finding.code for finding in judge_content(replace(made, taxes=taxes), situation(made))}


@given(sales())
def test_the_counters_of_a_receipt_agree_with_its_total(data):
    made = draft(decode_sale(data), CONFIG, NOW)
    totals = fold([made])
    paid = sum(value for key, value in totals.items() if key.type == "BalanceByMoneyType")
    sold = sum(value for key, value in totals.items() if key.type.endswith("ByTax") and "Tax" not in key.type[:-5])
    assert paid == sold == cents(made.total)


@given(sales(), st.data())
def test_splitting_a_basket_never_changes_tax_by_more_than_rounding(data, draw):
    """Each receipt rounds each of its taxes once, by half a cent at most; the whole does so once as well."""
    whole = draft(decode_sale(data), CONFIG, NOW)
    lines = whole.lines
    receipts = draw.draw(st.integers(1, 5))
    place = [draw.draw(st.integers(1, receipts)) for _ in lines]
    parts = [
        tax_lines(tuple(line for line, at in zip(lines, place, strict=True) if at == number), whole.lines_tax_inclusive)
        for number in set(place)
    ]
    for tax in whole.taxes:
        of_tax = [
            one
            for part in parts
            for one in part
            if (one.tax_id, one.tax_code, one.percent) == (tax.tax_id, tax.tax_code, tax.percent)
        ]
        allowed = D("0.005") * (len(of_tax) + 1)
        assert abs(sum(one.amount for one in of_tax) - tax.amount) <= allowed
        if whole.lines_tax_inclusive or not tax.percent:
            assert sum(one.sales_with_tax for one in of_tax) == tax.sales_with_tax
        else:
            assert abs(sum(one.sales_with_tax for one in of_tax) - tax.sales_with_tax) <= allowed
