"""What a receipt is judged in, and what a broken rule is told as. No rule lives here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec

from ..device import DeviceConfig
from ..drafting import TaxKey
from ..receipt import Line

RED, YELLOW, GREY = "Red", "Yellow", "Gray"
Wrongs = Sequence[tuple[str, str]]
# The sum of the line totals of each (taxID, taxCode or "", taxPercent): added up once for all rules that need it.
Sums = Mapping[TaxKey, Decimal]
FINE: Wrongs = ()

# Currencies with the local dates from and till which FDMS takes them (§21; only USD and ZWG are confirmed live, the
# others are legal tender in Zimbabwe). ZWL is the dollar that ended in 2024.
CURRENCIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "USD": ("", "9999"),
        "ZWG": ("2024-04-05", "9999"),
        "ZWL": ("", "2024-08-31T23:59:59"),
        **dict.fromkeys(("ZAR", "BWP", "GBP", "EUR", "AUD", "CNY", "INR", "JPY"), ("", "9999")),
    }
)


class Original(msgspec.Struct, frozen=True):
    """The receipt that a note refers to. `balance`: its total with all notes so far, this one not counted."""

    date: str
    currency: str
    taxes: frozenset[tuple[int, Decimal | None]]
    balance: Decimal


class Situation(msgspec.Struct, frozen=True, gc=False):
    """What a receipt is judged in. Dates are local texts.

    `previous_counter` is 0 for a day's first receipt; `previous_global_no` and `previous_date` are the device's
    last ones, of whatever day, 0 and "" for a device's very first. `previous_missing`: the chain has a gap before
    this receipt; `global_no_taken` then tells a number that was used before from one that is merely early.
    `original` is None where a note's original is not known; `latest_date` "" means that the clock of the judge does
    not matter.
    """

    config: DeviceConfig
    day_opened: str
    previous_counter: int = 0
    previous_global_no: int = 0
    previous_date: str = ""
    previous_missing: bool = False
    latest_date: str = ""
    invoice_no_taken: bool = False
    global_no_taken: bool = False
    original: Original | None = None
    signature_valid: bool = True
    per_line_rounding: bool = False
    currencies: Mapping[str, tuple[str, str]] = msgspec.field(default_factory=lambda: CURRENCIES)


class Finding(msgspec.Struct, frozen=True):
    """One broken rule: FDMS's code and colour, what to mend in plain words, and the field."""

    code: str
    color: str
    advice: str
    field: str

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "color": self.color, "advice": self.advice, "field": self.field}


def line_field(line: Line, member: str) -> str:
    """The path of a line's member, as programs name it: receiptLines[0].taxID."""
    return f"receiptLines[{line.no - 1}].{member}"
