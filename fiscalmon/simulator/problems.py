"""How FDMS says no (Gateway v7.2 §5): one exception, raised wherever a call is refused, answered in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec


class Problem(Exception):
    """A refusal. `code` only with 422, `errors` (field path to messages) only with 400."""

    def __init__(
        self,
        status: int,
        detail: str | None = None,
        *,
        code: str | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code or ''} {detail or ''}")
        self.status = status
        self.detail = detail
        self.code = code
        self.errors = errors
        self.headers = headers or {}

    def body(self, operation_id: str) -> bytes:
        """The `application/problem+json` of §5.1."""
        members: dict[str, Any] = {
            "type": f"https://httpstatuses.io/{self.status}",
            "title": title(self.status),
            "status": self.status,
        }
        if self.detail is not None:
            members["detail"] = self.detail
        if self.code is not None:
            members["errorCode"] = self.code
        if self.errors is not None:
            members["errors"] = self.errors
        members["operationID"] = operation_id
        return msgspec.json.encode(members)


def title(status: int) -> str:
    """The reason phrase; FDMS has its own for 422 and 500."""
    if status == 422:
        return "Unprocessable Entity"
    if status == 500:
        return "Server error"
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def refused(code: str, detail: str) -> Problem:
    """422: well-formed, but not now or not so. `code` is one of §5.3."""
    return Problem(422, detail, code=code)


def unauthorized() -> Problem:
    """401: FDMS does not say what is wrong with the certificate (§5.1)."""
    return Problem(401)


def misshapen(errors: Mapping[str, Sequence[str]]) -> Problem:
    """400: the body's or a parameter's shape."""
    return Problem(400, "One or more validation errors occurred.", errors=errors)
