"""What FDMS holds, as values: taxpayers, devices, certificates, fiscal days, receipts. No storage, no rule."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from fiscalmon.domain.counters import Counter
from fiscalmon.domain.device import Tax
from fiscalmon.domain.gateway import CloseDayRequest, DocumentQuantity, ServerSignature, ValidationError
from fiscalmon.domain.receipt import Address, Contacts, Receipt


class Settings(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What the sources leave open (Gateway v7.2 §26, §27), to be chosen. Times in seconds.

    `last_global_no`: getStatus names the receipt with the latest date, as live, or the highest number.
    `late_status`: while a close is under way, getStatus still names the day open, as was seen live (§16).
    `rounding`: how FDMS rounds taxes and line totals: "half-up", "half-even" or "up" (away from zero).
    `file_wait`: how long a file may wait for an earlier one. `rate_limit`: calls a minute and device of the operations
    that may answer 429, 0 for none. `code_minutes`, `token_hours`: how long a user's security code and token hold.
    `revoke_on_renewal`: a renewed certificate ends the old one at once, or leaves it to expire.
    """

    close_delay: float = 0.5
    future_tolerance: float = 300.0
    per_line_rounding: bool = False
    strict_opening: bool = True
    grey: str = "Gray"
    last_global_no: str = "latest-date"
    revoke_on_renewal: bool = False
    late_status: bool = False
    rounding: str = "half-up"
    file_delay: float = 0.2
    file_wait: float = 86400.0
    rate_limit: int = 0
    code_minutes: float = 15.0
    token_hours: float = 12.0
    reporting_frequency: int = 5


class Taxpayer(msgspec.Struct):
    taxpayer_id: int
    name: str
    tin: str
    vat_number: str | None
    active: bool = True


class Device(msgspec.Struct):
    """A device as ZIMRA entered it. `key_used`: an activation key registers once (§8)."""

    device_id: int
    taxpayer_id: int
    serial_no: str
    activation_key: str
    taxes: tuple[Tax, ...]
    branch_name: str
    branch_address: Address
    branch_contacts: Contacts | None = None
    key_used: bool = False
    active: bool = True
    operating_mode: str = "Online"
    day_max_hours: int = 24
    day_end_notification_hours: int = 20


class Certificate(msgspec.Struct):
    """A certificate issued to a device; dates are seconds since 1970. `fingerprint`: SHA-256 of the DER, hex."""

    fingerprint: str
    device_id: int
    pem: str
    not_before: float
    not_after: float
    revoked: bool = False


class Day(msgspec.Struct):
    """A fiscal day. `opened` and `closed` are local texts; `request` is the last closeDay as submitted."""

    device_id: int
    no: int
    opened: str
    status: str
    closing_error: str | None = None
    closed: str | None = None
    mode: str | None = None
    request: CloseDayRequest | None = None
    server_signature: ServerSignature | None = None
    counters: tuple[Counter, ...] = ()
    documents: tuple[DocumentQuantity, ...] = ()


class Held(msgspec.Struct, frozen=True):
    """A receipt as it is stored, in the order of the table's columns.

    `total` is decimal text; `errors` a JSON list of ValidationError; `body` the receipt with its amounts as texts.
    """

    receipt_id: int
    device_id: int
    taxpayer_id: int
    day_no: int
    counter: int
    global_no: int
    type: str
    currency: str
    total: str
    invoice_no: str
    date: str
    hash: str
    original_id: int | None
    server_date: str
    server_hash: str
    server_signature: str
    thumbprint: str
    errors: bytes
    body: bytes

    @property
    def receipt(self) -> Receipt:
        return msgspec.json.decode(self.body, type=Receipt)

    @property
    def validation_errors(self) -> tuple[ValidationError, ...]:
        return msgspec.json.decode(self.errors, type=tuple[ValidationError, ...])

    @property
    def amount(self) -> Decimal:
        return Decimal(self.total)


def colours(errors: bytes) -> set[str]:
    """The colours in a stored list of errors, lower case, both spellings of grey as one."""
    if errors == b"[]":
        return set()
    found = {error.color.lower() for error in msgspec.json.decode(errors, type=tuple[ValidationError, ...])}
    return {"gray" if color == "grey" else color for color in found}
