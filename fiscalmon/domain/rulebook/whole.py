"""Rules about a receipt as a whole: its place in the chain, dates, totals, payments, buyer (Gateway v7.2 §14)."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from ..localtime import add_seconds
from ..money import ZERO
from ..receipt import Receipt
from .situation import FINE, Situation, Sums, Wrongs


def currency(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    span = at.currencies.get(receipt.currency)
    if span is not None and span[0] <= receipt.date <= span[1]:
        return FINE
    return [
        (
            "receiptCurrency",
            f"Currency {receipt.currency} is not one that FDMS takes on this date; use USD or ZWG.",
        )
    ]


def counter(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if receipt.counter == at.previous_counter + 1:
        return FINE
    return [("receiptCounter", f"The receipt counter must be {at.previous_counter + 1}, not {receipt.counter}.")]


def global_no(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    expected = at.previous_global_no + 1
    anew = receipt.global_no == 1 and receipt.counter == 1 and at.previous_counter == 0
    if receipt.global_no == expected or anew:
        return FINE
    return [("receiptGlobalNo", f"The receipt number must be {expected}, not {receipt.global_no}.")]


def invoice_no(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if not at.invoice_no_taken:
        return FINE
    return [("invoiceNo", f"Invoice number {receipt.invoice_no} was used before; every receipt needs its own.")]


def after_opening(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if receipt.date > at.day_opened:
        return FINE
    return [
        (
            "receiptDate",
            f"The receipt is dated {receipt.date}, before the fiscal day opened at {at.day_opened}.",
        )
    ]


def not_in_future(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if not at.latest_date or receipt.date <= at.latest_date:
        return FINE
    return [("receiptDate", f"The receipt is dated {receipt.date}, in the future: check the till's clock.")]


def in_day(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    hours = at.config.day_max_hours
    if receipt.date <= _day_limit(at.day_opened, hours):
        return FINE
    return [("receiptDate", f"The fiscal day is open for more than {hours} hours: close it and open a new one.")]


@lru_cache(maxsize=64)
def _day_limit(opened: str, hours: int) -> str:
    """The last moment of a fiscal day. Remembered, as it is the same for every receipt of the day."""
    return add_seconds(opened, hours * 3600)


def later_than_previous(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if receipt.date > at.previous_date:
        return FINE
    return [("receiptDate", f"The receipt must be later than the one before it ({at.previous_date}).")]


def signature(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if at.signature_valid:
        return FINE
    return [("receiptDeviceSignature", "The receipt's signature or hash is not valid for this device.")]


def has_lines(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    return FINE if receipt.lines else [("receiptLines", "The receipt has no lines; add at least one.")]


def has_taxes(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    return FINE if receipt.taxes else [("receiptTaxes", "The receipt has no taxes; every line needs a taxID.")]


def has_payments(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    return FINE if receipt.payments else [("receiptPayments", "The receipt has no payment; add at least one.")]


def total_of_lines(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if not receipt.lines_tax_inclusive:
        return FINE
    return _total_is(receipt, sum(sums.values(), ZERO), "the lines")


def total_of_lines_and_taxes(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if receipt.lines_tax_inclusive:
        return FINE
    taxes = sum([tax.amount for tax in receipt.taxes], ZERO)
    return _total_is(receipt, sum(sums.values(), ZERO) + taxes, "the lines and their taxes")


def total_of_taxes(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    return _total_is(receipt, sum([tax.sales_with_tax for tax in receipt.taxes], ZERO), "the sales with tax")


def total_of_payments(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    paid = sum([payment.amount for payment in receipt.payments], ZERO)
    if paid == receipt.total:
        return FINE
    return [("receiptPayments", f"The payments add up to {paid}, but the receipt's total is {receipt.total}.")]


def total_sign(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if receipt.type == "CreditNote":
        return FINE if receipt.total <= ZERO else [("receiptTotal", "A credit note's total may not be above zero.")]
    return FINE if receipt.total >= ZERO else [("receiptTotal", "The receipt's total may not be below zero.")]


def payment_signs(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if receipt.type == "CreditNote":
        wrong = [i for i, payment in enumerate(receipt.payments) if payment.amount > ZERO]
        advice = "Payment {} of a credit note may not be above zero."
    else:
        wrong = [i for i, payment in enumerate(receipt.payments) if payment.amount < ZERO]
        advice = "Payment {} may not be below zero."
    return [(f"receiptPayments[{i}].paymentAmount", advice.format(i + 1)) for i in wrong]


def buyer(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    buyer = receipt.buyer
    if buyer is None or (buyer.register_name and buyer.tin):
        return FINE
    return [
        (
            "buyerData",
            "A buyer needs both the registered name and the TIN of 10 digits; or leave the buyer out.",
        )
    ]


def _total_is(receipt: Receipt, expected: Decimal, what: str) -> Wrongs:
    if receipt.total == expected:
        return FINE
    return [("receiptTotal", f"The total is {receipt.total}, but {what} add up to {expected}.")]
