"""From a sale to a signed receipt on the disk: accept → check → number → sign → record.

`record` below is the whole chain transaction, to be read top to bottom. Sending comes later and elsewhere.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from .. import correlation
from ..books import Work
from ..domain import chain, drafting, kpi, rulebook
from ..domain.device import DeviceConfig
from ..domain.errors import DayNotOpen, SaleConflict, SaleRefused, TillStopping
from ..domain.localtime import local_text, parse_local, utc_text
from ..domain.qr import qr_url, verification_code
from ..domain.recorded import Recorded
from ..domain.sale import Sale, decode_sale
from ..domain.stated import Stated, read_stated
from ..events import encode
from .devices import TillDevice
from .originals import find_original
from .parts import Parts
from .turns import Turns

# A device may stamp receipts this far ahead of the clock (one second a receipt); past it a sale waits.
MOST_AHEAD = timedelta(seconds=30)
FINISH_SECONDS = 1.0
# Yellow at FDMS, but the next receipt, dated now, would then be Red (RCPT030) and the day could not be closed.
FUTURE = "RCPT031"
PAST_LIMIT = "RCPT041"


class Order(NamedTuple):
    """What the chain transaction needs to know. `now` and `latest` are local texts, `now_at` is UTC."""

    receipt_id: str
    sale: Sale
    sale_digest: str
    device_id: int
    config: DeviceConfig
    sign: chain.Sign
    now: str
    latest: str
    now_at: str
    correlation_id: str | None
    turns: Turns


class _AheadOfClock(Exception):
    """The chain runs faster than the clock allows: the sale waits until the clock has followed."""

    def __init__(self, date: str) -> None:
        super().__init__(date)
        self.date = date


def record(work: Work, order: Order) -> tuple[Recorded, list[kpi.Delta]]:
    """The signed chain in one transaction: if anything raises, nothing was numbered.

    Returns the receipt, with no deltas when the sale was recorded before. Raises SaleConflict, SaleRefused,
    DayNotOpen, KeyUnavailable.
    """
    known = work.receipts.find_sale(order.sale.sale_id)
    if known is not None:
        if known.sale_digest != order.sale_digest:
            raise SaleConflict(
                f"saleId {order.sale.sale_id} was used before with other content; give this sale a new one."
            )
        return known, []

    link = work.receipts.link(order.device_id)
    date = order.sale.date or (chain.next_date(link, order.now) if link else order.now)
    draft = drafting.draft(order.sale, order.config, date)
    found = find_original(work, order.sale, order.device_id, order.config.tax_payer_tin)
    situation = rulebook.Situation(order.config, link.day_opened if link else "", original=found.original)
    content = rulebook.judge_content(draft, situation)
    _refuse_if(order.sale, [*_percent_findings(order), *found.refused, *content])
    if link is None:
        raise DayNotOpen(f"No fiscal day is open on device {order.device_id}: open the day, then sell.")
    if order.sale.date is None and (date > order.latest or order.turns.is_behind(order.receipt_id)):
        order.turns.wait(order.receipt_id)
        raise _AheadOfClock(date)

    placed = chain.place(draft, link, date)
    situation = rulebook.Situation(
        order.config,
        link.day_opened,
        previous_counter=link.counter,
        previous_global_no=link.global_no,
        previous_date=link.date,
        latest_date=order.latest,
        invoice_no_taken=work.receipts.invoice_no_taken(placed.invoice_no),
        original=found.original,
    )
    _refuse_if(order.sale, rulebook.judge_position(placed, situation))

    signed = chain.seal(order.device_id, placed, link.day_hash, order.sign)
    entry = Recorded(
        row=0,
        receipt_id=order.receipt_id,
        sale_id=order.sale.sale_id,
        sale_digest=order.sale_digest,
        device_id=order.device_id,
        fiscal_day_no=link.fiscal_day_no,
        receipt_counter=placed.counter,
        receipt_global_no=placed.global_no,
        receipt_type=placed.type,
        receipt_currency=placed.currency,
        invoice_no=placed.invoice_no,
        receipt_date=placed.date,
        receipt_total=str(placed.total),
        receipt_taxes=encode(placed.taxes).decode(),
        hash=signed.hash,
        signature=signed.signature,
        qr_url=qr_url(order.config.qr_url, order.device_id, placed.date, placed.global_no, signed.qr_data),
        verification_code=verification_code(signed.qr_data),
        correlation_id=order.correlation_id,
    )
    entry = work.receipts.add(entry, signed, chain.follow(link, signed), order.now_at)
    deltas = kpi.signed(order.device_id, placed)
    work.receipts.add_deltas(deltas)
    order.turns.leave(order.receipt_id)
    return entry, deltas


class Fiscaliser:
    """Takes sales from every way in."""

    def __init__(self, parts: Parts) -> None:
        self._store, self._clock, self._devices, self._announcer, _, self._metrics = parts
        self._running: set[asyncio.Future[tuple[Recorded, bool]]] = set()
        self._turns: defaultdict[int, Turns] = defaultdict(Turns)

    async def fiscalise(
        self,
        data: bytes | str | dict[str, Any] | Sale,
        seen: frozenset[int] | None = None,
        default_device: int | None = None,
    ) -> tuple[Recorded, bool]:
        """A signed, durable receipt for a sale; True when the same sale had been recorded before.

        `default_device` takes a sale that names no device; it is no part of the sale's content.

        Raises SaleRefused, SaleConflict, DayNotOpen, UnknownDevice, BadInput, TillBusy, StoreDamaged.
        """
        sale = data if isinstance(data, Sale) else decode_sale(data)
        device = self._device(sale.device_id or default_device, seen)
        await device.comparison.wait()
        self._devices.trusted(device)
        # Once a sale is with the writer it must not be abandoned half-way: its caller may go, its receipt stays.
        task = asyncio.ensure_future(self._fiscalise(sale, device))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def check(
        self, data: bytes | str | dict[str, Any] | Sale, default_device: int | None = None
    ) -> dict[str, Any]:
        """All findings of the rulebook on a sale as it would stand now; nothing is numbered or stored.

        Tax entries and numbers, if the sale states its own, are judged too.
        """
        try:
            sale = data if isinstance(data, Sale) else decode_sale(data)
            stated = read_stated(sale.sale_id, data)
        except SaleRefused as refused:
            return {"saleId": refused.sale_id, "errors": refused.errors}
        order = self._order("", sale, "", self._device(sale.device_id or default_device, None))
        found = await self._store.write(partial(_rehearse, order=order, stated=stated))
        return {"saleId": sale.sale_id, "errors": [finding.as_dict() for finding in found]}

    def _device(self, device_id: int | None, seen: frozenset[int] | None) -> TillDevice:
        return self._devices.get(device_id, seen) if device_id else self._devices.default()

    async def finish(self) -> None:
        """Let the sales that are being recorded end; those that only wait for the clock are given up unrecorded."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=FINISH_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _fiscalise(self, sale: Sale, device: TillDevice) -> tuple[Recorded, bool]:
        receipt_id = f"{int(self._clock.now().timestamp() * 1000):012x}{secrets.token_hex(4)}"
        self._announcer.accepted(receipt_id, device.device_id, sale.invoice_no)
        try:
            entry, deltas = await self._record(receipt_id, sale, device)
        except BaseException:
            self._announcer.dropped(receipt_id)
            raise
        if not deltas:
            self._announcer.dropped(receipt_id)
            return entry, True
        device.queued += 1
        device.oldest_at = device.oldest_at if device.queued > 1 else utc_text(self._clock.now())
        device.last_global_no = entry.receipt_global_no
        self._metrics.apply(deltas)
        self._announcer.signed(entry)
        device.wake.set()
        return entry, False

    async def _record(self, receipt_id: str, sale: Sale, device: TillDevice) -> tuple[Recorded, list[kpi.Delta]]:
        digest, turns = sale.digest(), self._turns[device.device_id]

        async def attempt() -> tuple[Recorded, list[kpi.Delta]]:
            order = self._order(receipt_id, sale, digest, device)
            return await self._store.write(partial(record, order=order))

        try:
            return await attempt()
        except _AheadOfClock as ahead:
            return await self._record_in_turn(turns, receipt_id, ahead.date, attempt)
        finally:
            turns.leave(receipt_id)

    async def _record_in_turn(
        self, turns: Turns, name: str, date: str, attempt: Callable[[], Awaitable[tuple[Recorded, list[kpi.Delta]]]]
    ) -> tuple[Recorded, list[kpi.Delta]]:
        """Once the clock has followed to `date`, and after those that waited before."""
        try:
            while True:
                async with turns.gate:
                    await self._clock.wait_until(parse_local(date) - MOST_AHEAD)
                    # The first in the row tries until it is through; whoever came too early lets others by.
                    while True:
                        try:
                            return await attempt()
                        except _AheadOfClock as ahead:
                            date = ahead.date
                        if turns.is_behind(name):
                            break
                        await self._clock.wait_until(parse_local(date) - MOST_AHEAD)
        except asyncio.CancelledError:
            raise TillStopping("The till is shutting down; try again after it has started.") from None

    def _order(self, receipt_id: str, sale: Sale, digest: str, device: TillDevice) -> Order:
        now = self._clock.now()
        return Order(
            receipt_id,
            sale,
            digest,
            device.device_id,
            device.config,
            device.signer.sign_digest,
            local_text(now),
            local_text(now + MOST_AHEAD),
            utc_text(now),
            correlation.current(),
            self._turns[device.device_id],
        )


def _rehearse(work: Work, order: Order, stated: Stated) -> list[rulebook.Finding]:
    """The rules of `record` with the chain as it stands, as far as there is one."""
    link = work.receipts.link(order.device_id) or chain.Link(0, order.now, 0, 0, "", None)
    date = order.sale.date or chain.next_date(link, order.now)
    draft = drafting.draft(order.sale, order.config, date)
    known = work.receipts.find_sale(order.sale.sale_id)
    # A note that is in the books already must not count against itself.
    row = known.row if known is not None else 0
    found = find_original(work, order.sale, order.device_id, order.config.tax_payer_tin, without=row)
    own_invoice_no = known is not None and known.invoice_no == draft.invoice_no
    placed = stated.over(chain.place(draft, link, date))
    situation = rulebook.Situation(
        order.config,
        link.day_opened,
        previous_counter=link.counter,
        previous_global_no=link.global_no,
        previous_date=link.date,
        previous_missing=placed.counter > link.counter + 1,
        global_no_taken=placed.global_no <= link.global_no,
        latest_date=max(order.latest, date) if order.sale.date is None else order.latest,
        invoice_no_taken=not own_invoice_no and work.receipts.invoice_no_taken(placed.invoice_no),
        original=found.original,
    )
    return [*_percent_findings(order), *found.refused, *rulebook.judge(placed, situation), *found.warned]


def _percent_findings(order: Order) -> list[rulebook.Finding]:
    """A line's percent is checked against the device's configuration, never believed."""
    found = []
    for index, line in enumerate(order.sale.lines):
        if line.tax_percent is None:
            continue
        tax = order.config.tax_at(line.tax_id, order.sale.date or order.now)
        if tax is not None and tax.percent != line.tax_percent:
            advice = f"Line {index + 1}: tax {line.tax_id} is {tax.band} on this device, not {line.tax_percent}%."
            found.append(rulebook.Finding("RCPT025", rulebook.RED, advice, f"receiptLines[{index}].taxPercent"))
    return found


def _refuse_if(sale: Sale, findings: list[rulebook.Finding]) -> None:
    """Yellow lets a sale through, since the day still closes; but not a date in the future, which spoils every receipt
    after it, nor a day past its limit, in which a device must stop (§21 no. 2).
    """
    if any(finding.color != rulebook.YELLOW or finding.code in (FUTURE, PAST_LIMIT) for finding in findings):
        raise SaleRefused(sale.sale_id, [finding.as_dict() for finding in findings])
