"""FDMS's own signatures: the certificates it signs with, and whether a signature holds (Gateway v7.2 §8, §18.3, §18.5).

Trust comes from the connection: the certificates are asked of the gateway over verified TLS and picked by the
SHA-1 that the signature names. Knows no HTTP: asking is a function it is given.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ..domain.gateway import ServerSignature
from ..domain.localtime import parse_local

# FDMS mixes UTC and local time in the dates of certificates (§3): a day's grace either way hides no attack.
_GRACE = timedelta(days=1)
_MOST_KNOWN = 32
_THUMBPRINT = re.compile(r"[0-9A-F]{40}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")

Ask = Callable[[str], Awaitable[tuple[x509.Certificate, ...]]]


class SigningKey(NamedTuple):
    """A public key by which FDMS signs, and when its certificate holds."""

    public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey
    begin: datetime
    end: datetime


class SigningCertificates:
    """What one gateway signs with, by thumbprint; kept in memory for the process and shared by its devices."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, SigningKey] = OrderedDict()

    async def verify(self, canonical: str, signature: ServerSignature, now: datetime, ask: Ask) -> bool:
        """Whether hash and signature are those of the canonical string, by a certificate valid when it was made.

        `ask` gives the certificates for a thumbprint that is not known yet; what it raises goes through.
        """
        content = canonical.encode()
        try:
            sha256 = base64.b64decode(signature.hash, validate=True)
            mark = base64.b64decode(signature.signature, validate=True)
        except (binascii.Error, ValueError):
            return False
        if sha256 != hashlib.sha256(content).digest():
            return False
        thumbprint = signature.thumbprint.upper()
        if not _THUMBPRINT.fullmatch(thumbprint):
            return False
        key = self._keys.get(thumbprint) or self._learn(thumbprint, await ask(thumbprint))
        if key is None or not key.begin - _GRACE <= made_at(canonical, now) <= key.end + _GRACE:
            return False
        return _holds(key, mark, content)

    def _learn(self, thumbprint: str, certificates: tuple[x509.Certificate, ...]) -> SigningKey | None:
        """The key of the certificate with exactly this SHA-1, kept; None when the gateway gave others only."""
        for certificate in certificates:
            if certificate.fingerprint(hashes.SHA1()).hex().upper() != thumbprint:  # noqa: S303 - FDMS's own choice
                continue
            public = certificate.public_key()
            if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
                return None
            key = SigningKey(public, certificate.not_valid_before_utc, certificate.not_valid_after_utc)
            self._keys[thumbprint] = key
            if len(self._keys) > _MOST_KNOWN:
                self._keys.popitem(last=False)
            return key
        return None


def made_at(canonical: str, otherwise: datetime) -> datetime:
    """When FDMS signed: both strings it signs hold exactly one date-time, serverDate or fiscalDayUpdated (§18)."""
    found = _MOMENT.search(canonical)
    if found is None:
        return otherwise
    try:
        return parse_local(found[0]).astimezone(UTC)
    except (ValueError, OverflowError):
        return otherwise


def read_certificates(pems: tuple[str, ...]) -> tuple[x509.Certificate, ...]:
    """Certificates from PEM texts, each of one or several. Raises ValueError for anything else."""
    return tuple(one for pem in pems for one in x509.load_pem_x509_certificates(pem.encode()))


def _holds(key: SigningKey, mark: bytes, content: bytes) -> bool:
    try:
        if isinstance(key.public, rsa.RSAPublicKey):
            key.public.verify(mark, content, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.public.verify(mark, content, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
