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
        "DEV07": "This user name is taken already. Choose another.",
        "DEV08": "FDMS does not know this user, or the user is blocked, not confirmed yet, or confirmed already. "
        "Look at the list of users.",
        "DEV09": "The security code is wrong or has run out. Type it again, or ask for a new one.",
        "DEV10": "FDMS does not take this password. Choose another, longer one.",
        "DEV11": "User name or password is wrong. Type both again, or reset the password.",
        "DEV12": "The user's sign-in at FDMS has run out. Sign in again.",
        "DEV13": "This user is not confirmed yet. Confirm it with the code that the taxpayer got.",
        "DEV14": "FDMS has no usable e-mail address or phone number for this user. Enter it first.",
        "DEV15": "This e-mail address or phone number is confirmed already. Nothing is to be done.",
        "RCPT01": "FDMS takes no receipts now: its fiscal day is closed or being closed. "
        "Compare the fiscal day here with FDMS's, then open a day.",
        "RCPT02": "FDMS finds the receipt malformed. This is our fault, not the shop's: send a support bundle.",
        "FISC01": "FDMS does not let a fiscal day be opened: the last one is not closed there. Close it first.",
        "FISC03": "FDMS is closing this fiscal day already. Wait for the result.",
        "FISC04": "FDMS has no open fiscal day with this number to close.",
        "FILE01": "FDMS finds the file larger than 3 MB. This is our fault, not the shop's: send a support bundle.",
        "FILE02": "FDMS finds the file malformed. If `gateway.file_transport` was never tried otherwise, try another "
        "one; else this is our fault: send a support bundle.",
        "FILE04": "FDMS has closed the fiscal day of this file already, or is closing it. "
        "Compare the fiscal day here with FDMS's; only ZIMRA can add to a closed day.",
        "FILE05": "The file is another device's. This is our fault, not the shop's: send a support bundle.",
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
