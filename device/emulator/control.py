"""The control port as an ASGI application, for tests and for people who watch: paper, state, faults, plugs.

Plain HTTP on loopback. Refuses requests whose Host or Origin is not this machine, so that no web page can reach it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal
from urllib.parse import parse_qs

import msgspec

from .emulator import Emulator
from .faults import ACTIONS, read_plan
from .paper import as_text
from .picture import Painter

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[bytes, bytes]

MOST_BYTES = 2**20
JSON, TEXT, PNG, HTML = b"application/json", b"text/plain; charset=utf-8", b"image/png", b"text/html; charset=utf-8"
_PAGE = b"""<!doctype html><meta charset="utf-8"><title>fiscalmon printer emulator</title>
<meta http-equiv="refresh" content="2"><body style="background:#777;text-align:center">
<img src="paper.png?last=20" alt="The printer's paper" style="max-width:100%">"""
_POLICY = b"default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
log = logging.getLogger(__name__)


class Problem(Exception):
    """What the caller did wrong, with the status that says so."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class PaperWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /paper: members left out stay as they are; an empty body loads paper and closes the cover."""

    paper: Literal["ok", "near-end", "out"] | None = None
    cover: Literal["closed", "open"] | None = None
    cutter: Literal["ok", "jammed"] | None = None
    tear: bool = False


class PlugWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /power and /cable: on or off, or off for so many seconds."""

    on: bool | None = None
    seconds: float | None = None


class ControlApp:
    """One method a path; each returns the content's type and bytes."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        roll = emulator.machine.roll
        self._painter = Painter(roll.dots, roll.paper_dots)
        self._painting = asyncio.Lock()
        self._handlers: dict[tuple[str, str], Callable[[dict[str, list[str]], bytes], Awaitable[Answer]]] = {
            ("GET", ""): self._page,
            ("GET", "paper.txt"): self._paper_text,
            ("GET", "paper.png"): self._paper_picture,
            ("POST", "paper"): self._load,
            ("DELETE", "paper"): self._tear,
            ("GET", "state"): self._state,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._put_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "power"): self._power,
            ("POST", "cable"): self._cable,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")[: MOST_BYTES + 1 - len(body)]
            more = message.get("more_body", False)
        status, kind = 200, JSON
        try:
            kind, content = await self._answer(scope, body)
        except Problem as problem:
            status, content = problem.status, msgspec.json.encode({"error": problem.detail})
        except OSError as wrong:
            status, content = 409, msgspec.json.encode({"error": f"The port cannot be had: {wrong}"})
        except Exception:
            log.exception("%s failed", scope["path"])
            status, content = (
                500,
                msgspec.json.encode({"error": "The emulator itself failed; see its output."}),
            )
        headers = [
            (b"content-type", kind),
            (b"content-length", str(len(content)).encode()),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", _POLICY),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    async def _answer(self, scope: Scope, body: bytes) -> Answer:
        _check_origin(scope)
        if len(body) > MOST_BYTES:
            raise Problem(413, "The body is too large.")
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        path = scope["path"].strip("/")
        handler = self._handlers.get((method, path))
        if handler is None:
            known = any(path == one for _, one in self._handlers)
            raise Problem(405 if known else 404, f"{method} {scope['path']} is nothing that the control port knows.")
        try:
            return await handler(parse_qs(scope["query_string"].decode("latin-1")), body)
        except (ValueError, msgspec.MsgspecError) as wrong:
            raise Problem(400, str(wrong)) from None

    async def _page(self, query: dict[str, list[str]], body: bytes) -> Answer:
        return HTML, _PAGE

    async def _paper_text(self, query: dict[str, list[str]], body: bytes) -> Answer:
        pieces, columns = self._pieces(query), self._emulator.machine.roll.columns
        return TEXT, as_text(pieces, columns).encode()

    async def _paper_picture(self, query: dict[str, list[str]], body: bytes) -> Answer:
        pieces = self._pieces(query)
        async with self._painting:
            return PNG, await asyncio.to_thread(self._painter.png, pieces)

    def _pieces(self, query: dict[str, list[str]]) -> tuple[Any, ...]:
        """The roll, or with ?last=N what belongs to the last N documents."""
        if "last" not in query:
            return self._emulator.machine.roll.pieces()
        last = int(query["last"][0])
        if last < 1:
            raise ValueError("last must be 1 or more.")
        documents = list(self._emulator.machine.documents)[-last:]
        return tuple(piece for document in documents for piece in document.pieces)

    async def _load(self, query: dict[str, list[str]], body: bytes) -> Answer:
        wish = msgspec.json.decode(body, type=PaperWish) if body.strip() else PaperWish("ok", "closed", "ok")
        machine = self._emulator.machine
        if wish.tear:
            machine.roll.tear()
        if wish.paper is not None:
            machine.paper = wish.paper
        if wish.cover is not None:
            machine.cover_open = wish.cover == "open"
        if wish.cutter is not None:
            machine.cutter_jammed = wish.cutter == "jammed"
        self._emulator.wake()
        return JSON, self._view()

    async def _tear(self, query: dict[str, list[str]], body: bytes) -> Answer:
        self._emulator.machine.roll.tear()
        return JSON, self._view()

    async def _state(self, query: dict[str, list[str]], body: bytes) -> Answer:
        return JSON, self._view()

    async def _faults(self, query: dict[str, list[str]], body: bytes) -> Answer:
        faults, names = self._emulator.faults, sorted(self._emulator.session.operations)
        return JSON, msgspec.json.encode(
            {"rules": faults.plan.rules, "struck": faults.struck, "operations": names, "actions": ACTIONS}
        )

    async def _put_faults(self, query: dict[str, list[str]], body: bytes) -> Answer:
        self._emulator.put_faults(read_plan(body, self._emulator.session.operations))
        return await self._faults(query, body)

    async def _clear_faults(self, query: dict[str, list[str]], body: bytes) -> Answer:
        self._emulator.clear_faults()
        return await self._faults(query, body)

    async def _power(self, query: dict[str, list[str]], body: bytes) -> Answer:
        wish = msgspec.json.decode(body, type=PlugWish) if body.strip() else PlugWish()
        if wish.on is True:
            self._emulator.power_on()
        elif wish.on is False and wish.seconds is None:
            self._emulator.power_off()
        else:
            self._emulator.cycle(_seconds(wish, 1.0))
        return JSON, self._view()

    async def _cable(self, query: dict[str, list[str]], body: bytes) -> Answer:
        wish = msgspec.json.decode(body, type=PlugWish) if body.strip() else PlugWish()
        if wish.on is True:
            await self._emulator.plug()
        elif wish.on is False and wish.seconds is None:
            await self._emulator.unplug()
        else:
            await self._emulator.pull_cable(_seconds(wish, 2.0))
        return JSON, self._view()

    def _view(self) -> bytes:
        emulator = self._emulator
        columns = emulator.machine.roll.columns
        return msgspec.json.encode(
            {
                "family": emulator.wishes.family,
                "dialect": emulator.wishes.dialect if emulator.wishes.family == "fp1" else None,
                "powered": emulator.powered,
                "plugged": emulator.plugged,
                **emulator.session.view(),
                "faults": emulator.faults.plan.rules,
                "struck": emulator.faults.struck,
                "documents": [document.view(columns) for document in emulator.machine.documents],
            }
        )


def _seconds(wish: PlugWish, usual: float) -> float:
    seconds = usual if wish.seconds is None else wish.seconds
    if not 0 <= seconds <= 3600:
        raise ValueError("seconds must be between 0 and 3600.")
    return seconds


def _check_origin(scope: Scope) -> None:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    if not _is_loopback(headers.get(b"host", "")) or (
        origin is not None and not _is_loopback(origin.partition("://")[2])
    ):
        raise Problem(403, "The control port answers this machine alone: use http://127.0.0.1:PORT.")


def _is_loopback(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and not host.endswith("]") else host
    return name.lower() in ("127.0.0.1", "localhost", "[::1]")
