"""Rules about credit and debit notes and the receipts they refer to (Gateway v7.2 §13.7, §14).

All but the one about invoices are asked about notes only: the table of the rulebook sees to that.
"""

from __future__ import annotations

from ..receipt import Receipt
from .situation import FINE, Situation, Sums, Wrongs, line_field


def note_has_reference(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if _refers(receipt):
        return FINE
    return [
        (
            "creditDebitNote",
            "A note must name the receipt it changes: deviceID, receiptGlobalNo and fiscalDayNo.",
        )
    ]


def _refers(receipt: Receipt) -> bool:
    ref = receipt.reference
    if ref is None:
        return False
    return ref.receipt_id is not None or None not in (ref.device_id, ref.receipt_global_no, ref.fiscal_day_no)


def invoice_has_no_reference(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if receipt.type != "FiscalInvoice" or receipt.reference is None:
        return FINE
    return [("creditDebitNote", "An invoice refers to no other receipt; leave creditDebitNote out.")]


def original_known(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if at.original or not _refers(receipt):
        return FINE
    advice = (
        "The receipt that this note refers to is not known for this taxpayer: check its numbers; a receipt of another "
        "till is credited there, or with originalReceipt."
    )
    return [("creditDebitNote", advice)]


def original_recent(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if at.original is None or at.original.date >= _year_before(receipt.date):
        return FINE
    return [("creditDebitNote", "The original receipt is older than 12 months.")]


def _year_before(date: str) -> str:
    year_ago = f"{int(date[:4]) - 1:04d}{date[4:]}"
    return year_ago.replace("-02-29T", "-02-28T")


def note_has_words(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if receipt.notes and receipt.notes.strip():
        return FINE
    return [("receiptNotes", "A note must say why: give receiptNotes.")]


def balance_left(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if at.original is None or at.original.balance + receipt.total >= 0:
        return FINE
    left = at.original.balance
    if left <= 0:
        return [("receiptTotal", "The original was credited in full before: nothing is left of it to credit.")]
    return [("receiptTotal", f"The note credits {-receipt.total}, but only {left} is left of the original.")]


def taxes_of_original(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if at.original is None:
        return FINE
    before = at.original.taxes
    return [
        (line_field(line, "taxID"), f"Line {line.no} has a tax that the original receipt did not have.")
        for line in receipt.lines
        if (line.tax_id, line.tax_percent) not in before
    ] or [
        (f"receiptTaxes[{index}].taxID", f"Tax {tax.tax_id} is not one that the original receipt had.")
        for index, tax in enumerate(receipt.taxes)
        if (tax.tax_id, tax.percent) not in before
    ]


def currency_of_original(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if at.original is None or at.original.currency == receipt.currency:
        return FINE
    return [("receiptCurrency", f"The note must be in the original's currency, {at.original.currency}.")]
