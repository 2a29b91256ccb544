"""The gateway port as an ASGI application: route, check in the order of Gateway v7.2 §5.3, answer, or fail on demand.

Knows HTTP and certificates; what an operation does stands in `endpoints`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import urllib.parse
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from .book import Book
from .calls import NO_BODY, Call, Operation
from .endpoints import OPERATIONS
from .faults import Rule
from .file_rows import MOST_WRAPPED
from .peer import Peer
from .problems import Problem, misshapen, refused, unauthorized
from .simulation import Simulation

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_BYTES = 4 * 2**20
GARBAGE = b'\x00\xff<html>{"receiptID": 12,'
log = logging.getLogger(__name__)
_ROUTES = MappingProxyType({(op.area.lower(), op.name.lower()): op for op in OPERATIONS})
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Answer(msgspec.Struct, frozen=True):
    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


class GatewayApp:
    """FDMS as its clients see it."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._prefix = "0H" + "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(11))
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer: Peer = scope["state"]["peer"]
        body = await _read(receive)
        if body is None:
            return
        target = _route(scope["path"])
        operation = target.operation
        rule = self._simulation.faults.draw(None if operation is None else operation.name)
        if rule is not None:
            if rule.action == "drop-before":
                return await _drop(peer, receive)
            if rule.action == "delay":
                await asyncio.sleep(rule.seconds)
        answer = self._answer(scope, peer, body, target, rule)
        if rule is not None and rule.action == "drop-after":
            return await _drop(peer, receive)
        if rule is not None and rule.action == "truncate":
            await _send(send, answer, len(answer.body) // 2)
            return await _drop(peer, receive)
        await _send(send, answer, None)

    def _answer(self, scope: Scope, peer: Peer, body: bytes, target: Target, rule: Rule | None) -> Answer:
        """The whole work of a request, without waiting: nothing comes between its check and its commit."""
        self._count += 1
        operation_id = f"{self._prefix}:{self._count % 10**8:08d}"
        try:
            if rule is not None and rule.action == "status":
                retry = {} if rule.retryAfter is None else {"retry-after": str(rule.retryAfter)}
                raise Problem(rule.status, "A fault that was asked for.", headers=retry)
            content = self._handle(scope, peer, body, target, operation_id)
        except Problem as problem:
            return self._problem(problem, operation_id)
        except Exception:
            log.exception("%s failed", scope["path"])
            return self._problem(Problem(500), operation_id)
        whole = _whole(content, operation_id, target.operation)
        if rule is not None and rule.action == "garbage":
            whole = GARBAGE
        return Answer(200, whole, self._headers(b"application/json", whole, operation_id))

    def _handle(self, scope: Scope, peer: Peer, body: bytes, target: Target, operation_id: str) -> Any:
        operation = target.operation
        if operation is None:
            raise Problem(404, "No such operation.")
        if scope["method"] != operation.method:
            raise Problem(405, headers={"allow": operation.method})
        if len(body) > MOST_BYTES and operation.name != "SubmitFile":
            raise Problem(413, f"A request may have at most {MOST_BYTES} bytes.")
        headers = dict(scope["headers"])
        pairs = urllib.parse.parse_qsl(scope["query_string"].decode("latin-1"))
        query = {name.lower(): value for name, value in pairs}
        address = (scope.get("client") or ("",))[0]
        call = Call(self._simulation, body, query, headers, operation_id, address, target.rest)
        if operation.of_device:
            book = self._book(operation, target.device, peer)
            self._admit(operation, book, headers)
            call = call._replace(holder=book)
        return operation.handler(call)

    def _book(self, operation: Operation, device: str, peer: Peer) -> Book:
        """The device's book; 401 unless the certificate is the device's own and valid now (§2)."""
        ledger = self._simulation.ledger
        device_id = _int32(device)
        if not operation.public:
            der = peer.certificate
            record = None if der is None else ledger.certificates.presented(der, ledger.clock.timestamp())
            if record is None or (device_id is not None and record.device_id != device_id):
                raise unauthorized()
        if device_id is None:
            raise misshapen({"deviceID": [f"The value '{device[:40]}' is not valid."]})
        book = ledger.books.get(device_id)
        if book is None:
            raise refused("DEV01", "Device was not found or is not active.")
        return book

    def _admit(self, operation: Operation, book: Book, headers: Mapping[bytes, bytes]) -> None:
        if not book.device.active:
            raise refused("DEV01", "Device was not found or is not active.")
        if not book.taxpayer.active:
            raise refused("DEV05", "Taxpayer is not active.")
        self._check_model(operation, headers)
        if operation.online_only and book.device.operating_mode != "Online":
            raise refused("DEV01", "This operation is not allowed while the device is in Offline mode.")
        self._simulation.rates.count(operation.name, book.device.device_id)

    def _check_model(self, operation: Operation, headers: Mapping[bytes, bytes]) -> None:
        name = headers.get(b"devicemodelname", b"").decode("latin-1")
        version = headers.get(b"devicemodelversion") or headers.get(b"devicemodelversionno") or b""
        if not (name and version):
            if operation.name == "VerifyTaxpayerInformation":
                return
            if operation.public:
                missing = "DeviceModelVersion" if name else "DeviceModelName"
                raise misshapen({missing: [f"The {missing} field is required."]})
        model = self._simulation.ledger.models.get((name, version.decode("latin-1")))
        if model is None:
            raise refused("DEV06", "Device model and version are not registered.")
        if model.blacklisted:
            raise refused("DEV04", "Device model is blacklisted.")

    def _problem(self, problem: Problem, operation_id: str) -> Answer:
        body = problem.body(operation_id)
        headers = self._headers(b"application/problem+json", body, operation_id)
        more = tuple((name.encode(), value.encode()) for name, value in problem.headers.items())
        return Answer(problem.status, body, headers + more)

    def _headers(self, kind: bytes, body: bytes, operation_id: str) -> tuple[tuple[bytes, bytes], ...]:
        return (
            (b"date", self._simulation.clock.http_date().encode()),
            (b"content-type", kind),
            (b"content-length", str(len(body)).encode()),
            (b"operationId", operation_id.encode()),
        )


class Target(NamedTuple):
    """What a path names: the operation, the text in the place of deviceID, and what follows the operation."""

    operation: Operation | None = None
    device: str = ""
    rest: str = ""


def _route(path: str) -> Target:
    """Letter case does not matter."""
    parts = path.strip("/").split("/", 4)
    if len(parts) < 3 or parts[1].lower() != "v1":
        return Target()
    area = parts[0].lower()
    if len(parts) == 3:
        found = _ROUTES.get((area, parts[2].lower()))
        return Target(found) if found is not None and not found.of_device else Target()
    found = _ROUTES.get((area, parts[3].lower()))
    rest = parts[4] if len(parts) == 5 else ""
    if found is None or not found.of_device or found.takes_rest != bool(rest):
        return Target()
    return Target(found, parts[2], rest)


def _whole(content: Any, operation_id: str, operation: Operation | None) -> bytes:
    """The body of a success: most carry operationID among their members (§3)."""
    if content is NO_BODY:
        return b""
    encoded = b"{}" if content is None else _encode(content)
    if operation is not None and not operation.numbered:
        return encoded
    members = b'{"operationID":"' + operation_id.encode() + b'"' + (b"" if encoded == b"{}" else b",")
    return members + encoded[1:]


def _int32(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text) > 10:
        return None
    number = int(text)
    return number if number < 2**31 else None


async def _read(receive: Receive) -> bytes | None:
    """The body, as far as the limit; None when the client went away first."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        if size <= MOST_WRAPPED:
            pieces.append(piece)
        size += len(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)


async def _send(send: Send, answer: Answer, only: int | None) -> None:
    """The answer, or only so many bytes of its body."""
    headers: Iterable[tuple[bytes, bytes]] = answer.headers
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = answer.body if only is None else answer.body[:only]
    await send({"type": "http.response.body", "body": body, "more_body": only is not None})


async def _drop(peer: Peer, receive: Receive) -> None:
    """Close the connection without an answer, or without the rest of it."""
    peer.drop()
    while (await receive())["type"] != "http.disconnect":
        pass
