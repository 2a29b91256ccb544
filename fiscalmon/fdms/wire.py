"""Bytes to values and back for each call (Gateway v7.2 §8-§17). Decoders are made once; unknown members are ignored."""

from __future__ import annotations

from typing import Annotated

import msgspec
from cryptography import x509
from msgspec import Meta

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
from .signing import read_certificates


class Accepted(msgspec.Struct, frozen=True, rename={"operation_id": "operationID"}):
    """closeDay's answer: the operation id is all that tells it from any other JSON object."""

    operation_id: Annotated[str, Meta(min_length=1)]


# Amounts go out as JSON numbers: as strings FDMS answers 400 (§3).
encode = msgspec.json.Encoder(decimal_format="number").encode

decode_acknowledgement = msgspec.json.Decoder(Acknowledgement).decode
decode_status = msgspec.json.Decoder(Status).decode
decode_taxpayer = msgspec.json.Decoder(Taxpayer).decode
decode_submitted_files = msgspec.json.Decoder(SubmittedFiles).decode
decode_accepted = msgspec.json.Decoder(Accepted).decode
_open_day = msgspec.json.Decoder(OpenDayAnswer).decode
_ping = msgspec.json.Decoder(PingAnswer).decode
_certificate = msgspec.json.Decoder(CertificateAnswer).decode
_server_certificate = msgspec.json.Decoder(ServerCertificateAnswer).decode


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
