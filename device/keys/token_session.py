"""One PKCS#11 token: logged in when needed, one call at a time, logged in anew after it was pulled out.

The only module that knows the library. Knows no device and no file; the PIN is asked for and not kept here.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fiscalmon.domain.errors import KeyUnavailable

from .token_key import Act

if TYPE_CHECKING:
    from pkcs11 import PrivateKey, Session

T = TypeVar("T")


class PinRefused(KeyUnavailable):
    """The token did not take the PIN. Nothing may try it again by itself: a token locks after a few."""


class TokenSession:
    """A token named by its PKCS#11 library (`module`, a file) and its label. `refused` is told of a wrong PIN."""

    def __init__(self, module: str, label: str, pin: Callable[[], str], refused: Callable[[], None]) -> None:
        self._module = module
        self._label = label
        self._pin = pin
        self._refused = refused
        self._session: Session | None = None
        self._keys: dict[bytes, PrivateKey] = {}
        self._lock = threading.Lock()

    def make(self, key_id: bytes, name: str, kind: Literal["ec", "rsa"]) -> str:
        """A new key pair in the token, which never gives the private half out; its SubjectPublicKeyInfo, PEM."""
        return self._try(lambda session: _generate(session, key_id, name, kind))

    def perform(self, key_id: bytes, act: Act, data: bytes) -> bytes:
        """Let a key of the token sign. Raises KeyUnavailable."""
        return self._try(lambda session: self._sign(session, key_id, act, data))

    def holds(self, key_id: bytes) -> None:
        """Raises KeyUnavailable unless the token is there, takes the PIN and has the key."""
        self._try(lambda session: self._key(session, key_id))

    def destroy(self, key_id: bytes) -> None:
        """Remove both halves of a pair."""
        from pkcs11 import Attribute

        def remove(session: Session) -> None:
            self._keys.pop(key_id, None)
            for found in list(session.get_objects({Attribute.ID: key_id})):
                found.destroy()

        self._try(remove)

    def log_out(self) -> None:
        """Let go of the token until it is needed again."""
        with self._lock:
            self._end()

    def log_in(self) -> None:
        """Prove that the token is there and takes the PIN. Raises PinRefused, KeyUnavailable."""
        self._try(lambda session: None)

    def _try(self, work: Callable[[Session], T]) -> T:
        """Work in a session; once more in a new one, as a token that was pulled out forgets the old."""
        import pkcs11

        with self._lock:
            for again in (True, False):
                try:
                    return work(self._opened())
                except pkcs11.NoSuchKey as missing:
                    raise KeyUnavailable(f"The token {self._label} does not hold this device's key.") from missing
                except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as refused:
                    self._refused()
                    raise PinRefused(
                        f"The token {self._label} does not take its PIN. Give the right one with `fiscalmon keys pin`; "
                        "nothing tries the old one again, as a token locks itself after a few."
                    ) from refused
                except pkcs11.PinLocked as locked:
                    self._refused()
                    raise PinRefused(
                        f"The token {self._label} has locked itself after wrong PINs: its maker's tool unlocks it."
                    ) from locked
                except (pkcs11.PKCS11Error, OSError) as wrong:
                    self._end()
                    if not again:
                        raise KeyUnavailable(
                            f"The token {self._label} does not work ({type(wrong).__name__}): is it plugged in?"
                        ) from wrong
        raise AssertionError

    def _opened(self) -> Session:
        if self._session is None:
            import pkcs11

            try:
                library = pkcs11.lib(self._module)
            except (pkcs11.PKCS11Error, RuntimeError, OSError) as wrong:
                raise KeyUnavailable(f"{self._module} is no PKCS#11 library that works here.") from wrong
            try:
                token = library.get_token(token_label=self._label)
            except pkcs11.NoSuchToken:
                # A token that was plugged in after the library was loaded is seen by a library that begins anew.
                library.reinitialize()
                try:
                    token = library.get_token(token_label=self._label)
                except pkcs11.NoSuchToken as missing:
                    raise KeyUnavailable(f"There is no token {self._label} here: plug it in.") from missing
            try:
                self._session = token.open(rw=True, user_pin=self._pin())
            except pkcs11.UserAlreadyLoggedIn:
                # A login counts for the whole process: somebody else here has one.
                self._session = token.open(rw=True)
        return self._session

    def _sign(self, session: Session, key_id: bytes, act: Act, data: bytes) -> bytes:
        from pkcs11 import Mechanism

        mechanism = {
            "ecdsa": Mechanism.ECDSA,
            "rsa-pkcs1": Mechanism.RSA_PKCS,
            "rsa-raw": Mechanism.RSA_X_509,
        }[act]
        signer: Any = self._key(session, key_id)
        return bytes(signer.sign(data, mechanism=mechanism))

    def _key(self, session: Session, key_id: bytes) -> PrivateKey:
        from pkcs11 import ObjectClass

        found = self._keys.get(key_id)
        if found is None:
            found = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=key_id)  # type: ignore[assignment]
            self._keys[key_id] = found  # type: ignore[assignment]
        return found  # type: ignore[return-value]

    def _end(self) -> None:
        self._keys.clear()
        session, self._session = self._session, None
        if session is not None:
            # A token that has gone says so here once more.
            with contextlib.suppress(Exception):
                session.close()


def _generate(session: Session, key_id: bytes, name: str, kind: Literal["ec", "rsa"]) -> str:
    from pkcs11 import Attribute, KeyType
    from pkcs11.util.ec import encode_named_curve_parameters

    private = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.SIGN: True}
    common: dict[str, Any] = {"id": key_id, "label": name, "store": True, "private_template": private}
    made: object
    if kind == "rsa":
        public, _ = session.generate_keypair(KeyType.RSA, 2048, **common)
        modulus = int.from_bytes(public[Attribute.MODULUS], "big")
        made = rsa.RSAPublicNumbers(int.from_bytes(public[Attribute.PUBLIC_EXPONENT], "big"), modulus).public_key()
        return made.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    parameters = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True
    )
    public, _ = parameters.generate_keypair(**common)
    # The point is wrapped in an OCTET STRING by the standard, bare with some makers: 65 bytes begin with 04 either way.
    made = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes(public[Attribute.EC_POINT])[-65:])
    return made.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
