"""Reads the problem bodies in which FDMS refuses (Gateway v7.2 §5.1), whatever shape they come in.

Text from the server is data: control characters go, lengths are capped. Knows no connection.
"""

from __future__ import annotations

import re
from types import MappingProxyType

import msgspec

from ..domain.gateway import Problem

_MOST_TEXT = 500
_MOST_ID = 100
_MOST_FIELDS = 20
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
# Other servers write them in another letter case.
_MEMBERS = MappingProxyType(
    {name.lower(): name for name in ("type", "title", "status", "detail", "errorCode", "errors", "operationID")}
)
_CODE = re.compile(r"[A-Z]{3,5}[0-9]{1,3}")


def read_problem(status: int, content: bytes) -> Problem | None:
    """The problem that FDMS answered with, or None when this is not FDMS's form (a proxy's page, a cut body)."""
    try:
        body = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    body = {_MEMBERS.get(name.lower(), name): value for name, value in body.items()}
    code = body.get("errorCode")
    known_code = code if isinstance(code, str) and _CODE.fullmatch(code) else None
    errors = _errors(body.get("errors"))
    if body.get("status") != status and known_code is None and errors is None:
        return None
    return Problem(
        type=_text(body.get("type"), _MOST_ID),
        title=_text(body.get("title"), _MOST_ID),
        status=status,
        detail=_text(body.get("detail"), _MOST_TEXT) or None,
        error_code=known_code,
        errors=errors,
        operation_id=identifier(body.get("operationID")),
    )


def explanation(problem: Problem) -> str:
    """Title, detail and field errors in one line for the log, at most 500 characters."""
    fields = [f"{field}: {' '.join(messages)}" for field, messages in (problem.errors or {}).items()]
    return "; ".join([part for part in (problem.detail or problem.title, *fields) if part])[:_MOST_TEXT]


def identifier(given: object) -> str:
    """An operation id as FDMS gave it, made harmless; "" for anything that is no text."""
    return _text(given, _MOST_ID)


def _errors(given: object) -> dict[str, tuple[str, ...]] | None:
    if not isinstance(given, dict) or not given:
        return None
    found: dict[str, tuple[str, ...]] = {}
    for field, messages in list(given.items())[:_MOST_FIELDS]:
        texts = messages if isinstance(messages, list) else [messages]
        found[_text(field, _MOST_ID)] = tuple(_text(text, _MOST_TEXT) for text in texts[:_MOST_FIELDS])
    return found


def _text(given: object, most: int) -> str:
    if not isinstance(given, str):
        return ""
    return _UNPRINTABLE.sub(" ", given[: 2 * most]).strip()[:most]
