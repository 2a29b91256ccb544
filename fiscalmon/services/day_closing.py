"""Closing fiscal days: signed once, written down, sent, and polled until FDMS has decided for good.

A restart goes on where it stopped, whatever answer was lost (Gateway v7.2 §15, §16).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable
from typing import Any

import msgspec
import structlog

from ..books import Work
from ..domain.canonical import digest, fiscal_day_parts, fiscal_day_server_parts, join
from ..domain.counters import Counter, from_totals, sorted_counters
from ..domain.day_record import DayRecord
from ..domain.errors import DayRefused, FiscalmonError, GatewayError, GatewayRefused
from ..domain.fiscal_day import CLOSE_ADVICE, DayStatus, allows
from ..domain.gateway import CloseDayRequest, ServerSignature, Status
from ..domain.localtime import local_text, utc_text
from ..domain.receipt import SignatureData
from ..events import DEVICE_ATTENTION, FISCAL_CLOSE_FAILED, FISCAL_CLOSED, encode
from .devices import TillDevice
from .fiscal_days import DayNews, describe_day, in_words
from .parts import Parts

# FDMS needs up to half a minute for a close (§15); right after it took one it may still say "opened" for a while.
POLL_FIRST, POLL_LONGEST = 0.25, 3.0
STILL_OPEN_SECONDS = 60.0
CLOSE_WAIT_SECONDS = 120.0
RED = "ReceiptsWithValidationErrors"

log = structlog.get_logger()


def signed_close(
    device: TillDevice, day_no: int, opened: str, counters: Iterable[Counter], receipt_counter: int
) -> CloseDayRequest:
    """closeDay's body (§15, §18.4), signed with the date of the day's opening. Raises KeyUnavailable."""
    counters = tuple(sorted_counters(counters))
    _, sha256 = digest(fiscal_day_parts(device.device_id, day_no, opened[:10], counters))
    signature = device.signer.sign_digest(sha256)
    seal = SignatureData(base64.b64encode(sha256).decode(), base64.b64encode(signature).decode())
    return CloseDayRequest(day_no, counters, seal, receipt_counter)


class DayClosing:
    """One for all devices of a till."""

    def __init__(self, parts: Parts, news: DayNews) -> None:
        self._store, self._clock, self._devices, _, self._connection, _ = parts
        self._news = news
        self._closing: dict[int, asyncio.Task[None]] = {}
        # The devices whose close may be at FDMS although its answer never came.
        self._perhaps_sent: set[int] = set()

    async def close(self, device_id: int, seen: frozenset[int] | None = None, *, wait: bool = True) -> dict[str, Any]:
        """Close the open day; with `wait` until FDMS is done with it. Raises DayRefused with the way out."""
        device = self._devices.get(device_id, seen)
        async with device.day_lock:
            day = device.day
            if day is None or not allows(device.day_status, "close"):
                raise DayRefused(f"Device {device_id} has no day to close: it is {in_words(device.day_status)}.")
            await self._start_close(device, day)
            if device.offline_mode:
                await self._news.tell(device, FISCAL_CLOSED)
                return describe_day(device, self._clock.now())
            self.follow(device)
        return await self.conclude(device) if wait else describe_day(device, self._clock.now())

    async def preview(self, device: TillDevice, day: DayRecord) -> dict[str, Any]:
        """The close as it would be sent now: its canonical string and body. Nothing is written down."""
        device_id, day_no = device.device_id, day.fiscal_day_no

        def job(work: Work) -> CloseDayRequest:
            link = work.receipts.link(device_id)
            counters = from_totals(work.receipts.counters(device_id, day_no))
            return signed_close(device, day_no, day.opened, counters, link.counter if link else 0)

        request = await self._store.write(job)
        parts = fiscal_day_parts(device_id, day_no, day.opened[:10], request.counters)
        return {"canonical": join(parts), "request": msgspec.json.decode(encode(request))}

    async def conclude(self, device: TillDevice) -> dict[str, Any]:
        """Wait until FDMS has decided about the close that is under way. Raises DayRefused with the way out."""
        await asyncio.wait([self.follow(device)], timeout=CLOSE_WAIT_SECONDS)
        day = device.day
        if day and day.status == DayStatus.CLOSE_FAILED:
            code = day.closing_error or "unknown"
            advice = f"{CLOSE_ADVICE.get(code, '')} {await self._red_receipts(day) if code == RED else ''}".strip()
            raise DayRefused(f"FDMS refused to close day {day.fiscal_day_no} ({code}). {advice}".strip(), code=code)
        return describe_day(device, self._clock.now())

    async def _red_receipts(self, day: DayRecord) -> str:
        numbers = await self._store.read(lambda archive: archive.red_numbers(day.device_id, day.fiscal_day_no))
        return f"Red here: receipts {', '.join(map(str, numbers))}." if numbers else ""

    async def _start_close(self, device: TillDevice, day: DayRecord) -> None:
        """Sign the close and write it down, in one transaction with the check that nothing waits."""

        offline = device.offline_mode

        def job(work: Work) -> None:
            waiting = work.receipts.unsettled(device.device_id, day.fiscal_day_no)
            if waiting and not offline:
                what, through = ("1 receipt", "it is") if waiting == 1 else (f"{waiting} receipts", "they are")
                still = "still waits" if waiting == 1 else "still wait"
                raise DayRefused(
                    f"{what} of day {day.fiscal_day_no} {still} for FDMS: close the day when {through} through."
                )
            if day.adopted:
                raise DayRefused(
                    f"This till has not the receipts of day {day.fiscal_day_no}: close it by FDMS's own counters with "
                    f"`fiscalmon day recover --device {device.device_id} --opened LOCALTIME`."
                )
            if not day.announced and not offline:
                raise DayRefused(f"FDMS does not know day {day.fiscal_day_no} yet: close it when FDMS can be reached.")
            link = work.receipts.link(device.device_id)
            counters = tuple(from_totals(work.receipts.counters(device.device_id, day.fiscal_day_no)))
            counter = link.counter if link else 0
            request = signed_close(device, day.fiscal_day_no, day.opened, counters, counter)
            work.days.closing(day, encode(request), counter)
            if offline:
                # The file's footer will tell FDMS (§17): the signed close is kept for it, and the day is over here.
                work.days.closed(day, max(local_text(self._clock.now()), link.date if link else day.opened), None, None)

        await self._store.write(job)
        self._perhaps_sent.discard(device.device_id)
        await self._news.reload(device)

    def resume(self) -> None:
        """Follow up the closes that a restart interrupted."""
        for device in self._devices:
            if device.day_status == DayStatus.CLOSE_INITIATED:
                self._perhaps_sent.add(device.device_id)
                self.follow(device)

    def follow(self, device: TillDevice) -> asyncio.Task[None]:
        """The task that brings the device's close to its end."""
        task = self._closing.get(device.device_id)
        if task is None or task.done():
            task = asyncio.create_task(self._finish_close(device), name=f"close-{device.device_id}")
            self._closing[device.device_id] = task
        return task

    async def stop(self) -> None:
        """Leave running closes where they are; the next start goes on with them."""
        for task in self._closing.values():
            task.cancel()
        await asyncio.gather(*self._closing.values(), return_exceptions=True)

    async def _finish_close(self, device: TillDevice) -> None:
        """Send the close and poll until FDMS has decided, however often the line fails in between."""
        pause = POLL_FIRST
        waited = 0.0
        while device.day is not None and device.day.status == DayStatus.CLOSE_INITIATED:
            try:
                if await self._step_close(device, device.day, waited):
                    waited = 0.0
                    continue
            except FiscalmonError as wrong:
                # The key, or the disk: whatever it is, the day must not be left half closed.
                log.warning("a close waits", device=device.device_id, code=wrong.code, text=wrong.text)
            await asyncio.sleep(pause)
            waited += pause
            pause = min(POLL_LONGEST, pause * 1.5)

    async def _step_close(self, device: TillDevice, day: DayRecord, waited: float) -> bool:
        """Send the close, or ask how it stands and take that into the books; True when it was sent."""
        try:
            if day.close_sent_at is None:
                await self._send_close(device, day)
                return True
            status = await device.gateway.get_status()
            await self._connection.heard(device)
            if await self._decided(device, day, status):
                return False
            if status.day_status == DayStatus.OPENED and waited > STILL_OPEN_SECONDS:
                # FDMS took the close and lost it: the same signed bytes may go again.
                await self._send_close(device, day)
                return True
        except GatewayRefused as refused:
            # FDMS answers and does not say how the day stands, e.g. to a device that it has blocked.
            log.warning("the close cannot be followed", device=device.device_id, text=refused.text)
        except GatewayError as failed:
            await self._connection.lost(device, failed.text)
        return False

    async def _send_close(self, device: TillDevice, day: DayRecord) -> None:
        request = msgspec.json.decode(day.close_request or b"{}", type=CloseDayRequest)
        try:
            await device.gateway.close_day(request)
        except GatewayRefused as refused:
            if not await self._came_before(device, day, refused):
                failure = refused.error_code or f"HTTP{refused.status}"
                await self._close_failed(device, day, failure, refused.text)
                return
        except GatewayError:
            self._perhaps_sent.add(device.device_id)
            raise
        at = utc_text(self._clock.now())
        await self._store.write(lambda work: work.days.close_sent(day, at))
        await self._news.reload(device)

    async def _came_before(self, device: TillDevice, day: DayRecord, refused: GatewayRefused) -> bool:
        """Whether an earlier try, whose answer was lost, had reached FDMS: then nothing may be sold in this day.

        Raises GatewayError where that may be and FDMS does not say, e.g. to a device that was blocked since.
        """
        if refused.error_code == "FISC03":
            return True
        if refused.error_code != "FISC04" and device.device_id not in self._perhaps_sent:
            return False
        status = await device.gateway.get_status()
        return status.last_day_no == day.fiscal_day_no and status.day_status != DayStatus.OPENED

    async def _decided(self, device: TillDevice, day: DayRecord, status: Status) -> bool:
        if status.day_status == DayStatus.CLOSE_FAILED:
            code = status.closing_error or "InternalError"
            await self._close_failed(device, day, code, CLOSE_ADVICE.get(code, ""))
            return True
        if status.day_status != DayStatus.CLOSED or status.last_day_no != day.fiscal_day_no:
            return False
        signature = status.server_signature
        if signature is not None and not await self._server_signature_holds(device, day, status, signature):
            log.error(
                "FDMS's signature over a closed day does not hold", device=device.device_id, day=day.fiscal_day_no
            )
            text = f"FDMS's signature over day {day.fiscal_day_no} does not hold: tell support."
            await self._news.tell(device, DEVICE_ATTENTION, {"deviceID": device.device_id, "reason": text})
        kept = None if signature is None else msgspec.json.encode(signature).decode()
        closed = status.closed or local_text(self._clock.now())
        mode = status.reconciliation_mode or "Auto"
        await self._news.change(device, lambda work: work.days.closed(day, closed, mode, kept), FISCAL_CLOSED)
        return True

    async def _server_signature_holds(
        self, device: TillDevice, day: DayRecord, status: Status, signature: ServerSignature
    ) -> bool:
        request = msgspec.json.decode(day.close_request or b"{}", type=CloseDayRequest)
        mode = status.reconciliation_mode or "Auto"
        parts = fiscal_day_server_parts(
            device.device_id,
            day.fiscal_day_no,
            day.opened[:10],
            status.closed or "",
            mode,
            request.counters,
            request.signature.signature if mode == "Auto" else None,
        )
        return await device.gateway.verify(join(parts), signature)

    async def _close_failed(self, device: TillDevice, day: DayRecord, code: str, advice: str) -> None:
        more = {"errorCode": code, "advice": advice}
        await self._news.change(device, lambda work: work.days.close_failed(day, code), FISCAL_CLOSE_FAILED, more)
