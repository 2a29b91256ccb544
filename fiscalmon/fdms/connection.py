"""One line to FDMS: a request out, a decoded answer back, or exactly one of three outcomes (Gateway v7.2 §2-§5).

Knows HTTP and nothing of receipts or days. It works one layer below httpx's client, on a transport: no redirect,
cookie, proxy variable or netrc has a say in where a receipt goes.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
import structlog

from ..domain.errors import BadInput, GatewayError, GatewayRefused, GatewayUnknown
from ..ports import Clock
from .advice import refusal
from .failures import failure
from .problems import explanation, identifier, read_problem

T = TypeVar("T")
Headers = Sequence[tuple[bytes, bytes]]

# A chain of certificates or a day's counters take some kilobytes; nothing FDMS says takes more than this.
MOST_ANSWER = 4 * 1024 * 1024
_LONGEST_WAIT = 86_400.0
# The Date header is cut to whole seconds: half a second is lost on average.
_HALF_SECOND = timedelta(milliseconds=500)
# Statuses that say nothing about whether the work was done, though they are 4xx.
_UNDECIDED = frozenset({408, 429})
_FREQUENT = frozenset({"Ping", "GetStatus", "SubmitReceipt"})

log = structlog.get_logger("fiscalmon.fdms")


class Line:
    """`transport` holds the TLS identity and keeps connections alive; `seconds` is the time-out of each phase."""

    def __init__(self, base: httpx.URL, transport: httpx.AsyncBaseTransport, clock: Clock, seconds: float) -> None:
        self.host = base.host
        self.drift: float | None = None
        self._base = base
        self._transport = transport
        self._clock = clock
        self._seconds = seconds
        self._extensions = {"timeout": httpx.Timeout(seconds).as_dict()}
        self._headers = [
            (b"Host", base.netloc),
            (b"User-Agent", b"fiscalmon"),
            (b"Accept", b"application/json, application/problem+json"),
            (b"Accept-Encoding", b"identity"),
        ]
        self._dated: tuple[str, datetime] = ("", datetime.min.replace(tzinfo=UTC))

    def introduce(self, model_name: str, model_version: str) -> None:
        """Name the device's model in every request (§3). Raises BadInput for a name that is no plain text."""
        for header, value in ((b"DeviceModelName", model_name), (b"DeviceModelVersion", model_version)):
            if not value.isascii() or not value.isprintable() or value != value.strip() or not value:
                raise BadInput("Model name and version must be plain text, as ZIMRA registered them.")
            self._headers.append((header, value.encode("ascii")))

    def url(self, path: str) -> httpx.URL:
        """The address of an endpoint; `path` may hold a query."""
        return self._base.copy_with(raw_path=self._base.raw_path.rstrip(b"/") + path.encode("ascii"))

    async def get(self, operation: str, url: httpx.URL, decode: Callable[[bytes], T]) -> T:
        """See `_exchange`."""
        return await self._exchange(operation, "GET", url, b"", decode)

    async def post(
        self,
        operation: str,
        url: httpx.URL,
        content: bytes,
        decode: Callable[[bytes], T],
        *,
        kind: bytes = b"application/json",
        headers: Headers = (),
    ) -> T:
        """See `_exchange`. The bytes go out as they are; `kind` is their content type."""
        typed = [(b"Content-Type", kind)] if content else []
        more = [*typed, (b"Content-Length", b"%d" % len(content)), *headers]
        return await self._exchange(operation, "POST", url, content, decode, more)

    async def close(self) -> None:
        await self._transport.aclose()

    async def _exchange(
        self,
        operation: str,
        method: str,
        url: httpx.URL,
        content: bytes,
        decode: Callable[[bytes], T],
        headers: Headers = (),
    ) -> T:
        """The decoded answer. Raises GatewayRefused, GatewayUnreachable or GatewayUnknown, nothing else.

        `decode` may raise ValueError, ArithmeticError or RecursionError for a body of the wrong shape.
        """
        elapsed = asyncio.get_running_loop().time
        started = elapsed()
        try:
            # Phases have their own limits; this one ends an answer that trickles in for ever.
            async with asyncio.timeout(2 * self._seconds + 1):
                response = await self._transport.handle_async_request(self._request(method, url, content, headers))
                try:
                    body = await _read(response)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            failed = failure(error, self.host, self._seconds)
            log.warning("fdms.failed", operation=operation, outcome=failed.code, detail=failed.detail)
            raise failed from error
        self._note_date(response.headers.get("date"), elapsed() - started)
        if response.status_code != 200 or body is None:
            raise self._not_done(operation, response, body)
        try:
            answer = decode(body)
        except (ValueError, ArithmeticError, RecursionError) as error:
            unknown = GatewayUnknown(
                f"{self.host} gave an answer that is not FDMS's form. It is asked again.", str(error)[:300], status=200
            )
            log.warning("fdms.garbled", operation=operation, detail=unknown.detail)
            raise unknown from error
        # ZIMRA's support asks for these ids; the ones of every receipt would fill the log.
        note = log.debug if operation in _FREQUENT else log.info
        note("fdms.answered", operation=operation, operation_id=_operation_id(response))
        return answer

    def _request(self, method: str, url: httpx.URL, content: bytes, more: Headers) -> httpx.Request:
        headers = [*self._headers, *more] if more else self._headers
        return httpx.Request(
            method, url, headers=headers, stream=httpx.ByteStream(content), extensions=self._extensions
        )

    def _not_done(self, operation: str, response: httpx.Response, body: bytes | None) -> GatewayError:
        """What an answer other than 200 means: only FDMS's own 4xx is a refusal (§5)."""
        status = response.status_code
        problem = None if body is None else read_problem(status, body)
        said = "" if problem is None else explanation(problem)
        operation_id = (problem.operation_id if problem else "") or _operation_id(response)
        log.warning(
            "fdms.refused",
            operation=operation,
            status=status,
            error_code=problem.error_code if problem else None,
            detail=said,
            operation_id=operation_id,
        )
        if problem is not None and 400 <= status < 500 and status not in _UNDECIDED:
            text = refusal(status, problem.error_code)
            return GatewayRefused(status, problem.error_code, text, said, operation_id or None)
        wait = self._wait(response.headers.get("retry-after"))
        return GatewayUnknown(
            _unsettled(self.host, status, wait),
            said,
            status=status,
            retry_after=wait,
            operation_id=operation_id or None,
        )

    def _note_date(self, text: str | None, round_trip: float) -> None:
        """Compare this machine's clock with FDMS's in the middle of the round trip."""
        if text is None:
            return
        if text != self._dated[0]:
            try:
                self._dated = text, _http_date(text)
            except (ValueError, TypeError):
                return
        middle = self._clock.now() - timedelta(seconds=round_trip / 2)
        self.drift = (middle - self._dated[1] - _HALF_SECOND).total_seconds()

    def _wait(self, text: str | None) -> float | None:
        """Retry-After in seconds, given as a number or as a date on FDMS's clock; None for neither."""
        if text is None:
            return None
        try:
            seconds = float(int(text)) if text.strip().isdecimal() else self._until(_http_date(text))
        except (ValueError, TypeError):
            return None
        return min(max(seconds, 0.0), _LONGEST_WAIT)

    def _until(self, moment: datetime) -> float:
        return (moment - self._clock.now()).total_seconds() + (self.drift or 0.0)


async def _read(response: httpx.Response) -> bytes | None:
    """The whole body, or None when it is longer than anything FDMS says, or cannot be unpacked."""
    parts, length = [], 0
    async for part in response.aiter_raw():
        length += len(part)
        if length > MOST_ANSWER:
            return None
        parts.append(part)
    body = parts[0] if len(parts) == 1 else b"".join(parts)
    packed = response.headers.get("content-encoding", "identity").lower()
    return _unpacked(body) if packed in ("gzip", "x-gzip", "deflate") else body


def _unpacked(body: bytes) -> bytes | None:
    """An answer that a server or proxy has packed unasked; None when it is cut, broken or too long."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        content = unpacking.decompress(body, MOST_ANSWER)
    except zlib.error:
        return None
    return content if unpacking.eof else None


def _unsettled(host: str, status: int, wait: float | None) -> str:
    if status == 429:
        pause = f"in {wait:g} s" if wait is not None else "later"
        return f"FDMS has too many requests at the moment. It is tried again {pause}."
    if status >= 500:
        return f"FDMS has trouble of its own (HTTP {status}). Nothing is lost: it is tried again."
    return (
        f"{host} gave an answer that is not FDMS's (HTTP {status}). Check the gateway's address; "
        "a proxy or a login page of this network may stand between. It is tried again."
    )


def _http_date(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _operation_id(response: httpx.Response) -> str:
    return identifier(response.headers.get("operationId"))
