"""The till as every screen and program sees it: one object with the use cases, JSON-ready dicts in and out.

Used on the engine's loop. `devices` is what the caller may see, None for everything; the rest looks as if absent.
"""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from .. import __version__
from ..bus import Bus, Subscription
from ..domain.errors import BadInput
from ..domain.localtime import utc_text
from ..domain.recorded import Recorded
from ..domain.sale import Sale
from ..events import HELLO, Message
from .alerts import Alerts
from .audit import Audit
from .crediting import Crediting, CreditRequest
from .day_closing import DayClosing
from .day_opening import DayOpening
from .details import device_details, receipt_details
from .devices import TillDevice
from .fiscal_days import describe_day
from .fiscalise import Fiscaliser
from .history import History
from .mending import Mending
from .open_sales import OpenSales
from .parts import Parts
from .preferences import Preferences
from .printing import Printing
from .products import Products
from .receipt_life import ReceiptLives
from .receipt_search import receipt_filter
from .registration import Registrar
from .reports import Reports
from .waiting import WaitingList

HELLO_EVENTS = 50
MOST_REPLAYED = 1_000
COMPLETED_WAIT_SECONDS = 30.0
Seen = frozenset[int] | None


class Days(NamedTuple):
    """A fiscal day's life, and the way out when it is stuck."""

    opening: DayOpening
    closing: DayClosing
    mending: Mending


class SetUp(NamedTuple):
    """What the owner sets up: devices, settings, printers, who is told when something is wrong."""

    registrar: Registrar
    preferences: Preferences
    printing: Printing
    alerts: Alerts


class Till:
    """The engine's front door."""

    def __init__(self, parts: Parts, bus: Bus, fiscaliser: Fiscaliser, days: Days, set_up: SetUp) -> None:
        self._parts = parts
        self._bus = bus
        self._fiscaliser = fiscaliser
        self._days = days
        self.registrar, self.preferences, self.printing, self.alerts = set_up
        self.mending = days.mending
        self.clock = parts.clock
        self.audit = Audit(parts)
        self.reports = Reports(parts.store)
        self.history = History(parts)
        self.waiting = WaitingList(parts)
        self.lives = ReceiptLives(parts)
        self.products = Products(parts.store, parts.devices)
        self.open_sales = OpenSales(parts, fiscaliser, set_up.preferences)
        self._crediting = Crediting(parts, fiscaliser)
        self._greetings: set[asyncio.Future[None]] = set()

    # --- looking --------------------------------------------------------------------------------------------------

    async def snapshot(self, devices: Seen = None) -> dict[str, Any]:
        """The metrics snapshot."""
        return self._parts.metrics.snapshot(devices)

    async def devices(self, devices: Seen = None) -> list[dict[str, Any]]:
        """Every device the caller may see."""
        now = self._parts.clock.now()
        return [d.describe(now) for d in self._parts.devices if devices is None or d.device_id in devices]

    async def device(self, device_id: int, devices: Seen = None) -> dict[str, Any]:
        """One device with its counters, last receipts, latencies, errors and printers. Raises UnknownDevice."""
        device = self._parts.devices.get(device_id, devices)
        day_no = device.day.fiscal_day_no if device.day else 0
        details = await self._parts.store.read(lambda archive: device_details(archive, device_id, day_no))
        printers = [card for card in await self.printing.cards() if card["deviceID"] == device_id]
        return {
            **device.describe(self._parts.clock.now()),
            **details,
            "queue": await self.waiting.of(device),
            "printers": printers,
        }

    def device_or_default(self, device_id: int | None) -> TillDevice:
        """The device asked for, or the till's default one. Raises UnknownDevice."""
        return self._parts.devices.default() if device_id is None else self._parts.devices.get(device_id)

    async def ping(self, device_id: int) -> dict[str, Any]:
        """Ask FDMS for a sign of life. Raises GatewayError, UnknownDevice."""
        device = self._parts.devices.get(device_id)
        minutes = await device.gateway.ping()
        await self._parts.connection.heard(device)
        return {"deviceID": device_id, "reportingFrequency": minutes, "clockDriftSeconds": device.gateway.clock_drift}

    async def events(self, *, after: int = 0, limit: int = 50, devices: Seen = None) -> list[dict[str, Any]]:
        """Lasting messages after a `seq`, oldest first."""
        messages = await self._parts.store.read(lambda archive: archive.events(after, limit, devices))
        return [message.as_dict() for message in messages]

    def subscribe(self, *, devices: Seen = None, after: int | None = None, bound: int = 1_000) -> Subscription:
        """Messages from now on; the first is `hello`, or what was missed since `after` when that is not too much."""
        subscription = self._bus.subscribe(devices, bound, held=True)
        greeting = asyncio.ensure_future(self._greet(subscription, after, devices))
        self._greetings.add(greeting)
        greeting.add_done_callback(self._greetings.discard)
        return subscription

    async def _greet(self, subscription: Subscription, after: int | None, devices: Seen) -> None:
        try:
            first = await self.replay(after, devices) if after is not None else None
            subscription.put_first([await self.hello(devices)] if first is None else first)
        except BaseException:
            subscription.close()
            raise

    async def replay(self, after: int, devices: Seen = None) -> list[Message] | None:
        """The lasting messages since a `seq`, or None when they are too many or the `seq` is not ours."""
        if after > self._bus.last_seq or after < 0:
            return None
        missed = await self._parts.store.read(lambda archive: archive.events(after, MOST_REPLAYED + 1, devices))
        return missed if len(missed) <= MOST_REPLAYED else None

    async def hello(self, devices: Seen = None) -> Message:
        """The first message of a listener: the snapshot and the newest events."""
        # Asked before the log is read: what is published meanwhile is not in it and has to follow.
        published = self._bus.last_seq
        events = await self._parts.store.read(lambda archive: archive.events(0, HELLO_EVENTS, devices, newest=True))
        seq = max(published, events[-1].seq if events else 0)
        data = {
            "metrics": await self.snapshot(devices),
            "events": [message.as_dict() for message in events],
            "seq": seq,
            "version": __version__,
        }
        return Message(HELLO, seq, utc_text(self._parts.clock.now()), None, data)

    # --- receipts -------------------------------------------------------------------------------------------------

    async def submit(
        self,
        sale: bytes | str | dict[str, Any] | Sale,
        *,
        wait: str = "signed",
        devices: Seen = None,
        default_device: int | None = None,
    ) -> dict[str, Any]:
        """Fiscalise a sale; returns the result with "repeated": whether the same sale had been recorded before.

        `wait`: "signed" returns once it is on the disk, "completed" waits at most 30 s for FDMS's answer.
        `default_device`: takes a sale that names none, instead of the till's own default.
        """
        if wait not in ("signed", "completed"):
            raise BadInput(f"wait must be signed or completed, not {wait!r}.")
        entry, repeated = await self._fiscaliser.fiscalise(sale, devices, default_device)
        if wait == "completed" and not entry.is_final:
            entry = await self._settled(entry)
        return {**entry.result(), "repeated": repeated}

    async def credit(self, asked: CreditRequest, devices: Seen = None, *, wait: str = "signed") -> dict[str, Any]:
        """Credit a receipt of this till, whole or by lines; the result is that of `submit`."""
        entry, repeated = await self._crediting.credit(asked, devices)
        if wait == "completed" and not entry.is_final:
            entry = await self._settled(entry)
        return {**entry.result(), "repeated": repeated}

    async def check(
        self, sale: bytes | str | dict[str, Any] | Sale, default_device: int | None = None
    ) -> dict[str, Any]:
        """Every finding of the rulebook on a sale, nothing signed: {"saleId", "errors": [{code, …}]}."""
        return await self._fiscaliser.check(sale, default_device)

    async def _settled(self, entry: Recorded) -> Recorded:
        if self._parts.devices.get(entry.device_id).offline_mode:
            # Its answer comes with a file's, if not today: nobody waits for that at the counter.
            return entry

        async def read() -> Recorded | None:
            return await self._parts.store.read(lambda archive: archive.receipt(entry.receipt_id))

        settled = await self._parts.announcer.wait_settled(entry, COMPLETED_WAIT_SECONDS, read)
        return settled or await read() or entry

    async def receipts(
        self, *, limit: int = 50, before: str | int | None = None, devices: Seen = None, **wanted: Any
    ) -> dict[str, Any]:
        """A page of receipts, newest first: {"items", "next"}; `next` goes into `before`."""
        limit = max(1, min(limit, 500))
        chosen = receipt_filter(self._parts.clock.now(), before=before, devices=devices, **wanted)
        entries = await self._parts.store.read(lambda archive: archive.receipts(chosen, limit))
        more = str(entries[-1].row) if len(entries) == limit else None
        return {"items": [entry.result() for entry in entries], "next": more}

    async def receipt(self, receipt_id: str, devices: Seen = None) -> dict[str, Any]:
        """One receipt with the exact receipt that FDMS got. Raises UnknownReceipt."""
        return await self._parts.store.read(lambda archive: receipt_details(archive, receipt_id, devices))

    # --- days -----------------------------------------------------------------------------------------------------

    async def open_day(self, device_id: int, devices: Seen = None) -> dict[str, Any]:
        """Open the next fiscal day. Raises DayRefused, UnknownDevice."""
        return await self._days.opening.open(device_id, devices)

    async def close_day(self, device_id: int, devices: Seen = None, *, wait: bool = True) -> dict[str, Any]:
        """Close the fiscal day. Raises DayRefused with the way out, UnknownDevice."""
        return await self._days.closing.close(device_id, devices, wait=wait)

    async def day_status(self, device_id: int, devices: Seen = None) -> dict[str, Any]:
        """A device's newest fiscal day."""
        return describe_day(self._parts.devices.get(device_id, devices), self._parts.clock.now())
