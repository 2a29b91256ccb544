"""The shop's product list: found by code or words, imported from a CSV file after a look at what that would do.

Knows the books and the device's taxes; no file system and no screen.
"""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from ..books import Store
from ..domain.device import DeviceConfig
from ..domain.errors import BadInput, FiscalmonError
from ..domain.product import ListChange, Product, code_key, compare
from ..domain.product_file import Problem, ProductFile, read_products
from .devices import Devices

SHOWN_PROBLEMS = 200


class Looked(NamedTuple):
    """What an import would do, or did. `more`: problems beyond those listed; `advice`: what cannot be sold as it is."""

    change: ListChange
    products: tuple[Product, ...]
    problems: tuple[Problem, ...]
    more: int
    advice: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The figures as programs are told of them; the products are left out."""
        return {
            "added": self.change.added,
            "changed": self.change.changed,
            "unchanged": self.change.same,
            "leftInList": self.change.left,
            "problems": [{"line": problem.line, "problem": problem.text} for problem in self.problems[:SHOWN_PROBLEMS]],
            "problemsInAll": len(self.problems) + self.more,
            "advice": self.advice or None,
        }


class Products:
    """One list for the till and all its devices."""

    def __init__(self, store: Store, devices: Devices) -> None:
        self._store = store
        self._devices = devices

    async def by_code(self, code: str) -> Product | None:
        """The product with that barcode or sku."""
        return await self._store.read(lambda archive: archive.products.by_code(code))

    async def search(self, text: str = "", limit: int = 20, offset: int = 0) -> list[Product]:
        """Products by words of name, sku or barcode; those that begin with the text come first."""
        limit, offset = max(1, min(limit, 1_000)), max(0, offset)
        return await self._store.read(lambda archive: archive.products.search(text, limit, offset))

    async def count(self) -> int:
        """How many products there are."""
        return await self._store.read(lambda archive: archive.products.count())

    async def listed(self, search: str = "", limit: int = 1_000, offset: int = 0) -> dict[str, Any]:
        """A page of the list, JSON-ready."""
        found = await self.search(search, limit, offset)
        return {"items": [product.as_dict() for product in found], "count": await self.count()}

    async def preview(self, text: str, *, replace: bool = False) -> Looked:
        """What importing the file would do. Raises BadInput when it is no product list at all."""
        return await self._look(text, replace)

    async def take(self, text: str, *, replace: bool = False, partial: bool = True) -> Looked:
        """Import the file in one transaction. `replace`: what it does not name leaves the list; `partial`: lines with
        problems are left out, else they refuse the whole. Raises BadInput, and nothing was changed then.
        """
        looked = await self._look(text, replace)
        if not looked.products:
            raise BadInput(_nothing(looked))
        if looked.problems and not partial:
            raise BadInput(_nothing(looked))

        def put(work: Any) -> None:
            if replace:
                work.products.keep_only([product.sku for product in looked.products])
            work.products.put(looked.products)

        await self._store.write(put)
        return looked

    async def _look(self, text: str, replace: bool) -> Looked:
        config = self._config()
        taxes = config.taxes if config else ()
        # Seconds for the largest file there may be: not on the loop that answers tills.
        file = await asyncio.to_thread(read_products, text, taxes)
        before = await self._store.read(lambda archive: archive.products.all())
        if not replace:
            file = await asyncio.to_thread(_without_foreign_barcodes, file, before)
        advice = _unsold(file.products, config) if config else ""
        return Looked(compare(before, file.products), file.products, file.problems, file.more, advice)

    def _config(self) -> DeviceConfig | None:
        try:
            return self._devices.default().config
        except FiscalmonError:
            return None  # no device yet: a list may come first


def _unsold(products: tuple[Product, ...], config: DeviceConfig) -> str:
    """Which products every sale would be refused for: a VAT payer's lines need an HS code (RCPT047, RCPT048)."""
    if not config.vat_payer:
        return ""
    taxed = {tax.tax_id for tax in config.taxes if tax.percent}
    short = [one for one in products if not one.hs_code or (len(one.hs_code) != 8 and one.tax_id not in taxed)]
    if not short:
        return ""
    which = short[0].name if len(short) == 1 else f"{short[0].name} and {len(short) - 1:,} more"
    return (
        f"No sale of {which} can be signed yet: a VAT payer needs an HS code of 4 or 8 digits, and of 8 where no tax "
        "is charged (column hs_code)."
    )


def _without_foreign_barcodes(file: ProductFile, before: dict[str, Product]) -> ProductFile:
    """A barcode of the list that the file gives to another product would make a scan ambiguous."""
    named = {code_key(product.sku) for product in file.products}
    taken = {
        code_key(product.barcode): product.sku
        for key, product in before.items()
        if product.barcode and key not in named
    }
    kept, problems = [], list(file.problems)
    for product in file.products:
        owner = taken.get(code_key(product.barcode)) if product.barcode else None
        if owner is None:
            kept.append(product)
        else:
            problems.append(Problem(0, f"{product.sku}: barcode {product.barcode} belongs to {owner} in the list"))
    return ProductFile(tuple(kept), tuple(problems), file.more)


def _nothing(looked: Looked) -> str:
    first = looked.problems[0] if looked.problems else None
    where = f" Line {first.line}: {first.text}." if first and first.line else f" {first.text}." if first else ""
    return f"Nothing was imported: {len(looked.problems) + looked.more:,} lines have problems.{where}"
