"""What a device and FDMS say to each other (Gateway v7.2 §8-§15) as values: the wire's member names, no transport.

Receipts and configuration have modules of their own. Unknown members are ignored; dates are local texts.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from .counters import Counter
from .receipt import (
    Address,
    Contacts,
    LocalTime,
    PositiveInt,
    Receipt,
    SignatureData,
    Text20,
    Value,
)

ActivationKey = Annotated[str, Meta(min_length=8, max_length=8)]


class VerifyTaxpayerRequest(
    Value, frozen=True, rename={"activation_key": "activationKey", "serial_no": "deviceSerialNo"}
):
    """§8 verifyTaxpayerInformation."""

    activation_key: ActivationKey
    serial_no: Text20


class Taxpayer(
    Value,
    frozen=True,
    rename={
        "name": "taxPayerName",
        "tin": "taxPayerTIN",
        "vat_number": "vatNumber",
        "branch_name": "deviceBranchName",
        "branch_address": "deviceBranchAddress",
        "branch_contacts": "deviceBranchContacts",
        "operation_id": "operationID",
    },
):
    """§8: who the device would be registered for; to be confirmed by a person."""

    name: str
    tin: str
    branch_name: str
    branch_address: Address
    vat_number: str | None = None
    branch_contacts: Contacts | None = None
    operation_id: str = ""


class RegisterRequest(
    Value, frozen=True, rename={"certificate_request": "certificateRequest", "activation_key": "activationKey"}
):
    """§8 registerDevice: PKCS#10 in PEM."""

    certificate_request: str
    activation_key: ActivationKey


class IssueCertificateRequest(Value, frozen=True, rename={"certificate_request": "certificateRequest"}):
    """§8 issueCertificate."""

    certificate_request: str


class CertificateAnswer(Value, frozen=True, rename={"operation_id": "operationID"}):
    """§8: the device's certificate, PEM."""

    certificate: str
    operation_id: str = ""


class ServerCertificateAnswer(
    Value, frozen=True, rename={"valid_till": "certificateValidTill", "operation_id": "operationID"}
):
    """§8 getServerCertificate: the whole chain as PEM texts; `valid_till` is UTC."""

    certificate: tuple[str, ...]
    valid_till: str = ""
    operation_id: str = ""


class ServerSignature(Value, frozen=True, rename={"thumbprint": "certificateThumbprint"}):
    """§7 SignatureDataEx: base64 hash and signature by FDMS, SHA-1 (hex) of the certificate that made it."""

    hash: str
    signature: str
    thumbprint: str


class ValidationError(
    Value,
    frozen=True,
    rename={
        "code": "validationErrorCode",
        "color": "validationErrorColor",
        "description": "validationErrorDescription",
    },
):
    """§7: one rule that FDMS found broken. Colours come in any case, grey in two spellings."""

    code: str
    color: str
    description: str | None = None


class DocumentQuantity(
    Value,
    frozen=True,
    rename={
        "receipt_type": "receiptType",
        "currency": "receiptCurrency",
        "quantity": "receiptQuantity",
        "total": "receiptTotalAmount",
    },
):
    """§10: how many documents of a kind and currency FDMS holds of the day."""

    receipt_type: str
    currency: str
    quantity: int
    total: Decimal


class Status(
    Value,
    frozen=True,
    rename={
        "day_status": "fiscalDayStatus",
        "reconciliation_mode": "fiscalDayReconciliationMode",
        "server_signature": "fiscalDayServerSignature",
        "closed": "fiscalDayClosed",
        "closing_error": "fiscalDayClosingErrorCode",
        "counters": "fiscalDayCounter",
        "documents": "fiscalDayDocumentQuantities",
        "last_global_no": "lastReceiptGlobalNo",
        "last_day_no": "lastFiscalDayNo",
        "operation_id": "operationID",
    },
):
    """§10 getStatus. `last_global_no` follows the latest receiptDate, not the highest number: never trust it alone."""

    day_status: str
    reconciliation_mode: str | None = None
    server_signature: ServerSignature | None = None
    closed: str | None = None
    closing_error: str | None = None
    counters: tuple[Counter, ...] | None = None
    documents: tuple[DocumentQuantity, ...] | None = None
    last_global_no: int | None = None
    last_day_no: int | None = None
    operation_id: str = ""


class PingAnswer(
    Value, frozen=True, rename={"reporting_frequency": "reportingFrequency", "operation_id": "operationID"}
):
    """§11: minutes until the next ping."""

    reporting_frequency: int
    operation_id: str = ""


class OpenDayRequest(Value, frozen=True, rename={"opened": "fiscalDayOpened", "day_no": "fiscalDayNo"}):
    """§12."""

    opened: LocalTime
    day_no: PositiveInt | None = None


class OpenDayAnswer(Value, frozen=True, rename={"day_no": "fiscalDayNo", "operation_id": "operationID"}):
    """§12."""

    day_no: int
    operation_id: str = ""


class SubmitReceiptRequest(Value, frozen=True):
    """§13: the wrapper is required."""

    receipt: Receipt


class Acknowledgement(
    Value,
    frozen=True,
    rename={
        "receipt_id": "receiptID",
        "server_date": "serverDate",
        "server_signature": "receiptServerSignature",
        "validation_errors": "validationErrors",
        "operation_id": "operationID",
    },
):
    """§13.8: FDMS has stored the receipt, with or without validation errors. Its numbers are consumed."""

    receipt_id: int
    server_date: str
    server_signature: ServerSignature
    validation_errors: tuple[ValidationError, ...] | None = None
    operation_id: str = ""

    @property
    def has_red(self) -> bool:
        """Whether a Red error stands: the day can then no longer be closed by the device."""
        return any(error.color.lower() == "red" for error in self.validation_errors or ())


class CloseDayRequest(
    Value,
    frozen=True,
    rename={
        "day_no": "fiscalDayNo",
        "counters": "fiscalDayCounters",
        "signature": "fiscalDayDeviceSignature",
        "receipt_counter": "receiptCounter",
    },
):
    """§15: non-zero counters only; `receipt_counter` is the day's last, 0 for a day without receipts."""

    day_no: int
    counters: tuple[Counter, ...]
    signature: SignatureData
    receipt_counter: int


class Problem(Value, frozen=True, rename={"error_code": "errorCode", "operation_id": "operationID"}):
    """§5.1: RFC 7807 with FDMS's own members. `errors` only with 400, `error_code` only with 422."""

    type: str = ""
    title: str = ""
    status: int = 0
    detail: str | None = None
    error_code: str | None = None
    errors: dict[str, tuple[str, ...]] | None = None
    operation_id: str = ""
