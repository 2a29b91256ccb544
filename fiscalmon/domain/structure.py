"""What is wrong with the shape of data from outside, in plain words, with the path of the field.

Knows the sentences of msgspec; must not know which data it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

_KINDS = (
    ("object", "an object"),
    ("array", "a list"),
    ("str", "a text"),
    ("int", "a whole number"),
    ("float", "a number"),
    ("decimal", "a number"),
    ("bool", "true or false"),
    ("null", "nothing"),
)
_MISSING = re.compile(r"Object missing required field `(.*)`$", re.DOTALL)
_KIND = re.compile(r"Expected `([a-z| ]+)`, got `([a-z]+)`$")
_LONGEST = re.compile(r"Expected `.*` of length <= (\d+)$")
_SHORTEST = re.compile(r"Expected `.*` of length >= (\d+)$")
_BOUND = re.compile(r"Expected `.*` ([<>]=) (-?\d+)$")
_FORM = re.compile(r"Expected `.*` matching regex '(.*)'$")
_CHOICE = re.compile(r"Invalid enum value (.*)$", re.DOTALL)


class Problem(NamedTuple):
    """One field that is wrong: its path ("receiptLines[0].taxID", "" for the whole) and what is wrong with it."""

    field: str
    advice: str


def explained(message: str, forms: Mapping[str, str] = MappingProxyType({})) -> Problem:
    """A ValidationError's message, e.g. "Expected `str`, got `int` - at `$.saleId`".

    `forms`: what is said of a text that does not match a pattern, by pattern.
    """
    text, _, path = message.rpartition(" - at ") if " - at `" in message else (message, "", "")
    field = path.strip("`").partition("$")[2].removeprefix(".")
    if missing := _MISSING.match(text):
        return Problem(f"{field}.{missing[1]}".removeprefix("."), "is missing")
    return Problem(field, _advice(text, forms))


def _advice(text: str, forms: Mapping[str, str]) -> str:
    if kind := _KIND.match(text):
        wanted = " or ".join([_kind(name.strip()) for name in kind[1].split("|")])
        return f"must be {wanted}, not {_kind(kind[2])}"
    if longest := _LONGEST.match(text):
        return f"may have at most {longest[1]} characters"
    if shortest := _SHORTEST.match(text):
        return "may not be empty" if shortest[1] == "1" else f"needs at least {shortest[1]} characters"
    if bound := _BOUND.match(text):
        return f"must be {'at most' if bound[1] == '<=' else 'at least'} {bound[2]}"
    if form := _FORM.match(text):
        known = {repr(pattern)[1:-1]: words for pattern, words in forms.items()}
        return known.get(form[1], f"has not the form {form[1].strip('^$')}")
    if choice := _CHOICE.match(text):
        return f"{choice[1]} is not one of the values that FDMS knows"
    if text == "Invalid decimal string":
        return "must be a plain number"
    return text[:1].lower() + text[1:]


def _kind(name: str) -> str:
    return next((words for kind, words in _KINDS if kind == name), name)


def texts_of(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in plain JSON-like data, with its path below `path`."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from texts_of(part, f"{path}.{key}".removeprefix("."))
