"""A file of an offline device as it comes over the line (Gateway v7.2 §17): how it is wrapped, and what is in it.

Raw JSON, base64 of it, or a multipart part named `file` with either. No queue, no ledger.
"""

from __future__ import annotations

import base64
import binascii
from email import message_from_bytes
from typing import Any, NamedTuple

from fiscalmon.domain.gateway import CloseDayRequest
from fiscalmon.domain.receipt import Receipt

from . import bodies
from .file_rows import MOST_FILE_BYTES
from .problems import Problem, misshapen, refused
from .shape import Many, Member, Moment, Part, Whole, Wrong, parse

PARTS = ("header", "content", "footer")


class Header(NamedTuple):
    """Which day and which file of it; `opened` is the device's local time."""

    device_id: int
    day_no: int
    opened: str
    sequence: int


class Footer(NamedTuple):
    """The close of the day, as closeDay has it, and when the device closed it."""

    counters: tuple[Any, ...]
    signature: Any
    receipt_counter: int
    closed: str

    def request(self, day_no: int) -> CloseDayRequest:
        return CloseDayRequest(day_no, self.counters, self.signature, self.receipt_counter)


class Unreadable(Exception):
    """Content or footer does not have its shape: IncorrectFileFormat."""


HEADER = Part(
    Header,
    Member("deviceID", "device_id", Whole(), True),
    Member("fiscalDayNo", "day_no", Whole(least=1), True),
    Member("fiscalDayOpened", "opened", Moment(), True),
    Member("fileSequence", "sequence", Whole(least=1), True),
)
CONTENT = Part(lambda receipts: receipts, Member("receipts", "receipts", Many(bodies.RECEIPT), True))
FOOTER = Part(
    Footer,
    # The samples say fiscalDayCounters, the table fiscalCounters: both are taken.
    Member("fiscalDayCounters", "counters", Many(bodies.COUNTER), True),
    Member("fiscalCounters", "counters", Many(bodies.COUNTER)),
    Member("fiscalDayDeviceSignature", "signature", bodies.SIGNATURE, True),
    Member("receiptCounter", "receipt_counter", Whole(least=0), True),
    Member("fiscalDayClosed", "closed", Moment(), True),
)


def unwrap(body: bytes, content_type: str) -> tuple[bytes, str | None]:
    """The file's own bytes and its name if it was given one. Raises FILE01, FILE02 and 400 for an empty body."""
    name = None
    if content_type.lower().startswith("multipart/form-data"):
        body, name = _part(body, content_type)
    body = body.strip().removeprefix(b"\xef\xbb\xbf")
    if not body:
        raise misshapen({"": ["A non-empty request body is required."]})
    if not body.startswith(b"{"):
        try:
            body = base64.b64decode(b"".join(body.split()), validate=True).removeprefix(b"\xef\xbb\xbf")
        except (binascii.Error, ValueError):
            raise refused("FILE02", "The file is neither JSON nor base64 of it.") from None
    if len(body) > MOST_FILE_BYTES:
        raise refused("FILE01", "The file is bigger than 3 MB.")
    return body, name


def read_header(body: bytes, device_id: int) -> tuple[Header, bool, bool]:
    """The header, and whether content and footer are there. Raises FILE02 and FILE05."""
    members = _members(body)
    if [name for name in members if name in PARTS] != [name for name in PARTS if name in members]:
        raise refused("FILE02", "The file's members must be header, content and footer, in this order.")
    if "header" not in members:
        raise refused("FILE02", "The file has no header.")
    wrong: Wrong = {}
    header = HEADER.read(members["header"], "header", "Header", wrong)
    for name in PARTS[1:]:
        if members.get(name) is not None and not isinstance(members[name], dict):
            wrong.setdefault(name, []).append(f"The {name} must be an object.")
    if wrong:
        raise refused("FILE02", _told(wrong))
    if header.device_id != device_id:
        raise refused("FILE05", f"The file is of device {header.device_id}, not {device_id}.")
    return header, members.get("content") is not None, members.get("footer") is not None


def read_parts(body: bytes) -> tuple[tuple[Receipt, ...], Footer | None]:
    """Receipts and footer. Raises Unreadable with what is wrong."""
    members = _members(body)
    wrong: Wrong = {}
    receipts: tuple[Receipt, ...] = ()
    footer: Footer | None = None
    if members.get("content") is not None:
        receipts = CONTENT.read(members["content"], "content", "Content", wrong)
        for index, receipt in enumerate(receipts or ()):
            if receipt is not None and any(line.no != number for number, line in enumerate(receipt.lines, 1)):
                wrong.setdefault(f"content.receipts[{index}]", []).append("Lines must be numbered from 1.")
    if members.get("footer") is not None:
        footer = FOOTER.read(members["footer"], "footer", "Footer", wrong)
    if wrong:
        raise Unreadable(_told(wrong))
    return receipts, footer


def _members(body: bytes) -> dict[str, Any]:
    """The file's members under lower-case names, in their order."""
    try:
        value = parse(body)
    except Problem:
        raise refused("FILE02", "The file is not valid JSON.") from None
    if not isinstance(value, dict):
        raise refused("FILE02", "The file is no JSON object.")
    return {name.lower(): member for name, member in value.items()}


def _part(body: bytes, content_type: str) -> tuple[bytes, str | None]:
    message = message_from_bytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body)
    for part in message.walk():
        if part.get_param("name", header="content-disposition") == "file":
            content = part.get_payload(decode=True)
            return (content if isinstance(content, bytes) else b""), part.get_filename()
    raise refused("FILE02", "The multipart body has no part named file.")


def _told(wrong: Wrong) -> str:
    told = [f"{path}: {' '.join(messages)}" for path, messages in wrong.items()]
    return "; ".join(told[:10])
