"""The gateway's operations (Gateway v7.2 §4): one short function each, from a checked call to its answer. Files, users
and lists have modules of their own; the table of all of them is here.

Authentication and the state of the device were judged before (§5.3); nothing here knows TLS or ASGI.
"""

from __future__ import annotations

from typing import Any

import msgspec
from cryptography.hazmat.primitives import serialization

from fiscalmon.domain.counters import from_totals
from fiscalmon.domain.fiscal_day import DayStatus, after, allows
from fiscalmon.domain.gateway import (
    CertificateAnswer,
    OpenDayAnswer,
    PingAnswer,
    ServerCertificateAnswer,
    Status,
    Taxpayer,
)

from . import bodies
from .book import Book
from .calls import Call, Operation
from .clock import utc_text
from .csr import check_request
from .file_endpoints import FILE_OPERATIONS
from .list_endpoints import LIST_OPERATIONS
from .problems import Problem, misshapen, refused
from .records import Day
from .shape import read_body
from .user_endpoints import USER_OPERATIONS


def verify_taxpayer_information(call: Call) -> Taxpayer:
    request = read_body(bodies.VERIFY_TAXPAYER, call.body)
    device, taxpayer = call.book.device, call.book.taxpayer
    if request.serial_no != device.serial_no:
        raise refused("DEV01", "Device with this id and serial number was not found or is not active.")
    _check_key(call.book, request.activation_key)
    return Taxpayer(
        taxpayer.name,
        taxpayer.tin,
        device.branch_name,
        device.branch_address,
        taxpayer.vat_number,
        device.branch_contacts,
    )


def register_device(call: Call) -> CertificateAnswer:
    request = read_body(bodies.REGISTER, call.body)
    _check_key(call.book, request.activation_key)
    return _certify(call, request.certificate_request, registering=True)


def issue_certificate(call: Call) -> CertificateAnswer:
    request = read_body(bodies.ISSUE_CERTIFICATE, call.body)
    return _certify(call, request.certificate_request, registering=False)


def get_server_certificate(call: Call) -> ServerCertificateAnswer:
    thumbprint = call.query.get("thumbprint") or None
    if thumbprint is not None and len(thumbprint) > 40:
        raise misshapen({"thumbprint": ["The thumbprint field must have at most 40 characters."]})
    chain = call.simulation.authority.chain_of(thumbprint)
    if chain is None:
        raise Problem(404, "No certificate has this thumbprint.")
    texts = tuple(certificate.public_bytes(serialization.Encoding.PEM).decode() for certificate in chain)
    return ServerCertificateAnswer(texts, utc_text(chain[0].not_valid_after_utc))


def get_config(call: Call) -> Any:
    """Only taxes that are valid now or will be (§9)."""
    ledger, config = call.simulation.ledger, call.book.config
    now = ledger.clock.local()
    return msgspec.structs.replace(
        config,
        certificate_valid_till=ledger.certificates.valid_till(call.device_id),
        taxes=tuple(tax for tax in config.taxes if tax.valid_till is None or tax.valid_till >= now),
    )


def get_status(call: Call) -> Status:
    book, settings = call.book, call.simulation.ledger.settings
    day, last_no = book.day, book.last_global_no(settings.last_global_no)
    if day is None:
        return Status(str(DayStatus.CLOSED), last_global_no=last_no)
    closed = day.status == DayStatus.CLOSED
    # Live, counters and documents also come while a day is open or failed: lost state can be built again from them.
    shown = not closed or day.mode == "Manual"
    late = settings.late_status and day.status == DayStatus.CLOSE_INITIATED
    return Status(
        str(DayStatus.OPENED) if late else day.status,
        reconciliation_mode=day.mode if closed else None,
        server_signature=day.server_signature if closed else None,
        closed=day.closed if closed else None,
        closing_error=day.closing_error,
        counters=tuple(from_totals(book.chain.totals)) if shown else None,
        documents=book.chain.document_quantities() if shown else None,
        last_global_no=last_no,
        last_day_no=day.no,
    )


def ping(call: Call) -> PingAnswer:
    return PingAnswer(call.simulation.ledger.settings.reporting_frequency)


def open_day(call: Call) -> OpenDayAnswer:
    request = read_body(bodies.OPEN_DAY, call.body)
    book = call.book
    if not allows(book.status, "open"):
        raise refused("FISC01", "Opening a new day is not possible while the current one is not closed.")
    number = 1 if book.day is None else book.day.no + 1
    if request.day_no not in (None, number):
        raise refused("FISC01", f"The next fiscal day is {number}, not {request.day_no}.")
    day = Day(call.device_id, number, request.opened, str(after(book.status, "open")))
    call.simulation.ledger.put_day(book, day)
    return OpenDayAnswer(number)


def submit_receipt(call: Call) -> Any:
    return call.simulation.receiving.submit(call.book, read_body(bodies.SUBMIT_RECEIPT, call.body))


def close_day(call: Call) -> None:
    call.simulation.closing.request(call.book, read_body(bodies.CLOSE_DAY, call.body))


def _check_key(book: Book, given: str) -> None:
    if book.device.key_used or given.upper() != book.device.activation_key.upper():
        raise refused("DEV02", "Activation key is incorrect.")


def _certify(call: Call, pem: str, *, registering: bool) -> CertificateAnswer:
    simulation, device = call.simulation, call.book.device
    ledger = simulation.ledger
    key = check_request(pem, device.serial_no, device.device_id)
    issued = simulation.authority.issue(key, device.serial_no, device.device_id, ledger.clock.now())
    record = ledger.certificates.record(device.device_id, issued)
    if not registering and ledger.settings.revoke_on_renewal:
        ledger.certificates.revoke(device.device_id)
    with ledger.archive.transaction():
        ledger.certificates.put(record)
        if registering:
            ledger.put_device(msgspec.structs.replace(device, key_used=True))
    ledger.certificates.remember(record)
    return CertificateAnswer(record.pem)


OPERATIONS: tuple[Operation, ...] = (
    Operation("Public", "POST", "VerifyTaxpayerInformation", verify_taxpayer_information),
    Operation("Public", "POST", "RegisterDevice", register_device),
    Operation("Public", "GET", "GetServerCertificate", get_server_certificate),
    Operation("Device", "POST", "IssueCertificate", issue_certificate),
    Operation("Device", "GET", "GetConfig", get_config),
    Operation("Device", "GET", "GetStatus", get_status, online_only=True),
    Operation("Device", "POST", "Ping", ping),
    Operation("Device", "POST", "OpenDay", open_day, online_only=True),
    Operation("Device", "POST", "SubmitReceipt", submit_receipt, online_only=True),
    Operation("Device", "POST", "CloseDay", close_day, online_only=True),
    *FILE_OPERATIONS,
    *USER_OPERATIONS,
    *LIST_OPERATIONS,
)
