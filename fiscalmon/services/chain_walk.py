"""Re-derives one device's chain from its signed bytes: numbers, dates, hashes, signatures, counters, rollups.

Works on any archive: the till's own books, or a copy that is to be trusted as a backup. Asks nobody, mends nothing.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
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
from ..domain.gateway import SubmitReceiptRequest
from ..domain.money import cents
from ..domain.receipt import Receipt

STRETCH = 1_000
# Signatures a thread takes at once: verifying leaves Python to the other threads, handing over costs.
BATCH = 64
Verify = Callable[[bytes, bytes], bool]
UNSIGNED = "its signature does not verify"
_sent = msgspec.json.Decoder(SubmitReceiptRequest)
_ecdsa = ec.ECDSA(SHA256())


class Break(NamedTuple):
    """Something that does not hold. `receipt_global_no` is None where it concerns a day or a device."""

    device_id: int
    receipt_global_no: int | None
    what: str

    @property
    def of_the_chain(self) -> bool:
        """Whether a signed receipt itself is in doubt, not a sum or FDMS's view of it."""
        return self.receipt_global_no is not None

    def as_dict(self) -> dict[str, Any]:
        """The break, and what it means for the shop."""
        return {
            "deviceID": self.device_id,
            "receiptGlobalNo": self.receipt_global_no,
            "what": self.what,
            "advice": self.advice,
        }

    @property
    def advice(self) -> str:
        """What to do, in a sentence."""
        if self.of_the_chain:
            return "A signed receipt was changed after signing: keep the database as it is and call support."
        if "FDMS" in self.what:
            return "Books and FDMS tell different stories: were the books restored? Call support before selling on."
        return "The receipts are sound, a sum of them is not: call support before closing the day."


class Walk:
    """The state of re-deriving one device's chain. Signatures are collected, and verified a stretch at a time."""

    def __init__(self, device_id: int, numbers_before: dict[int, int]) -> None:
        self.numbers_before = numbers_before
        self.device_id = device_id
        self.unverified: list[tuple[int, bytes, bytes]] = []
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
        try:
            receipt = _sent.decode(row.payload).receipt
        except msgspec.MsgspecError:
            self.breaks.append(Break(self.device_id, entry.receipt_global_no, "its signed bytes cannot be read"))
            self.hash = entry.hash
            return
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
            (
                cents(receipt.total) == cents(Decimal(entry.receipt_total))
                and (receipt.counter, receipt.global_no, receipt.date, receipt.invoice_no)
                == (entry.receipt_counter, entry.receipt_global_no, entry.receipt_date, entry.invoice_no),
                "its row's numbers differ from the signed bytes",
            ),
        )
        self.unverified.append((number, _bytes(entry.signature), canonical.encode()))
        self.breaks += [Break(self.device_id, number, what) for holds, what in checks if not holds]


def walk_chain(device_id: int, certificate_pem: str, archive: Archive) -> Walk:
    """Everything about one device that the books can say of themselves; `certificate_pem`: the one in use."""
    certificates = [certificate_pem, *archive.certificates.former(device_id)]
    verify = any_verifier(certificates)
    walk = Walk(device_id, archive.numbers_before(device_id))
    after = 0
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="fiscalmon-audit") as verifiers:

        def false_ones(batch: list[tuple[int, bytes, bytes]]) -> list[int]:
            return [number for number, signature, signed in batch if not verify(signature, signed)]

        def collect(found: Iterable[list[int]]) -> None:
            walk.breaks += [Break(device_id, number, UNSIGNED) for numbers in found for number in numbers]

        under_way: Iterable[list[int]] = ()
        while rows := archive.chain(device_id, after, STRETCH):
            for row in rows:
                walk.take(row)
            # The signatures of the stretch before are verified while this one was being read.
            collect(under_way)
            waiting, walk.unverified = walk.unverified, []
            under_way = verifiers.map(false_ones, [waiting[at : at + BATCH] for at in range(0, len(waiting), BATCH)])
            after = rows[-1].entry.row
        collect(under_way)
    _compare_sums(walk, archive)
    walk.breaks.sort(key=lambda found: (found.receipt_global_no is None, found.receipt_global_no or 0))
    return walk


def _compare_sums(walk: Walk, archive: Archive) -> None:
    for day_no, expected in walk.counters.items():
        held = {key: value for key, value in archive.counters(walk.device_id, day_no).items() if value}
        if held != {key: value for key, value in expected.items() if value}:
            what = f"the counters of day {day_no} are not the sum of its receipts"
            walk.breaks.append(Break(walk.device_id, None, what))
    rollups = {
        (delta.bucket, delta.key): list(delta.add)
        for delta in archive.rollups()
        if delta.bucket in ("sales", "taxes") and delta.key[0] == walk.device_id
    }
    if rollups != walk.sales:
        walk.breaks.append(Break(walk.device_id, None, "the live figures are not the sum of the receipts"))


def _bytes(text: str) -> bytes:
    """Base64 decoded; what is none verifies nowhere."""
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


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
