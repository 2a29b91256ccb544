"""Files of offline devices as FDMS speaks of them (Gateway v7.2 §17): wire member names, no transport.

Dates are local texts; members that a server leaves out, or spells as null, are None.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from .gateway import ValidationError
from .receipt import Value

FileStatus = Literal["InProgress", "CompleteSuccessful", "FailedWithErrors", "WaitingForPreviousFile"]
MOST_DAYS = 100


class FaultyInvoice(
    Value,
    frozen=True,
    rename={"counter": "receiptCounter", "global_no": "receiptGlobalNo", "errors": "validationErrors"},
):
    """A receipt of a file that broke rules."""

    counter: int | None = None
    global_no: int | None = None
    errors: tuple[ValidationError, ...] | None = None


class SubmittedFile(
    Value,
    frozen=True,
    rename={
        "file_name": "fileName",
        "uploaded": "fileUploadDate",
        "device_id": "deviceId",
        "day_no": "dayNo",
        "day_opened": "fiscalDayOpenedAt",
        "sequence": "fileSequence",
        "processed": "fileProcessingDate",
        "status": "fileProcessingStatus",
        "error": "fileProcessingError",
        "has_footer": "hasFooter",
        "operation_id": "operationId",
        "ip_address": "ipAddress",
        "faulty": "invoiceWithValidationErrors",
    },
):
    """One row of SubmittedFileList. `error` is one value, or several where the server follows the document."""

    device_id: int
    day_no: int
    sequence: int
    status: str
    file_name: str | None = None
    uploaded: str | None = None
    day_opened: str | None = None
    processed: str | None = None
    error: str | tuple[str, ...] | None = None
    has_footer: bool = False
    operation_id: str | None = None
    ip_address: str | None = None
    faulty: tuple[FaultyInvoice, ...] | None = None

    @property
    def errors(self) -> tuple[str, ...]:
        """The processing errors, none or several."""
        if self.error is None:
            return ()
        return (self.error,) if isinstance(self.error, str) else self.error


class SubmittedFiles(msgspec.Struct, frozen=True):
    """SubmittedFileList: `total` counts what was found, `rows` is the page asked for."""

    total: int
    rows: tuple[SubmittedFile, ...] | None = None
