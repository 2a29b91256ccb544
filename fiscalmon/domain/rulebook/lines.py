"""Rules about lines, taxes and HS codes (Gateway v7.2 §14, formulas of §13.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..drafting import tax_of
from ..money import EXACT, ZERO, round_cents
from ..receipt import Line, Receipt
from .situation import FINE, Situation, Wrongs, line_field


def price_signs(receipt: Receipt, at: Situation) -> Wrongs:
    found = []
    negative_note = receipt.type == "CreditNote"
    for line in receipt.lines:
        if line.price is None:
            continue
        below_zero = (line.type == "Discount") is not negative_note
        if (line.price < 0) if below_zero else (line.price > 0):
            continue
        want = "below" if below_zero else "above"
        found.append((line_field(line, "receiptLinePrice"), f"The price on line {line.no} must be {want} zero."))
    return found


def quantities(receipt: Receipt, at: Situation) -> Wrongs:
    return [
        (line_field(line, "receiptLineQuantity"), f"The quantity on line {line.no} must be above zero.")
        for line in receipt.lines
        if line.quantity <= 0
    ]


def line_totals(receipt: Receipt, at: Situation) -> Wrongs:
    found = []
    for line in receipt.lines:
        if line.price is None:
            continue
        expected = round_cents(EXACT.multiply(line.price, line.quantity))
        if line.total != expected:
            advice = f"Line {line.no}: price times quantity is {expected}, but its total says {line.total}."
            found.append((line_field(line, "receiptLineTotal"), advice))
    return found


def taxes_allowed(receipt: Receipt, at: Situation) -> Wrongs:
    found = []
    known: dict[tuple[int, Decimal | None], str] = {}
    for line in receipt.lines:
        problem = _tax_problem(known, line.tax_id, line.tax_percent, receipt, at)
        if problem:
            found.append((line_field(line, "taxID"), f"Line {line.no}: {problem}"))
    for index, tax in enumerate(receipt.taxes):
        problem = _tax_problem(known, tax.tax_id, tax.percent, receipt, at)
        if problem and not found:
            found.append((f"receiptTaxes[{index}].taxID", problem))
    return found


def _tax_problem(
    known: dict[tuple[int, Decimal | None], str],
    tax_id: int,
    percent: Decimal | None,
    receipt: Receipt,
    at: Situation,
) -> str:
    problem = known.get((tax_id, percent))
    if problem is None:
        tax = at.config.tax_at(tax_id, receipt.date)
        if tax is None:
            problem = f"tax {tax_id} is not one of this device's taxes on this date."
        elif tax.percent != percent:
            problem = f"tax {tax_id} is {tax.band}, not {'exempt' if percent is None else f'{percent}%'}."
        else:
            problem = ""
        known[tax_id, percent] = problem
    return problem


def vat_only_for_vat_payers(receipt: Receipt, at: Situation) -> Wrongs:
    if at.config.vat_payer:
        return FINE
    before = at.original.taxes if at.original else frozenset()
    return [
        (line_field(line, "taxID"), f"Line {line.no} charges VAT, but the taxpayer is not registered for VAT.")
        for line in receipt.lines
        if line.tax_percent and not _is_withholding(line, receipt, at) and (line.tax_id, line.tax_percent) not in before
    ]


def _is_withholding(line: Line, receipt: Receipt, at: Situation) -> bool:
    """FDMS's "Non-VAT Withholding Tax" is meant for those who pay no VAT (§26, uncertain: the name decides)."""
    tax = at.config.tax_at(line.tax_id, receipt.date)
    return tax is not None and "non-vat" in tax.name.lower()


def tax_amounts(receipt: Receipt, at: Situation) -> Wrongs:
    found = []
    for index, (given, total, lines) in enumerate(_groups(receipt)):
        expected = round_cents(tax_of(total, given.percent, receipt.lines_tax_inclusive))
        if given.amount == expected or (at.per_line_rounding and given.amount == _tax_by_line(lines, receipt)):
            continue
        advice = f"The tax of tax {given.tax_id} must be {expected}, not {given.amount}."
        found.append((f"receiptTaxes[{index}].taxAmount", advice))
    return found


def sales_with_tax(receipt: Receipt, at: Situation) -> Wrongs:
    found = []
    inclusive = receipt.lines_tax_inclusive
    taxed = set()
    for index, (given, total, lines) in enumerate(_groups(receipt)):
        taxed.add((given.tax_id, given.percent, given.tax_code))
        expected = total if inclusive else round_cents(EXACT.add(total, tax_of(total, given.percent, False)))
        if given.sales_with_tax == expected:
            continue
        if not inclusive and at.per_line_rounding and given.sales_with_tax == total + _tax_by_line(lines, receipt):
            continue
        advice = f"The sales with tax {given.tax_id} must be {expected}, not {given.sales_with_tax}."
        found.append((f"receiptTaxes[{index}].salesAmountWithTax", advice))
    untaxed = [line for line in receipt.lines if (line.tax_id, line.tax_percent, line.tax_code) not in taxed]
    return found + [
        (line_field(line, "taxID"), f"Line {line.no} has a tax that receiptTaxes does not list.") for line in untaxed
    ]


def _groups(receipt: Receipt) -> list[tuple[Any, Decimal, list[Line]]]:
    """Each tax entry with the total and the lines of its group."""
    grouped: list[tuple[Any, Decimal, list[Line]]] = []
    for tax in receipt.taxes:
        lines = [
            line
            for line in receipt.lines
            if line.tax_id == tax.tax_id and line.tax_percent == tax.percent and line.tax_code == tax.tax_code
        ]
        grouped.append((tax, sum([line.total for line in lines], ZERO), lines))
    return grouped


def _tax_by_line(lines: list[Line], receipt: Receipt) -> Decimal:
    inclusive = receipt.lines_tax_inclusive
    return sum([round_cents(tax_of(line.total, line.tax_percent, inclusive)) for line in lines], ZERO)


def hs_present(receipt: Receipt, at: Situation) -> Wrongs:
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


def hs_length(receipt: Receipt, at: Situation) -> Wrongs:
    found = []
    for line in receipt.lines:
        code = line.hs_code
        if not code:
            continue
        digits = code.isascii() and code.isdigit()
        if at.config.vat_payer and not line.tax_percent:
            if not digits or len(code) != 8:
                advice = f"HS code {code} on line {line.no} must have 8 digits, as the line is zero-rated or exempt."
                found.append((line_field(line, "receiptLineHSCode"), advice))
        elif not digits or len(code) not in (4, 8):
            found.append(
                (line_field(line, "receiptLineHSCode"), f"HS code {code} on line {line.no} must have 4 or 8 digits.")
            )
    return found
