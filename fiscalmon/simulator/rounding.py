"""Taxes and line totals in another rounding than the rulebook's (the setting `rounding`; Gateway v7.2 §13.4, §26.1).

The sources disagree on the mode: half up is the rulebook's and the default, the others are for trying a till out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from types import MappingProxyType

from fiscalmon.domain.drafting import tax_totals
from fiscalmon.domain.money import CENT, EXACT, ZERO
from fiscalmon.domain.receipt import Receipt
from fiscalmon.domain.rulebook import RED, Finding

ROUNDINGS: Mapping[str, str] = MappingProxyType(
    {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "up": ROUND_UP}
)
ROUNDED_RULES = frozenset(("RCPT024", "RCPT026", "RCPT027"))


def judge_rounded(findings: list[Finding], receipt: Receipt, rounding: str) -> list[Finding]:
    """The findings with those about rounded amounts made anew; as they are in the rulebook's own mode."""
    if rounding == "half-up":
        return findings
    unlisted = [finding for finding in findings if finding.code == "RCPT027" and finding.field.endswith("taxID")]
    kept = [finding for finding in findings if finding.code not in ROUNDED_RULES]
    return kept + unlisted + list(_found(receipt, ROUNDINGS[rounding]))


def _found(receipt: Receipt, mode: str) -> Iterator[Finding]:
    for line in receipt.lines:
        if line.price is not None and line.total != _round(EXACT.multiply(line.price, line.quantity), mode):
            yield Finding("RCPT024", RED, f"Line {line.no}: total is not price times quantity.", "receiptLines")
    sums = tax_totals(receipt.lines)
    for tax in receipt.taxes:
        total = sums.get((tax.tax_id, tax.tax_code or "", tax.percent), ZERO)
        amount = _tax(total, tax.percent, receipt.lines_tax_inclusive, mode)
        if tax.amount != amount:
            yield Finding("RCPT026", RED, f"The tax of tax {tax.tax_id} must be {amount}.", "receiptTaxes")
        if tax.sales_with_tax != (total if receipt.lines_tax_inclusive else total + amount):
            yield Finding("RCPT027", RED, f"The sales with tax {tax.tax_id} are not right.", "receiptTaxes")


def _tax(total: Decimal, percent: Decimal | None, inclusive: bool, mode: str) -> Decimal:
    if not percent:
        return ZERO
    base = Decimal(100) + percent if inclusive else Decimal(100)
    return _round(EXACT.divide(EXACT.multiply(total, percent), base), mode)


def _round(amount: Decimal, mode: str) -> Decimal:
    return amount.quantize(CENT, mode, EXACT)
