"""What FDMS accepts as a certificate request (Gateway v7.2 §8): PKCS#10 in PEM, an exact subject, two kinds of key."""

from __future__ import annotations

import warnings

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from .problems import refused

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
COUNTRY, ORGANISATION, STATE = "ZW", "Zimbabwe Revenue Authority", "Zimbabwe"


def common_name(serial_no: str, device_id: int) -> str:
    """CN of a device's certificate: ZIMRA-<serial>-<device id, ten digits>."""
    return f"ZIMRA-{serial_no}-{device_id:010d}"


def check_request(pem: str, serial_no: str, device_id: int) -> PublicKey:
    """The public key to certify. Raises DEV03 with a detail that says what is wrong."""
    request = _load(pem)
    _check_subject(request.subject, common_name(serial_no, device_id))
    key = request.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        if not isinstance(key.curve, ec.SECP256R1):
            raise _invalid("an elliptic-curve key must be on the curve P-256")
    elif isinstance(key, rsa.RSAPublicKey):
        if key.key_size != 2048:
            raise _invalid("an RSA key must have 2048 bits")
    else:
        raise _invalid("the key must be ECDSA P-256 or RSA 2048")
    if not isinstance(request.signature_hash_algorithm, hashes.SHA256):
        raise _invalid("it must be signed with SHA-256")
    try:
        genuine = request.is_signature_valid
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        genuine = False
    if not genuine:
        raise _invalid("its own signature is not valid")
    return key


def _load(pem: str) -> x509.CertificateSigningRequest:
    if "\n" not in pem.strip() or "-----BEGIN CERTIFICATE REQUEST-----" not in pem:
        raise _invalid("not in PEM structure")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return x509.load_pem_x509_csr(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise _invalid("not in PEM structure") from None


def _check_subject(subject: x509.Name, name: str) -> None:
    wanted = {
        NameOID.COMMON_NAME: ("CN", name),
        NameOID.COUNTRY_NAME: ("C", COUNTRY),
        NameOID.ORGANIZATION_NAME: ("O", ORGANISATION),
        NameOID.STATE_OR_PROVINCE_NAME: ("ST", STATE),
    }
    seen = set()
    for attribute in subject:
        if attribute.oid not in wanted:
            raise _invalid(f"the subject part {attribute.rfc4514_attribute_name} is not allowed")
        label, value = wanted[attribute.oid]
        if attribute.value != value:
            given = str(attribute.value)
            raise _invalid(f"{label} attribute '{given}' does not match predefined value '{value}'")
        if attribute.oid in seen:
            raise _invalid(f"{label} attribute stands twice")
        seen.add(attribute.oid)
    if NameOID.COMMON_NAME not in seen:
        raise _invalid("CN attribute is missing")


def _invalid(why: str) -> Exception:
    return refused("DEV03", f"Certificate request is invalid: {why}.")
