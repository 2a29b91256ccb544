"""Numbers as people type them and spreadsheets write them, read exactly. Knows no currency and no screen."""

from __future__ import annotations

import re
from decimal import Decimal

_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_NUMBER = re.compile(r"\d+(\.\d+)?|\.\d+")
_LONGEST = 30


def read_number(text: str) -> Decimal | None:
    """2.49, .5, 1,234.50 and 2,49 as a Decimal; None for anything else. A number below zero is none."""
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    if len(text) > _LONGEST or not text.isascii():
        return None
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return Decimal(text) if _NUMBER.fullmatch(text) else None
