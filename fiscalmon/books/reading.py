"""What can be asked of the books, as Protocols: a query gets an `Archive` and runs on a reader's thread."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from ..domain.counters import CounterKey
from ..domain.day_record import DayRecord
from ..domain.kpi import Board, Delta
from ..domain.recorded import Recorded
from ..domain.registered import RegisteredDevice
from ..events import Message
from .alerts import AlertArchive
from .chores import ChoreArchive
from .counter import OpenSaleArchive, ProductArchive
from .files import CertificateArchive, FileArchive
from .history import HistoryArchive
from .papers import Papers
from .printing import PrintArchive
from .values import ChainRow, Pending, Queue, ReceiptFilter


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


class ArchiveParts(Protocol):
    """Queries by what they are about."""

    @property
    def papers(self) -> Papers:
        """What printed documents need."""

    @property
    def chores(self) -> ChoreArchive: ...

    @property
    def certificates(self) -> CertificateArchive: ...

    @property
    def files(self) -> FileArchive: ...

    @property
    def prints(self) -> PrintArchive: ...

    @property
    def products(self) -> ProductArchive: ...

    @property
    def open_sales(self) -> OpenSaleArchive: ...

    @property
    def history(self) -> HistoryArchive: ...

    @property
    def alerts(self) -> AlertArchive: ...


class Archive(ChainArchive, ArchiveParts, Protocol):
    """Queries; None means not found."""

    def preferences(self) -> dict[str, str]:
        """The sections that were ever set, as JSON by name."""

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

    def last_seq_of(self, type_: str, device_id: int | None) -> int:
        """The newest message of a type about a device, or about none; 0 before any."""

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
