"""What the simulator says about files that a device in Offline mode has sent (SubmittedFileList, Gateway v7.2 §17).

Values only. Beside the client's own in the domain, as FDMS always says whether a file has a footer.
"""

from __future__ import annotations

from typing import Literal

from fiscalmon.domain.gateway import ValidationError
from fiscalmon.domain.receipt import Value

FileStatus = Literal["InProgress", "CompleteSuccessful", "FailedWithErrors", "WaitingForPreviousFile"]
FileError = Literal[
    "IncorrectFileFormat",
    "FileSentForClosedDay",
    "BadCertificateSignature",
    "MissingReceipts",
    "ReceiptsWithValidationErrors",
    "CountersMismatch",
    "FileExceededAllowedWaitingTime",
    "InternalError",
]
FILE_SORTS = (
    "DeviceId",
    "FileName",
    "FileUploadDate",
    "FileProcessingDate",
    "FileProcessingStatus",
    "FileProcessingError",
)
MOST_FILE_BYTES = 3 * 2**20
# Room for that as base64 in a multipart body.
MOST_WRAPPED = 6 * 2**20
MOST_DAYS = 100


class InvalidReceipt(
    Value,
    frozen=True,
    rename={"counter": "receiptCounter", "global_no": "receiptGlobalNo", "errors": "validationErrors"},
):
    """A receipt of a file in which FDMS found errors."""

    counter: int | None = None
    global_no: int | None = None
    errors: tuple[ValidationError, ...] | None = None


class SubmittedFile(
    Value,
    frozen=True,
    rename={
        "name": "fileName",
        "uploaded": "fileUploadDate",
        "device_id": "deviceId",
        "day_no": "dayNo",
        "opened": "fiscalDayOpenedAt",
        "sequence": "fileSequence",
        "processed": "fileProcessingDate",
        "status": "fileProcessingStatus",
        "error": "fileProcessingError",
        "has_footer": "hasFooter",
        "operation_id": "operationId",
        "ip_address": "ipAddress",
        "invalid": "invoiceWithValidationErrors",
    },
):
    """One file: `operation_id` is that of the SubmitFile which brought it. Dates are local texts."""

    device_id: int
    day_no: int
    opened: str
    sequence: int
    status: FileStatus
    name: str | None = None
    uploaded: str | None = None
    processed: str | None = None
    error: FileError | None = None
    operation_id: str | None = None
    ip_address: str | None = None
    invalid: tuple[InvalidReceipt, ...] | None = None
    has_footer: bool | None = None


class SubmittedFiles(Value, frozen=True):
    """`total` counts what was found, `rows` is the page asked for."""

    total: int
    rows: tuple[SubmittedFile, ...] | None = None
