"""Re-derives the whole local chain and says where the books disagree with themselves or with FDMS.

Numbers, dates, hashes, signatures, counters and rollups are computed again from the signed bytes; nothing is mended.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from ..books import Archive, ChainRow
from ..domain import kpi
from ..domain.canonical import digest, receipt_parts
from ..domain.counters import CounterKey, moves
from ..domain.errors import GatewayError
from ..domain.gateway import SubmitReceiptRequest
from ..domain.money import cents
from ..domain.receipt import Receipt
from .devices import TillDevice
from .parts import Parts

STRETCH = 1_000
Verify = Callable[[bytes, bytes], bool]
_sent = msgspec.json.Decoder(SubmitReceiptRequest)
_ecdsa = ec.ECDSA(SHA256())


class Break(NamedTuple):
    """Something that does not hold. `receipt_global_no` is None where it concerns a day or a device."""

    device_id: int
    receipt_global_no: int | None
    what: str

    def as_dict(self) -> dict[str, Any]:
        return {"deviceID": self.device_id, "receiptGlobalNo": self.receipt_global_no, "what": self.what}


class _Walk:
    """The state of re-deriving one device's chain."""

    def __init__(self, device_id: int, verify: Verify, numbers_before: dict[int, int]) -> None:
        self.numbers_before = numbers_before
        self.device_id = device_id
        self.verify = verify
        self.breaks: list[Break] = []
        self.receipts = 0
        self.day_no = 0
        self.counter = 0
        self.global_no = 0
        self.acknowledged = 0
        self.date = ""
        self.hash: str | None = None
        self.counters: dict[int, dict[CounterKey, int]] = {}
        self.sales: dict[tuple[str, tuple[Any, ...]], list[int]] = {}

    def take(self, row: ChainRow) -> None:
        entry = row.entry
        receipt = _sent.decode(row.payload).receipt
        new_day = entry.fiscal_day_no != self.day_no
        self._check(entry.receipt_global_no, new_day, row, receipt)
        self.receipts += 1
        self.day_no, self.counter = entry.fiscal_day_no, receipt.counter
        self.global_no, self.date, self.hash = receipt.global_no, receipt.date, entry.hash
        if entry.fdms_receipt_id is not None:
            self.acknowledged = receipt.global_no
        totals = self.counters.setdefault(entry.fiscal_day_no, {})
        for key, value in moves(receipt):
            totals[key] = totals.get(key, 0) + value
        for bucket, at, add in kpi.signed(self.device_id, receipt):
            held = self.sales.get((bucket, at))
            self.sales[bucket, at] = list(add) if held is None else list(map(sum, zip(held, add, strict=True)))

    def _check(self, number: int, new_day: bool, row: ChainRow, receipt: Receipt) -> None:
        entry = row.entry
        previous = None if new_day else self.hash
        before = self.numbers_before.get(entry.fiscal_day_no, self.global_no) if new_day else self.global_no
        canonical, sha256 = digest(receipt_parts(self.device_id, receipt, previous))
        signature = receipt.signature
        checks = (
            (receipt.counter == (1 if new_day else self.counter + 1), "its counter does not follow the one before"),
            (
                receipt.global_no == before + 1 or (new_day and receipt.global_no == 1),
                "its number leaves a gap",
            ),
            (receipt.date > self.date, "it is not later than the receipt before"),
            (row.previous_hash == previous, "it was chained to another hash than the receipt before has"),
            (base64.b64encode(sha256).decode() == entry.hash, "its hash is not that of its canonical string"),
            (
                signature is not None and (signature.hash, signature.signature) == (entry.hash, entry.signature),
                "its row differs from the signed bytes",
            ),
            (self.verify(base64.b64decode(entry.signature), canonical.encode()), "its signature does not verify"),
            (
                cents(receipt.total) == cents(Decimal(entry.receipt_total))
                and (receipt.counter, receipt.global_no, receipt.date, receipt.invoice_no)
                == (entry.receipt_counter, entry.receipt_global_no, entry.receipt_date, entry.invoice_no),
                "its row's numbers differ from the signed bytes",
            ),
        )
        self.breaks += [Break(self.device_id, number, what) for holds, what in checks if not holds]


class Audit:
    """One run over all devices, or one of them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def run(self, device_id: int | None = None) -> dict[str, Any]:
        """{"devices", "receipts", "auditErrors", "errors": [{"deviceID", "receiptGlobalNo", "what"}], "fdms"}."""
        devices = [self._parts.devices.get(device_id)] if device_id is not None else list(self._parts.devices)
        breaks: list[Break] = []
        receipts = 0
        fdms: dict[str, str] = {}
        for device in devices:
            walk = await self._parts.store.read(partial(_walk, device))
            receipts += walk.receipts
            breaks += walk.breaks
            fdms[str(device.device_id)] = await self._compare(device, walk, breaks)
        return {
            "devices": len(devices),
            "receipts": receipts,
            "auditErrors": len(breaks),
            "errors": [found.as_dict() for found in breaks],
            "fdms": fdms,
        }

    async def _compare(self, device: TillDevice, walk: _Walk, breaks: list[Break]) -> str:
        """FDMS's own numbers against ours; says in a word how far that went."""
        if device.offline_mode:
            return "not compared: FDMS gives no status in offline mode; `fiscalmon files status` shows what it took"
        try:
            status = await device.gateway.get_status()
        except GatewayError as failed:
            return f"not compared: {failed.text}"
        # The till may have sold on since the walk.
        end = max(walk.global_no, device.last_global_no)
        if status.last_global_no is not None and status.last_global_no > end:
            what = f"FDMS holds receipt {status.last_global_no}, but the books end at {end}"
            breaks.append(Break(device.device_id, None, what))
        if (status.last_global_no or 0) < walk.acknowledged:
            what = f"FDMS's last receipt is {status.last_global_no}, but {walk.acknowledged} was acknowledged"
            breaks.append(Break(device.device_id, None, what))
        return "agrees" if not any(found.device_id == device.device_id for found in breaks) else "differs"


def _walk(device: TillDevice, archive: Archive) -> _Walk:
    certificates = [device.registered.certificate_pem, *archive.certificates.former(device.device_id)]
    walk = _Walk(device.device_id, any_verifier(certificates), archive.numbers_before(device.device_id))
    after = 0
    while rows := archive.chain(device.device_id, after, STRETCH):
        for row in rows:
            walk.take(row)
        after = rows[-1].entry.row
    for day_no, expected in walk.counters.items():
        held = {key: value for key, value in archive.counters(device.device_id, day_no).items() if value}
        if held != {key: value for key, value in expected.items() if value}:
            walk.breaks.append(
                Break(device.device_id, None, f"the counters of day {day_no} are not the sum of its receipts")
            )
    rollups = {
        (delta.bucket, delta.key): list(delta.add)
        for delta in archive.rollups()
        if delta.bucket in ("sales", "taxes") and delta.key[0] == device.device_id
    }
    if rollups != walk.sales:
        walk.breaks.append(Break(device.device_id, None, "the live figures are not the sum of the receipts"))
    return walk


def any_verifier(certificates: list[str]) -> Verify:
    """A check by any of the device's certificates: a renewal may have brought a new key."""
    checks = [verifier(certificate) for certificate in certificates]
    if len(checks) == 1:
        return checks[0]
    return lambda signature, data: any(check(signature, data) for check in checks)


def verifier(certificate_pem: str) -> Verify:
    """A check of signatures by the certificate's key: EC P-256 in DER, or RSA (Gateway v7.2 §18.1)."""
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()

    def holds(signature: bytes, data: bytes) -> bool:
        try:
            if isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(signature, data, _ecdsa)
            elif isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, data, padding.PKCS1v15(), SHA256())
            else:
                return False
        except (InvalidSignature, ValueError):
            return False
        return True

    return holds
