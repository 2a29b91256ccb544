"""Sale files as POS and support write them: one JSON object, a JSON array or JSON lines, gzipped or not.

Splits only; what a sale must look like is the domain's business.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .domain.errors import BadInput

_GZIP = b"\x1f\x8b"
_MOST_DIGITS = 1_000


def split_sales(data: bytes) -> Iterator[Any]:
    """Each sale as parsed JSON; a line that is no JSON comes as its text, to be refused by name while the rest goes on.

    Raises BadInput for a broken gzip file.
    """
    if data[:2] == _GZIP:
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as wrong:
            raise BadInput(f"This gzip file is broken ({wrong}): copy it again.") from None
    text = data.decode("utf-8-sig", "replace")
    try:
        whole = json.loads(text, parse_float=Decimal, parse_int=_whole)
    except (ValueError, RecursionError):
        yield from _lines(text)
        return
    if isinstance(whole, list):
        yield from whole
    else:
        yield whole


def name_of(sale: Any) -> str | None:
    """What a sale or basket calls itself, None where it says nothing."""
    said = (sale.get("saleId") or sale.get("basket")) if isinstance(sale, dict) else None
    return said if isinstance(said, str) else None


def _whole(digits: str) -> int | Decimal:
    """Python makes no int of thousands of digits: the field is to be named, not the file."""
    return int(digits) if len(digits) < _MOST_DIGITS else Decimal(digits)


def _lines(text: str) -> Iterator[Any]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            yield json.loads(line, parse_float=Decimal, parse_int=_whole)
        except (ValueError, RecursionError):
            yield line
