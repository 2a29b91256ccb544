"""Files of devices in offline mode (Gateway v7.2 §17): built from the books, handed over in order, followed to the end.

A file is written down before it is sent and goes out byte for byte as it was built. An answer that was lost is settled
by asking for the list; FDMS skips receipts that it has, so the same file may go again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import msgspec

from ..books import Archive, FileNews, Pending, Work
from ..domain import kpi
from ..domain.day_record import DayRecord
from ..domain.errors import BadInput, GatewayError, GatewayRefused, GatewayUnknown
from ..domain.file_record import TO_SEND, UNDER_WAY, FileRecord, FileState
from ..domain.gateway_files import MOST_DAYS, SubmittedFile
from ..domain.localtime import local_text, parse_utc, utc_text
from ..domain.offline_file import FileHeader, OfflineFile, files_of_day, receipt_of
from ..domain.recorded import Recorded
from ..domain.rulebook.meaning import meaning
from ..events import DEVICE_ATTENTION, RECEIPT_COMPLETED, RECEIPT_FAILED, Message, encode
from .devices import TillDevice
from .file_footers import Footer, first_footer, footer_anew, refused_end
from .parts import Parts

# FDMS's clock and ours differ, and which of them stamps an upload is not said.
MARGIN = timedelta(days=1)
FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "IncorrectFileFormat": "FDMS cannot read the file: try another gateway.file_transport, then send it again.",
        "FileSentForClosedDay": "FDMS has closed that day already: compare the days, and ask ZIMRA.",
        "BadCertificateSignature": "FDMS could not verify the signature of the day's close: `fiscalmon files build` "
        "signs it anew if the key has changed since; if it builds nothing, send a support bundle.",
        "MissingReceipts": "FDMS misses receipts of this day: send all earlier files, then this one again.",
        "ReceiptsWithValidationErrors": "Receipts in it break rules (listed with it): ask ZIMRA to close the day.",
        "CountersMismatch": "FDMS counted other totals: `fiscalmon files build` counts the day's receipts again and "
        "signs its end anew; if it builds nothing, run `fiscalmon audit`, then ask ZIMRA.",
        "FileExceededAllowedWaitingTime": "It waited too long for an earlier file: send that one, then this one again.",
        "InternalError": "FDMS had a fault of its own: send the file again in some minutes.",
    }
)
# With these FDMS has imported no receipt; with the others the content stands and the footer does not (§17).
NOTHING_STORED = frozenset(
    {"IncorrectFileFormat", "FileSentForClosedDay", "FileExceededAllowedWaitingTime", "InternalError"}
)
_FINAL: frozenset[FileState] = frozenset({"done", "failed"})


class OfflineFiles:
    """One for all devices of a till. All methods raise UnknownDevice, and BadInput for a device in online mode."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store, self._clock, self._devices, self._announcer, self._connection, self._metrics = parts
        # A file must not leave twice at the same time, by hand and by itself.
        self._sending = asyncio.Lock()

    async def build(self, device_id: int, *, closed_days: bool = False) -> list[dict[str, Any]]:
        """Put what is in no file yet into files: receipts of the open day, and of closed days with their footers.

        A footer that FDMS refused is signed anew into a file of its own, where it would say something else now.
        `closed_days`: only these. Raises KeyUnavailable.
        """
        device = self._offline(device_id)
        built: list[FileRecord] = []
        async with device.day_lock:
            for day in await self._store.read(lambda archive: archive.files.days(device_id)):
                if closed_days and first_footer(day) is None:
                    continue
                built += await self._build_day(device, day)
        return [record.as_dict() for record in built]

    async def listed(self, device_id: int) -> list[dict[str, Any]]:
        """All files of a device, in the order in which FDMS is to get them."""
        self._devices.get(device_id)
        files = await self._store.read(lambda archive: archive.files.of_device(device_id))
        return [record.as_dict() for record in files]

    async def exported(self, file_id: int) -> dict[str, Any]:
        """A file with its text as FDMS gets it, under "content". Raises BadInput for an unknown one."""
        record = await self._record(file_id)
        if record is None:
            raise BadInput(f"There is no file {file_id}: `fiscalmon files list` shows them.")
        content = await self._store.read(lambda archive: archive.files.content(file_id))
        return {**record.as_dict(), "content": content.decode()}

    async def send(
        self, device_id: int, file_id: int | None = None, *, by_itself: bool = False
    ) -> list[dict[str, Any]]:
        """Hand over what was not handed over, in order, or one file once more; stops at the first that does not go.

        `by_itself`: nobody asked, so the row also stops at a file that FDMS has refused.

        Raises GatewayError when FDMS refuses a file or cannot be reached; what was handed over before stays so.
        """
        device = self._offline(device_id)
        async with self._sending:
            return await self._send_all(device, file_id, by_itself)

    async def _send_all(self, device: TillDevice, file_id: int | None, by_itself: bool) -> list[dict[str, Any]]:
        device_id = device.device_id
        files = await self._store.read(lambda archive: archive.files.of_device(device_id))
        chosen = [one for one in files if (one.state in TO_SEND if file_id is None else one.file_id == file_id)]
        if file_id is not None and not chosen:
            raise BadInput(f"Device {device_id} has no file {file_id}: `fiscalmon files list` shows them.")
        if any(one.state == "unknown" for one in chosen):
            await self._follow(device, files)
        sent = []
        for record in chosen:
            fresh = await self._record(record.file_id)
            if by_itself and fresh is not None and fresh.state == "refused":
                break
            if fresh is not None and (file_id is not None or fresh.state in TO_SEND):
                await self._send(device, fresh)
            done = await self._record(record.file_id)
            sent += [done.as_dict()] if done else []
        return sent

    async def status(self, device_id: int) -> list[dict[str, Any]]:
        """Ask FDMS what became of the files under way, settle their receipts, and list all. Raises GatewayError."""
        device = self._offline(device_id)
        async with self._sending:
            await self._follow(device, await self._store.read(lambda archive: archive.files.of_device(device_id)))
        return await self.listed(device_id)

    async def _record(self, file_id: int) -> FileRecord | None:
        return await self._store.read(lambda archive: archive.files.one(file_id))

    def _offline(self, device_id: int) -> TillDevice:
        device = self._devices.get(device_id)
        if not device.offline_mode:
            raise BadInput(
                f"Device {device_id} is in online mode at ZIMRA: its receipts go out one by one and need no files. "
                f"If that has changed, run `fiscalmon device config {device_id}`."
            )
        return device

    async def _build_day(self, device: TillDevice, day: DayRecord) -> list[FileRecord]:
        loose, sequence, end = await self._store.read(lambda archive: _material(archive, device, day))
        if not loose and end is None:
            return []
        footer = None if end is None else end.footer
        header = FileHeader(device.device_id, day.fiscal_day_no, day.opened, sequence)
        files = files_of_day(header, [receipt_of(one.payload) for one in loose], footer)
        at = utc_text(self._clock.now())
        records = list(_records(day, files, loose, at))

        def job(work: Work) -> list[int]:
            if end is not None and end.anew is not None:
                work.days.signed_anew(day, encode(end.anew), end.anew.receipt_counter)
            return [work.files.add(record, file.content) for record, file in zip(records, files, strict=True)]

        keys = await self._store.write(job)
        return [msgspec.structs.replace(record, file_id=key) for record, key in zip(records, keys, strict=True)]

    async def _send(self, device: TillDevice, record: FileRecord) -> None:
        content = await self._store.read(lambda archive: archive.files.content(record.file_id))
        at = utc_text(self._clock.now())
        # Written down first: a power cut on the way must not look like a file that never left.
        await self._note(record, FileNews("unknown", sent_at=at))
        try:
            operation_id = await device.gateway.submit_file(content)
        except GatewayRefused as refused:
            await self._connection.heard(device)
            await self._note(record, FileNews("refused", reason=f"{refused.error_code or ''} {refused.text}".strip()))
            await self._tell(device, f"FDMS does not take {_name(record)}: {refused.text}")
            raise
        except GatewayUnknown as failed:
            await self._note(record, FileNews("unknown", reason=failed.text))
            raise
        except GatewayError as failed:
            await self._connection.lost(device, failed.text)
            await self._note(record, FileNews("built", reason=failed.text))
            raise
        await self._connection.accepted(device)
        await self._note(record, FileNews("sent", operation_id=operation_id))

    async def _follow(self, device: TillDevice, files: Iterable[FileRecord]) -> None:
        """Take FDMS's word on every file under way. A file it never got may be sent again."""
        under_way = [one for one in files if one.state in UNDER_WAY and one.sent_at]
        if not under_way:
            return
        oldest = min(parse_utc(one.sent_at or "") for one in under_way)
        rows = await self._submitted(device, oldest)
        for record in under_way:
            row = _row_of(rows, record)
            if row is not None:
                await self._take(device, record, row)
            elif record.state == "unknown":
                await self._note(record, FileNews("built", reason="FDMS never got it: it is to be sent again."))

    async def _submitted(self, device: TillDevice, oldest: datetime) -> list[SubmittedFile]:
        """All that FDMS lists since then, in spans that it allows."""
        found: list[SubmittedFile] = []
        begin, end = oldest - MARGIN, self._clock.now() + MARGIN
        while begin < end:
            till = min(end, begin + timedelta(days=MOST_DAYS - 1))
            offset = 0
            while True:
                page = await device.gateway.submitted_files(local_text(begin), local_text(till), offset)
                rows = page.rows or ()
                found += rows
                offset += len(rows)
                if not rows or offset >= page.total:
                    break
            begin = till
        await self._connection.accepted(device)
        return found

    async def _take(self, device: TillDevice, record: FileRecord, row: SubmittedFile) -> None:
        """FDMS's word on one file."""
        faulty = {one.global_no: one.errors or () for one in row.faulty or ()}
        errors = [
            {"receiptGlobalNo": one.global_no, "receiptCounter": one.counter, "errors": _told(one.errors or ())}
            for one in row.faulty or ()
        ]
        state, reason = _judged(row)
        news = FileNews(state, None, row.operation_id, reason, json.dumps(errors) if errors else None)
        if state not in _FINAL:
            await self._note(record, news)
            return
        settled = await self._settled(record, row, faulty)
        now = self._clock.now()
        at = utc_text(now)
        deltas = [
            delta
            for entry in settled
            for delta in kpi.settled(entry.device_id, entry.receipt_date, now, entry.status == "completed", None)
        ]

        def job(work: Work) -> list[Message]:
            work.files.note(record.file_id, news)
            told = []
            for entry in settled:
                work.files.settle(entry, at)
                type_ = RECEIPT_COMPLETED if entry.status == "completed" else RECEIPT_FAILED
                told.append(work.events.add(type_, at, device.device_id, entry.brief()))
            work.receipts.add_deltas(deltas)
            return told

        messages = await self._store.write(job)
        self._metrics.apply(deltas)
        device.queued = max(0, device.queued - len(settled))
        for entry, message in zip(settled, messages, strict=True):
            self._announcer.settled(entry, message)
        if state == "failed":
            await self._tell(device, f"FDMS found faults in {_name(record)}: {reason}")

    async def _settled(
        self, record: FileRecord, row: SubmittedFile, faulty: dict[int | None, tuple[Any, ...]]
    ) -> list[Recorded]:
        """The file's receipts with FDMS's answer; none when FDMS stored none of them."""
        if not NOTHING_STORED.isdisjoint(row.errors):
            return []
        waiting = await self._store.read(lambda archive: archive.files.receipts(record))
        return [_answered(entry, faulty.get(entry.receipt_global_no, ())) for entry in waiting]

    async def _note(self, record: FileRecord, news: FileNews) -> None:
        await self._store.write(lambda work: work.files.note(record.file_id, news))

    async def _tell(self, device: TillDevice, reason: str) -> None:
        at, device_id = utc_text(self._clock.now()), device.device_id
        data = {"deviceID": device_id, "reason": reason}
        self._announcer.tell(
            await self._store.write(lambda work: work.events.add(DEVICE_ATTENTION, at, device_id, data))
        )


def _material(archive: Archive, device: TillDevice, day: DayRecord) -> tuple[list[Pending], int, Footer | None]:
    """The day's receipts in no file, the next file's number, and the day's end if it is to be told."""
    device_id, day_no = day.device_id, day.fiscal_day_no
    files = archive.files.of_device(device_id)
    taken = [one.file_sequence for one in files if one.fiscal_day_no == day_no]
    refused = refused_end(files, day_no)
    end = first_footer(day) if refused is None else footer_anew(device, day, refused, archive)
    return archive.files.loose(device_id, day_no), max(taken, default=0) + 1, end


def _records(day: DayRecord, files: list[OfflineFile], loose: list[Pending], at: str) -> Iterable[FileRecord]:
    begin = 0
    for file in files:
        part = loose[begin : begin + file.receipts]
        begin += file.receipts
        yield FileRecord(
            0,
            day.device_id,
            day.fiscal_day_no,
            file.sequence,
            "built",
            file.receipts,
            part[0].entry.row if part else 0,
            part[-1].entry.row if part else 0,
            file.has_footer,
            len(file.content),
            at,
        )


def _row_of(rows: list[SubmittedFile], record: FileRecord) -> SubmittedFile | None:
    """FDMS's newest row of a file: by the operation that brought it, else by day and number."""
    same = [row for row in rows if (row.day_no, row.sequence) == (record.fiscal_day_no, record.file_sequence)]
    named = [row for row in same if record.operation_id and row.operation_id == record.operation_id]
    return max(named or same, key=lambda row: row.uploaded or "", default=None)


def _judged(row: SubmittedFile) -> tuple[FileState, str | None]:
    if row.status == "CompleteSuccessful":
        return "done", None
    if row.status == "WaitingForPreviousFile":
        return "waiting", "FDMS waits for an earlier file of this day: send it."
    if row.status == "InProgress":
        return "sent", None
    errors = row.errors or ("unknown",)
    advice = FAULTS.get(errors[0], "Ask ZIMRA, naming the operation.")
    return "failed", f"{', '.join(errors)}. {advice}"


def _answered(entry: Recorded, found: tuple[Any, ...]) -> Recorded:
    red = any(error.color.lower() == "red" for error in found)
    return msgspec.structs.replace(
        entry,
        status="failed" if red else "completed",
        validation_errors=json.dumps(_told(found)) if found else None,
        attempts=entry.attempts + 1,
    )


def _told(found: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {"code": error.code, "color": error.color.capitalize(), "advice": meaning(error.code), "field": None}
        for error in found
    ]


def _name(record: FileRecord) -> str:
    return f"file {record.file_sequence} of day {record.fiscal_day_no}"
