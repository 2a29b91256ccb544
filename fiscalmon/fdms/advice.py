"""FDMS's refusals in plain words: whose fault it is and what to do (Gateway v7.2 §5).

Our own sentences by code and status. Must not know HTTP connections; what FDMS wrote itself is never part of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_BY_CODE: Mapping[str, str] = MappingProxyType(
    {
        "DEV01": "FDMS does not know this device, has it blocked, or has it in offline mode. "
        "Ask ZIMRA to activate it for online use.",
        "DEV02": "The activation key is wrong or was used before. Check it letter by letter; "
        "if it is right, ask ZIMRA for a new one.",
        "DEV03": "FDMS does not accept the certificate request. Check serial number and device id; "
        "if they are right, this is our fault: send a support bundle.",
        "DEV04": "ZIMRA has blacklisted this device model. Ask the supplier.",
        "DEV05": "The taxpayer is not active at ZIMRA. Only ZIMRA can change that: call them.",
        "DEV06": "FDMS does not know this device model and version. Set them exactly as ZIMRA registered them.",
        "RCPT01": "FDMS takes no receipts now: its fiscal day is closed or being closed. "
        "Compare the fiscal day here with FDMS's, then open a day.",
        "RCPT02": "FDMS finds the receipt malformed. This is our fault, not the shop's: send a support bundle.",
        "FISC01": "FDMS does not let a fiscal day be opened: the last one is not closed there. Close it first.",
        "FISC03": "FDMS is closing this fiscal day already. Wait for the result.",
        "FISC04": "FDMS has no open fiscal day with this number to close.",
        "FILE03": "FDMS has this device in online mode: receipts cannot be sent as files.",
    }
)

_BY_STATUS: Mapping[int, str] = MappingProxyType(
    {
        400: "FDMS finds the request malformed. This is our fault, not the shop's: send a support bundle.",
        401: "FDMS does not accept this device's certificate: it has expired, was revoked, or belongs to another "
        "device. Renew it, or register the device again with a new activation key from ZIMRA.",
        403: "FDMS does not allow this. Ask ZIMRA about the rights of this device.",
        404: "FDMS does not know what was asked for. Check the gateway's address.",
        405: "FDMS does not take this call. Check the gateway's address.",
        422: "FDMS refused the request for a reason that this version does not know. Ask ZIMRA, naming the code.",
    }
)


def refusal(status: int, code: str | None) -> str:
    """The sentence for a refusal by HTTP status and FDMS's error code."""
    if code is not None and code in _BY_CODE:
        return _BY_CODE[code]
    text = _BY_STATUS.get(status, "FDMS refused the request. Ask ZIMRA, naming the code.")
    return f"{text} ({code or f'HTTP {status}'})"
