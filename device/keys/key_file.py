"""A key on its way: PKCS#8 under a passphrase that people choose, with the certificate beside it, in one PEM file.

The passphrase is stretched by scrypt (RFC 7914) inside PBES2 (RFC 8018), which OpenSSL reads too. Knows no folder.
"""

from __future__ import annotations

import base64
import secrets
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from fiscalmon.domain.errors import BadInput

from .signer import PrivateKey

SHORTEST: Final = 12
# 16 MiB for each guess, twenty a second at best; what OpenSSL reads without being told to allow more.
_COST, _BLOCK, _LANES = 2**14, 8, 1
_SEQUENCE, _OCTETS, _INTEGER, _OBJECT = 0x30, 0x04, 0x02, 0x06
_PBES2: Final = bytes.fromhex("2a864886f70d01050d")
_SCRYPT: Final = bytes.fromhex("2b06010401da47040b")
_AES256_CBC: Final = bytes.fromhex("60864801650304012a")
_BEGIN, _END = "-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----END ENCRYPTED PRIVATE KEY-----"


def exported(key: PrivateKey, certificate_pem: str, passphrase: str) -> bytes:
    """The file's bytes. Raises BadInput for a short passphrase, or a certificate of another key."""
    if len(passphrase) < SHORTEST:
        raise BadInput(f"The passphrase for an exported key must have {SHORTEST} characters or more.")
    if certified_key(certificate_pem) != public_half(key):
        raise BadInput("The device's certificate belongs to another key than the one here.")
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    salt, vector = secrets.token_bytes(16), secrets.token_bytes(16)
    secret = Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_LANES).derive(passphrase.encode())
    padder = PKCS7(128).padder()
    cipher = Cipher(algorithms.AES(secret), modes.CBC(vector)).encryptor()
    sealed = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    stretching = _der(
        _SEQUENCE,
        _der(_OBJECT, _SCRYPT),
        _der(_SEQUENCE, _der(_OCTETS, salt), _number(_COST), _number(_BLOCK), _number(_LANES), _number(32)),
    )
    sealing = _der(_SEQUENCE, _der(_OBJECT, _AES256_CBC), _der(_OCTETS, vector))
    scheme = _der(_SEQUENCE, _der(_OBJECT, _PBES2), _der(_SEQUENCE, stretching, sealing))
    text = base64.encodebytes(_der(_SEQUENCE, scheme, _der(_OCTETS, sealed))).decode().replace("\n", "")
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"{_BEGIN}\n{lines}\n{_END}\n{certificate_pem.strip()}\n".encode()


def imported(content: bytes, passphrase: str) -> tuple[PrivateKey, str]:
    """The key and its certificate (PEM). Raises BadInput for another file, passphrase or kind of key."""
    try:
        certificate = x509.load_pem_x509_certificate(content)
    except ValueError:
        raise BadInput("This file is no key that `fiscalmon keys export` wrote: it holds no certificate.") from None
    if _BEGIN.encode() not in content:
        raise BadInput("This file holds no encrypted key. One that lies open is not taken.")
    try:
        key = load_pem_private_key(content, passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadInput("This passphrase does not open the key.") from None
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        found: PrivateKey = key
    elif isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        found = key
    else:
        raise BadInput("FDMS takes keys of the kinds P-256 and RSA-2048 only.")
    pem = certificate.public_bytes(Encoding.PEM).decode()
    if certified_key(pem) != public_half(found):
        raise BadInput("Key and certificate in this file do not belong together.")
    return found, pem


def public_half(key: PrivateKey) -> bytes:
    """SubjectPublicKeyInfo, DER."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def certified_key(certificate_pem: str) -> bytes:
    """SubjectPublicKeyInfo of a certificate, DER."""
    certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _number(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))
