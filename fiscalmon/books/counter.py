"""The counter's part of the books: the product list, and sales that are still being rung up, as Protocols."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, Protocol

from ..domain.product import Product

# current: on the screen; asked: handed in to be fiscalised, the answer not seen yet; held: put aside
OpenState = Literal["current", "asked", "held"]


class OpenRow(NamedTuple):
    """A sale being rung up. `content`: the whole sale as JSON; `label`: what a held one was put aside as."""

    sale_id: str
    state: OpenState
    label: str
    content: bytes
    at: str


class ProductBook(Protocol):
    """The product list inside a write transaction."""

    def put(self, products: Iterable[Product]) -> None:
        """New products, and new contents of those that are there (by sku)."""

    def keep_only(self, skus: Iterable[str]) -> None:
        """Drop every product but these."""


class OpenSaleBook(Protocol):
    """Sales being rung up, inside a write transaction."""

    def put(self, row: OpenRow) -> None:
        """The sale as it is now. Another sale that was current is held from now on, so that it is not lost."""

    def drop(self, sale_id: str) -> None:
        """It was fiscalised or given up."""


class ProductArchive(Protocol):
    """Queries about the product list."""

    def by_code(self, code: str) -> Product | None:
        """The product with that barcode, else with that sku."""

    def search(self, text: str, limit: int, offset: int = 0) -> list[Product]:
        """Products that have every word of the text in name, sku or barcode, by name; all for an empty text."""

    def all(self) -> dict[str, Product]:
        """The whole list by `code_key` of the sku."""

    def count(self) -> int:
        """How many products there are."""


class OpenSaleArchive(Protocol):
    """Queries about sales being rung up."""

    def current(self) -> OpenRow | None:
        """The sale on the screen, or the one that was being handed in when the power went."""

    def held(self) -> list[OpenRow]:
        """Those put aside, oldest first."""

    def one(self, sale_id: str) -> OpenRow | None:
        """A sale by its id."""
