"""Private keys that stay in a PKCS#11 token, as `cryptography` knows keys, so that requests and signatures need no
second way. What they can do is sign; nothing of them can be read. Knows no file and no PIN.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

# What the token is asked for: r‖s of a digest; a signature of a DigestInfo; the bare operation on a padded block.
Act = Literal["ecdsa", "rsa-pkcs1", "rsa-raw"]
Perform = Callable[[Act, bytes], bytes]
# DigestInfo of SHA-256 without the digest (RFC 8017 §9.2).
_SHA256_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")


class TokenEcKey(ec.EllipticCurvePrivateKey):
    """A P-256 key in a token. `perform` asks the token and raises KeyUnavailable."""

    def __init__(self, public: ec.EllipticCurvePublicKey, perform: Perform) -> None:
        self._public = public
        self.perform = perform

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """ECDSA in ASN.1 DER, SHA-256 only."""
        return self.sign_digest(_digest(bytes(data), signature_algorithm.algorithm))

    def sign_digest(self, sha256: bytes) -> bytes:
        """The same for a text's digest of at most 32 bytes."""
        raw = self.perform("ecdsa", sha256)
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        raise TypeError("This key signs and does nothing else.")

    def private_numbers(self) -> NoReturn:
        raise TypeError("The key stays in its token.")

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> NoReturn:
        raise TypeError("The key stays in its token.")

    def __copy__(self) -> TokenEcKey:
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> TokenEcKey:
        return self


class TokenRsaKey(rsa.RSAPrivateKey):
    """An RSA key in a token. `perform` asks the token and raises KeyUnavailable."""

    def __init__(self, public: rsa.RSAPublicKey, perform: Perform) -> None:
        self._public = public
        self.perform = perform

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        return self._public

    def sign(self, data: Any, padding: Any, algorithm: Any) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 only."""
        _only_pkcs1(padding)
        return self.perform("rsa-pkcs1", _SHA256_INFO + _digest(bytes(data), algorithm))

    def decrypt(self, ciphertext: Any, padding: Any) -> NoReturn:
        raise TypeError("This key signs and does nothing else.")

    def private_numbers(self) -> NoReturn:
        raise TypeError("The key stays in its token.")

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> NoReturn:
        raise TypeError("The key stays in its token.")

    def __copy__(self) -> TokenRsaKey:
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> TokenRsaKey:
        return self


TokenKey = TokenEcKey | TokenRsaKey


def token_key(public: object, perform: Perform) -> TokenKey:
    """The key to this public half. Raises TypeError for a kind that FDMS does not take."""
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return TokenEcKey(public, perform)
    if isinstance(public, rsa.RSAPublicKey):
        return TokenRsaKey(public, perform)
    raise TypeError("FDMS takes P-256 and RSA keys.")


def _digest(data: bytes, algorithm: object) -> bytes:
    if isinstance(algorithm, Prehashed):
        if algorithm.digest_size != hashes.SHA256.digest_size or len(data) != algorithm.digest_size:
            raise TypeError("FDMS takes SHA-256.")
        return data
    if not isinstance(algorithm, hashes.SHA256):
        raise TypeError("FDMS takes SHA-256.")
    made = hashes.Hash(algorithm)
    made.update(data)
    return made.finalize()


def _only_pkcs1(asked: object) -> None:
    if not isinstance(asked, padding.PKCS1v15):
        raise TypeError("FDMS takes PKCS #1 v1.5.")
