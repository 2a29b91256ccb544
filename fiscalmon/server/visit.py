"""One request or socket as the gate sees it: headers read once, the body within its bounds."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Message, Receive, Scope

from .answers import Problem

# How much of a body that is refused anyway is read, so that the sender sees the answer and not a reset.
_DRAIN_BYTES: Final = 16 * 1024 * 1024
_DRAIN_SECONDS: Final = 2.0


class Disconnected(Exception):
    """The caller is gone; there is nobody to answer."""


class Visit:
    """A view on an ASGI scope. Header names are lower case; X-Forwarded-* is never read."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.receive = receive
        self.is_socket: bool = scope["type"] == "websocket"
        self.method: str = "GET" if self.is_socket else scope["method"]
        self.path: str = scope["path"]
        self.reached: tuple[str, int | None] | None = scope.get("server")
        client = scope.get("client")
        self.address: str = client[0] if client else "unknown"
        self._more = not self.is_socket

    @cached_property
    def _headers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.scope["headers"]:
            found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())
        return found

    def header(self, name: str) -> str | None:
        """The header's value, None if absent. Raises Problem 400 when it stands there more than once."""
        values = self._headers.get(name, [])
        if len(values) > 1:
            raise Problem(400, "DOUBLED_HEADER", f"The header {name} stands in the request more than once.")
        return values[0] if values else None

    @property
    def named(self) -> str | None:
        """The correlation id that the caller brings, if it brings one."""
        values = self._headers.get("x-correlation-id", [])
        return values[0] if len(values) == 1 else None

    @property
    def agent(self) -> str:
        """What the caller says it is, empty if it says nothing or several things."""
        values = self._headers.get("user-agent", [])
        return values[0] if len(values) == 1 else ""

    @property
    def host(self) -> str:
        """The Host header, empty if absent."""
        return self.header("host") or ""

    @property
    def origin(self) -> str:
        """This server's origin as the caller reached it; meaningful once the gate has checked Host."""
        scheme = {"ws": "http", "wss": "https"}.get(self.scope["scheme"], self.scope["scheme"])
        return f"{scheme}://{self.host.lower()}"

    @property
    def changes(self) -> bool:
        """Whether the method may change something."""
        return not self.is_socket and self.method not in ("GET", "HEAD")

    @cached_property
    def cookies(self) -> dict[str, str]:
        """Cookies by name; of two with one name the first counts."""
        found: dict[str, str] = {}
        for line in self._headers.get("cookie", []):
            for part in line.split(";"):
                name, _, value = part.strip().partition("=")
                found.setdefault(name, value)
        return found

    @cached_property
    def query(self) -> dict[str, str]:
        """Query parameters. Raises Problem 400 when one stands there twice or is no text."""
        try:
            pairs = parse_qsl(
                self.scope["query_string"].decode("ascii"), keep_blank_values=True, max_num_fields=50, errors="strict"
            )
        except (ValueError, UnicodeDecodeError):
            raise Problem(400, "BAD_INPUT", "The query cannot be read.") from None
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Problem(400, "BAD_INPUT", "A query parameter stands there twice.")
        return found

    async def body(self, bound: int, seconds: float) -> bytes:
        """The whole body. Raises Problem 413 past the bound and 408 when it takes too long."""
        announced = self.header("content-length")
        if announced is not None and announced.isdigit() and int(announced) > bound:
            if self.header("expect") is None:
                await self._drain()
            raise _too_large(bound)
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(seconds):
                while self._more and size <= bound:
                    parts.append(await self._part())
                    size += len(parts[-1])
        except TimeoutError:
            raise Problem(
                408, "REQUEST_TIMEOUT", "The request was not complete in time.", headers={"connection": "close"}
            ) from None
        if size > bound:
            await self._drain()
            raise _too_large(bound)
        return b"".join(parts)

    async def _part(self) -> bytes:
        message: Message = await self.receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        self._more = message.get("more_body", False)
        part: bytes = message.get("body", b"")
        return part

    async def _drain(self) -> None:
        left = _DRAIN_BYTES
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while self._more and left > 0:
                    left -= len(await self._part())
        except TimeoutError:
            return


def _too_large(bound: int) -> Problem:
    return Problem(
        413, "TOO_LARGE", f"A request may have at most {bound // 1024} KiB.", headers={"connection": "close"}
    )
