"""What a sale says of members that the till makes itself: tax entries and numbers. Only `check` looks at them, so that
a program which computes its own learns what FDMS would say; signing never takes them over.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from .errors import SaleRefused
from .money import is_amount
from .receipt import Int32, Receipt, TaxLine, Value
from .structure import explained


class Stated(
    Value, frozen=True, rename={"taxes": "receiptTaxes", "counter": "receiptCounter", "no": "receiptGlobalNo"}
):
    """None is what the sale does not say."""

    taxes: tuple[TaxLine, ...] | None = None
    counter: Int32 | None = None
    no: Int32 | None = None

    def over(self, receipt: Receipt) -> Receipt:
        """The receipt as the sale states it."""
        given = {"taxes": self.taxes, "counter": self.counter, "global_no": self.no}
        said = {member: value for member, value in given.items() if value is not None}
        return replace(receipt, **said) if said else receipt


def read_stated(sale_id: str, data: object) -> Stated:
    """From the same data as the sale, which was decoded before. Raises SaleRefused (RCPT02) naming the field."""
    try:
        if isinstance(data, dict):
            stated = msgspec.convert(data, Stated)
        elif isinstance(data, bytes | str):
            stated = _decoder.decode(data)
        else:
            return Stated()
    except msgspec.ValidationError as wrong:
        problem = explained(str(wrong))
        raise SaleRefused(sale_id, [_finding(problem.field, problem.advice)]) from None
    wrongs = []
    for index, tax in enumerate(stated.taxes or ()):
        amounts = (("taxAmount", tax.amount), ("salesAmountWithTax", tax.sales_with_tax), ("taxPercent", tax.percent))
        wrongs += [
            _finding(f"receiptTaxes[{index}].{member}", "must be a plain number with at most 2 decimals")
            for member, amount in amounts
            if amount is not None and not is_amount(amount)
        ]
    if wrongs:
        raise SaleRefused(sale_id, wrongs)
    return stated


def _finding(field: str, advice: str) -> dict[str, Any]:
    return {"code": "RCPT02", "color": "Red", "advice": f"{field}: {advice}", "field": field}


_decoder = msgspec.json.Decoder(Stated)
