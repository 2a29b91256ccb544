"""Canonical strings: order, empty members, cents; and that no signed member can change unseen (§18)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fiscalmon.domain import canonical
from fiscalmon.domain.counters import Counter
from fiscalmon.domain.receipt import TaxLine
from tests.unit.domain.samples import invoice, note

D = Decimal
HASH = "2daiKvvNCWGWN7mytXioMvxm7i1OJLy++DULtyl0h3U="


def text_of(receipt, device_id=12345, previous=HASH):
    return canonical.join(canonical.receipt_parts(device_id, receipt, previous))


def test_taxes_by_id_then_code_empty_first():
    taxes = (
        TaxLine(3, D("0.65"), D(5), D(15), "B"),
        TaxLine(3, D("0.65"), D(5), D(15), "A"),
        TaxLine(3, D("0.13"), D(1), D(15)),
        TaxLine(1, D(0), D("7.4")),
        TaxLine(2, D("-0.00"), D(5), D(0)),
    )
    receipt = replace(invoice(), taxes=taxes)
    wanted = "0740" + "0.000500" + "15.0013100" + "A15.0065500" + "B15.0065500"
    assert dict(canonical.receipt_parts(1, receipt, None))["receiptTaxes"] == wanted
    assert text_of(receipt) == text_of(replace(receipt, taxes=taxes[::-1]))
    two = replace(receipt, taxes=taxes[3:])
    assert dict(canonical.receipt_parts(1, two, None))["receiptTaxes"] == "0740" + "0.000500"
    assert (
        dict(canonical.receipt_parts(1, replace(two, taxes=taxes[4:2:-1]), None))["receiptTaxes"] == "0740" + "0.000500"
    )


def test_upper_case_and_no_padding():
    parts = dict(canonical.receipt_parts(7, note(currency="usd"), None))
    assert parts["deviceID"] == "7"
    assert parts["receiptType"] == "CREDITNOTE"
    assert parts["receiptCurrency"] == "USD"
    assert parts["receiptTotal"] == "-1155"
    assert parts["previousReceiptHash"] == ""


def test_an_empty_previous_hash_is_none():
    assert text_of(invoice(), previous="") == text_of(invoice(), previous=None)


def test_what_fdms_signs_of_a_manual_close():
    parts = canonical.fiscal_day_server_parts(1, 2, "2026-03-02", "2026-03-03T01:00:00", "Manual", [], None)
    assert canonical.join(parts) == "122026-03-022026-03-03T01:00:00MANUAL"


def test_an_empty_day_and_zero_counters():
    zero = Counter("SaleByTax", "USD", D("0.00"), tax_id=1)
    assert canonical.join(canonical.fiscal_day_parts(1, 2, "2026-03-02", [zero])) == "122026-03-02"
    some = Counter("BalanceByMoneyType", "usd", D("-1.5"), money_type="MobileWallet")
    assert canonical.counters_text([some]) == "BALANCEBYMONEYTYPEUSDMOBILEWALLET-150"


def test_the_digest_is_over_utf8():
    made = canonical.digest([("a", "æ"), ("b", "")])
    assert made.canonical == "æ"
    assert made.sha256.hex() == "889be819e24eaa58cd98ff071bc5aa9d9d6b3fea8d62c6cd43778c7370d2bf60"


AMOUNTS = st.decimals(-(10**9), 10**9, places=2)
OTHER = st.one_of(
    st.tuples(st.just("type"), st.sampled_from(["FiscalInvoice", "CreditNote", "DebitNote"])),
    st.tuples(st.just("currency"), st.sampled_from(["USD", "ZWG", "ZAR"])),
    st.tuples(st.just("global_no"), st.integers(1, 2**31 - 1)),
    st.tuples(st.just("date"), st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds"))),
    st.tuples(st.just("total"), AMOUNTS),
)


@given(OTHER)
def test_a_changed_member_changes_the_string(change):
    member, value = change
    receipt = invoice()
    mutated = replace(receipt, **{member: value})
    assert (text_of(mutated) == text_of(receipt)) is (getattr(receipt, member) == value)


@given(
    st.integers(0, 1),
    st.one_of(
        st.tuples(st.just("amount"), AMOUNTS),
        st.tuples(st.just("sales_with_tax"), AMOUNTS),
        st.tuples(st.just("percent"), st.decimals(0, 999, places=2) | st.none()),
        st.tuples(st.just("tax_code"), st.text("ABC", min_size=1, max_size=3) | st.none()),
    ),
)
def test_a_changed_tax_changes_the_string(index, change):
    member, value = change
    receipt = invoice()
    taxes = list(receipt.taxes)
    taxes[index] = replace(taxes[index], **{member: value})
    same = getattr(receipt.taxes[index], member) == value
    assert (text_of(replace(receipt, taxes=tuple(taxes))) == text_of(receipt)) is same


@pytest.mark.parametrize(
    "other",
    [
        text_of(invoice(), device_id=12346),
        text_of(invoice(), previous=None),
        text_of(invoice(), previous="soBuvg5IQeHHg/ZbtRA0tjZI70+vaJUDlTL/xvfThig="),
        text_of(replace(invoice(), taxes=invoice().taxes[:1])),
    ],
)
def test_a_changed_frame_changes_the_string(other):
    assert other != text_of(invoice())


def test_what_is_not_signed_does_not_change_it():
    receipt = invoice()
    bent = replace(receipt, invoice_no="X", counter=9, lines=(), payments=(), notes="n", print_form="InvoiceA4")
    assert text_of(bent) == text_of(receipt)
