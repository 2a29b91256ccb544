"""`sign` and `sign_20_lines`: the pure way from a sale's bytes to a signature, in memory, on one thread.

The way is the one that `services.fiscalise.record` takes: decode, draft, every rule, number, canonical string, hash,
signature, payload, QR data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from device.keys.signer import EcSigner
from fiscalmon.domain import chain, drafting, rulebook
from fiscalmon.domain.sale import decode_sale

from .line import Line, compared
from .sales import CONFIG, large_sale, small_sale
from .timing import FULL, in_turn, rate

ROUNDS = 201 if FULL else 51
STRETCH = 0.04
OPENED, NOW, LATEST = "2026-03-02T08:00:00", "2026-03-02T10:00:00", "2026-03-02T10:00:30"


class Chain:
    """One device's chain in memory. `take` turns a sale into a signed receipt."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._sign = EcSigner(key).sign_digest
        self._start = chain.Link(1, OPENED, 0, 0, "2026-03-01T18:00:00", None)
        self._link = self._start

    def take(self, data: bytes) -> chain.SignedReceipt:
        sale = decode_sale(data)
        link = self._link
        date = chain.next_date(link, NOW)
        draft = drafting.draft(sale, CONFIG, date)
        broken = rulebook.judge_content(draft, rulebook.Situation(CONFIG, link.day_opened))
        placed = chain.place(draft, link, date)
        situation = rulebook.Situation(
            CONFIG,
            link.day_opened,
            previous_counter=link.counter,
            previous_global_no=link.global_no,
            previous_date=link.date,
            latest_date=LATEST,
        )
        broken += rulebook.judge_position(placed, situation)
        if broken:
            raise AssertionError(f"the benchmark's sale breaks a rule: {broken[0]}")
        signed = chain.seal(20_001, placed, link.day_hash, self._sign)
        self._link = chain.follow(link, signed)
        if self._link.date >= LATEST:
            # The day begins anew, so that the till's clock need not be run through here.
            self._link = self._start
        return signed


def _against_floor(name: str, sale: Callable[[int], bytes], goal: float) -> Line:
    key = ec.generate_private_key(ec.SECP256R1())
    mark, digest = ec.ECDSA(Prehashed(hashes.SHA256())), hashlib.sha256(b"receipt").digest()
    data, taking = sale(1), Chain(key)
    if len(taking.take(data).receipt.lines) not in (3, 20):
        raise AssertionError("the benchmark's sale has another number of lines")
    values, floors = in_turn(
        ROUNDS,
        lambda: rate(lambda: taking.take(data), STRETCH),
        lambda: rate(lambda: key.sign(digest, mark), STRETCH),
    )
    return compared(name, "receipts/s", values, floors, goal, "higher", floor_is="P-256 signatures/s of a digest")


def sign() -> Iterator[Line]:
    yield _against_floor("sign", small_sale, 0.30)


def sign_20_lines() -> Iterator[Line]:
    yield _against_floor("sign_20_lines", large_sale, 0.15)
