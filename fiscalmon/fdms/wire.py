"""Bytes to values and back for each call (Gateway v7.2 §8-§17). Decoders are made once; unknown members are ignored,
and what is spelt a little otherwise than FDMS does is read all the same (`forgiving`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

import msgspec
from cryptography import x509
from msgspec import Meta

from ..domain.device import DeviceConfig, evenly_written
from ..domain.fiscal_day import DayStatus
from ..domain.gateway import (
    Acknowledgement,
    CertificateAnswer,
    OpenDayAnswer,
    PingAnswer,
    ServerCertificateAnswer,
    Status,
    Taxpayer,
)
from ..domain.gateway_files import SubmittedFiles
from .forgiving import forgiving
from .signing import read_certificates

_STATES: Mapping[str, str] = MappingProxyType({status.value.lower(): status.value for status in DayStatus})


class Accepted(msgspec.Struct, frozen=True, rename={"operation_id": "operationID"}):
    """closeDay's answer: the operation id is all that tells it from any other JSON object."""

    operation_id: Annotated[str, Meta(min_length=1)]


# Amounts go out as JSON numbers: as strings FDMS answers 400 (§3).
encode = msgspec.json.Encoder(decimal_format="number").encode

decode_acknowledgement = forgiving(Acknowledgement)
decode_taxpayer = forgiving(Taxpayer, deviceBranchAddress={})
decode_submitted_files = forgiving(SubmittedFiles)
decode_accepted = forgiving(Accepted)
_status = forgiving(Status)
_status_without_counters = forgiving(Status, leave_out="fiscalDayCounter")
_config = forgiving(DeviceConfig, deviceBranchAddress={})
_open_day = forgiving(OpenDayAnswer)
_ping = forgiving(PingAnswer)
_certificate = forgiving(CertificateAnswer)
_server_certificate = forgiving(ServerCertificateAnswer)


def decode_status(content: bytes) -> Status:
    """getStatus's answer with the states in FDMS's own spelling."""
    try:
        status = _status(content)
    except msgspec.ValidationError:
        # A kind of counter that is new must not hide the state of the day: FDMS may as well have sent none.
        status = _status_without_counters(content)
    spelt = _STATES.get(status.day_status.lower(), status.day_status)
    mode = status.reconciliation_mode
    return msgspec.structs.replace(status, day_status=spelt, reconciliation_mode=mode and mode.capitalize())


def decode_config(content: bytes) -> DeviceConfig:
    """getConfig's answer, rates in their shortest form."""
    config = _config(content)
    return evenly_written(msgspec.structs.replace(config, operating_mode=config.operating_mode.capitalize()))


def decode_day_no(content: bytes) -> int:
    return _open_day(content).day_no


def decode_file_answer(content: bytes) -> str:
    """The operation id under which FDMS works on the file."""
    return decode_accepted(content).operation_id


def decode_ping(content: bytes) -> int:
    return _ping(content).reporting_frequency


def decode_certificate(content: bytes) -> str:
    """The device's certificate, PEM. Raises ValueError when it is none."""
    pem = _certificate(content).certificate
    x509.load_pem_x509_certificate(pem.encode())
    return pem


def decode_server_certificates(content: bytes) -> tuple[x509.Certificate, ...]:
    """The chain of a signing certificate. Raises ValueError."""
    return read_certificates(_server_certificate(content).certificate)
