"""The file in which an offline device hands over a fiscal day (Gateway v7.2 §17): pure, bytes in and bytes out.

One JSON object with header, content and footer in exactly that order. Receipts go in byte for byte as they were
signed; a day that is too large is split between receipts, never inside one and never inside the footer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from .counters import Counter
from .errors import BadInput
from .receipt import SignatureData, Value

# FDMS refuses more than 3 MB (FILE01) and does not say which megabyte it means: the smaller one is always right.
LARGEST_FILE = 3_000_000
_OPENING, _CLOSING = b'{"receipt":', b"}"
_CONTENT, _CONTENT_END = b',"content":{"receipts":[', b"]}"
_FOOTER = b',"footer":'


class FileHeader(
    Value,
    frozen=True,
    rename={
        "device_id": "deviceID",
        "day_no": "fiscalDayNo",
        "opened": "fiscalDayOpened",
        "sequence": "fileSequence",
    },
):
    """Whose day it is. `sequence` counts the files of one day from 1."""

    device_id: int
    day_no: int
    opened: str
    sequence: int


class FileFooter(
    Value,
    frozen=True,
    rename={
        "counters": "fiscalDayCounters",
        "signature": "fiscalDayDeviceSignature",
        "receipt_counter": "receiptCounter",
        "closed": "fiscalDayClosed",
    },
):
    """The close of the day, signed as closeDay is (§15, §18.4), and when it was closed (local text)."""

    counters: tuple[Counter, ...]
    signature: SignatureData
    receipt_counter: int
    closed: str


class OfflineFile(NamedTuple):
    """One file: its bytes, and what it holds. `receipts` counts those of `files_of_day` that are in this file."""

    sequence: int
    receipts: int
    has_footer: bool
    content: bytes


def receipt_of(payload: bytes) -> bytes:
    """The signed receipt inside submitReceipt's body, byte for byte. Raises BadInput for anything else."""
    if not (payload.startswith(_OPENING) and payload.endswith(_CLOSING)):
        raise BadInput("These bytes are no signed receipt.")
    return payload[len(_OPENING) : -len(_CLOSING)]


def files_of_day(
    header: FileHeader, receipts: Sequence[bytes], footer: FileFooter | None, largest: int = LARGEST_FILE
) -> list[OfflineFile]:
    """The files for some receipts of one day and its footer; `header` is the first one's, the others count on.

    Neither receipts nor a footer: one file of a header alone. Raises BadInput when a receipt is larger than a file.
    """
    made: list[OfflineFile] = []
    tail = b"" if footer is None else _FOOTER + _encode(footer)
    waiting = list(receipts)
    while True:
        head = b"{" + b'"header":' + _encode(msgspec.structs.replace(header, sequence=header.sequence + len(made)))
        taken = _as_many_as_fit(waiting, largest - len(head) - len(_CONTENT) - len(_CONTENT_END) - 1)
        if waiting and not taken:
            raise BadInput(f"A receipt of day {header.day_no} is larger than a file may be: ask ZIMRA.")
        part, waiting = waiting[:taken], waiting[taken:]
        content = _CONTENT + b",".join(part) + _CONTENT_END if part else b""
        sequence = header.sequence + len(made)
        closes = not waiting and bool(tail) and len(head) + len(content) + len(tail) + 1 <= largest
        made.append(OfflineFile(sequence, len(part), closes, head + content + (tail if closes else b"") + b"}"))
        if not waiting and (closes or not tail):
            return made
        if not waiting and not part:
            raise BadInput(f"The footer of day {header.day_no} is larger than a file may be: ask ZIMRA.")


def _as_many_as_fit(receipts: Sequence[bytes], room: int) -> int:
    used = -1
    for index, receipt in enumerate(receipts):
        used += len(receipt) + 1
        if used > room:
            return index
    return len(receipts)


_encode = msgspec.json.Encoder(decimal_format="number").encode
