"""The certificate request of a device (Gateway v7.2 §8): FDMS refuses any other subject with DEV03. Knows no file."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from fiscalmon.domain.errors import BadInput

from .signer import PrivateKey

_LONGEST_SERIAL = 20
_LARGEST_ID = 2**31 - 1


def common_name(device_id: int, serial_no: str) -> str:
    """ZIMRA-<serial>-<deviceID, 10 digits>. Raises BadInput for what FDMS cannot know."""
    if not 1 <= len(serial_no) <= _LONGEST_SERIAL or not serial_no.isprintable() or serial_no != serial_no.strip():
        raise BadInput("The serial number must be 1 to 20 printable characters, as ZIMRA registered it.")
    if not 1 <= device_id <= _LARGEST_ID:
        raise BadInput("The device id must be a whole number from 1 on, as ZIMRA gave it.")
    return f"ZIMRA-{serial_no}-{device_id:010d}"


def certificate_request(key: PrivateKey, device_id: int, serial_no: str) -> str:
    """PKCS#10 in PEM with real newlines, signed with SHA-256 by the key itself. Raises BadInput."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ZW"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Zimbabwe Revenue Authority"),
            x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "Zimbabwe"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name(device_id, serial_no)),
        ]
    )
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode()
