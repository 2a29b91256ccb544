"""The product list in its table: `code_key`s are what codes are found by, `words` what a search looks through."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from ..domain.product import Product, code_key
from .session import Session

_PUT = """
    INSERT INTO products (sku_key, barcode_key, sku, barcode, name, hs_code, tax_id, prices, words)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sku_key) DO UPDATE SET barcode_key = excluded.barcode_key, sku = excluded.sku,
        barcode = excluded.barcode, name = excluded.name, hs_code = excluded.hs_code, tax_id = excluded.tax_id,
        prices = excluded.prices, words = excluded.words"""
_PRODUCT = "SELECT sku, name, tax_id, prices, barcode, hs_code FROM products"
Ask = Callable[[str, tuple[Any, ...]], list[Any]]


class ProductRows:
    """The list's side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, products: Iterable[Product]) -> None:
        """New products, and new contents of those that are there (by sku)."""
        self._session.many(_PUT, (_row(product) for product in products))

    def keep_only(self, skus: Iterable[str]) -> None:
        """Drop every product but these."""
        kept = json.dumps([code_key(sku) for sku in skus])
        self._session.run("DELETE FROM products WHERE sku_key NOT IN (SELECT value FROM json_each(?))", (kept,))


class ProductArchive:
    """`ask` runs a query and gives its rows."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def by_code(self, code: str) -> Product | None:
        """The product with that barcode, else with that sku."""
        key = code_key(code.strip())
        if not key:
            return None
        for column in ("barcode_key", "sku_key"):
            rows = self._ask(f"{_PRODUCT} WHERE {column} = ? LIMIT 1", (key,))
            if rows:
                return _product(rows[0])
        return None

    def search(self, text: str, limit: int, offset: int = 0) -> list[Product]:
        """Products that have every word of the text in name, sku or barcode, by name; all for an empty text."""
        words = text.casefold().split()[:8]
        likes = ["%" + _escaped(word) + "%" for word in words]
        where = " WHERE " + " AND ".join(["words LIKE ? ESCAPE '\\'"] * len(likes)) if likes else ""
        # What begins with the text comes first.
        begins = (_escaped(text.casefold().strip()) + "%",)
        order = " ORDER BY words LIKE ? ESCAPE '\\' DESC, name, sku LIMIT ? OFFSET ?"
        rows = self._ask(_PRODUCT + where + order, (*likes, *begins, limit, offset))
        return [_product(row) for row in rows]

    def all(self) -> dict[str, Product]:
        """The whole list by `code_key` of the sku."""
        products = [_product(row) for row in self._ask(_PRODUCT, ())]
        return {code_key(product.sku): product for product in products}

    def count(self) -> int:
        """How many products there are."""
        return int(self._ask("SELECT count(*) FROM products", ())[0][0])


def _row(product: Product) -> tuple[Any, ...]:
    prices = json.dumps({currency: f"{price:f}" for currency, price in product.prices.items()})
    words = f"{product.name} {product.sku} {product.barcode}".casefold()
    barcode_key = code_key(product.barcode) or None
    return (
        code_key(product.sku),
        barcode_key,
        product.sku,
        product.barcode,
        product.name,
        product.hs_code,
        product.tax_id,
        prices,
        words,
    )


def _product(row: Any) -> Product:
    sku, name, tax_id, prices, barcode, hs_code = row
    by_currency = {currency: Decimal(price) for currency, price in json.loads(prices).items()}
    return Product(sku, name, tax_id, by_currency, barcode, hs_code)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
