"""Signs with a device's private key and shows nothing of it (Gateway v7.2 §18.1). Knows no file."""

from __future__ import annotations

from typing import NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class _Signer:
    """What both kinds share: the public half, and no way to show or copy the private one."""

    __slots__ = ("_key",)

    def __init__(self, key: PrivateKey) -> None:
        self._key = key

    @property
    def public_key_pem(self) -> str:
        """SubjectPublicKeyInfo, PEM."""
        public = self._key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A signer is neither copied nor stored.")


class EcSigner(_Signer):
    """ECDSA P-256 with SHA-256, ASN.1 DER: what FDMS prefers."""

    __slots__ = ("_algorithm", "_sign")

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        super().__init__(key)
        self._sign = key.sign
        self._algorithm = ec.ECDSA(Prehashed(hashes.SHA256()))

    def sign_digest(self, sha256: bytes) -> bytes:
        return self._sign(sha256, self._algorithm)


class RsaSigner(_Signer):
    """RSASSA-PKCS1-v1_5 with SHA-256, for devices that were registered with an RSA key."""

    __slots__ = ("_algorithm", "_padding", "_sign")

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        super().__init__(key)
        self._sign = key.sign
        self._padding = padding.PKCS1v15()
        self._algorithm = Prehashed(hashes.SHA256())

    def sign_digest(self, sha256: bytes) -> bytes:
        return self._sign(sha256, self._padding, self._algorithm)
