"""Reads answers that mean what FDMS means but are spelt otherwise: members in another letter case, null where a member
could be left out, numbers as texts. Only tried where the exact reading fails, so it costs the usual answer nothing.

Knows no call of FDMS; which members an answer needs is said by its type.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

T = TypeVar("T")
BOM = b"\xef\xbb\xbf"


def forgiving(shape: type[T], leave_out: str = "", **defaults: Any) -> Callable[[bytes], T]:
    """A decoder. `defaults`: wire members that may be missing though the type needs them; `leave_out` is not read.

    Raises msgspec.ValidationError or DecodeError for what cannot be read in any spelling.
    """
    exact = msgspec.json.Decoder(shape)

    def read(content: bytes) -> T:
        try:
            return exact.decode(content)
        except msgspec.DecodeError:
            # Numbers stay as they were written: no amount passes through a float.
            plain = _any.decode(content.removeprefix(BOM))
            if leave_out and isinstance(plain, dict):
                plain = {name: value for name, value in plain.items() if name.lower() != leave_out.lower()}
            return msgspec.convert(_fitted(plain, inspect.type_info(shape), defaults), shape, strict=False)

    return read


def _fitted(value: Any, kind: inspect.Type, defaults: dict[str, Any]) -> Any:
    if isinstance(kind, inspect.UnionType):
        kind = next((one for one in kind.types if not isinstance(one, inspect.NoneType)), kind)
    if isinstance(kind, inspect.StructType) and isinstance(value, dict):
        return _members(value, kind, defaults)
    if isinstance(kind, inspect.VarTupleType | inspect.ListType) and isinstance(value, list):
        return [_fitted(item, kind.item_type, {}) for item in value]
    if isinstance(kind, inspect.LiteralType) and isinstance(value, str):
        return next((name for name in kind.values if str(name).lower() == value.lower()), value)
    if isinstance(kind, inspect.IntType) and isinstance(value, Decimal) and value == int(value):
        return int(value)
    return value


def _members(value: dict[str, Any], kind: inspect.StructType, defaults: dict[str, Any]) -> dict[str, Any]:
    given = {name.lower(): item for name, item in value.items() if item is not None}
    given.update({name: item for name, item in value.items() if item is not None})
    found = {}
    for field in kind.fields:
        name = field.encode_name
        item = given.get(name, given.get(name.lower(), defaults.get(name)))
        if item is not None:
            found[name] = _fitted(item, field.type, {})
    return found


_any = msgspec.json.Decoder(float_hook=Decimal)
