"""closeDay's work (Gateway v7.2 §15, §16): accepted at once, judged afterwards against the stored receipts.

A close that was accepted is finished after a kill too: what is to be judged lies in the archive.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec

from fiscalmon.domain.canonical import fiscal_day_parts, fiscal_day_server_parts
from fiscalmon.domain.counters import Counter, CounterKey, from_totals, moves, to_totals
from fiscalmon.domain.fiscal_day import DayStatus, after, allows
from fiscalmon.domain.gateway import CloseDayRequest
from fiscalmon.domain.receipt import Receipt

from .archive import Archive
from .authority import Authority
from .book import Book
from .csr import PublicKey
from .ledger import Ledger
from .problems import Problem, refused
from .records import Day, colours
from .signatures import signed

log = logging.getLogger(__name__)


class Recount(msgspec.Struct, frozen=True):
    """What the archive holds of a day: counters in cents, the highest receiptCounter, the colours of its errors."""

    totals: dict[CounterKey, int]
    last_counter: int
    colours: frozenset[str]


class Closing:
    """Owns the closes that are under way; `stop` leaves them to the next start."""

    def __init__(self, ledger: Ledger, authority: Authority) -> None:
        self._ledger = ledger
        self._authority = authority
        self._running: set[asyncio.Task[None]] = set()

    def request(self, book: Book, request: CloseDayRequest) -> None:
        """Accept a close, or raise FISC03 or FISC04."""
        day = book.day
        if day is not None and day.status == DayStatus.CLOSE_INITIATED:
            raise refused("FISC03", "Closing is not possible: a close of this fiscal day is in progress.")
        if day is None or not allows(day.status, "close"):
            raise refused("FISC04", "Closing is not possible: no fiscal day is open.")
        if day.no != request.day_no:
            raise refused("FISC04", f"Closing is not possible: fiscal day {request.day_no} is not the open one.")
        started = msgspec.structs.replace(
            day, status=str(after(day.status, "close")), closing_error=None, request=request
        )
        self._ledger.put_day(book, started)
        self._start(book)

    def resume(self) -> None:
        """Go on with what was under way when the process ended."""
        for book in self._ledger.books.values():
            if book.status == DayStatus.CLOSE_INITIATED:
                self._start(book)

    def close_manually(self, book: Book) -> None:
        """What the supplier does in ZIMRA's portal with a day that cannot close (§15). Raises Problem 400."""
        day = book.day
        if day is None or not allows(day.status, "closed_manually"):
            raise Problem(400, f"The fiscal day of device {book.device.device_id} is {book.status}: nothing to close.")
        self._finish(book, day, "Manual", None)

    async def finished(self, book: Book) -> None:
        """Wait for the end of a close that is under way."""
        name = _task_name(book)
        running = [task for task in self._running if task.get_name() == name]
        if running:
            await asyncio.wait(running)

    async def stop(self) -> None:
        """Abandon what is under way."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, book: Book) -> None:
        task = asyncio.get_running_loop().create_task(self._run(book), name=_task_name(book))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, book: Book) -> None:
        ledger = self._ledger
        generation, day = ledger.generation, book.day
        await asyncio.sleep(ledger.settings.close_delay)
        if day is None or day.request is None:
            return
        error: str | None
        try:
            recount = await asyncio.to_thread(recount_day, ledger.archive.path, day.device_id, day.no)
            keys = ledger.certificates.keys(day.device_id, revoked=True)
            error = closing_error(day, day.request, recount, keys)
        except Exception:
            log.exception("The close of day %s of device %s failed", day.no, day.device_id)
            error = "InternalError"
        if ledger.generation != generation or book.day is not day:
            return
        if error is None:
            self._finish(book, day, "Auto", day.request.signature.signature)
        else:
            failed = str(after(day.status, "close_failed"))
            ledger.put_day(book, msgspec.structs.replace(day, status=failed, closing_error=error))

    def _finish(self, book: Book, day: Day, mode: str, device_signature: str | None) -> None:
        """Close the day, signed by FDMS (§18.5)."""
        step = "close_succeeded" if mode == "Auto" else "closed_manually"
        closed = self._ledger.clock.local()
        counters = from_totals(book.chain.totals)
        parts = fiscal_day_server_parts(
            day.device_id, day.no, day.opened[:10], closed, mode, counters, device_signature
        )
        done = msgspec.structs.replace(
            day,
            status=str(after(day.status, step)),  # type: ignore[arg-type]  # one of the two names above
            closing_error=None,
            closed=closed,
            mode=mode,
            server_signature=self._authority.sign(parts),
            counters=tuple(counters),
            documents=book.chain.document_quantities(),
        )
        self._ledger.put_day(book, done)


def _task_name(book: Book) -> str:
    return f"close-{book.device.device_id}"


def recount_day(path: Path, device_id: int, day_no: int) -> Recount:
    """Fold the day anew from its stored receipts; runs in a thread with a connection of its own."""
    archive = Archive(path, read_only=True)
    decode = msgspec.json.Decoder(Receipt).decode
    try:
        totals: dict[CounterKey, int] = {}
        last, seen = 0, set[str]()
        for held in archive.receipts.of_device(device_id, day_no):
            last = max(last, held.counter)
            seen |= colours(held.errors)
            for key, value in moves(decode(held.body)):
                totals[key] = totals.get(key, 0) + value
        return Recount(totals, last, frozenset(seen))
    finally:
        archive.close()


def closing_error(day: Day, request: CloseDayRequest, recount: Recount, keys: Iterable[PublicKey]) -> str | None:
    """The first of §15's reasons that holds, None if the day may close."""
    parts = fiscal_day_parts(day.device_id, day.no, day.opened[:10], request.counters)
    if not signed(parts, request.signature, keys):
        return "BadCertificateSignature"
    if "gray" in recount.colours or request.receipt_counter > recount.last_counter:
        return "MissingReceipts"
    if "red" in recount.colours:
        return "ReceiptsWithValidationErrors"
    if request.receipt_counter < recount.last_counter or not _agree(request.counters, recount.totals):
        return "CountersMismatch"
    return None


def _agree(submitted: Iterable[Counter], own: dict[CounterKey, int]) -> bool:
    """Zero counters may be sent or left out; all others must be the same."""
    theirs = {key: value for key, value in to_totals(submitted).items() if value}
    return theirs == {key: value for key, value in own.items() if value}
