"""A till's books without FDMS: a real database file, a device with a key of its own and an open day, sales to record.

Nothing is sent. The key is a plain P-256 key in memory; encrypted key files are tested with the key folder.
"""

import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import NameOID

from fiscalmon.books import Attempt
from fiscalmon.bus import Bus
from fiscalmon.domain.device import DeviceConfig, Tax
from fiscalmon.domain.gateway import Acknowledgement, ServerSignature, ValidationError
from fiscalmon.domain.localtime import local_text, utc_text
from fiscalmon.domain.receipt import Address
from fiscalmon.domain.registered import RegisteredDevice
from fiscalmon.services.announcer import Announcer
from fiscalmon.services.connection import Connection
from fiscalmon.services.devices import Devices, TillDevice
from fiscalmon.services.fiscalise import Fiscaliser
from fiscalmon.services.metrics import Metrics
from fiscalmon.services.parts import Parts
from fiscalmon.services.preferences import Preferences
from fiscalmon.store.local_store import LocalStore

NOON = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
TAXES = (
    Tax(1, "Exempt"),
    Tax(2, "Zero rated 0%", Decimal(0)),
    Tax(3, "Standard rated 15.5%", Decimal("15.5")),
)


class SetClock:
    """A clock that stands until it is set; `waited` are the moments that somebody waited for, which it jumps to."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self.waited: list[datetime] = []

    def now(self) -> datetime:
        return self.at

    async def wait_until(self, moment: datetime) -> None:
        self.waited.append(moment)
        self.at = max(self.at, moment)

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


class PlainSigner:
    """A P-256 key in memory. `broken` is raised instead of a signature."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.broken: Exception | None = None
        self.signed = 0

    def sign_digest(self, sha256: bytes) -> bytes:
        if self.broken is not None:
            raise self.broken
        self.signed += 1
        return self.key.sign(sha256, ec.ECDSA(Prehashed(hashes.SHA256())))

    def certificate(self, now: datetime) -> str:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "till")])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key())
        made = made.serial_number(1).not_valid_before(now - timedelta(days=1))
        made = made.not_valid_after(now + timedelta(days=300))
        return made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


class Shop:
    """The services around a store, as bootstrap puts them together, with nobody to send."""

    def __init__(self, folder, clock=None, before_commit=None) -> None:
        self.clock = clock or SetClock()
        self.store = LocalStore(folder, before_commit)
        self.bus = Bus()
        self.devices = Devices()
        archive = self.store.archive
        self.metrics = Metrics(archive.board(self.clock.now()), self.devices, self.bus, self.clock, self.store)
        self.announcer = Announcer(self.bus, self.clock, self.metrics.changed)
        connection = Connection(self.store, self.clock, self.announcer)
        self.preferences = Preferences(self.store, self.clock, self.announcer)
        self.parts = Parts(self.store, self.clock, self.devices, self.announcer, connection, self.metrics)
        self.fiscaliser = Fiscaliser(self.parts)
        self.signers: dict[int, PlainSigner] = {}

    async def add_device(self, device_id: int = 101, *, day: bool = True, gateway=None) -> TillDevice:
        signer = self.signers[device_id] = PlainSigner()
        now = self.clock.now()
        registered = RegisteredDevice(
            device_id, f"SN-{device_id}", "Server", "v1", "https://127.0.0.1:9", None, signer.certificate(now),
            utc_text(now + timedelta(days=300)), utc_text(now), CONFIG,
        )  # fmt: skip
        await self.store.write(lambda work: work.devices.add(registered))
        device = TillDevice(registered, lambda: signer, lambda: gateway)
        self.devices.add(device)
        if day:
            await self.open_day(device_id)
        return device

    async def open_day(self, device_id: int = 101, day_no: int = 1) -> None:
        opened = local_text(self.clock.now() - timedelta(minutes=5))
        await self.store.write(lambda work: work.days.add(device_id, day_no, opened, announced=True))
        days = await self.store.read(lambda archive: archive.last_days())
        self.devices.get(device_id).day = days[device_id]

    async def sell(self, number: int = 1, *given, **changes):
        """The receipt of a sale; arguments as those of `sale`."""
        return (await self.fiscaliser.fiscalise(sale(number, *given, **changes)))[0]

    async def settle(self, entry, *, errors=(), latency: int = 100):
        """FDMS's final answer to a receipt, as the sender would write it; its metrics too."""
        from fiscalmon.domain import kpi
        from fiscalmon.services.submit import settled_entry

        answer = Acknowledgement(
            entry.row, local_text(self.clock.now()), ServerSignature("h", "s", "t"),
            tuple(ValidationError(code, color) for code, color in errors),
        )  # fmt: skip
        settled, now = settled_entry(entry, answer, latency), self.clock.now()
        deltas = kpi.settled(entry.device_id, entry.receipt_date, now, settled.status == "completed", latency)

        def job(work):
            assert work.receipts.settle(settled, answer, utc_text(now))
            work.receipts.add_attempt(settled, Attempt(utc_text(now), "done", 200, latency, None))
            work.receipts.add_deltas(deltas)

        await self.store.write(job)
        self.metrics.apply(deltas)
        return settled

    def rows(self, sql: str, *values):
        """What any SQLite tool would read."""
        with self.store._engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql, values).all()]

    async def close(self) -> None:
        await self.fiscaliser.finish()
        self.store.close()


CONFIG = DeviceConfig(
    tax_payer_name="Muonde Family Supermarket (Pvt) Ltd",
    tax_payer_tin="2000417788",
    serial_no="SN-1",
    branch_name="Main branch",
    branch_address=Address(),
    operating_mode="Online",
    day_max_hours=24,
    day_end_notification_hours=2,
    taxes=TAXES,
    certificate_valid_till="2027-11-22T00:00:00",
    qr_url="https://fdmstest.zimra.co.zw",
    vat_number="220041778",
)


def sale(number: int, price: str = "2.49", quantity: int = 2, tax_id: int = 3, **changes) -> dict:
    """A sale that breaks no rule. `changes` replace members by their wire names."""
    total = str(Decimal(price) * quantity)
    line = {
        "receiptLineType": "Sale",
        "receiptLineName": "MILK 2 L",
        "receiptLineHSCode": "04012000",
        "receiptLinePrice": price,
        "receiptLineQuantity": str(quantity),
        "receiptLineTotal": total,
        "taxID": tax_id,
    }
    return {
        "saleId": f"S-{number}",
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "invoiceNo": f"INV-{number}",
        "receiptLinesTaxInclusive": True,
        "receiptLines": [line],
        "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": total}],
        **changes,
    }


def lines_of(sales) -> bytes:
    """Sales as JSON lines."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in sales)


def verify(shop: Shop, device_id: int, canonical: str, signature: str) -> None:
    """Raises InvalidSignature unless the device signed that."""
    public = shop.signers[device_id].key.public_key()
    public.verify(base64.b64decode(signature), canonical.encode(), ec.ECDSA(hashes.SHA256()))


__all__ = ["CONFIG", "NOON", "PlainSigner", "SetClock", "Shop", "lines_of", "partial", "sale", "verify"]
