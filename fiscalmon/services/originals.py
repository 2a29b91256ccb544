"""The receipt that a credit or debit note refers to, as this till can know it (ADR 0012).

One of this till's books, or one of another till as the note itself states it. Runs inside a write transaction.
"""

from __future__ import annotations

from typing import NamedTuple

from ..books import Work
from ..domain.receipt import NoteReference
from ..domain.rulebook import RED, YELLOW, Finding, Original
from ..domain.sale import Sale

CODE = "RCPT032"
FIELD = "creditDebitNote"


class Found(NamedTuple):
    """`original` is None where it is not known. `refused`: why the note must not go out; `warned`: what to look at."""

    original: Original | None = None
    refused: tuple[Finding, ...] = ()
    warned: tuple[Finding, ...] = ()


def find_original(work: Work, sale: Sale, device_id: int, tin: str, *, without: int = 0) -> Found:
    """`device_id` and `tin`: who issues the note. `without`: the row of the note itself, when it is in the books."""
    reference = sale.reference
    if reference is None or sale.type == "FiscalInvoice":
        return Found()
    here = work.notes.original(reference, without=without)
    if here is not None:
        if here.tin is not None and here.tin != tin:
            return Found()
        if not here.taken:
            advice = (
                "FDMS never took the original receipt, since its day was closed there before it arrived: there is "
                "nothing to credit at ZIMRA. Give the money back without a note, and tell ZIMRA the receipt's number."
            )
            return Found(here.original, (Finding(CODE, RED, advice, FIELD),))
        if here.device_id != device_id and not here.settled:
            # FDMS would not know it yet, and its Red could not be taken back.
            advice = (
                f"FDMS has not answered the original receipt of device {here.device_id} yet: write the note on that "
                "device, or wait until its queue is empty."
            )
            return Found(here.original, (Finding(CODE, RED, advice, FIELD),))
        return Found(here.original)
    stated = sale.original
    if stated is None or not _names(reference):
        return Found()
    taxes = frozenset((tax.tax_id, tax.percent) for tax in stated.taxes)
    balance = stated.total + work.notes.elsewhere(reference, without=without)
    advice = (
        "This till did not issue the original and believes what the note says of it: compare number, date and total "
        "with the paper, since FDMS's Red could not be taken back."
    )
    return Found(Original(stated.date, stated.currency, taxes, balance), warned=(Finding(CODE, YELLOW, advice, FIELD),))


def _names(reference: NoteReference) -> bool:
    return reference.receipt_id is not None or None not in (
        reference.device_id,
        reference.receipt_global_no,
        reference.fiscal_day_no,
    )
