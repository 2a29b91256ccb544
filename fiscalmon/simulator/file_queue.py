"""Files of offline devices, worked through in the order of their days and sequence numbers (Gateway v7.2 §17).

Content and footer are judged apart. What is under way lies in the archive: after a kill it goes on, and receipts that
were stored already are skipped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from fiscalmon.domain.fiscal_day import DayStatus
from fiscalmon.domain.gateway import CloseDayRequest
from fiscalmon.domain.receipt import Receipt

from .book import Book
from .closing import Closing
from .file_content import Unreadable, read_parts
from .file_rows import FileError, FileStatus, InvalidReceipt, SubmittedFile
from .ledger import Ledger
from .problems import Problem
from .receiving import Receiving
from .records import Day, colours

log = logging.getLogger(__name__)
PENDING = ("InProgress", "WaitingForPreviousFile")


class OfflineFile(msgspec.Struct, frozen=True):
    """A file as it is kept: what the list tells of it, its number among all of the device, when it came."""

    number: int
    shown: SubmittedFile
    received: float

    @property
    def key(self) -> str:
        return f"{self.shown.device_id}/{self.number:09d}"

    @property
    def pending(self) -> bool:
        return self.shown.status in PENDING


class FileQueue:
    """One task a device at a time; `stop` leaves the rest to the next start."""

    def __init__(self, ledger: Ledger, receiving: Receiving, closing: Closing) -> None:
        self._ledger = ledger
        self._receiving = receiving
        self._closing = closing
        self._running: dict[int, asyncio.Task[None]] = {}

    def add(self, book: Book, shown: SubmittedFile, content: bytes) -> None:
        """Keep a file and begin with it, if nothing is in its way."""
        archive, device_id = self._ledger.archive, book.device.device_id
        file = OfflineFile(len(self._files(device_id)) + 1, shown, self._ledger.clock.timestamp())
        with archive.transaction():
            archive.put("file", file.key, file)
            archive.put("file-content", file.key, content.decode())
        self.go_on(device_id)

    def listed(self, book: Book) -> list[SubmittedFile]:
        """All files of a device in the order in which they came, with those that waited too long told so."""
        device_id = book.device.device_id
        self._expire(device_id)
        self.go_on(device_id)
        return [file.shown for file in self._files(device_id)]

    def go_on(self, device_id: int) -> None:
        """Work on what a device has pending; does nothing while that is going on already."""
        running = self._running.get(device_id)
        if (running is None or running.done()) and any(file.pending for file in self._files(device_id)):
            self._running[device_id] = asyncio.get_running_loop().create_task(self._run(device_id))

    def resume(self) -> None:
        for device_id in self._ledger.books:
            self.go_on(device_id)

    async def stop(self) -> None:
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _run(self, device_id: int) -> None:
        ledger, generation = self._ledger, self._ledger.generation
        await asyncio.sleep(ledger.settings.file_delay)
        while ledger.generation == generation:
            self._expire(device_id)
            book = ledger.books.get(device_id)
            file = None if book is None else self._next(book)
            if book is None or file is None:
                return
            try:
                error, invalid = await self._process(book, file, generation)
            except Exception:
                log.exception("File %s failed", file.key)
                error, invalid = "InternalError", ()
            if ledger.generation == generation:
                self._finish(file, error, invalid)
        # The ledger was reset meanwhile: what has come since found this task still running.
        self._running.pop(device_id, None)
        self.go_on(device_id)

    def _files(self, device_id: int) -> list[OfflineFile]:
        return self._ledger.archive.under("file", f"{device_id}/", OfflineFile)

    def _next(self, book: Book) -> OfflineFile | None:
        """The first file that may be worked on now; all others are marked as waiting."""
        files = self._files(book.device.device_id)
        pending = [file for file in files if file.pending]
        pending.sort(key=lambda file: (file.shown.day_no, file.shown.sequence, file.number))
        for file in pending:
            if _may_begin(book, file.shown, files):
                return file
        for file in pending:
            if file.shown.status != "WaitingForPreviousFile":
                self._put(file, "WaitingForPreviousFile")
        return None

    def _expire(self, device_id: int) -> None:
        oldest = self._ledger.clock.timestamp() - self._ledger.settings.file_wait
        for file in self._files(device_id):
            if file.shown.status == "WaitingForPreviousFile" and file.received < oldest:
                self._finish(file, "FileExceededAllowedWaitingTime", ())

    async def _process(
        self, book: Book, file: OfflineFile, generation: int
    ) -> tuple[FileError | None, tuple[InvalidReceipt, ...]]:
        """The file's error, and its receipts that have errors of their own."""
        shown, archive = file.shown, self._ledger.archive
        content = (archive.one("file-content", file.key, str) or "").encode()
        try:
            receipts, footer = await asyncio.to_thread(read_parts, content)
        except (Unreadable, Problem):
            return "IncorrectFileFormat", ()
        request = None if footer is None else footer.request(shown.day_no)
        await self._closing.finished(book)
        if self._ledger.generation != generation:
            return None, ()
        if book.day is not None and (shown.day_no < book.day.no or _closed_as(book.day, shown.day_no)):
            # After a kill between the close and its note here, the day was closed by this very footer.
            own = request is not None and book.day.no == shown.day_no and book.day.request == request
            return (None if own else "FileSentForClosedDay"), self._invalid(book, receipts)
        if book.day is None or book.day.no < shown.day_no:
            self._ledger.put_day(book, Day(shown.device_id, shown.day_no, shown.opened, str(DayStatus.OPENED)))
        for receipt in receipts:
            self._receiving.import_offline(book, receipt)
            await asyncio.sleep(0)
            if self._ledger.generation != generation:
                return None, ()
        invalid = self._invalid(book, receipts)
        if any("red" in colours(msgspec.json.encode(row.errors or ())) for row in invalid):
            return "ReceiptsWithValidationErrors", invalid
        if request is None:
            return None, invalid
        return await self._close(book, request), invalid

    async def _close(self, book: Book, request: CloseDayRequest) -> FileError | None:
        self._closing.request(book, request)
        await self._closing.finished(book)
        return None if book.day is None else book.day.closing_error  # type: ignore[return-value]  # §6: the same names

    def _invalid(self, book: Book, receipts: Iterable[Receipt]) -> tuple[InvalidReceipt, ...]:
        table, device_id = self._ledger.archive.receipts, book.device.device_id
        found = []
        for receipt in receipts:
            signature = receipt.signature
            held = None if signature is None else table.by_hash(device_id, receipt.global_no, signature.hash)
            if held is not None and held.errors != b"[]":
                found.append(InvalidReceipt(held.counter, held.global_no, held.validation_errors))
        return tuple(found)

    def _finish(self, file: OfflineFile, error: FileError | None, invalid: tuple[InvalidReceipt, ...]) -> None:
        archive = self._ledger.archive
        with archive.transaction():
            self._put(file, "CompleteSuccessful" if error is None else "FailedWithErrors", error, invalid)
            archive.remove("file-content", file.key)

    def _put(
        self,
        file: OfflineFile,
        status: FileStatus,
        error: FileError | None = None,
        invalid: tuple[InvalidReceipt, ...] = (),
    ) -> None:
        processed = None if status in PENDING else self._ledger.clock.local()
        shown = replace(file.shown, status=status, error=error, processed=processed, invalid=invalid or None)
        self._ledger.archive.put("file", file.key, replace(file, shown=shown))


def _closed_as(day: Day, day_no: int) -> bool:
    return day.no == day_no and day.status == DayStatus.CLOSED


def _may_begin(book: Book, shown: SubmittedFile, files: Iterable[OfflineFile]) -> bool:
    """Whether the day before is closed, and every earlier file of the day has been worked through."""
    day = book.day
    if day is not None and (shown.day_no < day.no or _closed_as(day, shown.day_no)):
        return True
    is_next = day is None or (day.status == DayStatus.CLOSED and shown.day_no == day.no + 1)
    if not is_next and not (day is not None and day.no == shown.day_no):
        return False
    if day is None and shown.day_no != 1:
        return False
    done = [
        file.shown.sequence
        for file in files
        if file.shown.day_no == shown.day_no
        and not file.pending
        and file.shown.error != "FileExceededAllowedWaitingTime"
    ]
    return shown.sequence <= max(done, default=0) + 1
