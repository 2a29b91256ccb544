"""The shapes of requests and answers, for decoding what comes in and for the OpenAPI of what goes out.

Answers come from the engine as dicts of these names; a shape here lists what is promised, more may stand beside it.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from ..domain.account import Role

PositiveInt = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
Secret = Annotated[str, Meta(min_length=1, max_length=2_000)]


class SignIn(Struct):
    """A name and its password; `staySignedIn` lets a browser's session outlive the browser."""

    username: Word
    password: Secret
    staySignedIn: bool = False


class TokenRequest(Struct):
    """Either a name with its password, or a refresh token."""

    username: Word | None = None
    password: Secret | None = None
    refresh_token: Secret | None = None


class Me(Struct):
    """Who is signed in. `devices` null means all; `csrfToken` null for tokens, which need none."""

    username: str
    role: Role
    devices: list[int] | None
    csrfToken: str | None


class SessionSeen(Struct):
    """One sign-in of the account. `kind`: browser, program or key; times are UTC.

    `address` and `agent` (a browser's name and system) say where it came from, null where nobody noted it.
    """

    id: str
    kind: str
    address: str | None
    agent: str | None
    createdAt: str
    seenAt: str
    expiresAt: str
    current: bool


class SessionList(Struct):
    items: list[SessionSeen]
    next: str | None


class SessionEnd(Struct):
    """The session to end; null ends all of the account, the asking one too."""

    id: Word | None


class TokenAnswer(Struct):
    """Tokens. `expires_in` is in seconds; a refresh token can be used once."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str


class DeviceRequest(Struct):
    """The device whose fiscal day is meant."""

    deviceID: PositiveInt


class Stirred(Struct):
    """What is tried now: so many devices with so many waiting receipts."""

    devices: int
    receipts: int


class BandAmount(Struct):
    band: str
    amount: float


class DayRate(Struct):
    date: str
    rate: float
    receipts: int


class CertificateLife(Struct):
    deviceID: int
    notAfter: str
    daysLeft: int


class Metrics(Struct):
    """The snapshot, also the payload of `metrics.updated`. Amounts in the currency's main unit."""

    activeDevices: int
    totalDevices: int
    receiptsToday: int
    failedReceipts: int
    successRate: float
    avgLatencyMs: float
    sales: dict[str, float]
    taxBreakdown: list[BandAmount]
    fiscalDayStatus: dict[str, int]
    queueDepth: int
    receiptsPerHour: list[int]
    successRate7d: list[DayRate]
    certificates: list[CertificateLife]
    asOf: str
    seq: int
    taxBreakdownCurrency: str | None = None
    taxBreakdownByCurrency: dict[str, list[BandAmount]] = {}
    salesPerHour: dict[str, list[float]] = {}
    # Devices by the state of their line to FDMS.
    circuits: dict[str, int] = {}
    # `lastVerifiedAt`, UTC, null before the first.
    backup: dict[str, str | None] = {}


class DayPart(Struct):
    """One device's part of a day."""

    deviceID: int
    receipts: int
    completed: int
    failed: int
    successRate: float | None
    sales: dict[str, float]


class HistoryDay(Struct):
    """A calendar day of the shop; `successRate` is null where FDMS answered nothing of it."""

    day: str
    today: str
    firstDay: str | None
    zone: str
    asOf: str
    receipts: int
    completed: int
    failed: int
    successRate: float | None
    sales: dict[str, float]
    taxBreakdown: list[BandAmount]
    taxBreakdownCurrency: str | None
    taxBreakdownByCurrency: dict[str, list[BandAmount]]
    receiptsPerHour: list[int]
    salesPerHour: dict[str, list[float]]
    devices: list[DayPart]


class Device(Struct):
    """One device as the heatmap shows it. `deviceSerialNo` and its like are FDMS's own names."""

    deviceID: int
    deviceSerialNo: str
    fiscalDayStatus: str
    fiscalDayNo: int | None
    active: bool
    online: bool
    lastHeard: str | None
    queueDepth: int
    oldestQueuedAt: str | None
    health: str
    attention: str | None


class DeviceDetail(Device):
    """The drill-down: also identity, certificate, counters, last receipts, latency series and errors."""

    counters: Any
    lastReceipts: Any
    latencySeries: Any
    errors: Any
    circuit: Any = None
    queue: Any = None


class DeviceList(Struct):
    items: list[Device]
    next: str | None


class Event(Struct):
    """One message, as the socket sends it."""

    seq: int
    type: str
    at: str
    deviceID: int | None
    data: dict[str, Any]


class EventList(Struct):
    items: list[Event]
    next: str | None


class Finding(Struct):
    """One broken rule, FDMS's code and colour with our advice."""

    code: str
    color: str
    advice: str
    field: str | None


class Receipt(Struct):
    """A fiscalised sale."""

    receiptId: str
    saleId: str
    deviceID: int
    fiscalDayNo: int
    receiptCounter: int
    receiptGlobalNo: int
    receiptDate: str
    receiptTotal: float
    receiptTaxes: list[Any]
    hash: str
    signature: str
    qrUrl: str
    verificationCode: str
    status: str
    fdmsReceiptId: int | None
    validationErrors: list[Finding]
    latencyMs: float | None


class ReceiptList(Struct):
    items: list[Receipt]
    next: str | None


class Day(Struct):
    deviceID: int
    fiscalDayNo: int
    fiscalDayOpened: str | None
    fiscalDayStatus: str
    fiscalDayClosed: str | None = None
    fiscalDayClosingErrorCode: str | None = None


class Alert(Struct):
    """Something that people were told is wrong. `state`: open, acknowledged or over; times are UTC."""

    alertId: str
    rule: str
    title: str
    grave: bool
    subject: str
    deviceID: int | None
    reason: str
    state: str
    raisedAt: str
    resolvedAt: str | None
    acknowledgedAt: str | None
    acknowledgedBy: str | None


class AlertList(Struct):
    items: list[Alert]
    next: str | None


class Health(Struct):
    status: str


class ProblemDetail(Struct):
    """RFC 9457. `errors` names fields, or the rules that a sale breaks."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, Any]] | None = None
