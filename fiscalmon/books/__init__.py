"""The till's books as services see them: what a write transaction can do and what can be asked, as Protocols.

The store implements them; nothing here knows SQL. A job gets a `Work` and runs on the writer's thread; a query
gets an `Archive` and runs on a reader's thread. Texts with `_at` are UTC, other dates FDMS's local texts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from .files import CertificateArchive, CertificateBook, FileArchive, FileBook, FileNews
from .history import HistoryArchive
from .papers import Papers
from .printing import NewSlip, PrintArchive, PrintBook
from .reading import Archive, ChainArchive
from .values import Attempt, ChainRow, OriginalHere, Pending, Queue, ReceiptFilter, Tail
from .writing import DayBook, DeviceBook, EventBook, NoteBook, PreferenceBook, ReceiptBook, Work

__all__ = [
    "Archive",
    "Attempt",
    "CertificateArchive",
    "CertificateBook",
    "ChainArchive",
    "ChainRow",
    "DayBook",
    "DeviceBook",
    "EventBook",
    "FileArchive",
    "FileBook",
    "FileNews",
    "HistoryArchive",
    "NewSlip",
    "NoteBook",
    "OriginalHere",
    "Papers",
    "Pending",
    "PreferenceBook",
    "PrintArchive",
    "PrintBook",
    "Queue",
    "ReceiptBook",
    "ReceiptFilter",
    "Store",
    "Tail",
    "Work",
]

T = TypeVar("T")


class Store(Protocol):
    """The till's books: durable writes one after the other, reads beside them."""

    async def write(self, job: Callable[[Work], T]) -> T:
        """Run a job in a transaction; returns once it is on the disk. Raises what the job raises, TillBusy when the
        disk or a lock is in the way, StoreDamaged when the file is.
        """

    async def read(self, query: Callable[[Archive], T]) -> T:
        """Run a query on a reader thread."""

    def hurry(self) -> None:
        """The till stops: whoever waits for another program to let go of the file is refused."""

    def close(self) -> None:
        """Finish what waits, close the file. Blocks until done."""
