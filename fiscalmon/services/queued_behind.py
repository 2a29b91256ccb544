"""Tells which receipts wait for FDMS besides the one that was tried: all of a device whose FDMS is out of reach.

Sends nothing and decides nothing about the next try; a receipt that is told to wait goes out in its turn like any.
"""

from __future__ import annotations

import structlog

from ..books import Work
from ..domain.errors import FiscalmonError
from ..domain.localtime import utc_text
from ..events import RECEIPT_QUEUED, Message
from .devices import TillDevice
from .parts import Parts

# Receipts a transaction: a long queue must not keep a sale waiting for the writer.
AT_ONCE = 100

log = structlog.get_logger()


class QueuedBehind:
    """Stateless; the books know which receipts were told of."""

    def __init__(self, parts: Parts) -> None:
        self._store, self._clock, self._announcer = parts.store, parts.clock, parts.announcer

    async def tell(self, device: TillDevice, row: int) -> None:
        """Signed receipts after `row` become queued while FDMS cannot be reached, each with a lasting message."""
        told = AT_ONCE
        while told == AT_ONCE and device.online is False and not device.offline_mode:
            now, reason = utc_text(self._clock.now()), device.away

            def job(work: Work, now: str = now, reason: str = reason) -> list[Message]:
                waiting = work.receipts.queue_behind(device.device_id, row, AT_ONCE)
                return [
                    work.events.add(RECEIPT_QUEUED, now, entry.device_id, {**entry.brief(), "reason": reason})
                    for entry in waiting
                ]

            try:
                messages = await self._store.write(job)
            except FiscalmonError as wrong:
                # They go out all the same; that they wait is told with the next receipt or the next try.
                log.warning("waiting receipts could not be told of", device=device.device_id, code=wrong.code)
                return
            if messages:
                self._announcer.tell(*messages)
            told = len(messages)
