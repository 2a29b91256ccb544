"""The control port of a program beside the till, as an ASGI application for tests and for people who watch.

Plain HTTP on loopback. Refuses requests whose Host or Origin is not this machine, so that no web page can reach it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import msgspec

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_BYTES = 2**20
JSON, TEXT, PNG, HTML = b"application/json", b"text/plain; charset=utf-8", b"image/png", b"text/html; charset=utf-8"
log = logging.getLogger(__name__)


class Refused(Exception):
    """What the caller did wrong, with the status that says so."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Request(NamedTuple):
    """HEAD comes as GET; `path` without the slashes around it."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: bytes

    def unknown(self, *, place_is_known: bool) -> Refused:
        """The refusal of what no handler is for."""
        text = f"{self.method} /{self.path} is nothing that the control port knows."
        return Refused(405 if place_is_known else 404, text)


class Content(NamedTuple):
    kind: bytes
    body: bytes


class ControlPort:
    """`answer` decides what a request gets: it raises Refused, or ValueError for content that says nothing it knows.

    `policy` is the Content-Security-Policy of everything sent."""

    def __init__(self, answer: Callable[[Request], Awaitable[Content]], policy: bytes) -> None:
        self._answer = answer
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")[: MOST_BYTES + 1 - len(body)]
            more = message.get("more_body", False)
        status, content = await self._judged(scope, body)
        headers = [
            (b"content-type", content.kind),
            (b"content-length", str(len(content.body)).encode()),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", self._policy),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content.body})

    async def _judged(self, scope: Scope, body: bytes) -> tuple[int, Content]:
        try:
            _check_origin(scope)
            if len(body) > MOST_BYTES:
                raise Refused(413, "The body is too large.")
            method = "GET" if scope["method"] == "HEAD" else scope["method"]
            query = parse_qs(scope["query_string"].decode("latin-1"))
            return 200, await self._answer(Request(method, scope["path"].strip("/"), query, body))
        except Refused as refused:
            return refused.status, _error(refused.text)
        except (ValueError, msgspec.MsgspecError) as wrong:
            return 400, _error(str(wrong))
        except Exception:
            log.exception("%s failed", scope["path"])
            return 500, _error("This program has a fault of its own; see its output.")


def _error(text: str) -> Content:
    return Content(JSON, msgspec.json.encode({"error": text}))


def _check_origin(scope: Scope) -> None:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    if not _is_loopback(headers.get(b"host", "")) or (
        origin is not None and not _is_loopback(origin.partition("://")[2])
    ):
        raise Refused(403, "The control port answers this machine alone: use http://127.0.0.1:PORT.")


def _is_loopback(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and not host.endswith("]") else host
    return name.lower() in ("127.0.0.1", "localhost", "[::1]")
