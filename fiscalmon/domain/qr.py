"""QR data, QR address and verification code of a signed receipt (Gateway v7.2 §19). Needs nothing from FDMS."""

from __future__ import annotations

import hashlib


def qr_data(signature: bytes) -> str:
    """First 16 hex digits, upper case, of MD5 over the decoded signature bytes."""
    return hashlib.md5(signature, usedforsecurity=False).hexdigest()[:16].upper()


def qr_url(base: str, device_id: int, date: str, global_no: int, data: str) -> str:
    """The address behind the QR code. `date` is receiptDate as local text, `data` from `qr_data`."""
    day = f"{date[8:10]}{date[5:7]}{date[0:4]}"
    return f"{base.rstrip('/')}/{device_id:010d}{day}{global_no:010d}{data}"


def verification_code(data: str) -> str:
    """What a person types: QR data in four groups of four."""
    return "-".join(data[i : i + 4] for i in range(0, 16, 4))
