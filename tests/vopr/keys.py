"""Device keys that are the same in every run and sign the same bytes with the same signature (RFC 6979)."""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from device.keys.csr import certificate_request

_SIGNS = ec.ECDSA(Prehashed(hashes.SHA256()), deterministic_signing=True)


class _Signer:
    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    def sign_digest(self, sha256: bytes) -> bytes:
        return self._key.sign(sha256, _SIGNS)

    def sign(self, data: bytes) -> bytes:
        return self.sign_digest(hashlib.sha256(data).digest())

    @property
    def public_key_pem(self) -> str:
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class SimulatedKeys:
    """Implements ports.KeyStore: every device has its key from the beginning, and no other one."""

    def exists(self, device_id: int) -> bool:
        return True

    def create(self, device_id: int, wish: object = None) -> None: ...

    def place(self, device_id: int) -> str:
        return "file"

    def lock(self, device_id: int) -> None: ...

    def certificate_request(self, device_id: int, serial_no: str, *, next_key: bool = False) -> str:
        return certificate_request(_key(device_id), device_id, serial_no)

    def signer(self, device_id: int) -> _Signer:
        return _Signer(_key(device_id))

    def forget(self, device_id: int) -> None: ...

    def create_next(self, device_id: int) -> None: ...

    def next_public_key_pem(self, device_id: int) -> str | None:
        return None

    def adopt_next(self, device_id: int) -> None: ...

    def discard_next(self, device_id: int) -> None: ...


def _key(device_id: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(device_id * 7919 + 1, ec.SECP256R1())
