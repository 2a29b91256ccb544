"""The sender of one device: takes its outbox in order to FDMS, settles each answer durably, knows three outcomes.

Done and refused are final; unknown is settled by asking (getStatus, then the identical bytes again, which FDMS
answers idempotently, Gateway v7.2 §13). Reads its work from the books, so that a restart continues where it stopped.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import structlog

from ..books import Archive, Attempt, Pending, Work
from ..correlation import correlated
from ..domain import kpi
from ..domain.canonical import join, receipt_server_parts
from ..domain.errors import FiscalmonError, GatewayError, GatewayRefused, GatewayUnknown, GatewayUnreachable
from ..domain.gateway import Acknowledgement
from ..domain.localtime import parse_local, utc_text
from ..domain.recorded import Recorded
from ..domain.retry import REFUSED_SECONDS, delay
from ..domain.rulebook.meaning import meaning
from ..events import DEVICE_ATTENTION, RECEIPT_COMPLETED, RECEIPT_FAILED, RECEIPT_QUEUED, Message
from .announcer import SENDING, VERIFYING
from .day_opening import DayOpening
from .day_watch import DayWatch
from .devices import TillDevice
from .parts import Parts
from .queued_behind import QueuedBehind

BATCH = 32
# Answers whose settling may still be on its way to the disk while the next receipt is sent.
MOST_UNSETTLED = 8
# FDMS may ask for patience (429, 503), but not for the rest of the day.
LONGEST_WAIT = 120.0
# FDMS takes no receipts now: the day is closed there, or being closed.
NO_DAY = "RCPT01"

log = structlog.get_logger()


class Sender:
    """Runs until cancelled."""

    def __init__(self, device: TillDevice, opening: DayOpening, parts: Parts) -> None:
        self._device = device
        self._opening = opening
        self._watch = DayWatch(parts)
        self._behind = QueuedBehind(parts)
        self._store, self._clock, _, self._announcer, self._connection, self._metrics = parts
        self._failures = 0
        self._asked_to_wait = 0.0
        self._last_row = 0
        self._unrecorded = False
        self._settling: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver whatever waits, for ever."""
        try:
            while True:
                self._device.wake.clear()
                try:
                    await self._turn()
                except FiscalmonError as wrong:
                    log.warning(
                        "sender stopped for a moment", device=self._device.device_id, code=wrong.code, text=wrong.text
                    )
                    await self._stumble()
                except Exception:
                    # Whatever it is: receipts that nobody sends any more would be worse.
                    log.exception("the sender has a fault of its own", device=self._device.device_id)
                    await self._stumble()
        finally:
            await asyncio.gather(*self._settling, return_exceptions=True)

    async def _turn(self) -> None:
        """Deliver what is there, or wait for more."""
        device = self._device
        await self._opening.tell(device)
        if device.offline_mode:
            # Its receipts go in files (§17); the bell rings when the mode changes, too.
            await device.wake.wait()
            return
        if not await self._opening.announce(device):
            await self._pause()
            return
        batch = await self._store.read(partial(_pending, device.device_id, self._last_row))
        for pending in batch:
            # Under the id of what set the sale off, whenever that was.
            with correlated(pending.entry.correlation_id):
                if not await self._deliver(pending):
                    return
        if not batch:
            await self._idle()

    async def _stumble(self) -> None:
        self._failures += 1
        await self._pause()

    async def _idle(self) -> None:
        """Wait for the next receipt. What was delivered but could not be settled is read again."""
        if self._settling:
            await asyncio.gather(*self._settling, return_exceptions=True)
        elif self._unrecorded:
            self._unrecorded = False
            self._last_row = 0
            await self._stumble()
        else:
            await self._device.wake.wait()

    async def _deliver(self, pending: Pending) -> bool:
        """One receipt; False when it must be tried again later, so that none overtakes it."""
        entry = pending.entry
        self._announcer.progress(SENDING, entry)
        self._device.oldest_at = utc_text(parse_local(entry.receipt_date))
        started = asyncio.get_running_loop().time()
        try:
            answer = await self._device.gateway.submit_receipt(pending.payload)
            latency = round((asyncio.get_running_loop().time() - started) * 1000)
            self._announcer.progress(VERIFYING, entry)
            await self._verify(entry, answer)
        except GatewayRefused as refused:
            if refused.error_code == NO_DAY and await self._watch.give_up(self._device, entry):
                self._last_row = entry.row
                return True
            await self._refused(entry, refused, started)
        except GatewayError as failed:
            await self._failed(entry, failed, started)
        else:
            await self._connection.heard(self._device)
            self._failures = self._device.failures = 0
            self._device.blocked = None
            self._last_row = entry.row
            while len(self._settling) >= MOST_UNSETTLED:
                await asyncio.wait(self._settling, return_when=asyncio.FIRST_COMPLETED)
            task = asyncio.create_task(self._settle(entry, answer, latency))
            self._settling.add(task)
            task.add_done_callback(self._settling.discard)
            return True
        await self._pause()
        return False

    async def _verify(self, entry: Recorded, answer: Acknowledgement) -> None:
        parts = receipt_server_parts(entry.signature, answer.receipt_id, answer.server_date)
        if not await self._device.gateway.verify(join(parts), answer.server_signature):
            raise GatewayUnknown("FDMS's signature on its answer does not hold: the answer is not believed.")

    async def _settle(self, entry: Recorded, answer: Acknowledgement, latency: int) -> None:
        now = self._clock.now()
        settled = settled_entry(entry, answer, latency)
        deltas = kpi.settled(entry.device_id, entry.receipt_date, now, settled.status == "completed", latency)

        def job(work: Work) -> Message | None:
            attempt = Attempt(utc_text(now), "done", 200, latency, None, answer.operation_id or None)
            if not work.receipts.settle(settled, answer, utc_text(now)):
                return None
            work.receipts.add_attempt(settled, attempt)
            work.receipts.add_deltas(deltas)
            type_ = RECEIPT_COMPLETED if settled.status == "completed" else RECEIPT_FAILED
            return work.events.add(type_, utc_text(now), entry.device_id, settled.brief())

        try:
            message = await self._store.write(job)
        except FiscalmonError as wrong:
            # The answer is lost but nothing else: the same bytes will get the same answer again.
            log.error("an answer could not be recorded", receipt=entry.receipt_id, code=wrong.code, detail=wrong.detail)
            self._unrecorded = True
            self._device.wake.set()
            return
        if message is None:
            return
        self._device.queued = max(0, self._device.queued - 1)
        self._metrics.apply(deltas)
        self._announcer.settled(settled, message)

    async def _refused(self, entry: Recorded, refused: GatewayRefused, started: float) -> None:
        """FDMS stored nothing: the head of the queue is blocked, and people are told why."""
        text = f"Receipt {entry.receipt_global_no} waits: {refused.text}"
        if self._device.blocked != text:
            self._device.blocked = text
            await self._tell(DEVICE_ATTENTION, {"deviceID": entry.device_id, "reason": text})
        await self._connection.heard(self._device)
        await self._note(entry, "refused", refused, refused.status, started)
        self._failures = max(self._failures, 1)

    async def _failed(self, entry: Recorded, failed: GatewayError, started: float) -> None:
        """No answer: unknown when the request may have arrived, unreachable when it cannot have."""
        self._failures += 1
        self._device.failures = self._failures
        unknown = not isinstance(failed, GatewayUnreachable)
        status = failed.status if isinstance(failed, GatewayUnknown) else None
        self._asked_to_wait = min(LONGEST_WAIT, (isinstance(failed, GatewayUnknown) and failed.retry_after) or 0.0)
        await self._connection.lost(self._device, failed.text)
        await self._note(entry, "unknown" if unknown else "unreachable", failed, status, started)
        if unknown and not self._asked_to_wait:
            try:
                await self._device.gateway.get_status()
            except GatewayError:
                return
            await self._connection.heard(self._device)

    async def _note(
        self, entry: Recorded, outcome: str, failed: FiscalmonError, status: int | None, started: float
    ) -> None:
        now = utc_text(self._clock.now())
        latency = round((asyncio.get_running_loop().time() - started) * 1000)
        waiting = msgspec.structs.replace(entry, status="queued")

        def job(work: Work) -> Message | None:
            attempt = Attempt(now, outcome, status, latency, failed.text, getattr(failed, "operation_id", None))
            work.receipts.add_attempt(entry, attempt)
            if not work.receipts.mark_queued(entry.row):
                return None
            data: dict[str, Any] = {**waiting.brief(), "reason": failed.text}
            return work.events.add(RECEIPT_QUEUED, now, entry.device_id, data)

        message = await self._store.write(job)
        if message is not None:
            self._announcer.tell(message)

    async def _tell(self, type_: str, data: dict[str, Any]) -> None:
        at = utc_text(self._clock.now())
        self._announcer.tell(
            await self._store.write(lambda work: work.events.add(type_, at, self._device.device_id, data))
        )

    async def _pause(self) -> None:
        """Wait before the next try: after silence with growing, jittered delays, and at least as long as FDMS asked.

        Somebody who wants it sent now ends the wait; a new receipt does not, or a busy till would never wait: it is
        told to wait as well.
        """
        self._device.failures = self._failures
        seconds = (
            REFUSED_SECONDS * random.random() if self._device.blocked else delay(max(1, self._failures), random.random)
        )
        asked, self._asked_to_wait = self._asked_to_wait, 0.0
        seconds = max(seconds, asked)
        self._device.next_try = self._clock.now() + timedelta(seconds=seconds)
        self._device.hurry.clear()
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        try:
            while not self._device.hurry.is_set() and loop.time() < until:
                self._device.wake.clear()
                await self._behind.tell(self._device, self._last_row)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(until):
                        await self._device.wake.wait()
        finally:
            self._device.next_try = None


def settled_entry(entry: Recorded, answer: Acknowledgement, latency: int) -> Recorded:
    """The receipt with FDMS's answer: failed when FDMS flagged it Red, completed otherwise (§14, colours)."""
    errors = [
        {"code": error.code, "color": _color(error.color), "advice": meaning(error.code), "field": None}
        for error in answer.validation_errors or ()
    ]
    return msgspec.structs.replace(
        entry,
        status="failed" if answer.has_red else "completed",
        fdms_receipt_id=answer.receipt_id,
        validation_errors=json.dumps(errors) if errors else None,
        latency_ms=latency,
        attempts=entry.attempts + 1,
    )


def _color(color: str) -> str:
    """Grey is spelt both ways by FDMS (§14); everywhere else here it is "Gray"."""
    return "Gray" if color.lower() == "grey" else color.capitalize()


def _pending(device_id: int, after: int, archive: Archive) -> list[Pending]:
    return archive.pending(device_id, after, BATCH)
