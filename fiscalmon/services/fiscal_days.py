"""Opening and closing fiscal days: written down before it is sent, followed up until FDMS has answered for good.

A day opened while FDMS is away is announced before its first receipt goes out (Gateway v7.2 §12). A close is signed
once, stored, sent, and polled to its end; a restart goes on where it stopped (§15, §16).
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import msgspec
import structlog

from ..books import Work
from ..domain.canonical import digest, fiscal_day_parts, fiscal_day_server_parts, join
from ..domain.counters import from_totals
from ..domain.day_record import DayRecord
from ..domain.errors import DayRefused, GatewayError, GatewayRefused, GatewayUnreachable
from ..domain.fiscal_day import CLOSE_ADVICE, DayStatus, allows
from ..domain.gateway import CloseDayRequest, ServerSignature, Status
from ..domain.localtime import local_text, utc_text
from ..domain.receipt import SignatureData
from ..events import DEVICE_ATTENTION, FISCAL_CLOSE_FAILED, FISCAL_CLOSED, FISCAL_OPENED, encode
from .devices import TillDevice
from .parts import Parts

# FDMS needs up to half a minute for a close (§15); right after it took one it may still say "opened" for a while.
POLL_FIRST, POLL_LONGEST = 0.25, 3.0
STILL_OPEN_SECONDS = 60.0
CLOSE_WAIT_SECONDS = 120.0

log = structlog.get_logger()


class FiscalDays:
    """One for all devices of a till."""

    def __init__(self, parts: Parts) -> None:
        self._store, self._clock, self._devices, self._announcer, self._connection, _ = parts
        self._closing: dict[int, asyncio.Task[None]] = {}

    # --- opening --------------------------------------------------------------------------------------------------

    async def open(self, device_id: int, seen: frozenset[int] | None = None) -> dict[str, Any]:
        """Open the next day. Raises DayRefused, UnknownDevice; FDMS being away is no hindrance."""
        device = self._devices.get(device_id, seen)
        async with device.day_lock:
            if not allows(device.day_status, "open"):
                raise DayRefused(
                    f"Device {device_id} cannot open a day: its day {device.day and device.day.fiscal_day_no} is "
                    f"{_words(device.day_status)}."
                )
            known_last = await self._prepare(device)
            day_no = max(known_last, device.day.fiscal_day_no if device.day else 0) + 1
            opened = local_text(self._clock.now())
            await self._store.write(lambda work: work.days.add(device_id, day_no, opened))
            await self._reload(device)
            await self._announce(device, just_opened=True)
            await self._tell(device, FISCAL_OPENED)
        device.wake.set()
        return self.describe(device)

    async def announce(self, device: TillDevice) -> bool:
        """Tell FDMS of a day that it does not know yet; False when that must be tried again later."""
        day = device.day
        if day is None or day.announced or not day.takes_receipts:
            return True
        async with device.day_lock:
            return await self._announce(device)

    async def _prepare(self, device: TillDevice) -> int:
        """Fresh configuration before a day (§9), and FDMS's last day number; 0 when FDMS is away."""
        try:
            config = await device.gateway.get_config()
            status = await device.gateway.get_status()
        except GatewayRefused as refused:
            raise DayRefused(f"FDMS does not let device {device.device_id} open a day: {refused.text}") from refused
        except GatewayError as failed:
            await self._connection.lost(device, failed.text)
            _ = device.config
            return 0
        await self._store.write(lambda work: work.devices.configured(device.device_id, config))
        self._devices.reconfigured(device.device_id, config)
        await self._connection.heard(device)
        if status.day_status != DayStatus.CLOSED:
            raise DayRefused(
                f"FDMS holds day {status.last_day_no} of device {device.device_id} as {_words(status.day_status)}, but "
                "this till does not know that day: see docs/operations.md, “a day this till does not know”."
            )
        return status.last_day_no or 0

    async def _announce(self, device: TillDevice, *, just_opened: bool = False) -> bool:
        day = device.day
        if day is None or day.announced:
            return True
        try:
            await device.gateway.open_day(day.opened, day.fiscal_day_no)
        except GatewayRefused as refused:
            if not await self._is_open_there(device, day):
                return await self._opening_refused(device, day, refused, just_opened=just_opened)
        except GatewayError as failed:
            # Unknown or unreachable: asking again is safe, an open day answers FISC01 and its status tells the rest.
            await self._connection.lost(device, failed.text)
            return False
        await self._connection.heard(device)
        await self._store.write(lambda work: work.days.announced(device.device_id, day.fiscal_day_no))
        await self._reload(device)
        device.blocked = None
        return True

    async def _is_open_there(self, device: TillDevice, day: DayRecord) -> bool:
        """Whether FDMS has the very day open: an earlier answer was lost."""
        try:
            status = await device.gateway.get_status()
        except GatewayError:
            return False
        return status.day_status == DayStatus.OPENED and status.last_day_no == day.fiscal_day_no

    async def _opening_refused(
        self, device: TillDevice, day: DayRecord, refused: GatewayRefused, *, just_opened: bool
    ) -> bool:
        if just_opened:
            await self._store.write(lambda work: work.days.drop_empty(device.device_id, day.fiscal_day_no))
            await self._reload(device)
            raise DayRefused(f"FDMS refused to open day {day.fiscal_day_no}: {refused.text}")
        text = f"FDMS refuses day {day.fiscal_day_no} of device {device.device_id}: {refused.text}"
        if device.blocked != text:
            device.blocked = text
            await self._tell(device, DEVICE_ATTENTION, {"deviceID": device.device_id, "reason": text})
        return False

    # --- closing --------------------------------------------------------------------------------------------------

    async def close(self, device_id: int, seen: frozenset[int] | None = None, *, wait: bool = True) -> dict[str, Any]:
        """Close the open day; with `wait` until FDMS is done with it. Raises DayRefused with the way out."""
        device = self._devices.get(device_id, seen)
        async with device.day_lock:
            day = device.day
            if day is None or not allows(device.day_status, "close"):
                raise DayRefused(f"Device {device_id} has no day to close: it is {_words(device.day_status)}.")
            await self._start_close(device, day)
            task = self._follow(device)
        if not wait:
            return self.describe(device)
        await asyncio.wait([task], timeout=CLOSE_WAIT_SECONDS)
        if device.day and device.day.status == DayStatus.CLOSE_FAILED:
            code = device.day.closing_error or "unknown"
            raise DayRefused(
                f"FDMS refused to close day {device.day.fiscal_day_no} ({code}). {CLOSE_ADVICE.get(code, '')}".strip(),
                code=code,
            )
        return self.describe(device)

    async def _start_close(self, device: TillDevice, day: DayRecord) -> None:
        """Sign the close and write it down, in one transaction with the check that nothing waits."""

        def job(work: Work) -> None:
            waiting = work.receipts.unsettled(device.device_id, day.fiscal_day_no)
            if waiting:
                raise DayRefused(
                    f"{waiting} receipts of day {day.fiscal_day_no} still wait for FDMS: close the day when they "
                    "are through."
                )
            if not day.announced:
                raise DayRefused(f"FDMS does not know day {day.fiscal_day_no} yet: close it when FDMS can be reached.")
            link = work.receipts.link(device.device_id)
            counters = tuple(from_totals(work.receipts.counters(device.device_id, day.fiscal_day_no)))
            parts = fiscal_day_parts(device.device_id, day.fiscal_day_no, day.opened[:10], counters)
            canonical, sha256 = digest(parts)
            signature = device.signer.sign(canonical.encode())
            seal = SignatureData(base64.b64encode(sha256).decode(), base64.b64encode(signature).decode())
            counter = link.counter if link else 0
            request = CloseDayRequest(day.fiscal_day_no, counters, seal, counter)
            work.days.closing(day, encode(request), counter)

        await self._store.write(job)
        await self._reload(device)

    def resume(self) -> None:
        """Follow up the closes that a restart interrupted."""
        for device in self._devices:
            if device.day_status == DayStatus.CLOSE_INITIATED:
                self._follow(device)

    def _follow(self, device: TillDevice) -> asyncio.Task[None]:
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
            day = device.day
            try:
                if day.close_sent_at is None:
                    await self._send_close(device, day)
                    continue
                status = await device.gateway.get_status()
                await self._connection.heard(device)
                if await self._decided(device, day, status):
                    return
                if status.day_status == DayStatus.OPENED and waited > STILL_OPEN_SECONDS:
                    # FDMS took the close and lost it: the same signed bytes may go again.
                    await self._send_close(device, day)
                    waited = 0.0
            except GatewayError as failed:
                await self._connection.lost(device, failed.text)
            await asyncio.sleep(pause)
            waited += pause
            pause = min(POLL_LONGEST, pause * 1.5)

    async def _send_close(self, device: TillDevice, day: DayRecord) -> None:
        request = msgspec.json.decode(day.close_request or b"{}", type=CloseDayRequest)
        try:
            await device.gateway.close_day(request)
        except GatewayRefused as refused:
            if refused.error_code == "FISC03":
                pass  # it is being closed: an earlier answer was lost
            elif refused.error_code == "FISC04" and await self._closed_there(device, day):
                pass  # it was closed: both answers were lost
            else:
                failure = refused.error_code or f"HTTP{refused.status}"
                await self._close_failed(device, day, failure, refused.text)
                return
        at = utc_text(self._clock.now())
        await self._store.write(lambda work: work.days.close_sent(day, at))
        await self._reload(device)

    async def _closed_there(self, device: TillDevice, day: DayRecord) -> bool:
        try:
            status = await device.gateway.get_status()
        except GatewayUnreachable:
            return False
        return status.day_status == DayStatus.CLOSED and status.last_day_no == day.fiscal_day_no

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
            await self._tell(device, DEVICE_ATTENTION, {"deviceID": device.device_id, "reason": text})
        kept = None if signature is None else msgspec.json.encode(signature).decode()
        closed = status.closed or local_text(self._clock.now())
        mode = status.reconciliation_mode or "Auto"
        await self._store.write(lambda work: work.days.closed(day, closed, mode, kept))
        await self._reload(device)
        await self._tell(device, FISCAL_CLOSED)
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
        await self._store.write(lambda work: work.days.close_failed(day, code))
        await self._reload(device)
        await self._tell(device, FISCAL_CLOSE_FAILED, more={"errorCode": code, "advice": advice})

    # --- telling --------------------------------------------------------------------------------------------------

    def status(self, device_id: int, seen: frozenset[int] | None = None) -> dict[str, Any]:
        """The day of a device as `day status` prints it."""
        return self.describe(self._devices.get(device_id, seen))

    @staticmethod
    def describe(device: TillDevice) -> dict[str, Any]:
        """A device's newest day."""
        day = device.day
        return {
            "deviceID": device.device_id,
            "fiscalDayNo": day.fiscal_day_no if day else None,
            "fiscalDayStatus": device.day_status,
            "fiscalDayOpened": day.opened if day else None,
            "fiscalDayClosed": day.closed if day else None,
            "fiscalDayClosingErrorCode": day.closing_error if day else None,
            "announced": bool(day.announced) if day else None,
            "queueDepth": device.queued,
        }

    async def _reload(self, device: TillDevice) -> None:
        days = await self._store.read(lambda archive: archive.last_days())
        device.day = days.get(device.device_id)

    async def _tell(
        self, device: TillDevice, type_: str, data: dict[str, Any] | None = None, more: dict[str, Any] | None = None
    ) -> None:
        if data is None:
            data = await self._facts(device)
        facts = {**data, **(more or {})}
        at = utc_text(self._clock.now())
        message = await self._store.write(lambda work: work.events.add(type_, at, device.device_id, facts))
        self._announcer.tell(message)

    async def _facts(self, device: TillDevice) -> dict[str, Any]:
        day = device.day
        if day is None:
            return {"deviceID": device.device_id}
        count, totals = await self._store.read(lambda archive: archive.day_totals(device.device_id, day.fiscal_day_no))
        return {
            "deviceID": device.device_id,
            "fiscalDayNo": day.fiscal_day_no,
            "fiscalDayOpened": day.opened,
            "fiscalDayClosed": day.closed,
            "totals": totals,
            "receipts": count,
        }


def _words(status: str) -> str:
    return {
        "FiscalDayClosed": "closed",
        "FiscalDayOpened": "open",
        "FiscalDayCloseInitiated": "being closed",
        "FiscalDayCloseFailed": "open, its close failed",
    }.get(status, status)
