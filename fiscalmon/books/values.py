"""What the books hand out and take in, as values.

Texts with `_at` are UTC, other dates FDMS's local texts.
"""

from __future__ import annotations

from typing import NamedTuple

from ..domain.recorded import Recorded
from ..domain.rulebook import Original


class Pending(NamedTuple):
    """A receipt that waits for FDMS, with the exact bytes to send."""

    entry: Recorded
    payload: bytes


class Queue(NamedTuple):
    """A device's outbox: how many receipts wait, and since when the oldest (UTC text)."""

    depth: int
    oldest_at: str | None


class ChainRow(NamedTuple):
    """What the audit re-derives a receipt from."""

    entry: Recorded
    payload: bytes
    previous_hash: str | None


class Attempt(NamedTuple):
    """One try to deliver a receipt. `outcome`: done, refused, unknown or unreachable."""

    at: str
    outcome: str
    http_status: int | None
    latency_ms: int
    error: str | None
    operation_id: str | None = None


class OriginalHere(NamedTuple):
    """A receipt of this till that a note refers to. `tin`: its device's taxpayer; `settled`: FDMS has answered it, or
    never will, since it was not `taken` there.
    """

    device_id: int
    tin: str | None
    settled: bool
    taken: bool
    original: Original


class Tail(NamedTuple):
    """The last receipt of a device's books, of whatever day; number 0 without any. `untaken`: FDMS never took it."""

    global_no: int
    untaken: bool


class ReceiptFilter(NamedTuple):
    """Which receipts a list shows; every member may be left out. `before` is the cursor of the page before.

    `buyers`: whether `search` looks into buyers' names and numbers; not for people who may not read them.
    """

    device: int | None = None
    day: int | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None
    search: str | None = None
    before: int | None = None
    devices: frozenset[int] | None = None
    buyers: bool = True
