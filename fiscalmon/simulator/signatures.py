"""Whether a device signed what it sent (Gateway v7.2 §18): hash and signature. Knows no rule and no storage."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from fiscalmon.domain.canonical import Parts, digest
from fiscalmon.domain.receipt import SignatureData

from .csr import PublicKey

_PREHASHED = Prehashed(hashes.SHA256())


def signed(parts: Parts, given: SignatureData, keys: Iterable[PublicKey]) -> bool:
    """Whether hash and signature are those of the canonical string, by one of the device's keys."""
    return digest(parts).base64 == given.hash and signed_hash(given, keys)


def signed_hash(given: SignatureData, keys: Iterable[PublicKey]) -> bool:
    """Whether the signature is that of the hash as submitted: all that can be told while the chain has a gap."""
    sha256, signature = base64.b64decode(given.hash), base64.b64decode(given.signature)
    return len(sha256) == 32 and any(_verifies(key, signature, sha256) for key in keys)


def _verifies(key: PublicKey, signature: bytes, sha256: bytes) -> bool:
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, sha256, ec.ECDSA(_PREHASHED))
        else:
            key.verify(signature, sha256, padding.PKCS1v15(), _PREHASHED)
    except InvalidSignature:
        return False
    return True
