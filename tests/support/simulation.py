"""The simulator's own judge in this process, with a device that signs: no HTTP, no second process."""

import base64
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from fiscalmon.domain.canonical import digest, receipt_parts
from fiscalmon.domain.device import Tax
from fiscalmon.domain.gateway import Acknowledgement
from fiscalmon.domain.localtime import add_seconds, parse_local
from fiscalmon.domain.receipt import Receipt, SignatureData
from fiscalmon.simulator.entries import NewDevice, enter_device
from fiscalmon.simulator.records import Day
from fiscalmon.simulator.simulation import Simulation

OPENED, NOON = "2026-03-02T08:00:00", "2026-03-02T12:00:00"
KEY = ec.generate_private_key(ec.SECP256R1())


def at_noon(folder: Path) -> Simulation:
    """A simulator whose clock says noon of the day on which all samples are."""
    simulation = Simulation(folder, ["localhost"])
    simulation.ledger.set_clock(parse_local(NOON).timestamp() - time.time())
    return simulation


class Device:
    """A registered device with an open day, and its chain. Receipts are placed and signed here."""

    def __init__(self, simulation: Simulation, device_id: int = 12345, taxes: tuple[Tax, ...] = ()) -> None:
        self.simulation, self.device_id = simulation, device_id
        enter_device(simulation.ledger, NewDevice(device_id, f"S-{device_id}", "ACTIVATE"))
        self.change(taxes=taxes or self.book.device.taxes)
        self.certify()
        self.begin_day()

    @property
    def book(self):
        return self.simulation.ledger.books[self.device_id]

    def change(self, **members) -> None:
        """What an officer changes."""
        self.simulation.ledger.put_device(msgspec.structs.replace(self.book.device, **members))

    def certify(self) -> None:
        ledger = self.simulation.ledger
        now = datetime(2026, 1, 1, tzinfo=UTC)
        issued = self.simulation.authority.issue(KEY.public_key(), f"S-{self.device_id}", self.device_id, now)
        record = ledger.certificates.record(self.device_id, issued)
        ledger.certificates.put(record)
        ledger.certificates.remember(record)

    def begin_day(self, opened: str = OPENED) -> None:
        """Close what is open, as an officer would, and open the next day."""
        if self.book.day is not None:
            self.simulation.closing.close_manually(self.book)
        number = 1 if self.book.day is None else self.book.day.no + 1
        self.simulation.ledger.put_day(self.book, Day(self.device_id, number, opened, "FiscalDayOpened"))
        self.previous, self.counter = None, 0

    def start_over(self) -> None:
        """Forget all receipts; the key stays the device's."""
        self.simulation.ledger.forget(self.book)
        self.certify()
        self.begin_day()

    def placed(self, receipt: Receipt, **changes) -> Receipt:
        """The receipt in its place of the chain: one second after the last."""
        latest = self.book.latest
        after = max(latest.date, self.book.day.opened) if latest else self.book.day.opened
        place = {
            "counter": self.counter + 1,
            "global_no": (latest.global_no if latest else 0) + 1,
            "date": add_seconds(after, 1),
            "invoice_no": f"{self.device_id}-{self.simulation.ledger.next_receipt_id}",
        }
        return replace(receipt, **{**place, **changes})

    def sign(self, receipt: Receipt, previous: str | None = None) -> Receipt:
        made = digest(receipt_parts(self.device_id, receipt, previous or self.previous))
        signature = KEY.sign(made.canonical.encode(), ec.ECDSA(hashes.SHA256()))
        return replace(receipt, signature=SignatureData(made.base64, base64.b64encode(signature).decode()))

    def submit(self, signed: Receipt) -> Acknowledgement:
        """FDMS's answer; the chain follows."""
        answer = self.simulation.receiving.submit(self.book, signed)
        self.counter, self.previous = signed.counter, signed.signature.hash
        return answer

    def sell(self, receipt: Receipt, **changes) -> Acknowledgement:
        return self.submit(self.sign(self.placed(receipt, **changes)))


def codes(answer: Acknowledgement) -> dict[str, str]:
    return {error.code: error.color for error in answer.validation_errors or ()}


def stored_codes(device: Device, receipt_id: int) -> dict[str, str]:
    """What stands in the ledger now, after whatever was re-checked."""
    held = device.simulation.archive.receipts.by_id(receipt_id)
    return {error.code: error.color for error in held.validation_errors}
