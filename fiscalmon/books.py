"""The till's books as services see them: what a write transaction can do and what can be asked, as Protocols.

The store implements them; nothing here knows SQL. A job gets a `Work` and runs on the writer's thread; a query
gets an `Archive` and runs on a reader's thread. Texts with `_at` are UTC, other dates FDMS's local texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeVar

from .domain.chain import Link, SignedReceipt
from .domain.counters import CounterKey
from .domain.day_record import DayRecord
from .domain.device import DeviceConfig
from .domain.file_record import FileRecord, FileState
from .domain.gateway import Acknowledgement
from .domain.kpi import Board, Delta
from .domain.receipt import NoteReference, Receipt
from .domain.recorded import Recorded
from .domain.registered import RegisteredDevice
from .domain.rulebook import Original
from .events import Message
from .paper_books import Papers

T = TypeVar("T")


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


class ReceiptFilter(NamedTuple):
    """Which receipts a list shows; every member may be left out. `before` is the cursor of the page before."""

    device: int | None = None
    day: int | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None
    search: str | None = None
    before: int | None = None
    devices: frozenset[int] | None = None


class Attempt(NamedTuple):
    """One try to deliver a receipt. `outcome`: done, refused, unknown or unreachable."""

    at: str
    outcome: str
    http_status: int | None
    latency_ms: int
    error: str | None


class FileNews(NamedTuple):
    """What became of an offline device's file; None leaves `sent_at` and `operation_id` as they are."""

    state: FileState
    sent_at: str | None = None
    operation_id: str | None = None
    reason: str | None = None
    errors: str | None = None


class OriginalHere(NamedTuple):
    """A receipt of this till that a note refers to. `tin`: its device's taxpayer; `settled`: FDMS has answered it."""

    device_id: int
    tin: str | None
    settled: bool
    original: Original


class NoteBook(Protocol):
    """Credit and debit notes inside a write transaction. `without`: a note's own row, left out of the balance."""

    def original(self, reference: NoteReference, *, without: int = 0) -> OriginalHere | None:
        """The receipt that a note refers to, with what is left of it, if this till issued it."""

    def elsewhere(self, reference: NoteReference, *, without: int = 0) -> Decimal:
        """What the notes of this till add to a receipt that another till issued."""

    def add(self, row: int, receipt: Receipt) -> None:
        """A note that was just signed."""


class Tail(NamedTuple):
    """The last receipt of a device's books, of whatever day; number 0 without any. `untaken`: FDMS never took it."""

    global_no: int
    untaken: bool


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

    def settle(self, entry: Recorded, answer: Acknowledgement, settled_at: str) -> bool:
        """FDMS's final answer, as `entry` tells it. False when the receipt was settled before."""

    def mark_queued(self, row: int) -> bool:
        """FDMS could not be asked: the receipt waits. True when this is news."""

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


class CertificateBook(Protocol):
    """Certificates beside the one in use, inside a write transaction."""

    def expect(self, device_id: int, certificate_pem: str, at: str) -> None:
        """FDMS has issued a certificate that is still to be proven."""

    def drop(self, device_id: int) -> None:
        """The next certificate does not work."""

    def exchange(self, device_id: int, certificate_pem: str, till: str, at: str) -> None:
        """The next certificate is the device's from now on; the old one is kept for audits."""


class FileBook(Protocol):
    """Files of offline devices inside a write transaction."""

    def add(self, record: FileRecord, content: bytes) -> int:
        """A file that was just built; its key."""

    def note(self, file_id: int, news: FileNews) -> None:
        """What became of a file."""

    def settle(self, entry: Recorded, settled_at: str) -> bool:
        """FDMS's final answer to a receipt of a file, as `entry` tells it. False when it was settled before."""


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


class CertificateArchive(Protocol):
    """Queries about the certificates beside the one in use."""

    def next(self) -> dict[int, str]:
        """The certificates that are still to be proven, by device."""

    def former(self, device_id: int) -> list[str]:
        """What the device had before, newest first."""


class FileArchive(Protocol):
    """Queries about the files of offline devices."""

    def of_device(self, device_id: int) -> list[FileRecord]:
        """The device's files in the order in which FDMS is to get them."""

    def one(self, file_id: int) -> FileRecord | None:
        """A file by its key."""

    def content(self, file_id: int) -> bytes:
        """The exact bytes of a file; empty for an unknown key."""

    def days(self, device_id: int) -> list[DayRecord]:
        """The device's days whose end is in no file yet, oldest first; days closed online are left out."""

    def loose(self, device_id: int, day_no: int) -> list[Pending]:
        """The day's receipts that are in no file yet, in the order of signing."""

    def receipts(self, record: FileRecord) -> list[Recorded]:
        """The receipts of a file that have no final answer yet."""


class ChainArchive(Protocol):
    """Queries about the order of things."""

    def chain(self, device_id: int, after_row: int, limit: int) -> list[ChainRow]:
        """A stretch of a device's chain in the order of signing."""

    def numbers(self, device_id: int) -> list[tuple[int, int, int, str]]:
        """Day, counter, number and hash of each receipt of a device, sorted."""

    def numbers_before(self, device_id: int) -> dict[int, int]:
        """The days whose first receipt does not follow the last one in the books, with the number it follows."""

    def red_numbers(self, device_id: int, day_no: int) -> list[int]:
        """The receipts of a day that FDMS flagged Red or never took, by number."""

    def notes_on(self, receipt_id: str) -> list[bytes]:
        """The bodies of all notes that refer to a receipt of this till."""


class Archive(ChainArchive, Protocol):
    """Queries; None means not found."""

    @property
    def papers(self) -> Papers:
        """What printed documents need."""

    @property
    def certificates(self) -> CertificateArchive: ...

    @property
    def files(self) -> FileArchive: ...

    def devices(self) -> list[RegisteredDevice]:
        """All registered devices by id."""

    def last_days(self) -> dict[int, DayRecord]:
        """Each device's newest fiscal day."""

    def receipt(self, receipt_id: str) -> Recorded | None:
        """One receipt by our id."""

    def sale(self, sale_id: str) -> Recorded | None:
        """The receipt that a saleId led to."""

    def payload(self, receipt_id: str) -> bytes | None:
        """The exact body that FDMS got of a receipt."""

    def receipts(self, wanted: ReceiptFilter, limit: int) -> list[Recorded]:
        """A page of receipts, newest first."""

    def pending(self, device_id: int, after_row: int, limit: int) -> list[Pending]:
        """The next receipts to deliver, in the order of signing."""

    def last_numbers(self) -> dict[int, int]:
        """Each device's highest receipt number."""

    def queues(self) -> dict[int, Queue]:
        """What waits in each device's outbox; devices with nothing waiting are left out."""

    def events(
        self, after: int, limit: int, devices: frozenset[int] | None = None, *, newest: bool = False
    ) -> list[Message]:
        """Lasting messages after a `seq`, oldest first; with `newest` the last ones of all that follow it."""

    def last_seq(self) -> int:
        """The newest lasting message's `seq`, 0 before any."""

    def board(self, now: datetime) -> Board:
        """The live figures as the rollups have them."""

    def rollups(self, first_day: str = "", first_minute: str = "") -> Iterator[Delta]:
        """The rollups as the deltas they are the sum of."""

    def counters(self, device_id: int, day_no: int) -> dict[CounterKey, int]:
        """A day's counters in cents."""

    def day_totals(self, device_id: int, day_no: int) -> tuple[int, dict[str, Decimal]]:
        """How many receipts a day has, and their totals by currency."""

    def attempts(self, device_id: int, limit: int) -> list[dict[str, Any]]:
        """A device's latest tries to deliver, newest first."""


class Store(Protocol):
    """The till's books: durable writes one after the other, reads beside them."""

    async def write(self, job: Callable[[Work], T]) -> T:
        """Run a job in a transaction; returns once it is on the disk. Raises what the job raises, TillBusy when the
        disk or a lock is in the way, StoreDamaged when the file is.
        """

    async def read(self, query: Callable[[Archive], T]) -> T:
        """Run a query on a reader thread."""

    def close(self) -> None:
        """Finish what waits, close the file. Blocks until done."""
