"""A counter for the window's tests: real books in a folder, no FDMS, everything on the test's own loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fiscalmon.services.crediting import Crediting
from fiscalmon.services.details import receipt_details
from fiscalmon.services.open_sales import OpenSales
from fiscalmon.services.products import Products
from fiscalmon.services.receipt_search import receipt_filter
from tests.support.books import Shop
from ui.dialogs.sheet import Sheet
from ui.presenters.till_view import TillView
from ui.screen_file import ScreenFile
from ui.theme import Theme

LIST = """sku,barcode,name,hs code,tax,price USD,price ZWG
M2,6001000000017,MILK 2 L,04012000,15.5%,2.49,66.98
B1,6001000000024,BREAD WHITE 700 G,19059000,exempt,1.10,29.59
R5,6001000000031,RICE 5 KG,10063000,0%,7.20,193.68
S1,6001000000048,SOAP 250 G,34011100,15.5%,1.35,
C1,6001000000055,COOKING OIL 2 L,15121900,15.5%,4.65,125.09
"""


class Counter:
    """A shop's books with a product list; `till` is what a page asks."""

    def __init__(self, folder: Path) -> None:
        self.shop = Shop(folder)
        shop = self.shop
        credit = Crediting(shop.parts, shop.fiscaliser)

        async def credited(asked: Any) -> dict[str, Any]:
            entry, repeated = await credit.credit(asked)
            return {**entry.result(), "repeated": repeated}

        async def receipts(*, limit: int, search: str | None) -> dict[str, Any]:
            wanted = receipt_filter(shop.clock.now(), search=search)
            return {"items": [e.result() for e in await shop.store.read(lambda a: a.receipts(wanted, limit))]}

        self.till = SimpleNamespace(
            open_sales=OpenSales(shop.parts, shop.fiscaliser, shop.preferences),
            products=Products(shop.store, shop.devices),
            check=shop.fiscaliser.check,
            credit=credited,
            receipts=receipts,
            receipt=lambda one: shop.store.read(lambda archive: receipt_details(archive, one)),
        )

    async def open(self, *, products: bool = True) -> Counter:
        await self.shop.add_device()
        if products:
            await self.till.products.take(LIST)
        return self

    def recorded(self) -> list[tuple[Any, ...]]:
        return self.shop.rows("SELECT sale_id, receipt_total, receipt_currency FROM receipts ORDER BY id")


class Desk:
    """A PageDesk of its own: spawned work is kept, so that a test can wait for it and see its errors."""

    def __init__(self, counter: Counter, theme: Theme) -> None:
        self.counter, self.theme = counter, theme
        self.view = TillView(lambda: 0.0)
        self.screen = ScreenFile(None)
        self.said: list[str] = []
        self.gone: list[tuple[str, str]] = []
        self.sheet: Sheet | None = None
        self.rest: Callable[[], object] = lambda: None  # after a dialog the keyboard is back in the page
        self.tasks: set[asyncio.Task[Any]] = set()

    async def ask(self, question: Callable[[Any], Coroutine[Any, Any, Any]]) -> Any:
        return await question(self.counter.till)

    def spawn(self, work: Coroutine[Any, Any, Any], name: str = "act") -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def go(self, page: str, about: str = "") -> None:
        self.gone.append((page, about))

    def do(self, act: str) -> None:
        self.gone.append((act, ""))

    def say(self, text: str) -> None:
        self.said.append(text)

    async def dialog(self, make: Callable[[], Sheet]) -> bool:
        self.sheet = make()
        try:
            return await self.sheet.answer()
        finally:
            self.sheet = None
            self.rest()
