"""Every receipt rule of FDMS, once (Gateway v7.2 §14): the till runs it before signing, the simulator as judge.

A rule is a row of `RULES`: code, colour, whether it needs the previous receipt, and a small pure function that
returns what is wrong as (field, plain words). Signatures are verified by the caller; the verdict is an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ..drafting import tax_totals
from ..receipt import Receipt
from . import lines, notes, whole
from .situation import CURRENCIES, GREY, RED, YELLOW, Finding, Original, Situation, Sums, Wrongs

__all__ = [
    "CURRENCIES",
    "GREY",
    "RED",
    "RULES",
    "YELLOW",
    "Finding",
    "Original",
    "Rule",
    "Situation",
    "judge",
    "judge_content",
    "judge_position",
]


class Rule(NamedTuple):
    """A row. `content`: can be judged before the receipt is numbered and dated; `notes`: is about notes only.

    `check` gets the receipt, its situation, and the sums of its lines (empty for rules that are not about content).
    """

    code: str
    color: str
    needs_previous: bool
    content: bool
    notes: bool
    check: Callable[[Receipt, Situation, Sums], Wrongs]


def judge(receipt: Receipt, situation: Situation) -> list[Finding]:
    """All rules. A rule that needs a previous receipt which is missing is Grey instead (§14)."""
    return _run(_ALL[receipt.type], receipt, situation, tax_totals(receipt.lines))


def judge_content(receipt: Receipt, situation: Situation) -> list[Finding]:
    """The rules that a draft can be judged by, before it is numbered, dated and signed."""
    return _run(_CONTENT[receipt.type], receipt, situation, tax_totals(receipt.lines))


def judge_position(receipt: Receipt, situation: Situation) -> list[Finding]:
    """The rules about number, date, signature and uniqueness, once the draft has its place in the chain."""
    return _run(_POSITION[receipt.type], receipt, situation, _NO_SUMS)


def _run(rules: Sequence[Rule], receipt: Receipt, situation: Situation, sums: Sums) -> list[Finding]:
    found: list[Finding] = []
    in_gap = situation.previous_missing
    for code, color, needs_previous, _, _, check in rules:
        if in_gap and needs_previous:
            found += _in_gap(code, situation)
        elif wrongs := check(receipt, situation, sums):
            found += [Finding(code, color, advice, field) for field, advice in wrongs]
    return found


def _in_gap(code: str, situation: Situation) -> list[Finding]:
    """A rule that cannot be judged yet (§14 "Colours", §27.1 no. 3): the dates are not compared until it can be."""
    if code == "RCPT012" and situation.global_no_taken:
        return [Finding(code, RED, "The receipt number was used before.", "receiptGlobalNo")]
    if code == "RCPT030":
        return []
    field = "receiptCounter" if code == "RCPT011" else "receiptGlobalNo"
    return [Finding(code, GREY, "The receipt before this one has not arrived.", field)]


RULES: tuple[Rule, ...] = (
    Rule("RCPT010", RED, False, True, False, whole.currency),
    Rule("RCPT011", RED, True, False, False, whole.counter),
    Rule("RCPT012", RED, True, False, False, whole.global_no),
    Rule("RCPT013", RED, False, False, False, whole.invoice_no),
    Rule("RCPT014", YELLOW, False, False, False, whole.after_opening),
    Rule("RCPT015", RED, False, True, True, notes.note_has_reference),
    Rule("RCPT016", RED, False, True, False, whole.has_lines),
    Rule("RCPT017", RED, False, True, False, whole.has_taxes),
    Rule("RCPT018", RED, False, True, False, whole.has_payments),
    Rule("RCPT019", RED, False, True, False, whole.total_of_lines),
    Rule("RCPT020", RED, False, False, False, whole.signature),
    Rule("RCPT021", RED, False, True, False, lines.vat_only_for_vat_payers),
    Rule("RCPT022", RED, False, True, False, lines.price_signs),
    Rule("RCPT023", RED, False, True, False, lines.quantities),
    Rule("RCPT024", RED, False, True, False, lines.line_totals),
    Rule("RCPT025", RED, False, True, False, lines.taxes_allowed),
    Rule("RCPT026", RED, False, True, False, lines.tax_amounts),
    Rule("RCPT027", RED, False, True, False, lines.sales_with_tax),
    Rule("RCPT028", RED, False, True, False, whole.payment_signs),
    Rule("RCPT029", RED, False, True, False, notes.invoice_has_no_reference),
    Rule("RCPT030", RED, True, False, False, whole.later_than_previous),
    Rule("RCPT031", YELLOW, False, False, False, whole.not_in_future),
    Rule("RCPT032", RED, False, True, True, notes.original_known),
    Rule("RCPT033", RED, False, True, True, notes.original_recent),
    Rule("RCPT034", RED, False, True, True, notes.note_has_words),
    Rule("RCPT035", RED, False, False, True, notes.balance_left),
    Rule("RCPT036", RED, False, True, True, notes.taxes_of_original),
    Rule("RCPT037", RED, False, True, False, whole.total_of_lines_and_taxes),
    Rule("RCPT038", RED, False, True, False, whole.total_of_taxes),
    Rule("RCPT039", RED, False, True, False, whole.total_of_payments),
    Rule("RCPT040", RED, False, True, False, whole.total_sign),
    Rule("RCPT041", YELLOW, False, False, False, whole.in_day),
    Rule("RCPT042", RED, False, True, True, notes.currency_of_original),
    Rule("RCPT043", RED, False, True, False, whole.buyer),
    Rule("RCPT047", RED, False, True, False, lines.hs_present),
    Rule("RCPT048", RED, False, True, False, lines.hs_length),
)


def _by_type(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    """The rules for each type of receipt: those about notes need not be asked about an invoice."""
    of_note = tuple(rules)
    of_invoice = tuple(rule for rule in of_note if not rule.notes)
    return MappingProxyType({"FiscalInvoice": of_invoice, "CreditNote": of_note, "DebitNote": of_note})


_NO_SUMS: Sums = MappingProxyType({})
_ALL = _by_type(RULES)
_CONTENT = _by_type(rule for rule in RULES if rule.content)
_POSITION = _by_type(rule for rule in RULES if not rule.content)
