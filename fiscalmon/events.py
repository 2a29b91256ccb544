"""The catalogue of facts that screens, programs and the log are told: type names and the one message form.

A lasting message is a row of the event log: its `seq` is unique, strictly increasing and survives restarts.
A passing one (progress, metrics) carries the `seq` of the last lasting message and is never replayed.
Must not know who listens.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

HELLO: Final = "hello"
RECEIPT_PROGRESS: Final = "receipt.progress"
RECEIPT_COMPLETED: Final = "receipt.completed"
RECEIPT_FAILED: Final = "receipt.failed"
RECEIPT_QUEUED: Final = "receipt.queued"
FISCAL_OPENED: Final = "fiscal.opened"
FISCAL_CLOSED: Final = "fiscal.closed"
FISCAL_CLOSE_FAILED: Final = "fiscal.close_failed"
FISCAL_MENDED: Final = "fiscal.mended"
METRICS_UPDATED: Final = "metrics.updated"
DEVICE_ONLINE: Final = "device.online"
DEVICE_OFFLINE: Final = "device.offline"
DEVICE_ATTENTION: Final = "device.attention"
CERTIFICATE_EXPIRING: Final = "certificate.expiring"
CLOCK_DRIFT: Final = "clock.drift"
SETTING_CHANGED: Final = "setting.changed"
BACKUP_MADE: Final = "backup.made"
BACKUP_FAILED: Final = "backup.failed"
BOOKS_RESTORED: Final = "books.restored"
INTEGRITY_FAILED: Final = "integrity.failed"
DISK_LOW: Final = "disk.low"
FOLDER_ATTENTION: Final = "folder.attention"
FOLDER_OK: Final = "folder.ok"
FILE_REJECTED: Final = "file.rejected"
PRINTER_ATTENTION: Final = "printer.attention"
PRINTER_OK: Final = "printer.ok"
PRINT_FAILED: Final = "print.failed"
ALERT_RAISED: Final = "alert.raised"
ALERT_RESOLVED: Final = "alert.resolved"
ALERT_ACKNOWLEDGED: Final = "alert.acknowledged"
SIGNIN_FAILED: Final = "signin.failed"
SIGNIN_NEW_ADDRESS: Final = "signin.new_address"
ACCOUNT_CHANGED: Final = "account.changed"
LAN_LISTENING: Final = "lan.listening"
LAN_CLOSED: Final = "lan.closed"

LASTING: Final = frozenset(
    {
        RECEIPT_COMPLETED,
        RECEIPT_FAILED,
        RECEIPT_QUEUED,
        FISCAL_OPENED,
        FISCAL_CLOSED,
        FISCAL_CLOSE_FAILED,
        FISCAL_MENDED,
        DEVICE_ONLINE,
        DEVICE_OFFLINE,
        DEVICE_ATTENTION,
        CERTIFICATE_EXPIRING,
        CLOCK_DRIFT,
        SETTING_CHANGED,
        BACKUP_MADE,
        BACKUP_FAILED,
        BOOKS_RESTORED,
        INTEGRITY_FAILED,
        DISK_LOW,
        FOLDER_ATTENTION,
        FOLDER_OK,
        FILE_REJECTED,
        PRINTER_ATTENTION,
        PRINTER_OK,
        PRINT_FAILED,
        ALERT_RAISED,
        ALERT_RESOLVED,
        ALERT_ACKNOWLEDGED,
        SIGNIN_FAILED,
        SIGNIN_NEW_ADDRESS,
        ACCOUNT_CHANGED,
        LAN_LISTENING,
        LAN_CLOSED,
    }
)
# About the till's doors and settings: for those who look after it, not for whoever may see the figures.
OFFICE: Final = frozenset(
    {SETTING_CHANGED, SIGNIN_FAILED, SIGNIN_NEW_ADDRESS, ACCOUNT_CHANGED, LAN_LISTENING, LAN_CLOSED, BOOKS_RESTORED}
)

# The six stages of a receipt's way, as the customer named them, with their percent.
STAGES: Final = (
    ("Validating", 0),
    ("Building canonical", 20),
    ("Signing", 40),
    ("Sending to FDMS", 60),
    ("Verifying", 80),
    ("Completed", 100),
)


class Message:
    """One fact as every listener gets it: {"seq","type","at","deviceID","data"}. Encoded at most once."""

    __slots__ = ("_encoded", "at", "data", "device_id", "passing", "seq", "type")

    def __init__(
        self, type_: str, seq: int, at: str, device_id: int | None, data: dict[str, Any], *, passing: bool = False
    ) -> None:
        self.type = type_
        self.seq = seq
        self.at = at
        self.device_id = device_id
        self.data = data
        # Never in the log, so that a listener has not seen it whatever it was greeted with.
        self.passing = passing
        self._encoded: bytes | None = None

    def as_dict(self) -> dict[str, Any]:
        """The message as a JSON-ready object."""
        return {
            "seq": self.seq,
            "type": self.type,
            "at": self.at,
            "deviceID": self.device_id,
            "data": self.data,
        }

    def encoded(self) -> bytes:
        """The message as JSON bytes."""
        if self._encoded is None:
            self._encoded = encode(self.as_dict())
        return self._encoded

    def __repr__(self) -> str:
        return f"Message({self.type} seq={self.seq} device={self.device_id})"


def encode(value: Any) -> bytes:
    """JSON with amounts as numbers: the one encoder for everything that leaves the till as JSON."""
    return _encoder.encode(value)


_encoder = msgspec.json.Encoder(decimal_format="number")
