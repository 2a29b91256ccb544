"""A product list as a CSV file: its columns found by their headings, each wrong line told with its number.

Pure: text in, products and problems out. A hostile file costs no more than its size; nothing in it is ever run.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from .device import Tax
from .errors import BadInput
from .money import is_quantity, plain
from .product import Product, code_key
from .rulebook import CURRENCIES
from .typed_number import read_number
from .wording import may_be_printed

MOST_BYTES = 12 * 1024 * 1024
MOST_PRODUCTS = 100_000
MOST_PROBLEMS = 1_000
HEADINGS = "sku, barcode, name, hs_code, tax, price_USD, price_ZWG"
_LONGEST = MappingProxyType({"sku": 50, "barcode": 50, "name": 200})
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "sku": "sku",
        "code": "sku",
        "itemcode": "sku",
        "productcode": "sku",
        "plu": "sku",
        "barcode": "barcode",
        "ean": "barcode",
        "gtin": "barcode",
        "upc": "barcode",
        "name": "name",
        "description": "name",
        "product": "name",
        "item": "name",
        "hscode": "hs_code",
        "hs": "hs_code",
        "tax": "tax",
        "taxid": "tax",
        "vat": "tax",
        "price": "price_USD",
    }
)


class Problem(NamedTuple):
    """A line of the file that is left out, and why."""

    line: int
    text: str


class ProductFile(NamedTuple):
    """What a file holds. `more`: problems beyond those that are listed."""

    products: tuple[Product, ...]
    problems: tuple[Problem, ...]
    more: int = 0


def decode_text(data: bytes) -> str:
    """The file's text: UTF-8 with or without its mark, else what spreadsheets of the West write. Raises BadInput."""
    if len(data) > MOST_BYTES:
        raise BadInput(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: is it a product list?")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise BadInput("This is no CSV file but a binary one: save the list as CSV, then import that.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_products(text: str, taxes: Sequence[Tax] = ()) -> ProductFile:
    """Products and problems of a file. `taxes`: the device's; without them tax ids are taken as they are.

    Raises BadInput when the file as a whole is no product list.
    """
    if len(text) > MOST_BYTES:
        raise BadInput(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: is it a product list?")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    # Line ends are the reader's business: a quoted name may hold one.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    reading = _Reading(taxes)
    columns: list[str] | None = None
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _columns(row)
            elif not reading.take(rows.line_num, columns, row):
                break
    except csv.Error as wrong:
        reading.problem(rows.line_num, f"from here on the file cannot be read ({wrong}): look for an open quote")
    if columns is None:
        raise BadInput(f"The file is empty: its first line must name the columns, e.g. {HEADINGS}.")
    return reading.result()


def _columns(row: Iterable[str]) -> list[str]:
    found = [_column(cell) for cell in row]
    missing = [name for name in ("sku", "name", "tax") if name not in found]
    if missing or not any(name.startswith("price_") for name in found):
        wanted = " and ".join(missing or ["price"])
        raise BadInput(f"The file has no column {wanted}: its first line must name the columns, e.g. {HEADINGS}.")
    twice = [name for name in found if name and found.count(name) > 1]
    if twice:
        raise BadInput(f"Two columns of the file are the same ({twice[0]}): keep one of them.")
    return found


def _column(heading: str) -> str:
    """What a heading stands for; "" for one that the till has no use for."""
    letters = "".join(char for char in heading.casefold() if char.isalnum())
    if letters in _NAMES:
        return _NAMES[letters]
    currency = letters.removeprefix("price").removesuffix("price").upper()
    currency = "ZWG" if currency == "ZIG" else currency
    return f"price_{currency}" if currency in CURRENCIES else ""


class _Wrong(Exception):
    """Why a line is left out."""


class _Reading:
    """One pass over a file: what was taken so far, and what was wrong."""

    def __init__(self, taxes: Sequence[Tax]) -> None:
        self._taxes = taxes
        self._products: list[Product] = []
        self._problems: list[Problem] = []
        self._more = 0
        self._skus: dict[str, int] = {}
        self._barcodes: dict[str, int] = {}

    def take(self, line: int, columns: Sequence[str], row: Sequence[str]) -> bool:
        """Take a row or note what is wrong with it; False when the file has more than a list may."""
        if len(self._products) >= MOST_PRODUCTS:
            self.problem(line, f"a list may have at most {MOST_PRODUCTS:,} products; the rest was left out")
            return False
        try:
            if len(row) > len(columns):
                raise _Wrong(
                    f"it has {len(row)} cells, but the first line names {len(columns)}: quote cells with commas"
                )
            product = self._product({name: cell.strip() for name, cell in zip(columns, row, strict=False) if name})
            self._once(line, product)
        except _Wrong as wrong:
            self.problem(line, str(wrong))
        else:
            self._products.append(product)
        return True

    def problem(self, line: int, text: str) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(line, text))
        else:
            self._more += 1

    def result(self) -> ProductFile:
        return ProductFile(tuple(self._products), tuple(self._problems), self._more)

    def _product(self, cells: Mapping[str, str]) -> Product:
        for name, longest in _LONGEST.items():
            text = cells.get(name, "")
            if len(text) > longest:
                raise _Wrong(f"{name} has more than {longest} characters")
            # A number that is scanned must not hold what nobody sees; a name may.
            if not (may_be_printed(text) if name == "name" else text.isprintable()):
                raise _Wrong(f"{name} holds control characters, which cannot be printed")
        for name in ("sku", "name"):
            if not cells.get(name):
                raise _Wrong(f"{name} is empty")
        hs_code = cells.get("hs_code", "")
        if hs_code and not (hs_code.isascii() and hs_code.isdigit() and len(hs_code) in (4, 8)):
            raise _Wrong(f"HS code {_shown(hs_code)} must have 4 or 8 digits")
        prices = {
            name.removeprefix("price_"): _price(name.removeprefix("price_"), cell)
            for name, cell in cells.items()
            if name.startswith("price_") and cell
        }
        if not prices:
            raise _Wrong("it has no price")
        return Product(
            cells["sku"], cells["name"], self._tax(cells.get("tax", "")), prices, cells.get("barcode", ""), hs_code
        )

    def _tax(self, text: str) -> int:
        """A tax id, or a band as people write it: "15.5%", "exempt"."""
        if not text:
            raise _Wrong("tax is empty")
        if text.isascii() and text.isdigit() and len(text) < 9:
            number = int(text)
            if self._taxes and all(tax.tax_id != number for tax in self._taxes):
                raise _Wrong(f"tax {number} is not one of this device's taxes ({self._known()})")
            return number
        band = text.replace(" ", "").casefold()
        if "." in band and not band.endswith("%"):
            band += "%"  # 15.5 can be no id
        # Non-VAT withholding may have the percent of a band; a list that means it names its id.
        for tax in self._taxes:
            if tax.band.casefold() == band and not tax.withholding:
                return tax.tax_id
        known = self._known() or "a device must be registered before bands are known"
        raise _Wrong(f"tax {_shown(text)} is neither a tax id nor a band of this device ({known})")

    def _known(self) -> str:
        return ", ".join(f"{tax.tax_id} = {tax.band}" for tax in self._taxes)

    def _once(self, line: int, product: Product) -> None:
        sku, barcode = code_key(product.sku), code_key(product.barcode)
        if (before := self._skus.get(sku)) is not None:
            raise _Wrong(f"sku {_shown(product.sku)} stands in line {before} already")
        if barcode and (before := self._barcodes.get(barcode)) is not None:
            raise _Wrong(f"barcode {_shown(product.barcode)} stands in line {before} already")
        self._skus[sku] = line
        if barcode:
            self._barcodes[barcode] = line


def _price(currency: str, text: str) -> Decimal:
    number = read_number(text)
    if number is None:
        raise _Wrong(f"price {_shown(text)} in {currency} is no number")
    if number <= 0 or not is_quantity(number):
        raise _Wrong(f"price {_shown(text)} in {currency} must be above zero, with at most 6 decimals")
    return plain(number)


def _shown(text: str) -> str:
    """A cell as a message quotes it."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return "".join(char if char.isprintable() else "?" for char in short)
