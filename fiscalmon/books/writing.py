"""What a write transaction can do, as Protocols: a job gets a `Work` and runs on the writer's thread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from ..domain.chain import Link, SignedReceipt
from ..domain.counters import CounterKey
from ..domain.day_record import DayRecord
from ..domain.device import DeviceConfig
from ..domain.gateway import Acknowledgement
from ..domain.kpi import Board, Delta
from ..domain.preferences import Section
from ..domain.receipt import NoteReference, Receipt
from ..domain.recorded import Recorded
from ..domain.registered import RegisteredDevice
from ..events import Message
from .alerts import AlertBook
from .chores import ChoreBook
from .counter import OpenSaleBook, ProductBook
from .files import CertificateBook, FileBook
from .printing import PrintBook
from .values import Attempt, OriginalHere, Tail


class NoteBook(Protocol):
    """Credit and debit notes inside a write transaction. `without`: a note's own row, left out of the balance."""

    def original(self, reference: NoteReference, *, without: int = 0) -> OriginalHere | None:
        """The receipt that a note refers to, with what is left of it, if this till issued it."""

    def elsewhere(self, reference: NoteReference, *, without: int = 0) -> Decimal:
        """What the notes of this till add to a receipt that another till issued."""

    def add(self, row: int, receipt: Receipt) -> None:
        """A note that was just signed."""


class ReceiptBook(Protocol):
    """Receipts, counters, rollups and the outbox inside a write transaction."""

    def find_sale(self, sale_id: str) -> Recorded | None:
        """The receipt that a saleId led to."""

    def link(self, device_id: int) -> Link | None:
        """Where the device's chain stands; None when no fiscal day takes receipts."""

    def tail(self, device_id: int) -> Tail:
        """The device's last receipt."""

    def invoice_no_taken(self, invoice_no: str) -> bool:
        """Whether any receipt of this till has the invoice number."""

    def add(self, entry: Recorded, signed: SignedReceipt, link: Link, signed_at: str) -> Recorded:
        """The signed receipt, its place in the outbox and its counters. `link`: the chain after this receipt."""

    def add_deltas(self, deltas: Iterable[Delta]) -> None:
        """Add to the rollups."""

    def board(self, now: datetime) -> Board:
        """The live figures as the rollups have them in this transaction."""

    def settle(self, entry: Recorded, answer: Acknowledgement, settled_at: str) -> bool:
        """FDMS's final answer, as `entry` tells it. False when the receipt was settled before."""

    def mark_queued(self, row: int) -> bool:
        """FDMS could not be asked: the receipt waits. True when this is news."""

    def queue_behind(self, device_id: int, row: int, limit: int) -> list[Recorded]:
        """FDMS cannot be reached: the signed receipts after `row` that were not asked about wait, too; they as news."""

    def add_attempt(self, entry: Recorded, attempt: Attempt) -> None:
        """One try to deliver a receipt, for support."""

    def counters(self, device_id: int, day_no: int) -> dict[CounterKey, int]:
        """A day's counters in cents, as they stand."""

    def unsettled(self, device_id: int, day_no: int) -> int:
        """How many receipts of a day FDMS has not answered yet."""

    def given_up(self, entry: Recorded, errors: str, at: str) -> bool:
        """FDMS will never take the receipt: final without an answer. False when it was settled before."""


class DayBook(Protocol):
    """Fiscal days inside a write transaction."""

    def last(self, device_id: int) -> DayRecord | None:
        """The device's newest day, open or closed."""

    def add(
        self, device_id: int, day_no: int, opened: str, *, announced: bool = False, number_before: int | None = None
    ) -> None:
        """A day that was just opened here; `number_before`: the number its first receipt follows."""

    def adopt(self, device_id: int, day_no: int, opened: str) -> None:
        """A day that FDMS holds open and that these books do not have; again with another opening time."""

    def end_told(self, day: DayRecord, at: str) -> bool:
        """People were told that the day must be closed soon. False when they had been before."""

    def announced(self, device_id: int, day_no: int) -> None:
        """FDMS knows that the day is open."""

    def drop_empty(self, device_id: int, day_no: int) -> None:
        """Take back a day that FDMS refused to open and that holds no receipt."""

    def closing(self, day: DayRecord, request: bytes, receipt_counter: int) -> None:
        """The close was signed and is about to be sent."""

    def signed_anew(self, day: DayRecord, request: bytes, receipt_counter: int) -> None:
        """The close of a day that an offline device had closed, signed once more: FDMS refused the first."""

    def close_sent(self, day: DayRecord, at: str) -> None:
        """FDMS took the close and works on it."""

    def closed(self, day: DayRecord, closed: str, mode: str | None, server_signature: str | None) -> None:
        """FDMS has closed the day; without `mode` the device has, for FDMS to learn of it from a file."""

    def close_failed(self, day: DayRecord, error: str) -> None:
        """FDMS refused the close; receipts may follow, and another close."""


class DeviceBook(Protocol):
    """Devices inside a write transaction."""

    def add(self, device: RegisteredDevice) -> None:
        """A device that FDMS has certified."""

    def configured(self, device_id: int, config: DeviceConfig) -> None:
        """getConfig's newest answer."""

    def heard(self, device_id: int, at: str) -> None:
        """FDMS answered this device."""


class EventBook(Protocol):
    """The event log inside a write transaction."""

    def add(self, type_: str, at: str, device_id: int | None, data: dict[str, Any]) -> Message:
        """Append a fact; publish the returned message only after the commit."""

    def told(self, type_: str, device_id: int, day_no: int) -> bool:
        """Whether the device's newest message of the type is about that fiscal day."""


class PreferenceBook(Protocol):
    """What the owner sets, inside a write transaction."""

    def put(self, section: Section, at: str, by: str) -> None:
        """The section as it is from now on."""


class Work(Protocol):
    """What a job may do in the running transaction."""

    @property
    def receipts(self) -> ReceiptBook: ...

    @property
    def notes(self) -> NoteBook: ...

    @property
    def days(self) -> DayBook: ...

    @property
    def devices(self) -> DeviceBook: ...

    @property
    def events(self) -> EventBook: ...

    @property
    def certificates(self) -> CertificateBook: ...

    @property
    def files(self) -> FileBook: ...

    @property
    def chores(self) -> ChoreBook: ...

    @property
    def preferences(self) -> PreferenceBook: ...

    @property
    def prints(self) -> PrintBook: ...

    @property
    def products(self) -> ProductBook: ...

    @property
    def open_sales(self) -> OpenSaleBook: ...

    @property
    def alerts(self) -> AlertBook: ...
