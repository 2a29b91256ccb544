"""Answers and refusals in HTTP: JSON, RFC 9457 problems, and the headers that stand on every answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from ..domain import errors
from ..events import encode

_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ALWAYS: Final = (
    ("content-security-policy", _CSP),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=()"),
)
_STATUS: Final = (
    (errors.BadInput, 400),
    (errors.SaleRefused, 422),
    (errors.SaleConflict, 409),
    (errors.DayNotOpen, 409),
    (errors.DayRefused, 409),
    (errors.ImpossibleTransition, 409),
    (errors.UnknownDevice, 404),
    (errors.UnknownReceipt, 404),
    (errors.UnknownAlert, 404),
    (errors.TillBusy, 503),
    (errors.StoreDamaged, 503),
    (errors.KeyUnavailable, 503),
    (errors.GatewayRefused, 502),
    (errors.GatewayError, 503),
)


def security_headers(*, tls: bool) -> tuple[tuple[str, str], ...]:
    """What every answer carries. HSTS on TLS alone: on plain HTTP browsers must ignore it."""
    return (*_ALWAYS, ("strict-transport-security", "max-age=31536000")) if tls else _ALWAYS


def json_answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer that no cache keeps."""
    answer = Response(encode(value), status, headers, "application/json")
    answer.headers["cache-control"] = "no-store"
    return answer


def nothing() -> Response:
    """204."""
    return Response(None, 204, {"cache-control": "no-store"})


class Problem(Exception):
    """A refusal. `code` is stable and names the problem's type; `detail` says what happened and what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The problem detail (RFC 9457 §3)."""
        found: dict[str, Any] = {
            "type": f"urn:fiscalmon:problem:{self.code.lower().replace('_', '-')}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.errors is not None:
            found["errors"] = self.errors
        return found

    def answer(self) -> Response:
        """The answer to send."""
        answer = Response(encode(self.body()), self.status, self.headers, "application/problem+json")
        answer.headers["cache-control"] = "no-store"
        return answer


def too_many(seconds: float, detail: str) -> Problem:
    """429 with Retry-After in whole seconds, rounded up (RFC 9110 §10.2.3)."""
    wait = max(1, int(-(-seconds // 1)))
    return Problem(429, "TOO_MANY_REQUESTS", f"{detail} Try again in {wait} s.", headers={"retry-after": str(wait)})


def unauthenticated(detail: str = "Sign in first.") -> Problem:
    """401."""
    return Problem(401, "UNAUTHENTICATED", detail, headers={"www-authenticate": "Bearer"})


def problem_of(error: errors.FiscalmonError) -> Problem:
    """The refusal for an error of the engine; its detail for the log is not told."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    fields = error.errors if isinstance(error, errors.SaleRefused) else None
    headers = {"retry-after": "2"} if isinstance(error, errors.TillBusy) else None
    return Problem(status, error.code, error.text, errors=fields, headers=headers)
