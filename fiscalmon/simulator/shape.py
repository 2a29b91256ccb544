"""The shape of request bodies as FDMS's binder takes them (Gateway v7.2 §3, §5): lenient in letter case, strict in
types, lengths and written decimals. Builds the domain's values; knows no rule of the rulebook and no HTTP.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

from fiscalmon.domain.localtime import is_local_text

from .problems import misshapen

Wrong = dict[str, list[str]]
# Tab and ends of lines are what people type into a note; the others are no text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Unfit(Exception):
    """A value does not have its shape; the text goes into the problem's `errors`."""


class Kind(ABC):
    """What a member's value may be."""

    @abstractmethod
    def read(self, value: Any, path: str, name: str, wrong: Wrong) -> Any:
        """The domain's value; what is wrong with it is noted under its path."""


class Plain(Kind):
    """A value without parts."""

    @abstractmethod
    def take(self, value: Any, name: str) -> Any:
        """The domain's value. Raises Unfit."""

    def read(self, value: Any, path: str, name: str, wrong: Wrong) -> Any:
        try:
            return self.take(value, name)
        except Unfit as unfit:
            wrong.setdefault(path, []).append(str(unfit))
            return None


class Text(Plain):
    def __init__(self, longest: int, shortest: int = 0, allowed: Callable[[str], bool] | None = None) -> None:
        self.longest = longest
        self.shortest = shortest
        self.allowed = allowed

    def take(self, value: Any, name: str) -> str:
        if type(value) is not str:
            raise Unfit(f"The {name} field must be a text.")
        if not self.shortest <= len(value) <= self.longest:
            raise Unfit(f"The {name} field must have {self.shortest} to {self.longest} characters.")
        if self.allowed is not None and not self.allowed(value):
            raise Unfit(f"The value of {name} is not valid.")
        if not value.isprintable() and _CONTROL.search(value):
            raise Unfit(f"The {name} field has control characters.")
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise Unfit(f"The {name} field has characters that are no text.") from None
        return value


class Whole(Plain):
    def __init__(self, bits: int = 32, least: int | None = None) -> None:
        self.most = 2 ** (bits - 1) - 1
        self.least = -self.most - 1 if least is None else least

    def take(self, value: Any, name: str) -> int:
        if type(value) is not int:
            raise Unfit(f"The {name} field must be a whole number.")
        if not self.least <= value <= self.most:
            raise Unfit(f"The {name} field must be between {self.least} and {self.most}.")
        return value


class Amount(Plain):
    """decimal(precision, scale), judged by the number as it is written: 15.500 does not fit decimal(5,2) (§3)."""

    def __init__(self, precision: int, scale: int) -> None:
        self.whole_digits = precision - scale
        self.scale = scale
        self.name = f"decimal({precision},{scale})"

    def take(self, value: Any, name: str) -> Decimal:
        if type(value) is int:
            value = Decimal(value)
        elif type(value) is not Decimal:
            raise Unfit(f"The {name} field must be a number.")
        exponent = value.as_tuple().exponent
        if -exponent > self.scale or (value and value.adjusted() >= self.whole_digits):
            raise Unfit(f"provided value {name} do not satisfy {self.name}.")
        if exponent > 0:
            return Decimal(int(value) if value else 0)
        return value  # type: ignore[no-any-return]  # narrowed by `type(...) is` above


class Flag(Plain):
    def take(self, value: Any, name: str) -> bool:
        if type(value) is not bool:
            raise Unfit(f"The {name} field must be true or false.")
        return value


class Choice(Plain):
    """An enumeration: its names in any letter case, or its numbers (§3, §6)."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self.by_lower = {name.lower(): name for name in self.names}

    def take(self, value: Any, name: str) -> str:
        if type(value) is str:
            found = self.by_lower.get(value.lower())
            if found is not None:
                return found
        elif type(value) is int and 0 <= value < len(self.names):
            return self.names[value]
        raise Unfit(f"The value '{str(value)[:40]}' is not valid for {name}.")


class Moment(Plain):
    """Local time, whole seconds, no zone (§3)."""

    def take(self, value: Any, name: str) -> str:
        if type(value) is not str or not is_local_text(value):
            raise Unfit(f"The {name} field must be a local date and time like 2026-03-02T08:00:00.")
        return value


class Binary(Plain):
    """base64 of so many bytes (§3)."""

    def __init__(self, longest: int, exact: bool = False) -> None:
        self.longest = longest
        self.exact = exact

    def take(self, value: Any, name: str) -> str:
        if type(value) is not str:
            raise Unfit(f"The {name} field must be base64 text.")
        try:
            size = len(base64.b64decode(value, validate=True))
        except (binascii.Error, ValueError):
            raise Unfit(f"The {name} field is not valid base64.") from None
        if size == 0 or size > self.longest or (self.exact and size != self.longest):
            raise Unfit(f"The {name} field must hold {'' if self.exact else 'at most '}{self.longest} bytes.")
        return value


class Many(Kind):
    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def read(self, value: Any, path: str, name: str, wrong: Wrong) -> Any:
        if type(value) is not list:
            wrong.setdefault(path, []).append(f"The {name} field must be a list.")
            return ()
        kind = self.kind
        return tuple([kind.read(item, f"{path}[{i}]", name, wrong) for i, item in enumerate(value)])


class Member(NamedTuple):
    """A member of an object: its wire name, the argument of the value it fills, what it may be."""

    name: str
    argument: str
    kind: Kind
    required: bool = False


def _pascal(name: str) -> str:
    """A member's name as FDMS's messages have it."""
    return name[0].upper() + name[1:]


class Part(Kind):
    """An object. Member names match in any letter case, unknown ones are ignored, null is absent."""

    def __init__(self, make: Callable[..., Any], *members: Member) -> None:
        self.make = make
        self.exact = {member.name: (member, _pascal(member.name)) for member in members}
        self.lower = {member.name.lower(): (member, _pascal(member.name)) for member in members}
        self.required = tuple((member.argument, _pascal(member.name)) for member in members if member.required)

    def read(self, value: Any, path: str, name: str, wrong: Wrong) -> Any:
        if type(value) is not dict:
            wrong.setdefault(path or "$", []).append(f"The {name} field must be an object.")
            return None
        taken: dict[str, Any] = {}
        prefix = f"{path}." if path else ""
        before = len(wrong)
        for key, item in value.items():
            known = self.exact.get(key) or self.lower.get(key.lower())
            if known is None or item is None:
                continue
            member, pascal = known
            kind = member.kind
            # FDMS's messages name a value as .NET does, and what has parts as JSON does.
            own = pascal if isinstance(kind, Plain) else member.name
            taken[member.argument] = kind.read(item, prefix + own, pascal, wrong)
        for argument, pascal in self.required:
            if argument not in taken:
                wrong.setdefault(prefix + pascal, []).append(f"The {pascal} field is required.")
        return self.make(**taken) if len(wrong) == before else None


def read_body(part: Part, body: bytes) -> Any:
    """A request's body as the domain's value. Raises Problem 400 with every member that does not fit."""
    value = parse(body)
    wrong: Wrong = {}
    made = part.read(value, "", "request", wrong)
    if wrong:
        raise misshapen(wrong)
    return made


def parse(body: bytes) -> Any:
    """JSON with numbers kept as written: int, or Decimal with its zeros. Raises Problem 400."""
    if not body.strip():
        raise misshapen({"": ["A non-empty request body is required."]})
    try:
        text = body.decode("utf-8-sig")
        return json.loads(text, parse_float=Decimal, parse_int=_whole, parse_constant=_no_constant)
    except (ValueError, RecursionError, ArithmeticError) as wrong:
        raise misshapen({"$": [f"The request body is not valid JSON: {str(wrong)[:200]}"]}) from None


def _whole(digits: str) -> int | Decimal:
    """Python makes no int of thousands of digits; as a Decimal it is refused by its field's name."""
    return int(digits) if len(digits) < 40 else Decimal(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
