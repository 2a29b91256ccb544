"""The signed chain: a draft gets its place, its hash and its signature (Gateway v7.2 §13, §18, §19).

Pure but for the signing function it is given; stores nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

import msgspec

from .canonical import digest_of, receipt_text
from .localtime import add_seconds
from .qr import qr_data
from .receipt import Receipt, SignatureData

# From a SHA-256 digest to a signature.
Sign = Callable[[bytes], bytes]


class Link(msgspec.Struct, frozen=True, gc=False):
    """Where a device's chain stands: the open day, and the last receipt. Dates are local texts.

    `counter` is 0 and `day_hash` None before the first receipt of the day; `global_no` and `date` run on over days.
    """

    fiscal_day_no: int
    day_opened: str
    counter: int
    global_no: int
    date: str
    day_hash: str | None


class SignedReceipt(msgspec.Struct, frozen=True, gc=False):
    """A receipt with everything that follows from signing it. `payload` is the exact body FDMS gets, every time."""

    receipt: Receipt
    hash: str
    signature: str
    canonical: str
    previous_hash: str | None
    payload: bytes
    qr_data: str


def next_date(link: Link, now: str) -> str:
    """The next receipt's date: now, but strictly later than the last receipt and the opening (RCPT030, RCPT014)."""
    last = max(link.date, link.day_opened)
    if now > last:
        return now
    second = int(last[17:]) + 1
    return f"{last[:17]}{second:02d}" if second < 60 else add_seconds(last, 1)


def place(draft: Receipt, link: Link, date: str) -> Receipt:
    """The draft with its numbers and date; still unsigned."""
    return msgspec.structs.replace(draft, counter=link.counter + 1, global_no=link.global_no + 1, date=date)


def seal(device_id: int, placed: Receipt, previous_hash: str | None, sign: Sign) -> SignedReceipt:
    """Canonical string, SHA-256, signature, payload. Whatever `sign` raises goes through: nothing is numbered then."""
    canonical, sha256 = digest_of(receipt_text(device_id, placed, previous_hash))
    signature = sign(sha256)
    seal_of = SignatureData(base64.b64encode(sha256).decode(), base64.b64encode(signature).decode())
    signed = msgspec.structs.replace(placed, signature=seal_of)
    payload = encode_payload(signed)
    return SignedReceipt(signed, seal_of.hash, seal_of.signature, canonical, previous_hash, payload, qr_data(signature))


def follow(link: Link, signed: SignedReceipt) -> Link:
    """The chain after this receipt."""
    receipt = signed.receipt
    return msgspec.structs.replace(
        link, counter=receipt.counter, global_no=receipt.global_no, date=receipt.date, day_hash=signed.hash
    )


def encode_payload(receipt: Receipt) -> bytes:
    """submitReceipt's body: amounts as JSON numbers with at most their declared decimals (§3)."""
    return b'{"receipt":' + _encoder.encode(receipt) + b"}"


_encoder = msgspec.json.Encoder(decimal_format="number")
