"""The footer of an offline day (Gateway v7.2 §17): the close that was signed here, or one signed anew.

FDMS keeps a file's receipts where it refuses its footer, and takes another footer for the same day (§15, "corrections
may be resubmitted"). Whether that one would say anything new is decided here; it knows neither sending nor files.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from ..books import Archive
from ..domain.canonical import digest, fiscal_day_parts
from ..domain.counters import fold, from_totals
from ..domain.day_record import DayRecord
from ..domain.file_record import FileRecord
from ..domain.gateway import CloseDayRequest, SubmitReceiptRequest
from ..domain.offline_file import FileFooter
from .chain_walk import verifier
from .day_closing import signed_close
from .devices import TillDevice


class Footer(NamedTuple):
    """What goes into the file, and the signed close that the books are to keep for it; None where they have it."""

    footer: FileFooter
    anew: CloseDayRequest | None = None


def first_footer(day: DayRecord) -> Footer | None:
    """The signed close of a day that was closed here, None while it is open."""
    request = _signed_here(day)
    return None if request is None else Footer(_footer(request, day))


def footer_anew(device: TillDevice, day: DayRecord, refused: FileRecord, archive: Archive) -> Footer | None:
    """After FDMS refused the day's footer; None where another one would say the same again.

    Totals are counted from the signed receipts themselves: what the till had counted is what FDMS did not believe.
    Raises KeyUnavailable.
    """
    signed = _signed_here(day)
    if signed is None:
        return None
    if "BadCertificateSignature" in refused.faults and _holds(device, day, signed):
        return None
    receipts = [_sent.decode(payload).receipt for payload in archive.files.payloads(day.device_id, day.fiscal_day_no)]
    last = max((receipt.counter for receipt in receipts), default=0)
    anew = signed_close(device, day.fiscal_day_no, day.opened, from_totals(fold(receipts)), last)
    same = (anew.counters, anew.receipt_counter) == (signed.counters, signed.receipt_counter)
    if same and "BadCertificateSignature" not in refused.faults:
        return None
    return Footer(_footer(anew, day), anew)


def refused_end(files: Sequence[FileRecord], day_no: int) -> FileRecord | None:
    """The newest file that was to end the day, if FDMS refused its footer."""
    ends = [one for one in files if one.fiscal_day_no == day_no and one.has_footer]
    newest = max(ends, key=lambda one: one.file_sequence, default=None)
    return newest if newest is not None and newest.state == "failed" else None


def _signed_here(day: DayRecord) -> CloseDayRequest | None:
    if day.takes_receipts or day.close_request is None or day.closed is None:
        return None
    return msgspec.json.decode(day.close_request, type=CloseDayRequest)


def _footer(request: CloseDayRequest, day: DayRecord) -> FileFooter:
    return FileFooter(request.counters, request.signature, request.receipt_counter, day.closed or "")


def _holds(device: TillDevice, day: DayRecord, signed: CloseDayRequest) -> bool:
    """Whether the signature is by the key in use: then it is not the key that FDMS minds."""
    canonical, _ = digest(fiscal_day_parts(day.device_id, day.fiscal_day_no, day.opened[:10], signed.counters))
    check = verifier(device.registered.certificate_pem)
    return check(base64.b64decode(signed.signature.signature), canonical.encode())


_sent = msgspec.json.Decoder(SubmitReceiptRequest)
