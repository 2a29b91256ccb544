"""What all lists of the gateway share (Gateway v7.2 §17, §22, §23): offset, limit, sort, order, operator. No rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from fiscalmon.domain.gateway_stock import OPERATORS, ORDERS

from .problems import misshapen

T = TypeVar("T")
Test = Callable[[T], bool]


class Paging(NamedTuple):
    """Which part of a list is asked for, and in which order; `any_of`: a row need pass one test only."""

    offset: int
    limit: int
    sort: str
    descending: bool
    any_of: bool

    def page(self, rows: Iterable[T], tests: Sequence[Test[T]], key: Callable[[T, str], Any]) -> tuple[int, list[T]]:
        """How many rows pass, and the page of them. Rows without the value come first; equal ones keep their order."""
        passes = any if self.any_of else all
        found = [row for row in rows if not tests or passes(test(row) for test in tests)]
        found.sort(key=lambda row: _comparable(key(row, self.sort)), reverse=self.descending)
        return len(found), found[self.offset : self.offset + self.limit]


class Query:
    """A query string being read: what does not fit is gathered under its name, and told at once by `check`."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self._wrong: dict[str, list[str]] = {}

    def text(self, name: str, longest: int = 250) -> str | None:
        value = self._given.get(name.lower()) or None
        if value is not None and len(value) > longest:
            self.refuse(name, f"The {name} field must have at most {longest} characters.")
        return value

    def whole(self, name: str, *, required: bool = False, least: int = 0, most: int = 2**31 - 1) -> int | None:
        value = self.text(name)
        if value is None:
            if required:
                self.refuse(name, f"The {name} field is required.")
            return None
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 10 or not least <= int(value) <= most:
            self.refuse(name, f"The {name} field must be a whole number between {least} and {most}.")
            return None
        return int(value)

    def choice(self, name: str, names: Sequence[str]) -> str:
        """One of the names in any letter case, or by its number; the first when there is none."""
        value = self.text(name)
        if value is None:
            return names[0]
        if value.isascii() and value.isdigit() and int(value[:4]) < len(names):
            return names[int(value[:4])]
        for known in names:
            if known.lower() == value.lower():
                return known
        self.refuse(name, f"The value '{value[:40]}' is not valid for {name}.")
        return names[0]

    def paging(self, sorts: Sequence[str], most: int = 2**31 - 1) -> Paging:
        """Offset and limit are required; the first of `sorts` and ascending are what is taken otherwise."""
        offset = self.whole("Offset", required=True)
        limit = self.whole("Limit", required=True, least=1, most=most)
        sort, order = self.choice("Sort", sorts), self.choice("Order", ORDERS)
        any_of = self.choice("Operator", OPERATORS) == "Or"
        return Paging(offset or 0, limit or 1, sort, order == "desc", any_of)

    def refuse(self, name: str, why: str) -> None:
        self._wrong.setdefault(name, []).append(why)

    def check(self) -> None:
        """Raises Problem 400 with everything that did not fit."""
        if self._wrong:
            raise misshapen(self._wrong)


def _comparable(value: Any) -> tuple[bool, Any]:
    return (False, "") if value is None else (True, value.lower() if isinstance(value, str) else value)
