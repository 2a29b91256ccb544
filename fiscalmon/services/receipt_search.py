"""What people ask of the list of receipts, made exact: times and ages become FDMS's local texts.

Knows nothing of where receipts are kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..books import ReceiptFilter
from ..domain.errors import BadInput
from ..domain.localtime import MOMENT_FORMS, local_text, named_moment

# What SQLite holds in a row's number.
_MOST_DIGITS = 19


def receipt_filter(
    now: datetime, *, before: str | int | None = None, since: str | None = None, until: str | None = None, **exact: Any
) -> ReceiptFilter:
    """The filter. `before`: the `next` of the page before; `since`, `until`: see MOMENT_FORMS. Raises BadInput."""
    if before is not None and not (str(before).isdecimal() and len(str(before)) < _MOST_DIGITS):
        raise BadInput(f"{before!r} is no cursor: use the `next` of the page before.")
    return ReceiptFilter(
        before=None if before is None else int(before),
        since=None if since is None else _local("since", since, now),
        until=None if until is None else _local("until", until, now),
        **exact,
    )


def _local(name: str, text: str, now: datetime) -> str:
    try:
        return local_text(named_moment(text, now, end=name == "until"))
    except (ValueError, OverflowError):
        raise BadInput(f"{name} must be {MOMENT_FORMS}.") from None
