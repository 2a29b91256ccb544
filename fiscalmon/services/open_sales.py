"""Sales that are rung up at the till's own counter: kept through a power cut, held and recalled, handed in once.

What is handed in is on the disk first, under the saleId it began with: whatever happens, it is sold once or not at all.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from ..books.counter import OpenRow, OpenState
from ..domain.device import DeviceConfig
from ..domain.errors import BadInput, FiscalmonError, SaleConflict, TillBusy
from ..domain.localtime import local_text, utc_text
from ..domain.open_sale import OpenSale, settle, write_sale
from ..domain.preferences import Counter
from ..domain.recorded import Recorded
from ..domain.rulebook import CURRENCIES
from .fiscalise import Fiscaliser
from .parts import Parts
from .preferences import Preferences

MOST_HELD = 200
_decode = msgspec.json.Decoder(OpenSale)


class Desk(NamedTuple):
    """What a counter sells by: the default device's configuration, None before one is registered; `now` is a local
    text; `currencies` are those that FDMS takes now; `rates`: units for one USD, as the shop has set them.
    """

    device_id: int | None
    config: DeviceConfig | None
    now: str
    currencies: tuple[str, ...]
    currency: str
    rates: dict[str, Decimal]


class Begun(NamedTuple):
    """What was on the screen: a sale to go on with, or the result of one that was sold as the power went."""

    sale: OpenSale | None
    sold: dict[str, Any] | None


class Held(NamedTuple):
    """A sale put aside. `at` is UTC."""

    sale: OpenSale
    label: str
    at: str


class OpenSales:
    """One counter a till."""

    def __init__(self, parts: Parts, fiscaliser: Fiscaliser, preferences: Preferences) -> None:
        self._store = parts.store
        self._devices = parts.devices
        self._clock = parts.clock
        self._fiscaliser = fiscaliser
        self._preferences = preferences

    async def desk(self) -> Desk:
        """What it sells by now."""
        now = local_text(self._clock.now())
        currencies = tuple(name for name, (since, till) in CURRENCIES.items() if since <= now <= till)
        counter = self._preferences.get(Counter)
        rates = {currency: Decimal(rate) for currency, rate in counter.rates.items()}
        try:
            device = self._devices.default()
        except FiscalmonError:
            return Desk(None, None, now, currencies, counter.currency, rates)
        return Desk(device.device_id, device.config, now, currencies, counter.currency, rates)

    async def set_rates(self, rates: dict[str, str]) -> None:
        """The shop's rates from now on: units for one USD by currency. Raises BadInput."""
        await self._preferences.set("counter", {"rates": rates}, by="till")

    async def begun(self) -> Begun:
        """What to go on with after a start."""
        row = await self._store.read(lambda archive: archive.open_sales.current())
        if row is None:
            return Begun(None, None)
        entry = await self._recorded(row.sale_id)
        if entry is not None:
            await self._store.write(lambda work: work.open_sales.drop(row.sale_id))
            return Begun(None, {**entry.result(), **_money(_decode.decode(row.content)), "repeated": True})
        return Begun(_decode.decode(row.content), None)

    async def save(self, sale: OpenSale) -> None:
        """The sale as it is now; an empty one is forgotten."""
        if sale.empty:
            await self._store.write(lambda work: work.open_sales.drop(sale.sale_id))
        else:
            await self._put(sale, "current")

    async def hold(self, sale: OpenSale, label: str = "") -> None:
        """Put it aside. Raises BadInput when there is nothing to keep, or too many are kept already."""
        if sale.empty:
            raise BadInput("There is nothing to hold: the sale is empty.")
        if len(await self._store.read(lambda archive: archive.open_sales.held())) >= MOST_HELD:
            raise BadInput(f"{MOST_HELD} sales are held already: recall or discard some of them first.")
        await self._put(sale, "held", label.strip()[:100])

    async def held(self) -> list[Held]:
        """Those put aside, oldest first."""
        rows = await self._store.read(lambda archive: archive.open_sales.held())
        return [Held(_decode.decode(row.content), row.label, row.at) for row in rows]

    async def recall(self, sale_id: str) -> OpenSale:
        """Back on the screen; what was there is held. Raises BadInput."""
        row = await self._store.read(lambda archive: archive.open_sales.one(sale_id))
        if row is None:
            raise BadInput("That sale is not held any more.")
        sale = _decode.decode(row.content)
        await self._put(sale, "current")
        return sale

    async def discard(self, sale_id: str) -> None:
        """Give it up."""
        await self._store.write(lambda work: work.open_sales.drop(sale_id))

    async def pay(self, sale: OpenSale) -> dict[str, Any]:
        """Fiscalise it: the result of a sale with `paid`, `change` and `repeated`.

        `otherContent` is true where this saleId was recorded before with other lines or money: that stands. Raises
        BadInput while money is missing, SaleRefused, DayNotOpen, TillBusy …; the sale is kept then.
        """
        settled = settle(sale)
        if settled.missing:
            raise BadInput(f"{settled.missing} {sale.currency} are still to be paid.")
        if settled.problem:
            raise BadInput(settled.problem)
        content = msgspec.json.encode(write_sale(sale).sale)
        await self._put(sale, "asked")
        other = False
        try:
            entry, repeated = await self._fiscaliser.fiscalise(content)
        except SaleConflict:
            # An earlier try went through unseen, and the sale was changed since.
            found = await self._recorded(sale.sale_id)
            if found is None:
                raise
            entry, repeated, other = found, True, True
        except TillBusy:
            raise  # it may be tried again as it is; `asked` says that somebody should look first
        except FiscalmonError:
            await self._put(sale, "current")
            raise
        await self._store.write(lambda work: work.open_sales.drop(sale.sale_id))
        return {**entry.result(), **_money(sale), "repeated": repeated, "otherContent": other}

    async def _recorded(self, sale_id: str) -> Recorded | None:
        return await self._store.read(lambda archive: archive.sale(sale_id))

    async def _put(self, sale: OpenSale, state: OpenState, label: str = "") -> None:
        row = OpenRow(sale.sale_id, state, label, msgspec.json.encode(sale), utc_text(self._clock.now()))
        await self._store.write(lambda work: work.open_sales.put(row))


def _money(sale: OpenSale) -> dict[str, Any]:
    settled = settle(sale)
    return {"paid": settled.paid, "change": settled.change}
