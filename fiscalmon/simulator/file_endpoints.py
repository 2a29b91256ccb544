"""SubmitFile and SubmittedFileList (Gateway v7.2 §17): what is refused at once, and what is listed later."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fiscalmon.domain.fiscal_day import DayStatus
from fiscalmon.domain.localtime import add_seconds, is_local_text

from .book import Book
from .calls import Call, Operation
from .file_content import read_header, unwrap
from .file_rows import FILE_SORTS, MOST_DAYS, MOST_WRAPPED, SubmittedFile, SubmittedFiles
from .listing import Query, Test
from .problems import refused

_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "DeviceId": "device_id",
        "FileName": "name",
        "FileUploadDate": "uploaded",
        "FileProcessingDate": "processed",
        "FileProcessingStatus": "status",
        "FileProcessingError": "error",
    }
)


def submit_file(call: Call) -> None:
    """Kept and answered at once; worked through afterwards."""
    book = call.book
    _offline_only(book)
    if len(call.body) > MOST_WRAPPED:
        raise refused("FILE01", "The file is bigger than 3 MB.")
    content, name = unwrap(call.body, call.headers.get(b"content-type", b"").decode("latin-1"))
    header, _, has_footer = read_header(content, call.device_id)
    day = book.day
    if day is not None and (
        header.day_no < day.no
        or (header.day_no == day.no and day.status in (DayStatus.CLOSED, DayStatus.CLOSE_INITIATED))
    ):
        raise refused("FILE04", f"Fiscal day {header.day_no} is closed, or its closing is in progress.")
    shown = SubmittedFile(
        device_id=header.device_id,
        day_no=header.day_no,
        opened=header.opened,
        sequence=header.sequence,
        status="InProgress",
        name=name or f"{header.device_id}-{header.day_no}-{header.sequence}.json",
        uploaded=call.simulation.clock.local(),
        operation_id=call.operation_id,
        ip_address=call.address,
        has_footer=has_footer,
    )
    call.simulation.files.add(book, shown, content)


def submitted_file_list(call: Call) -> SubmittedFiles:
    """At most 100 days of files, by the time when they were uploaded."""
    _offline_only(call.book)
    query = Query(call.query)
    operation_id = query.text("OperationID", 100)
    since, till = _moment(query, "FileUploadedFrom"), _moment(query, "FileUploadedTill")
    paging = query.paging(FILE_SORTS)
    query.check()
    if till > add_seconds(since, MOST_DAYS * 86400):
        raise refused("FILE02", f"From FileUploadedFrom to FileUploadedTill there may be at most {MOST_DAYS} days.")
    files = [file for file in call.simulation.files.listed(call.book) if since <= (file.uploaded or "") <= till]
    tests: list[Test[Any]] = []
    if operation_id is not None:
        tests.append(lambda file: file.operation_id == operation_id)
    if "sort" not in call.query:
        paging = paging._replace(sort="FileUploadDate")
    total, rows = paging.page(files, tests, lambda file, sort: getattr(file, _KEYS[sort]))
    return SubmittedFiles(total, tuple(rows))


def _offline_only(book: Book) -> None:
    if book.device.operating_mode != "Offline":
        raise refused("FILE03", "The device's operating mode is not Offline.")


def _moment(query: Query, name: str) -> str:
    value = query.text(name)
    if value is None:
        query.refuse(name, f"The {name} field is required.")
    elif not is_local_text(value):
        query.refuse(name, f"The {name} field must be a local date and time like 2026-03-02T08:00:00.")
    else:
        return value
    return "0001-01-01T00:00:00"


FILE_OPERATIONS: tuple[Operation, ...] = (
    Operation("Device", "POST", "SubmitFile", submit_file),
    Operation("Device", "GET", "SubmittedFileList", submitted_file_list, numbered=False),
)
