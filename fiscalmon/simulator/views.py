"""What the control port shows of the ledger, as JSON. Long lists are read in a thread with a connection of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from fiscalmon.domain.counters import from_totals
from fiscalmon.domain.localtime import local_text

from .archive import Archive
from .book import Book
from .records import Held
from .simulation import Simulation

encode = msgspec.json.Encoder(decimal_format="number").encode


def ledger_head(book: Book, rule: str) -> dict[str, Any]:
    """What FDMS holds of a device but for its receipts; `counters` are those of the last fiscal day."""
    day = book.day
    return {
        "fiscalDayNo": None if day is None else day.no,
        "fiscalDayStatus": str(book.status),
        "fiscalDayClosingErrorCode": None if day is None else day.closing_error,
        "lastReceiptGlobalNo": book.last_global_no(rule),
        "counters": from_totals(book.chain.totals),
    }


def receipts(path: Path, device_id: int) -> list[dict[str, Any]]:
    """All receipts of a device in the order in which they arrived."""
    archive = Archive(path, read_only=True)
    try:
        return [_receipt(held) for held in archive.receipts.of_device(device_id)]
    finally:
        archive.close()


def _receipt(held: Held) -> dict[str, Any]:
    return {
        "fiscalDayNo": held.day_no,
        "receiptCounter": held.counter,
        "receiptGlobalNo": held.global_no,
        "receiptType": held.type,
        "receiptCurrency": held.currency,
        "receiptTotal": held.amount,
        "invoiceNo": held.invoice_no,
        "receiptDate": held.date,
        "hash": held.hash,
        "receiptID": held.receipt_id,
        "validationErrors": [
            {"validationErrorCode": error.code, "validationErrorColor": error.color}
            for error in (held.validation_errors if held.errors != b"[]" else ())
        ],
    }


def devices(simulation: Simulation) -> list[dict[str, Any]]:
    """Every device with what it needs to register."""
    return [
        {"deviceID": device.device_id, "serialNo": device.serial_no, "activationKey": device.activation_key}
        for _, book in sorted(simulation.ledger.books.items())
        for device in [book.device]
    ]


def security_codes(simulation: Simulation) -> list[dict[str, Any]]:
    """Codes that were "sent" and not used yet: what stands in the e-mails and messages of FDMS (§22)."""
    return [
        {
            "taxPayerId": user.taxpayer_id,
            "userName": user.user_name,
            "purpose": purpose,
            "sentTo": code.sent_to,
            "securityCode": code.code,
        }
        for user in simulation.users.all()
        for purpose, code in user.codes.items()
    ]


def overview(simulation: Simulation) -> dict[str, Any]:
    """The page's content: each device in a few words, no receipt."""
    ledger = simulation.ledger
    rows = []
    for _, book in sorted(ledger.books.items()):
        device, day = book.device, book.day
        rows.append(
            {
                "deviceID": device.device_id,
                "serialNo": device.serial_no,
                "activationKey": "used" if device.key_used else device.activation_key,
                "state": ("active" if device.operating_mode == "Online" else "offline") if device.active else "blocked",
                "fiscalDayNo": None if day is None else day.no,
                "fiscalDayStatus": str(book.status),
                "closingError": None if day is None else day.closing_error,
                "receipts": sum(quantity for quantity, _ in book.chain.documents.values()),
                "lastReceiptGlobalNo": book.highest_no or None,
                "lastReceiptDate": None if book.latest is None else book.latest.date,
            }
        )
    return {
        "now": local_text(ledger.clock.now()),
        "offsetSeconds": ledger.clock.offset,
        "faults": len(simulation.faults.plan.rules),
        "devices": rows,
    }
