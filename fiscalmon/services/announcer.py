"""Tells the bus what happened: progress through the six stages, and lasting messages once they are on the disk.

Also tells waiting callers when their receipt is settled. Lives on the engine's loop; stores nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ..bus import Bus
from ..domain.localtime import utc_text
from ..domain.recorded import Recorded
from ..events import RECEIPT_PROGRESS, STAGES, Message
from ..ports import Clock

VALIDATING, BUILDING, SIGNING, SENDING, VERIFYING, COMPLETED = range(6)
MOST_STARTS = 10_000


class Announcer:
    """`changed` is called whenever the live figures may have changed."""

    def __init__(self, bus: Bus, clock: Clock, changed: Callable[[], None]) -> None:
        self._bus = bus
        self._clock = clock
        self._changed = changed
        self._starts: dict[str, float] = {}
        self._waiters: dict[str, list[asyncio.Future[Recorded]]] = {}
        self._watchers: list[Callable[[], None]] = []

    def accepted(self, receipt_id: str, device_id: int, invoice_no: str) -> None:
        """A sale came in: the first stage, timed from here."""
        if len(self._starts) >= MOST_STARTS:
            self._starts.clear()
        self._starts[receipt_id] = asyncio.get_running_loop().time()
        self._progress(VALIDATING, receipt_id, device_id, None, invoice_no)

    def signed(self, entry: Recorded) -> None:
        """The receipt is on the disk: the two stages that the transaction went through."""
        for stage in (BUILDING, SIGNING):
            self.progress(stage, entry)
        self._stir()

    def progress(self, stage: int, entry: Recorded) -> None:
        """A receipt reached a stage."""
        self._progress(stage, entry.receipt_id, entry.device_id, entry.receipt_global_no, entry.invoice_no)

    def dropped(self, receipt_id: str) -> None:
        """A sale was refused: its timing is not needed."""
        self._starts.pop(receipt_id, None)

    def settled(self, entry: Recorded, message: Message) -> None:
        """FDMS's final answer is on the disk."""
        if entry.status == "completed":
            self.progress(COMPLETED, entry)
        self._starts.pop(entry.receipt_id, None)
        self.tell(message)
        for waiter in self._waiters.pop(entry.receipt_id, ()):
            if not waiter.done():
                waiter.set_result(entry)

    def tell(self, *messages: Message) -> None:
        """Publish lasting messages; call after their commit."""
        for message in messages:
            self._bus.publish(message)
        self._stir()

    def watch(self, stirred: Callable[[], None]) -> None:
        """Call `stirred` after each receipt that was recorded and each lasting message: there may be work."""
        self._watchers.append(stirred)

    def _stir(self) -> None:
        self._changed()
        for stirred in self._watchers:
            stirred()

    async def wait_settled(
        self, entry: Recorded, seconds: float, read: Callable[[], Awaitable[Recorded | None]]
    ) -> Recorded | None:
        """The receipt as settled, or None when that takes longer. `read` gives it as the books have it now.

        It may have been settled since the caller saw it: the books are read once somebody listens.
        """
        waiter: asyncio.Future[Recorded] = asyncio.get_running_loop().create_future()
        waiters = self._waiters.setdefault(entry.receipt_id, [])
        waiters.append(waiter)
        try:
            now = await read()
            if now is not None and now.is_final:
                return now
            return await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return None
        finally:
            if waiter in waiters:
                waiters.remove(waiter)
            if not waiters:
                self._waiters.pop(entry.receipt_id, None)

    def _progress(self, stage: int, receipt_id: str, device_id: int, number: int | None, invoice_no: str) -> None:
        if not self._bus.listeners:
            return
        name, percent = STAGES[stage]
        start = self._starts.get(receipt_id)
        data: dict[str, Any] = {
            "receiptId": receipt_id,
            "receiptGlobalNo": number,
            "invoiceNo": invoice_no,
            "stage": name,
            "percent": percent,
            "elapsedMs": None if start is None else round((asyncio.get_running_loop().time() - start) * 1000),
        }
        at = utc_text(self._clock.now())
        self._bus.publish(Message(RECEIPT_PROGRESS, self._bus.last_seq, at, device_id, data))
