"""Selling at the counter: takes what the cashier does in the order it was done, keeps it on the disk, hands it in once.

Plain Python without Qt: it asks the engine through `Calls` and says `changed` when there is something new to show.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from fiscalmon.domain import open_sale as ringing
from fiscalmon.domain.errors import BadInput, FiscalmonError, SaleRefused
from fiscalmon.domain.open_sale import Off, OpenSale, Tender, write_sale
from fiscalmon.domain.product import Product
from fiscalmon.domain.receipt import MoneyType
from fiscalmon.domain.typed_number import read_number
from fiscalmon.services.open_sales import Begun, Desk, Held
from ui.i18n import translate
from ui.presenters import words
from ui.presenters.sale_entry import Entry, read_entry
from ui.presenters.sale_state import CENT, SaleState

SUGGESTIONS = 8


@dataclass(frozen=True)
class Calls:
    """The engine, as far as a counter needs it. Each may raise FiscalmonError."""

    desk: Callable[[], Awaitable[Desk]]
    begun: Callable[[], Awaitable[Begun]]
    save: Callable[[OpenSale], Awaitable[None]]
    hold: Callable[[OpenSale, str], Awaitable[None]]
    held: Callable[[], Awaitable[list[Held]]]
    recall: Callable[[str], Awaitable[OpenSale]]
    discard: Callable[[str], Awaitable[None]]
    pay: Callable[[OpenSale], Awaitable[Mapping[str, Any]]]
    check: Callable[[bytes], Awaitable[Mapping[str, Any]]]
    by_code: Callable[[str], Awaitable[Product | None]]
    search: Callable[[str, int], Awaitable[list[Product]]]


class Checkout:
    """One act at a time, first come first served: a scan that comes while a sale is handed in goes into the next."""

    def __init__(self, calls: Calls, new_id: Callable[[], str], changed: Callable[[], None]) -> None:
        self.state = SaleState(new_id)
        self._calls = calls
        self._changed = changed
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """After the engine is open, and whenever the page is shown: taxes, rates, and what was on the screen."""
        state = self.state

        async def read() -> None:
            first = state.desk is None
            state.desk = await self._calls.desk()
            if not first:
                return
            begun = await self._calls.begun()
            state.fresh(begun.sale)
            if begun.sold is not None:
                state.show_sold(begun.sold)
            elif begun.sale is not None:
                state.say("attention", translate("sale", "This sale was on the screen before; nothing of it was lost."))

        await self._act(read(), save=False)

    async def enter(self, text: str) -> bool:
        """What stands in the scan field when Enter is pressed; True when money is to be taken next."""
        entry = read_entry(text)
        if entry.kind == "nothing":
            async with self._turn:  # after what was scanned just before
                return bool(self.state.sale.lines) and not self.state.paying
        await self._act(_entered(self.state, self._calls, entry))
        return False

    async def scan(self, code: str) -> None:
        """A code from the scanner, wherever the keyboard was: never a search, never a number."""

        async def add() -> None:
            self.state.add(await _find(self._calls, code.strip(), exact=True), Decimal(1))

        await self._act(add())

    async def pick(self, product: Product, quantity: Decimal = Decimal(1)) -> None:
        """One of the suggestions."""

        async def pick() -> None:
            self.state.add(product, quantity)

        await self._act(pick())

    async def change(self, change: Callable[[OpenSale], OpenSale], *, last: bool = False) -> bool:
        """The sale as `change` makes it; `last`: it is about its last line from now on. True when it was done."""

        async def work() -> None:
            self.state.sale = change(self.state.sale)
            if last:
                self.state.chosen = len(self.state.sale.lines) - 1

        return await self._act(work())

    async def undo(self) -> None:
        """The sale as it was one act before."""

        async def back() -> None:
            if self.state.past:
                self.state.sale = self.state.past.pop()

        await self._act(back(), remember=False)

    async def give(self, kind: MoneyType, currency: str, text: str, sale_id: str) -> bool:
        """Money over the counter; the sale is handed in once it is enough. True when it was sold.

        `sale_id` is the sale that was on the screen when the key was pressed: a second press comes too late for it.
        """
        if self.state.paying or self.state.sale.sale_id != sale_id:
            return False

        async def given() -> None:
            if self.state.sale.sale_id == sale_id and not self.state.view().can_pay:
                _take(self.state, kind, currency, text)
                await self._hand_in(sale_id)

        done = await self._act(given())
        return done and self.state.sale.sale_id != sale_id

    async def pay(self, sale_id: str) -> bool:
        """Hand the sale in; True when it was sold, now or before. Pressed twice, it is sold once."""
        if self.state.paying or self.state.sale.sale_id != sale_id:
            return False
        done = await self._act(self._hand_in(sale_id))
        return done and self.state.sale.sale_id != sale_id

    async def currency(self, currency: str) -> None:
        """Sell in other money: list prices in it, other prices at the shop's rate."""
        if currency != self.state.sale.currency:
            await self._act(_exchange(self.state, self._calls, currency))

    async def hold(self, label: str) -> bool:
        """Put the sale aside."""

        async def hold() -> None:
            await self._calls.hold(self.state.sale, label)
            self.state.fresh()

        return await self._act(hold(), save=False)

    async def recall(self, sale_id: str) -> bool:
        """A held sale back on the screen; the one that was there is held."""

        async def recall() -> None:
            self.state.fresh(await self._calls.recall(sale_id))
            self.state.result = None

        return await self._act(recall(), save=False)

    async def begin(self, make: Callable[[str], OpenSale]) -> bool:
        """A sale that was made elsewhere, as a debit note is, under a new id; the one on the screen is held."""

        async def begin() -> None:
            sale, was = make(self.state.new_id()), self.state.sale
            if not was.empty:
                await self._calls.hold(was, "")
            await self._calls.save(sale)
            self.state.fresh(sale)
            self.state.result = None
            if not was.empty:
                self.state.say(
                    "attention", translate("sale", "The sale that was on the screen is held; Alt+R brings it back.")
                )

        return await self._act(begin(), save=False)

    async def drop(self) -> None:
        """Forget the sale; Undo brings it back."""

        async def drop() -> None:
            dropped = self.state.sale
            await self._calls.discard(dropped.sale_id)
            self.state.fresh()
            self.state.remember(dropped)

        if not self.state.sale.empty:
            await self._act(drop(), save=False)

    async def judge(self) -> None:
        """Ask the rulebook; what it finds is shown with the lines unless the sale has changed meanwhile."""
        sale = self.state.sale
        if sale.lines:
            written = write_sale(sale, assume_paid=True).sale
            told = await self._calls.check(msgspec.json.encode(written))
            self.state.judged(sale, told["errors"])
            self._changed()

    async def suggest(self, text: str) -> None:
        """Products for what is being typed; none for codes and numbers."""
        entry = read_entry(text)
        wanted = entry.kind == "code" and len(entry.code) >= 2
        found = await self._calls.search(entry.code, SUGGESTIONS) if wanted else []
        if found != self.state.suggestions:
            self.state.suggestions = found
            self._changed()

    def heard(self, receipt: Mapping[str, Any]) -> None:
        """News of a receipt: FDMS has answered, or cannot be reached."""
        last = self.state.last
        if last is not None and self.state.result and receipt.get("receiptId") == last.get("receiptId"):
            self.state.show_sold({**last, **receipt})
            self._changed()

    async def _act(self, work: Coroutine[Any, Any, None], *, remember: bool = True, save: bool = True) -> bool:
        """Runs an act in its turn; what it refuses is said, not raised. True when it was done."""
        state = self.state
        async with self._turn:
            before, done = state.sale, False
            state.notice = None
            try:
                await work
                if save and state.sale is not before:
                    await self._keep(before, remember=remember)
                done = True
            except FiscalmonError as refused:
                if state.sale is not before and state.sale.sale_id == before.sale_id:
                    state.remember(before)
                if isinstance(refused, SaleRefused):
                    state.judged(state.sale, refused.errors)
                state.say("failed", words.sentence(refused.text))
            state.chosen = min(max(state.chosen, 0), len(state.sale.lines) - 1)
            self._changed()
            return done

    async def _keep(self, before: OpenSale, *, remember: bool) -> None:
        state = self.state
        if state.sale.sale_id == before.sale_id and remember:
            state.remember(before)
        if state.sale.lines:
            state.result = None  # the next customer's turn
        state.chosen = min(max(state.chosen, 0), len(state.sale.lines) - 1)
        self._changed()  # seen at once, however slow the disk is
        if not state.sale.empty or state.sale.sale_id == before.sale_id:
            await self._calls.save(state.sale)

    async def _hand_in(self, sale_id: str) -> None:
        """In the same turn as the money that was enough: nothing can come between."""
        state = self.state
        if state.sale.sale_id != sale_id or not state.view().can_pay:
            return
        state.paying = True
        self._changed()
        try:
            result = await self._calls.pay(state.sale)
        finally:
            state.paying = False
        state.fresh()
        state.show_sold(result)


def _take(state: SaleState, kind: MoneyType, currency: str, text: str) -> None:
    """Money as it was typed, into the sale. Raises BadInput."""
    amount = read_number(text)
    if amount is None:
        typed = words.sentence(text)[:30]
        raise BadInput(
            translate("sale", "{typed} is no amount of money.").format(typed=typed)
            if typed
            else translate("sale", "Nothing is no amount of money.")
        )
    rate = state.rate(currency, state.sale.currency)
    if rate is None:
        raise BadInput(
            translate("sale", "The shop has no rate for {currency}: set it under Rates.").format(currency=currency)
        )
    state.sale = ringing.give(state.sale, Tender(kind, currency, amount, rate))


async def _entered(state: SaleState, calls: Calls, entry: Entry) -> None:
    if entry.kind == "code":
        state.add(await _find(calls, entry.code, exact=False), entry.number)
    elif entry.kind == "quantity":
        state.sale = ringing.change_line(state.sale, state.chosen, quantity=entry.number)
    elif entry.kind == "price":
        state.sale = ringing.change_line(state.sale, state.chosen, price=entry.number)
    elif entry.kind == "unclear":
        raise BadInput(translate("sale", "{code} is no number that can be read.").format(code=entry.code))
    else:
        off = Off(percent=entry.number) if entry.percent else Off(amount=entry.number)
        whole = entry.kind == "sale_off"
        state.sale = (
            ringing.take_off(state.sale, off) if whole else ringing.change_line(state.sale, state.chosen, off=off)
        )


async def _find(calls: Calls, code: str, *, exact: bool) -> Product:
    """The product with that code; unless `exact`, the only one whose name has these words. Raises BadInput."""
    product = await calls.by_code(code)
    if product is None and not exact:
        found = await calls.search(code, 2)
        if len(found) > 1:
            raise BadInput(
                translate(
                    "sale", "More than one product is called {code}: choose one with ↓, or type more of it."
                ).format(code=code[:60])
            )
        product = found[0] if found else None
    if product is None:
        raise BadInput(
            translate(
                "sale", "{code} is not in the product list: sell it as another item, or look at the code."
            ).format(code=code[:60])
        )
    return product


async def _exchange(state: SaleState, calls: Calls, currency: str) -> None:
    sale = state.sale
    if sale.reference is not None:
        raise BadInput(
            translate("sale", "A note is in the money of its receipt: {currency}.").format(currency=sale.currency)
        )
    if sale.tenders:
        raise BadInput(
            translate("sale", "Money was given already: take it back before the sale goes on in another currency.")
        )
    rate = state.rate(currency, sale.currency)
    lines = []
    for line in sale.lines:
        product = await calls.by_code(line.sku) if line.sku else None
        price = product.price(currency) if product else None
        if price is None:
            if rate is None:
                raise BadInput(
                    translate(
                        "sale", "The shop has no rate between {currency} and {other}: set it under Rates."
                    ).format(currency=sale.currency, other=currency)
                )
            price = (line.price * rate).quantize(CENT)
        lines.append(msgspec.structs.replace(line, price=price, off=_in_percent(line.off)))
    state.sale = msgspec.structs.replace(sale, currency=currency, lines=tuple(lines), off=_in_percent(sale.off))


def _in_percent(off: Off | None) -> Off | None:
    """A discount that means the same in any currency; one of so much money does not."""
    return off if off and off.percent is not None else None
