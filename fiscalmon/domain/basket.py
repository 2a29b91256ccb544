"""Raw grocery baskets as sales: a row becomes a Sale line and, where there was a discount, a Discount line.

Knows no file and no rate: departments come as a table, taxes from the device's configuration.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

import msgspec

from .device import DeviceConfig
from .errors import SaleRefused
from .money import EXACT, ZERO, is_amount, is_quantity, plain, round_cents
from .receipt import Text8, Text50, Text200, Value
from .sale import MAX_LINES, Sale, SaleLine, SalePayment, printable
from .structure import explained
from .wording import may_be_printed

TaxKind = Literal["standard", "zero", "exempt"]
_EVERY_TENTH = 10


class Department(Value, frozen=True, rename={"hs_code": "hsCode"}):
    """How a department's goods are taxed: the kind of tax and an HS code of 8 digits."""

    tax: TaxKind
    hs_code: Text8


class DepartmentTable(Value, frozen=True, rename={"zwg_per_usd": "zwgPerUsd"}):
    """Departments by name, the one for all others, and the demo's fixed rate."""

    zwg_per_usd: Decimal
    departments: dict[str, Department]
    other: Department

    def of(self, name: str) -> Department:
        """The department of that name, whatever its case; the one for all others where there is none."""
        return self.departments.get(name.strip().upper(), self.other)


class BasketLine(
    Value,
    frozen=True,
    rename={
        "sales_value": "salesValue",
        "retail_discount": "retailDiscount",
        "coupon_match_discount": "couponMatchDiscount",
    },
):
    """A row. `sales_value` is what the shop received; a coupon that others pay for (couponDiscount) is part of it."""

    name: Text200
    quantity: Decimal
    sales_value: Decimal
    retail_discount: Decimal = ZERO
    coupon_match_discount: Decimal = ZERO
    department: str = ""


class Basket(Value, frozen=True):
    """The members of a basket that matter here; store and time are ignored."""

    basket: Text50
    lines: tuple[BasketLine, ...]


def decode_departments(data: bytes | str) -> DepartmentTable:
    """The table's JSON as a value. Raises msgspec.ValidationError."""
    return msgspec.json.decode(data, type=DepartmentTable)


def is_basket(data: object) -> bool:
    """Whether parsed JSON is a raw basket rather than a sale."""
    return isinstance(data, dict) and "basket" in data and "lines" in data and "saleId" not in data


def sale_from_basket(
    data: dict[str, Any], position: int, table: DepartmentTable, config: DeviceConfig, date: str
) -> Sale:
    """A basket as a sale of a local date, paid in cash; every tenth position (9, 19, …) in ZWG at the table's rate.

    Raises SaleRefused naming the rows (`lines[3]`, counted from 0) when any of them is wrong: the basket is refused
    whole. Codes: RCPT02 wrong shape, RCPT016 no row, RCPT022 no shelf value, RCPT023 no quantity, RCPT025 the device
    has no such tax.
    """
    basket = _decoded(data)
    name = printable(basket.basket)
    if problems := _problems(basket):
        raise SaleRefused(name, problems)
    in_zwg = position % _EVERY_TENTH == _EVERY_TENTH - 1
    rate = table.zwg_per_usd if in_zwg else None
    tax_id = _tax_finder(config, date)
    lines: list[SaleLine] = []
    for index, row in enumerate(basket.lines):
        department = table.of(row.department)
        tax = tax_id(department.tax)
        if tax is None:
            advice = f"lines[{index}] ({row.name}): this device has no {department.tax} tax on {date[:10]}."
            raise SaleRefused(name, [_finding("RCPT025", f"lines[{index}].department", advice)])
        lines += _sale_lines(row, tax, department.hs_code, rate)
    if len(lines) > MAX_LINES:
        advice = f"lines: a receipt may have at most {MAX_LINES} lines; split the basket."
        raise SaleRefused(name, [_finding("RCPT02", "lines", advice)])
    total = sum([line.total for line in lines if line.total is not None], ZERO)
    return Sale(
        sale_id=basket.basket,
        type="FiscalInvoice",
        currency="ZWG" if in_zwg else "USD",
        invoice_no=basket.basket,
        lines=tuple(lines),
        payments=(SalePayment("Cash", total),),
    )


def _decoded(data: dict[str, Any]) -> Basket:
    try:
        return msgspec.convert(data, Basket)
    except msgspec.ValidationError as wrong:
        problem = explained(str(wrong))
    except UnicodeError:
        problem = explained("holds text that is no Unicode - at `$.lines`")
    said = data.get("basket")
    name = printable(said[:100]) if isinstance(said, str) and said else "without basket"
    field = problem.field or "basket"
    raise SaleRefused(name, [_finding("RCPT02", field, f"{field}: {problem.advice}.")])


def _problems(basket: Basket) -> list[dict[str, Any]]:
    found = []
    if not basket.basket.isprintable():
        found.append(_finding("RCPT02", "basket", "basket: control characters are not allowed in its number."))
    if not basket.lines:
        found.append(_finding("RCPT016", "lines", "lines: the basket has no rows; there is nothing to sell."))
    for index, row in enumerate(basket.lines):
        for code, member, advice in _row_problems(row):
            where = f"lines[{index}]"
            found.append(_finding(code, f"{where}.{member}", f"{where} ({printable(row.name)}): {advice}."))
    return found


def _row_problems(row: BasketLine) -> list[tuple[str, str, str]]:
    amounts = (
        ("salesValue", row.sales_value),
        ("retailDiscount", row.retail_discount),
        ("couponMatchDiscount", row.coupon_match_discount),
    )
    found = [
        ("RCPT02", member, "the amount must be a plain number with at most 2 decimals, not too large to be true")
        for member, amount in amounts
        if not is_amount(amount)
    ]
    if not is_quantity(row.quantity):
        found.append(("RCPT02", "quantity", "the quantity must be a plain number with at most 6 decimals"))
    if not may_be_printed(row.name):
        found.append(("RCPT02", "name", "control characters cannot be printed; remove them"))
    if found:
        return found
    if row.quantity <= 0:
        found.append(("RCPT023", "quantity", f"the quantity must be above zero, not {row.quantity}"))
    if _discount(row) < 0:
        found.append(("RCPT022", "retailDiscount", "a discount may not be below zero"))
    elif row.sales_value + _discount(row) <= 0:
        found.append(("RCPT022", "salesValue", "the row has no shelf value; a price must be above zero"))
    return found


def _discount(row: BasketLine) -> Decimal:
    return row.retail_discount + row.coupon_match_discount


def _sale_lines(row: BasketLine, tax_id: int, hs_code: str, rate: Decimal | None) -> list[SaleLine]:
    shelf = _converted(row.sales_value + _discount(row), rate)
    reduced = _converted(_discount(row), rate)
    sale = SaleLine(
        type="Sale",
        name=row.name,
        quantity=row.quantity,
        tax_id=tax_id,
        price=_price(shelf, row.quantity),
        total=shelf,
        hs_code=hs_code,
    )
    if not reduced:
        return [sale]
    one = Decimal(1)
    return [sale, SaleLine("Discount", row.name, one, tax_id, price=-reduced, total=-reduced, hs_code=hs_code)]


def _converted(amount: Decimal, rate: Decimal | None) -> Decimal:
    return round_cents(amount if rate is None else EXACT.multiply(amount, rate))


def _price(total: Decimal, quantity: Decimal) -> Decimal | None:
    """The unit price where it is exact; None for "3 for 1 dollar", where only the total is known (§13.3)."""
    price = EXACT.divide(total, quantity)
    if is_quantity(price) and EXACT.multiply(price, quantity) == total:
        return plain(price)
    return None


def _tax_finder(config: DeviceConfig, date: str) -> Callable[[TaxKind], int | None]:
    """Finds the tax of a kind at a date. A taxpayer without VAT charges none: exempt, else zero-rated."""
    held = [tax for tax in config.taxes if config.tax_at(tax.tax_id, date) is tax and not tax.withholding]
    exempt = next((tax.tax_id for tax in held if tax.percent is None), None)
    zero = next((tax.tax_id for tax in held if tax.percent is not None and not tax.percent), None)
    charged = max([(tax.percent, -tax.tax_id) for tax in held if tax.percent], default=None)
    if config.vat_payer:
        standard = None if charged is None else -charged[1]
    else:
        standard = zero if exempt is None else exempt
    found: dict[TaxKind, int | None] = {"standard": standard, "zero": zero, "exempt": exempt}
    return found.get


def _finding(code: str, field: str, advice: str) -> dict[str, Any]:
    return {"code": code, "color": "Red", "advice": advice, "field": field}
