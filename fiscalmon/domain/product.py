"""A product as a shop's list has it: what is scanned, what stands on the receipt, what it costs. Values only.

Must not know files, tables or screens. Prices are Decimal by currency, with tax.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec


class Product(msgspec.Struct, frozen=True):
    """One product. `barcode` and `hs_code` are "" where there is none; `tax_id` is one of the device's taxes."""

    sku: str
    name: str
    tax_id: int
    prices: dict[str, Decimal]
    barcode: str = ""
    hs_code: str = ""

    def price(self, currency: str) -> Decimal | None:
        """Its price in a currency, None where the list has none."""
        return self.prices.get(currency)

    def as_dict(self) -> dict[str, Any]:
        """As programs are told of it; prices are decimal texts."""
        return {
            "sku": self.sku,
            "barcode": self.barcode,
            "name": self.name,
            "hsCode": self.hs_code,
            "taxID": self.tax_id,
            "prices": {currency: f"{price:f}" for currency, price in sorted(self.prices.items())},
        }


def code_key(code: str) -> str:
    """What codes are compared by: case does not count, nor the zeros that turn a UPC into an EAN."""
    code = code.casefold()
    return code.lstrip("0") or code if code.isascii() and code.isdigit() else code


class ListChange(NamedTuple):
    """What an import does to the list that is there."""

    added: int
    changed: int
    same: int
    left: int


def compare(before: Mapping[str, Product], after: Iterable[Product]) -> ListChange:
    """The change of the old list (by `code_key` of the sku) by a file; `left`: those the file does not name."""
    added = changed = same = 0
    for product in after:
        known = before.get(code_key(product.sku))
        if known is None:
            added += 1
        elif known == product:
            same += 1
        else:
            changed += 1
    return ListChange(added, changed, same, len(before) - changed - same)
