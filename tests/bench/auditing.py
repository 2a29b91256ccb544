"""`audit`: re-verifying the whole chain against raw P-256 verifications, on one core."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from fiscalmon.services.audit import Audit

from .fdms import queue_sales
from .line import Line, compared
from .shop import FIRST_DEVICE, Shop, scratch, shop
from .timing import FULL, rate

RECEIPTS = 100_000 if FULL else 5_000
ROUNDS = 3 if FULL else 7


def audit() -> Iterator[Line]:
    yield asyncio.run(_audit())


async def _audit() -> Line:
    """Every receipt was signed by the product; FDMS cannot be reached, which costs one refused connection."""
    with scratch() as folder:
        async with shop(folder) as till:
            await queue_sales(till, FIRST_DEVICE, itertools.count(1), RECEIPTS)
            key = ec.generate_private_key(ec.SECP256R1())
            public, mark, content = key.public_key(), ec.ECDSA(hashes.SHA256()), b"x" * 150
            signature = key.sign(content, mark)
            rates, floors = [], []
            for _ in range(ROUNDS):
                rates.append(await _receipts_a_second(till))
                floors.append(rate(lambda: public.verify(signature, content, mark), 0.3))
    more = {"receipts": RECEIPTS, "floor_is": "P-256 verifications/s"}
    return compared("audit", "receipts/s", rates, floors, 0.5, "higher", **more)


async def _receipts_a_second(till: Shop) -> float:
    """By processor time of the whole process: reading and verifying, on however many threads."""
    started = time.process_time()
    report = await Audit(till.parts).run()
    spent = time.process_time() - started
    if report["receipts"] != RECEIPTS or report["auditErrors"]:
        raise AssertionError(f"the audit found {report['errors'][:3]} in {report['receipts']} receipts")
    return RECEIPTS / spent
