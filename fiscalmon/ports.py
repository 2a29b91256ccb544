"""What the services ask of the outside world, as Protocols. Adapters implement them; services know no adapter.

Times are aware datetimes unless a name says `local` (FDMS's text) or `at` (the store's UTC text).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from .domain.alert_channels import Channel, Note
from .domain.device import DeviceConfig
from .domain.gateway import Acknowledgement, CloseDayRequest, ServerSignature, Status, Taxpayer
from .domain.gateway_files import SubmittedFiles
from .domain.paper import FoundPrinter, Paper, PrinterSetup, PrinterStatus, PrintMark, PrintResult


class Clock(Protocol):
    """The engine's only notion of time."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""

    async def wait_until(self, moment: datetime) -> None:
        """Return once `now()` has reached the moment. A virtual clock moves itself there instead of sleeping.

        Raises TillBusy when that is too far off to wait for.
        """


class Signer(Protocol):
    """A fiscal device's private key. Never gives the key away."""

    def sign_digest(self, sha256: bytes) -> bytes:
        """The signature of the text with this SHA-256: ECDSA in ASN.1 DER, or RSA PKCS #1 v1.5 (Gateway v7.2 §18.1).

        Raises KeyUnavailable.
        """

    @property
    def public_key_pem(self) -> str:
        """SubjectPublicKeyInfo, PEM."""


KeyKind = Literal["ec", "rsa"]


class KeyWish(NamedTuple):
    """What kind of key a device is to get, and where: a file, or the PKCS#11 token of this library and label.

    `kind`: P-256 (which FDMS prefers) or RSA-2048. None: as the till's settings say. `pin` is for a new token.
    """

    kind: KeyKind = "ec"
    token_module: str | None = None
    token_label: str | None = None
    pin: str | None = None

    def __repr__(self) -> str:
        return f"KeyWish({self.kind!r})"


ORDINARY_KEY = KeyWish()
# What keeps a device's key: a file that a file unlocks, a file that the system's keyring unlocks, a token.
KeyPlace = Literal["file", "keyring", "token"]


class KeyStore(Protocol):
    """Where device keys live: encrypted, one file a device, or in a token that never gives them out."""

    def create(self, device_id: int, wish: KeyWish = ORDINARY_KEY) -> None:
        """Make a new key for the device. Raises KeyUnavailable when one exists already or the token refuses."""

    def place(self, device_id: int) -> KeyPlace:
        """What keeps the device's key."""

    def lock(self, device_id: int) -> None:
        """Forget the decrypted key until it is needed again; signers that were given out are to be dropped."""

    def exists(self, device_id: int) -> bool:
        """Whether the device has a key here."""

    def certificate_request(self, device_id: int, serial_no: str, *, next_key: bool = False) -> str:
        """The PKCS#10 of Gateway v7.2 §8, PEM, by the device's key or by the next one."""

    def signer(self, device_id: int) -> Signer:
        """The device's signer. Raises KeyUnavailable when there is no key or it cannot be decrypted."""

    def forget(self, device_id: int) -> None:
        """Remove a key that was never certified (a registration that FDMS refused)."""

    def create_next(self, device_id: int) -> None:
        """Make a key beside the device's own; one that is there already stays."""

    def next_public_key_pem(self, device_id: int) -> str | None:
        """The next key's public half, None when there is no next key."""

    def adopt_next(self, device_id: int) -> None:
        """The next key becomes the device's key, in one step."""

    def discard_next(self, device_id: int) -> None:
        """Remove the next key, if there is one."""


class Gateway(Protocol):
    """FDMS for one registered device. Every call raises GatewayRefused, GatewayUnreachable or GatewayUnknown."""

    async def get_config(self) -> DeviceConfig: ...

    async def get_status(self) -> Status: ...

    async def ping(self) -> int:
        """Minutes until FDMS wants the next ping."""

    async def open_day(self, opened_local: str, day_no: int) -> int:
        """The number of the day that is open now."""

    async def submit_receipt(self, payload: bytes) -> Acknowledgement:
        """Send the signed bytes as they are. Answered idempotently: the same bytes again are safe (§13)."""

    async def close_day(self, request: CloseDayRequest) -> None:
        """Ask for the close; FDMS works on it afterwards (§15)."""

    async def issue_certificate(self, certificate_request: str) -> str:
        """A new certificate, PEM, by the still valid old one (§8)."""

    async def submit_file(self, content: bytes) -> str:
        """Hand over an offline device's file (§17); the operation id under which FDMS works on it."""

    async def submitted_files(self, uploaded_from: str, uploaded_till: str, offset: int = 0) -> SubmittedFiles:
        """A page of the files that FDMS got between two local texts, at most 100 days apart, oldest first (§17)."""

    async def verify(self, canonical: str, signature: ServerSignature) -> bool:
        """Whether FDMS's signature over the canonical string holds, by the certificate it names (§18.3)."""

    @property
    def clock_drift(self) -> float | None:
        """Seconds by which this machine was ahead of FDMS at the last answer's Date header, None before any."""

    async def close(self) -> None:
        """Close the connections."""


class Registration(Protocol):
    """FDMS before a device has a certificate (§8). Same errors as Gateway."""

    async def verify_taxpayer(self, device_id: int, activation_key: str, serial_no: str) -> Taxpayer: ...

    async def register(self, device_id: int, activation_key: str, certificate_request: str) -> str:
        """The device's certificate, PEM."""

    async def close(self) -> None: ...


class DeviceIdentity(Protocol):
    """What a connection to FDMS needs to know of a device."""

    @property
    def device_id(self) -> int: ...

    @property
    def gateway_url(self) -> str: ...

    @property
    def ca_pem(self) -> str | None: ...

    @property
    def certificate_pem(self) -> str: ...

    @property
    def model_name(self) -> str: ...

    @property
    def model_version(self) -> str: ...


class Gateways(Protocol):
    """Makes connections to FDMS."""

    def for_device(self, device: DeviceIdentity) -> Gateway:
        """A gateway that authenticates with the device's certificate and key."""

    def for_candidate(self, device: DeviceIdentity, *, next_key: bool) -> Gateway:
        """The same over connections of its own, with a certificate that is still to be proven, perhaps the next key."""

    def registration(self, url: str, ca_pem: str | None, model_name: str, model_version: str) -> Registration:
        """The public endpoints, without a certificate."""


class Printer(Protocol):
    """One printer on its port. Calls wait their turn; none raises for what a printer does: they answer with it."""

    @property
    def columns(self) -> int:
        """How wide a line may be: the set-up's width, or less where the dialect says so."""

    async def print(self, paper: Paper, mark: Callable[[PrintMark], Awaitable[None]]) -> PrintResult:
        """Put a slip on paper. Each mark is awaited, so stored, before the bytes that it tells of go out."""

    async def settle(self, paper: Paper, mark: PrintMark) -> PrintResult:
        """Ask what became of a slip whose end is not known, and end what it left open; prints nothing anew."""

    async def status(self) -> PrinterStatus:
        """The printer's health now."""

    async def set_clock(self, local: datetime) -> PrintResult:
        """Set the printer's own clock to a shop-local time; NOTHING with a reason where it has none or refuses."""

    async def close(self) -> None:
        """Let go of the port."""


class Printers(Protocol):
    """Makes printers from their set-ups."""

    def open(self, setup: PrinterSetup) -> Printer:
        """A printer that opens its port by name when first used and again after it was gone. Raises BadInput."""

    def ports(self) -> list[tuple[str, str]]:
        """The serial ports of this machine: name to use, and what is said of it."""

    async def probe(self, port: str) -> FoundPrinter | None:
        """Who answers on a port, at which speed; None where nobody does. Raises BadInput where it cannot be opened."""


class SecretBox(Protocol):
    """Small secrets by name, encrypted where the keys are; never in books, logs or bundles. Blocking calls."""

    def get(self, name: str) -> str | None:
        """A secret, None when there is none. Raises KeyUnavailable."""

    def put(self, name: str, secret: str) -> None:
        """Keep a secret, in place of an older one. Raises KeyUnavailable."""

    def remove(self, name: str) -> None:
        """Forget a secret; harmless when there is none. Raises KeyUnavailable."""


class Notifier(Protocol):
    """Carries messages to people outside."""

    async def send(self, channel: Channel, secret: str | None, note: Note) -> None:
        """Hand a message over. Raises NotDelivered, in words that hold no secret; it may have arrived all the same."""
