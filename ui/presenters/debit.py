"""A debit note begun from the receipt it is about: what is charged more, for which of its lines, and why.

Plain values, no Qt. The note is rung up and paid like any sale; whether it may be issued is the rulebook's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.open_sale import OpenSale, add
from fiscalmon.domain.receipt import Buyer, NoteReference, PrintForm
from ui.i18n import translate
from ui.presenters import sale_forms as forms
from ui.presenters import words

LONGEST_REASON = 250


def line_choices(receipt: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """(words, line number) of what was sold: its tax and HS code are those of what is charged more."""
    return tuple(
        (
            f"{words.sentence(line.get('receiptLineQuantity'))} × {words.sentence(line.get('receiptLineName'))[:60]}   "
            f"{words.money(line.get('receiptLineTotal'))}",
            str(line["receiptLineNo"]),
        )
        for line in _lines(receipt)
        if line.get("receiptLineType") == "Sale"
    )


def debit_sale(sale_id: str, receipt: Mapping[str, Any], values: Mapping[str, str]) -> OpenSale:
    """The note with its first line. `values`: `line`, `name` (empty: the line's own), `price`, `quantity`, `reason`.

    In the receipt's currency, for its buyer. Raises BadInput with a sentence that names the field.
    """
    of = next((one for one in _lines(receipt) if str(one["receiptLineNo"]) == values.get("line")), None)
    if of is None:
        raise BadInput(translate("notes", "Choose the line that is charged more."))
    reason = words.sentence(values.get("reason"))
    if not reason:
        raise BadInput(translate("notes", "Say why: it stands on the paper and goes to FDMS."))
    sent = receipt.get("receipt") or {}
    item = forms.other_item(
        {
            "name": words.sentence(values.get("name")) or words.sentence(of.get("receiptLineName")),
            "tax": str(of["taxID"]),
            "price": values.get("price", ""),
            "quantity": values.get("quantity", ""),
            "hs": str(of.get("receiptLineHSCode") or ""),
        }
    )
    note = OpenSale(
        sale_id,
        str(receipt["receiptCurrency"]),
        buyer=msgspec.convert(sent["buyerData"], Buyer) if sent.get("buyerData") else None,
        type="DebitNote",
        reference=NoteReference(
            device_id=int(receipt["deviceID"]),
            receipt_global_no=int(receipt["receiptGlobalNo"]),
            fiscal_day_no=int(receipt["fiscalDayNo"]),
        ),
        notes=reason[:LONGEST_REASON],
        print_form=cast("PrintForm", sent.get("receiptPrintForm") or "Receipt48"),
    )
    return add(note, item)


def heading(sale: OpenSale) -> str:
    """What is rung up: "Sell", or the note and the receipt it is about."""
    if sale.type != "DebitNote" or sale.reference is None:
        return translate("notes", "Sell")
    number = sale.reference.receipt_global_no
    return (
        translate("notes", "Debit note on receipt {number}").format(number=words.count(number))
        if number is not None
        else translate("notes", "Debit note")
    )


def _lines(receipt: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list((receipt.get("receipt") or {}).get("receiptLines") or ())
