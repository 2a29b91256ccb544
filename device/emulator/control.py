"""What the emulator's control port answers, to tests and to people who watch: paper, state, faults, plugs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec

from fiscalmon.companions.control_port import HTML, JSON, PNG, TEXT, Content, ControlPort, Refused, Request

from .emulator import Emulator
from .faults import ACTIONS, read_plan
from .paper import as_text
from .picture import Painter

_PAGE = b"""<!doctype html><meta charset="utf-8"><title>fiscalmon printer emulator</title>
<meta http-equiv="refresh" content="2"><body style="background:#777;text-align:center">
<img src="paper.png?last=20" alt="The printer's paper" style="max-width:100%">"""
_POLICY = b"default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


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
    """One method a path; `port` is the ASGI application."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.port = ControlPort(self._answer, _POLICY)
        roll = emulator.machine.roll
        self._painter = Painter(roll.dots, roll.paper_dots)
        self._painting = asyncio.Lock()
        self._handlers: dict[tuple[str, str], Callable[[Request], Awaitable[Content]]] = {
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

    async def _answer(self, request: Request) -> Content:
        handler = self._handlers.get((request.method, request.path))
        if handler is None:
            raise request.unknown(place_is_known=any(path == request.path for _, path in self._handlers))
        try:
            return await handler(request)
        except OSError as wrong:
            raise Refused(409, f"The port cannot be had: {wrong}") from None

    async def _page(self, request: Request) -> Content:
        return Content(HTML, _PAGE)

    async def _paper_text(self, request: Request) -> Content:
        pieces, columns = self._pieces(request), self._emulator.machine.roll.columns
        return Content(TEXT, as_text(pieces, columns).encode())

    async def _paper_picture(self, request: Request) -> Content:
        pieces = self._pieces(request)
        async with self._painting:
            return Content(PNG, await asyncio.to_thread(self._painter.png, pieces))

    def _pieces(self, request: Request) -> tuple[Any, ...]:
        """The roll, or with ?last=N what belongs to the last N documents."""
        if "last" not in request.query:
            return self._emulator.machine.roll.pieces()
        last = int(request.query["last"][0])
        if last < 1:
            raise ValueError("last must be 1 or more.")
        documents = list(self._emulator.machine.documents)[-last:]
        return tuple(piece for document in documents for piece in document.pieces)

    async def _load(self, request: Request) -> Content:
        wish = (
            msgspec.json.decode(request.body, type=PaperWish)
            if request.body.strip()
            else PaperWish("ok", "closed", "ok")
        )
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
        return Content(JSON, self._view())

    async def _tear(self, request: Request) -> Content:
        self._emulator.machine.roll.tear()
        return Content(JSON, self._view())

    async def _state(self, request: Request) -> Content:
        return Content(JSON, self._view())

    async def _faults(self, request: Request) -> Content:
        faults, names = self._emulator.faults, sorted(self._emulator.session.operations)
        view = {"rules": faults.plan.rules, "struck": faults.struck, "operations": names, "actions": ACTIONS}
        return Content(JSON, msgspec.json.encode(view))

    async def _put_faults(self, request: Request) -> Content:
        self._emulator.put_faults(read_plan(request.body, self._emulator.session.operations))
        return await self._faults(request)

    async def _clear_faults(self, request: Request) -> Content:
        self._emulator.clear_faults()
        return await self._faults(request)

    async def _power(self, request: Request) -> Content:
        wish = msgspec.json.decode(request.body, type=PlugWish) if request.body.strip() else PlugWish()
        if wish.on is True:
            self._emulator.power_on()
        elif wish.on is False and wish.seconds is None:
            self._emulator.power_off()
        else:
            self._emulator.cycle(_seconds(wish, 1.0))
        return Content(JSON, self._view())

    async def _cable(self, request: Request) -> Content:
        wish = msgspec.json.decode(request.body, type=PlugWish) if request.body.strip() else PlugWish()
        if wish.on is True:
            await self._emulator.plug()
        elif wish.on is False and wish.seconds is None:
            await self._emulator.unplug()
        else:
            await self._emulator.pull_cable(_seconds(wish, 2.0))
        return Content(JSON, self._view())

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
