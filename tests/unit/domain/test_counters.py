"""Counters of a day: what each receipt adds, and the order in which they are signed (§15, §18.4)."""

from collections import Counter as Sums
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from fiscalmon.domain.counters import Counter, CounterKey, fold, from_totals, moves, sorted_counters, to_totals
from fiscalmon.domain.money import ZERO, cents
from fiscalmon.domain.receipt import Payment
from tests.unit.domain.samples import EXEMPT, STANDARD, ZERO_RATED, invoice, line, note, receipt_of

D = Decimal


def test_what_an_invoice_adds():
    assert moves(invoice()) == [
        (CounterKey("SaleByTax", "USD", ZERO_RATED, "0.00", ""), 250),
        (CounterKey("SaleByTax", "USD", STANDARD, "15.50", ""), 2200),
        (CounterKey("SaleTaxByTax", "USD", STANDARD, "15.50", ""), 295),
        (CounterKey("BalanceByMoneyType", "USD", 0, "", "Cash"), 2000),
        (CounterKey("BalanceByMoneyType", "USD", 0, "", "Card"), 450),
    ]


def test_notes_have_counters_of_their_own():
    assert fold([note(), note(line("11.55"), kind="DebitNote")]) == {
        CounterKey("CreditNoteByTax", "USD", STANDARD, "15.50", ""): -1155,
        CounterKey("CreditNoteTaxByTax", "USD", STANDARD, "15.50", ""): -155,
        CounterKey("DebitNoteByTax", "USD", STANDARD, "15.50", ""): 1155,
        CounterKey("DebitNoteTaxByTax", "USD", STANDARD, "15.50", ""): 155,
        CounterKey("BalanceByMoneyType", "USD", 0, "", "Cash"): 0,
    }


def test_a_rate_that_changes_within_a_day_makes_two_counters():
    old = line("10.00", tax_percent=D(15))
    totals = fold([receipt_of(old), receipt_of(line("10.00")), receipt_of(line("1.00", EXEMPT))])
    made = from_totals(totals)
    by_tax = [(c.tax_id, c.tax_percent, c.value) for c in made if c.type == "SaleByTax"]
    assert by_tax == [(EXEMPT, None, D("1.00")), (STANDARD, D("15.00"), D("10.00")), (STANDARD, D("15.50"), D("10.00"))]


def test_tax_codes_of_one_tax_add_into_one_counter():
    totals = fold([receipt_of(line("1.00", tax_code="A"), line("2.00", tax_code="B"))])
    assert totals[CounterKey("SaleByTax", "USD", STANDARD, "15.50", "")] == 300


def test_the_order_of_signing():
    rows = [
        Counter("BalanceByMoneyType", "USD", D(1), money_type="Other"),
        Counter("BalanceByMoneyType", "ZWG", D(1), money_type="Cash"),
        Counter("BalanceByMoneyType", "USD", D(1), money_type="MobileWallet"),
        Counter("BalanceByMoneyType", "USD", D(1), money_type="Card"),
        Counter("BalanceByMoneyType", "USD", D(1), money_type="Cash"),
        Counter("DebitNoteByTax", "USD", D(1), tax_id=1),
        Counter("SaleTaxByTax", "USD", D(1), tax_id=3, tax_percent=D("15.5")),
        Counter("SaleByTax", "ZWG", D(1), tax_id=1),
        Counter("SaleByTax", "USD", D(1), tax_id=10, tax_percent=D("15.5")),
        Counter("SaleByTax", "USD", D(1), tax_id=9, tax_percent=D("15.5")),
        Counter("SaleByTax", "USD", D(1), tax_id=9, tax_percent=D("0")),
        Counter("SaleByTax", "USD", D(1), tax_id=9),
        Counter("SaleByTax", "USD", D("0.00"), tax_id=2),
    ]
    ordered = sorted_counters(rows)
    assert [(c.type, c.currency, c.tax_id, c.tax_percent, c.money_type) for c in ordered] == [
        ("SaleByTax", "USD", 9, None, None),
        ("SaleByTax", "USD", 9, D("0"), None),
        ("SaleByTax", "USD", 9, D("15.5"), None),
        ("SaleByTax", "USD", 10, D("15.5"), None),
        ("SaleByTax", "ZWG", 1, None, None),
        ("SaleTaxByTax", "USD", 3, D("15.5"), None),
        ("DebitNoteByTax", "USD", 1, None, None),
        ("BalanceByMoneyType", "USD", None, None, "Cash"),
        ("BalanceByMoneyType", "USD", None, None, "Card"),
        ("BalanceByMoneyType", "USD", None, None, "MobileWallet"),
        ("BalanceByMoneyType", "USD", None, None, "Other"),
        ("BalanceByMoneyType", "ZWG", None, None, "Cash"),
    ]


def test_a_counter_without_a_tax_comes_first():
    rows = [
        Counter("SaleByTax", "USD", D(1), tax_id=1, tax_percent=D(0)),
        Counter("SaleByTax", "USD", D(1), tax_percent=D(15)),
    ]
    assert [row.tax_id for row in sorted_counters(rows)] == [None, 1]


def test_lists_of_counters_compare_whatever_their_order_and_spelling():
    ours = [Counter("SaleByTax", "USD", D("1.50"), tax_id=3, tax_percent=D("15.50")), Counter("SaleByTax", "USD", ZERO)]
    theirs = [Counter("SaleByTax", "USD", D("1.5"), tax_id=3, tax_percent=D("15.5"))]
    assert to_totals(ours) == to_totals(theirs)
    split = [Counter("SaleByTax", "USD", D(1), tax_id=3), Counter("SaleByTax", "USD", D(2), tax_id=3)]
    assert to_totals(split) == {CounterKey("SaleByTax", "USD", 3, "", ""): 300}


SALES = st.lists(
    st.tuples(
        st.sampled_from(["FiscalInvoice", "CreditNote", "DebitNote"]),
        st.sampled_from(["USD", "ZWG"]),
        st.lists(
            st.tuples(st.sampled_from([EXEMPT, ZERO_RATED, STANDARD]), st.integers(0, 10**7)),
            min_size=1,
            max_size=5,
        ),
        st.sampled_from(["Cash", "Card"]),
    ),
    max_size=8,
)


def receipts_of(sales):
    for kind, currency, rows, money in sales:
        sign = -1 if kind == "CreditNote" else 1
        lines = [line(str(D(sign * value).scaleb(-2)), tax) for tax, value in rows]
        made = receipt_of(*lines, type=kind, currency=currency)
        yield made, money


@given(SALES)
def test_a_fold_is_the_sum_of_its_parts(sales):
    receipts = []
    by_tax: Sums = Sums()
    money: Sums = Sums()
    for made, kind in receipts_of(sales):
        receipt = receipt_of(*made.lines, type=made.type, currency=made.currency, payments=(Payment(kind, made.total),))
        receipts.append(receipt)
        money[receipt.currency, kind] += cents(receipt.total)
        for tax in receipt.taxes:
            by_tax[receipt.type, receipt.currency, tax.tax_id] += cents(tax.sales_with_tax)
    totals = fold(receipts)
    for (currency, kind), value in money.items():
        assert totals[CounterKey("BalanceByMoneyType", currency, 0, "", kind)] == value
    names = {"FiscalInvoice": "SaleByTax", "CreditNote": "CreditNoteByTax", "DebitNote": "DebitNoteByTax"}
    percents = {EXEMPT: "", ZERO_RATED: "0.00", STANDARD: "15.50"}
    for (kind, currency, tax), value in by_tax.items():
        assert totals[CounterKey(names[kind], currency, tax, percents[tax], "")] == value
    assert sum(money.values()) == sum(by_tax.values())
    assert to_totals(from_totals(totals)) == {key: value for key, value in totals.items() if value}
    assert fold(reversed(receipts)) == totals
