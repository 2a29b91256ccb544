"""FDMS's book on one device: who it is, its fiscal day, where its chain stands. In memory, the archive being its truth.

Changes only after the archive has committed, so that a kill at any moment leaves both the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from fiscalmon.domain.counters import CounterKey, moves
from fiscalmon.domain.device import DeviceConfig
from fiscalmon.domain.fiscal_day import DayStatus
from fiscalmon.domain.gateway import DocumentQuantity
from fiscalmon.domain.money import cents, from_cents
from fiscalmon.domain.receipt import RECEIPT_TYPES, Receipt

from .records import Day, Device, Held, Taxpayer

QR_URL = "https://fdmstest.zimra.co.zw"


class Place(msgspec.Struct, frozen=True):
    """A receipt's place in the chain, as far as the next one needs it. `date` is local text, `hash` base64."""

    counter: int
    global_no: int
    date: str
    hash: str

    @classmethod
    def of(cls, held: Held) -> Place:
        return cls(held.counter, held.global_no, held.date, held.hash)


class Chain:
    """The running day of a device: its last place, the last one of earlier days, totals in cents."""

    def __init__(self, before: Place | None = None) -> None:
        self.before = before
        self.tail: Place | None = None
        self.totals: dict[CounterKey, int] = {}
        self.documents: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, place: Place, receipt: Receipt) -> None:
        """Take a receipt in, whatever its errors: it counts (§13)."""
        if self.tail is None or place.counter > self.tail.counter:
            self.tail = place
        for key, value in moves(receipt):
            self.totals[key] = self.totals.get(key, 0) + value
        kind = (receipt.type, receipt.currency)
        quantity, total = self.documents.get(kind, (0, 0))
        self.documents[kind] = (quantity + 1, total + cents(receipt.total))

    def next_day(self) -> Chain:
        """The chain at the opening of the next day: hash and counters start anew, numbers and dates run on (§12)."""
        return Chain(self.tail or self.before)

    def document_quantities(self) -> tuple[DocumentQuantity, ...]:
        """How many of each kind and currency, in the order of the receipt types (§10)."""
        kinds: Iterable[tuple[str, str]] = sorted(
            self.documents,
            key=lambda kind: (RECEIPT_TYPES.index(kind[0]), kind[1]),
        )
        return tuple(
            DocumentQuantity(receipt_type, currency, quantity, from_cents(total))
            for receipt_type, currency in kinds
            for quantity, total in [self.documents[receipt_type, currency]]
        )


class Book:
    """One device with everything FDMS must know at once when a call comes in."""

    def __init__(self, device: Device, taxpayer: Taxpayer) -> None:
        self.device = device
        self.taxpayer = taxpayer
        self.day: Day | None = None
        self.chain = Chain()
        self.latest: Place | None = None
        self.highest_no = 0
        self.config = self._configuration()

    @property
    def status(self) -> str:
        """The fiscal day's status; a device that was never used is closed."""
        return DayStatus.CLOSED if self.day is None else self.day.status

    def enter(self, device: Device, taxpayer: Taxpayer) -> None:
        """What ZIMRA's officer changed."""
        self.device, self.taxpayer = device, taxpayer
        self.config = self._configuration()

    def take(self, held: Held, receipt: Receipt) -> None:
        """A receipt that the archive holds now."""
        place = Place.of(held)
        self.chain.add(place, receipt)
        if self.latest is None or place.date >= self.latest.date:
            self.latest = place
        self.highest_no = max(self.highest_no, place.global_no)

    def last_global_no(self, rule: str) -> int | None:
        """lastReceiptGlobalNo by the setting: "latest-date" as measured live, or "highest" (§10)."""
        if self.latest is None:
            return None
        return self.highest_no if rule == "highest" else self.latest.global_no

    def _configuration(self) -> DeviceConfig:
        device, taxpayer = self.device, self.taxpayer
        return DeviceConfig(
            tax_payer_name=taxpayer.name,
            tax_payer_tin=taxpayer.tin,
            vat_number=taxpayer.vat_number,
            serial_no=device.serial_no,
            branch_name=device.branch_name,
            branch_address=device.branch_address,
            branch_contacts=device.branch_contacts,
            operating_mode=device.operating_mode,
            day_max_hours=device.day_max_hours,
            day_end_notification_hours=device.day_end_notification_hours,
            taxes=device.taxes,
            certificate_valid_till="",
            qr_url=QR_URL,
        )
