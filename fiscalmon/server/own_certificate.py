"""A certificate that the shop brings itself: two PEM files, checked whole before anything listens with them."""

from __future__ import annotations

import hashlib
import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ..domain.errors import BadInput
from .tls import server_context


def load_own(certificate: Path, key: Path, now: datetime | None = None) -> ssl.SSLContext:
    """A server context of the two files. Raises BadInput that says what is wrong with them."""
    now = now or datetime.now(UTC)
    try:
        chain = x509.load_pem_x509_certificates(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), None)
    except OSError as wrong:
        raise BadInput(f"The file {wrong.filename} cannot be read: {wrong.strerror}.") from None
    except TypeError:
        raise BadInput(f"The key in {key} has a passphrase: the till starts alone, so it must have none.") from None
    except ValueError:
        raise BadInput(f"{certificate} and {key} must be a certificate and its key as PEM.") from None
    first = chain[0]
    if first.public_key() != private.public_key():
        raise BadInput(f"The key in {key} is not that of the certificate in {certificate}.")
    if not first.not_valid_before_utc <= now < first.not_valid_after_utc:
        raise BadInput(f"The certificate in {certificate} does not hold today: it ran out or begins later.")
    try:
        first.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        raise BadInput(f"The certificate in {certificate} names no host (subjectAltName).") from None
    try:
        return server_context(certificate, key)
    except (ssl.SSLError, OSError) as wrong:
        raise BadInput(f"The certificate in {certificate} cannot be used: {wrong}.") from None


def fingerprint(pem: bytes) -> str:
    """SHA-256 of the first certificate, in the form that browsers and phones show."""
    found = x509.load_pem_x509_certificates(pem)[0].public_bytes(serialization.Encoding.DER)
    digest = hashlib.sha256(found).digest()
    return ":".join(f"{byte:02X}" for byte in digest)
