"""Requests and what their answers mean, without a wire: what every framed driver says, however its printer words it.

Knows no frame and no port. `fp1_commands.py` and `x4_commands.py` word it.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple, Protocol

from fiscalmon.domain.paper import PaperLine

Pace = Literal["command", "slow", "report"]


class Request(NamedTuple):
    """A command. `pace`: which time-out is its own; `query`: changes nothing, so it may be asked again after a loss;
    `prints`: needs paper, so that no paper in its answer means that it was not done."""

    command: int
    data: bytes = b""
    pace: Pace = "command"
    query: bool = False
    prints: bool = False


class Identity(NamedTuple):
    """What a printer says it is; empty where its answer does not have the fields that the dialect expects."""

    model: str
    firmware: str
    serial_no: str
    memory_no: str


class ReceiptState(NamedTuple):
    """A fiscal receipt on the printer: open or not, lines registered, their sum and what was paid of it."""

    open: bool
    items: int
    amount: Decimal
    paid: Decimal


class Sale(NamedTuple):
    """A line to register. `tax`: the printer's own letter or number; `discount`: positive, off the line's sum."""

    name: str
    tax: str
    price: Decimal
    quantity: Decimal
    discount: Decimal


class Papering(Protocol):
    """The words for text, state and clock."""

    def error(self, data: bytes) -> str | None:
        """The error number that an answer carries in its data, None where it carries none."""

    def identify(self) -> Request: ...

    def read_identity(self, data: bytes) -> Identity: ...

    def read_clock(self, data: bytes) -> datetime | None: ...

    def set_clock(self, local: datetime) -> Request: ...

    def text(self, line: PaperLine) -> list[Request]:
        """A line of free text, in as many pieces as the printer's width needs."""

    def qr(self, text: str) -> Request | None:
        """A QR code in an open slip, None where the printer has none or the text does not fit."""

    def cut(self) -> list[Request]: ...

    def drawer(self) -> Request: ...

    def last_closure(self) -> Request: ...

    def read_closure(self, data: bytes) -> str | None:
        """The number of the last Z, None where the answer has none."""

    def read_number(self, data: bytes) -> str | None:
        """The number of the last document, None where the answer has none."""


class Registering(Protocol):
    """The words for fiscal receipts and reports."""

    def rates(self) -> Request: ...

    def read_rates(self, data: bytes) -> list[tuple[str, Decimal]]:
        """Letter and percent of each tax group that is in use."""

    def open_receipt(self) -> Request: ...

    def sale(self, sale: Sale) -> Request: ...

    def comment(self, text: str) -> list[Request]: ...

    def subtotal(self) -> Request: ...

    def read_subtotal(self, data: bytes) -> Decimal | None: ...

    def pay(self, money_type: str, amount: Decimal | None) -> Request:
        """A payment; None pays the rest in cash."""

    def read_payment(self, data: bytes) -> str:
        """D: more to pay, R: all paid; anything else was refused."""

    def cancel(self) -> Request: ...

    def receipt_state(self) -> Request: ...

    def read_state(self, data: bytes) -> ReceiptState | None: ...

    def report(self, closing: bool) -> Request: ...


# The same number in both variants.
STATUS = Request(0x4A, query=True)
READ_CLOCK = Request(0x3E, query=True)
LAST_DOCUMENT = Request(0x71, query=True)
OPEN_TEXT = Request(0x26, pace="slow", prints=True)
CLOSE_TEXT = Request(0x27, pace="slow", prints=True)
CLOSE_RECEIPT = Request(0x38, pace="slow", prints=True)

_CLOCK = re.compile(r"(\d\d)[-./](\d\d)[-./](\d\d)\s+(\d\d):(\d\d):(\d\d)")


def clock_of(text: str) -> datetime | None:
    """The printer's local time in any of the spellings in use; None where there is none."""
    found = _CLOCK.search(text)
    if found is None:
        return None
    day, month, year, hour, minute, second = map(int, found.groups())
    try:
        return datetime(2000 + year, month, day, hour, minute, second)  # noqa: DTZ001 - the printer knows no zone
    except ValueError:
        return None


def money_of(text: str) -> Decimal | None:
    """An amount: with a point as it stands, without one in cents; None where it is none."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    return value if "." in text else value / 100
