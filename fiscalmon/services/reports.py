"""Joins what printed documents need from the books: a receipt with its configuration and original, a day's report.

Runs on a reader's thread; must not know how anything looks on paper.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from ..books import Archive, Store
from ..documents.day_report import DayReport, day_report
from ..documents.receipt_document import ReceiptDocument, Referenced
from ..domain.errors import DayRefused, UnknownDevice, UnknownReceipt
from ..domain.receipt import NoteReference, Receipt, Value
from ..domain.recorded import Recorded
from ..domain.registered import RegisteredDevice

Seen = frozenset[int] | None


class _Body(Value, frozen=True):
    receipt: Receipt


_decoder = msgspec.json.Decoder(_Body)


def receipt_document(archive: Archive, receipt_id: str, seen: Seen = None) -> ReceiptDocument:
    """A receipt with all that stands on its paper. Raises UnknownReceipt."""
    entry = archive.receipt(receipt_id)
    payload = archive.payload(receipt_id)
    if entry is None or payload is None or (seen is not None and entry.device_id not in seen):
        raise UnknownReceipt(f"There is no receipt {receipt_id} on this till.")
    config = archive.papers.config_at(entry.device_id, entry.row) or _device(archive, entry.device_id).config
    if config is None:
        raise UnknownReceipt(
            f"The configuration of device {entry.device_id} is not known: run `fiscalmon device config`."
        )
    receipt = _decoder.decode(payload).receipt
    return ReceiptDocument(
        receipt_id=receipt_id,
        device_id=entry.device_id,
        fiscal_day_no=entry.fiscal_day_no,
        receipt=receipt,
        config=config,
        qr_url=entry.qr_url,
        verification_code=entry.verification_code,
        original=None if receipt.reference is None else _referenced(archive, receipt.reference),
    )


def report_of_day(archive: Archive, device_id: int, day_no: int | None = None, seen: Seen = None) -> DayReport:
    """The X report of an open day, the Z report of a closed one; the newest day where no number is given.

    Raises UnknownDevice, DayRefused where the device has no such day.
    """
    if seen is not None and device_id not in seen:
        raise _unknown(device_id)
    device = _device(archive, device_id)
    day = archive.papers.day(device_id, day_no)
    if day is None:
        which = "no fiscal day yet" if day_no is None else f"no fiscal day {day_no}"
        raise DayRefused(f"Device {device_id} has {which}; `fiscalmon day status` shows its newest one.")
    if day.adopted:
        raise DayRefused(
            f"Day {day.fiscal_day_no} of device {device_id} was not opened here: its receipts are not in these books, "
            "so a report of it would be wrong."
        )
    last = archive.papers.last_row(device_id, day.fiscal_day_no)
    config = device.config
    if day.status == "FiscalDayClosed" and last is not None:
        config = archive.papers.config_at(device_id, last) or config
    if config is None:
        raise DayRefused(f"The configuration of device {device_id} is not known: run `fiscalmon device config`.")
    counters = archive.counters(device_id, day.fiscal_day_no)
    return day_report(day, config, counters, archive.papers.documents(device_id, day.fiscal_day_no))


def _referenced(archive: Archive, reference: NoteReference) -> Referenced:
    """What is known of a note's original: all of it where this till issued it, else what the note itself says."""
    found: Recorded | None = archive.papers.referenced(reference)
    if found is None:
        serial = None if reference.device_id is None else archive.papers.serial_no(reference.device_id)
        return Referenced(serial, reference.receipt_global_no, fdms_receipt_id=reference.receipt_id)
    serial = archive.papers.serial_no(found.device_id)
    return Referenced(serial, found.receipt_global_no, found.receipt_date, found.invoice_no, found.fdms_receipt_id)


def _device(archive: Archive, device_id: int) -> RegisteredDevice:
    for device in archive.devices():
        if device.device_id == device_id:
            return device
    raise _unknown(device_id)


def _unknown(device_id: int) -> UnknownDevice:
    return UnknownDevice(f"There is no device {device_id} on this till; `fiscalmon device list` shows them.")


class Reports:
    """The same for the running till, whose books are read on a thread of their own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def receipt_document(self, receipt_id: str, devices: Seen = None) -> ReceiptDocument:
        """A receipt with all that stands on its paper. Raises UnknownReceipt."""
        return await self._store.read(lambda archive: receipt_document(archive, receipt_id, devices))

    async def day_report(self, device_id: int, day_no: int | None = None, devices: Seen = None) -> DayReport:
        """An X or Z report. Raises UnknownDevice, DayRefused where the device has no such day."""
        return await self._store.read(lambda archive: report_of_day(archive, device_id, day_no, devices))


def as_plain(document: ReceiptDocument | DayReport) -> dict[str, Any]:
    """The document as a JSON-ready dict with exact amounts."""
    plain: dict[str, Any] = msgspec.to_builtins(document, builtin_types=(Decimal,))
    return plain
