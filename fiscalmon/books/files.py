"""The books of offline devices' files and of certificates, as Protocols. Nothing here knows SQL."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from ..domain.day_record import DayRecord
from ..domain.file_record import FileRecord, FileState
from ..domain.recorded import Recorded
from .values import Pending


class FileNews(NamedTuple):
    """What became of an offline device's file; None leaves `sent_at` and `operation_id` as they are."""

    state: FileState
    sent_at: str | None = None
    operation_id: str | None = None
    reason: str | None = None
    errors: str | None = None


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
        """The device's days whose end is in no file yet, or whose footer FDMS refused for its totals or signature.

        Oldest first; days closed online are left out.
        """

    def payloads(self, device_id: int, day_no: int) -> list[bytes]:
        """The signed bytes of all receipts of a day, in the order of signing."""

    def loose(self, device_id: int, day_no: int) -> list[Pending]:
        """The day's receipts that are in no file yet, in the order of signing."""

    def receipts(self, record: FileRecord) -> list[Recorded]:
        """The receipts of a file that have no final answer yet."""
