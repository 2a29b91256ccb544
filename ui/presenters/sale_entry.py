"""What a cashier types into the scan field, read: a code, a number of pieces, a discount, a price.

Must not know Qt nor the sale; `HINTS` is what the window shows of this grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from fiscalmon.domain.typed_number import read_number
from ui.i18n import QT_TRANSLATE_NOOP

HINTS = (
    (QT_TRANSLATE_NOOP("sale_entry", "code or name"), QT_TRANSLATE_NOOP("sale_entry", "Add it to the sale")),
    ("3*code", QT_TRANSLATE_NOOP("sale_entry", "Add three of it")),
    ("3*", QT_TRANSLATE_NOOP("sale_entry", "Three of the chosen line")),
    (QT_TRANSLATE_NOOP("sale_entry", "-10% or -1.50"), QT_TRANSLATE_NOOP("sale_entry", "Discount on the chosen line")),
    (QT_TRANSLATE_NOOP("sale_entry", "--10% or --1.50"), QT_TRANSLATE_NOOP("sale_entry", "Discount on the whole sale")),
    ("=2.20", QT_TRANSLATE_NOOP("sale_entry", "Another price for the chosen line")),
    (QT_TRANSLATE_NOOP("sale_entry", "nothing, Enter"), QT_TRANSLATE_NOOP("sale_entry", "Take the money")),
)
LONGEST = 200
_TIMES = re.compile(r"([\d.,]+)\s*[*×]\s*(.*)", re.DOTALL)
_OFF = re.compile(r"(--?)\s*([\d.,]+)\s*(%?)")

Kind = Literal["nothing", "code", "quantity", "off", "sale_off", "price", "unclear"]


@dataclass(frozen=True)
class Entry:
    """`number` is a quantity, a discount or a price; `percent` says of a discount that it is one."""

    kind: Kind
    code: str = ""
    number: Decimal = Decimal(1)
    percent: bool = False


def read_entry(text: str) -> Entry:
    """Text that looks like none of the forms is a code."""
    text = "".join(char for char in text if char.isprintable()).strip()[:LONGEST]
    if not text:
        return Entry("nothing")
    if times := _TIMES.fullmatch(text):
        number = read_number(times[1])
        if number is None:
            return Entry("unclear", text)
        return Entry("code", times[2], number) if times[2] else Entry("quantity", "", number)
    if off := _OFF.fullmatch(text):
        number = read_number(off[2])
        if number is None:
            return Entry("unclear", text)
        return Entry("off" if off[1] == "-" else "sale_off", "", number, bool(off[3]))
    if text.startswith("="):
        number = read_number(text[1:])
        return Entry("unclear", text) if number is None else Entry("price", "", number)
    return Entry("code", text)
