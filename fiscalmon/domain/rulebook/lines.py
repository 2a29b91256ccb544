"""Rules about lines, taxes and HS codes (Gateway v7.2 §14, formulas of §13.4)."""

from __future__ import annotations

from decimal import Decimal

from ..drafting import tax_of
from ..money import EXACT, ZERO, round_cents
from ..receipt import Receipt, TaxLine
from .situation import FINE, Situation, Sums, Wrongs, line_field


def price_signs(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    found = []
    negative_note = receipt.type == "CreditNote"
    for line in receipt.lines:
        if line.price is None:
            continue
        below_zero = (line.type == "Discount") is not negative_note
        if (line.price < ZERO) if below_zero else (line.price > ZERO):
            continue
        want = "below" if below_zero else "above"
        found.append((line_field(line, "receiptLinePrice"), f"The price on line {line.no} must be {want} zero."))
    return found


def quantities(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    return [
        (line_field(line, "receiptLineQuantity"), f"The quantity on line {line.no} must be above zero.")
        for line in receipt.lines
        if line.quantity <= ZERO
    ]


def line_totals(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    found = []
    for line in receipt.lines:
        if line.price is None:
            continue
        product = _multiply(line.price, line.quantity)
        if line.total != product and line.total != (expected := round_cents(product)):
            advice = f"Line {line.no}: price times quantity is {expected}, but its total says {line.total}."
            found.append((line_field(line, "receiptLineTotal"), advice))
    return found


def taxes_allowed(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    used = {(tax_id, percent) for tax_id, _, percent in sums}
    used.update([(tax.tax_id, tax.percent) for tax in receipt.taxes])
    problems = {tax: problem for tax in used if (problem := _tax_problem(*tax, receipt, at))}
    if not problems:
        return FINE
    found = [
        (line_field(line, "taxID"), f"Line {line.no}: {problems[line.tax_id, line.tax_percent]}")
        for line in receipt.lines
        if (line.tax_id, line.tax_percent) in problems
    ]
    return found or [
        (f"receiptTaxes[{index}].taxID", problems[tax.tax_id, tax.percent])
        for index, tax in enumerate(receipt.taxes)
        if (tax.tax_id, tax.percent) in problems
    ]


def _tax_problem(tax_id: int, percent: Decimal | None, receipt: Receipt, at: Situation) -> str:
    tax = at.config.tax_at(tax_id, receipt.date)
    if tax is None:
        return f"tax {tax_id} is not one of this device's taxes on this date."
    if tax.percent != percent:
        return f"tax {tax_id} is {tax.band}, not {'exempt' if percent is None else f'{percent}%'}."
    return ""


def vat_only_for_vat_payers(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if at.config.vat_payer:
        return FINE
    found = [
        (line_field(line, "taxID"), f"Line {line.no} charges VAT, but the taxpayer is not registered for VAT.")
        for line in receipt.lines
        if _is_vat(line.tax_id, line.tax_percent, receipt, at)
    ]
    return found or [
        (f"receiptTaxes[{index}].taxID", f"Tax {tax.tax_id} is VAT, but the taxpayer is not registered for VAT.")
        for index, tax in enumerate(receipt.taxes)
        if _is_vat(tax.tax_id, tax.percent, receipt, at)
    ]


def _is_vat(tax_id: int, percent: Decimal | None, receipt: Receipt, at: Situation) -> bool:
    """Judged by the tax's own percent, whatever the receipt says; a note may use what its original had (§13.7)."""
    tax = at.config.tax_at(tax_id, receipt.date)
    if tax is None or not tax.percent or tax.withholding:
        return False
    return at.original is None or (tax_id, percent) not in at.original.taxes


def tax_amounts(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    found = []
    inclusive = receipt.lines_tax_inclusive
    for index, tax in enumerate(receipt.taxes):
        expected = tax_of(sums.get((tax.tax_id, tax.tax_code or "", tax.percent), ZERO), tax.percent, inclusive)
        if tax.amount == expected or (at.per_line_rounding and tax.amount == _tax_by_line(tax, receipt)):
            continue
        advice = f"The tax of tax {tax.tax_id} must be {expected}, not {tax.amount}."
        found.append((f"receiptTaxes[{index}].taxAmount", advice))
    return found


def sales_with_tax(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    found = []
    inclusive = receipt.lines_tax_inclusive
    listed = set()
    for index, tax in enumerate(receipt.taxes):
        key = tax.tax_id, tax.tax_code or "", tax.percent
        listed.add(key)
        total = sums.get(key, ZERO)
        expected = total if inclusive else total + tax_of(total, tax.percent, False)
        if tax.sales_with_tax == expected:
            continue
        if not inclusive and at.per_line_rounding and tax.sales_with_tax == total + _tax_by_line(tax, receipt):
            continue
        advice = f"The sales with tax {tax.tax_id} must be {expected}, not {tax.sales_with_tax}."
        found.append((f"receiptTaxes[{index}].salesAmountWithTax", advice))
    if listed.issuperset(sums):
        return found
    return found + [
        (line_field(line, "taxID"), f"Line {line.no} has a tax that receiptTaxes does not list.")
        for line in receipt.lines
        if (line.tax_id, line.tax_code or "", line.tax_percent) not in listed
    ]


def _tax_by_line(tax: TaxLine, receipt: Receipt) -> Decimal:
    """The sum of the taxes of the group's lines, each rounded by itself (§13.4: some say that FDMS counts so)."""
    return sum(
        [
            tax_of(line.total, line.tax_percent, receipt.lines_tax_inclusive)
            for line in receipt.lines
            if (line.tax_id, line.tax_code or "", line.tax_percent) == (tax.tax_id, tax.tax_code or "", tax.percent)
        ],
        ZERO,
    )


def hs_present(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    if not at.config.vat_payer:
        return FINE
    return [
        (
            line_field(line, "receiptLineHSCode"),
            f"HS code is missing on line {line.no}: a VAT payer needs 4 or 8 digits.",
        )
        for line in receipt.lines
        if not line.hs_code
    ]


def hs_length(receipt: Receipt, at: Situation, sums: Sums) -> Wrongs:
    found = []
    vat_payer = at.config.vat_payer
    for line in receipt.lines:
        code = line.hs_code
        if not code:
            continue
        needs_eight = vat_payer and not line.tax_percent
        if code.isascii() and code.isdigit() and (len(code) == 8 or (len(code) == 4 and not needs_eight)):
            continue
        if needs_eight:
            advice = f"HS code {code} on line {line.no} must have 8 digits, as the line is zero-rated or exempt."
        else:
            advice = f"HS code {code} on line {line.no} must have 4 or 8 digits."
        found.append((line_field(line, "receiptLineHSCode"), advice))
    return found


_multiply = EXACT.multiply
