"""The control port as an ASGI application, for tests and for people who watch: plain JSON, loopback only.

Refuses requests whose Host or Origin is not this machine, so that no web page can reach it through a browser.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import msgspec

from . import views
from .book import Book
from .endpoints import OPERATIONS
from .entries import ClockOffset, NewDevice, NewModel, check_settings, enter_device
from .faults import read_plan
from .gateway_app import Receive, Scope, Send
from .page import PAGE, POLICY
from .problems import Problem
from .records import Settings
from .simulation import Simulation
from .stock import Shelves
from .world import Model

MOST_BYTES = 2**20
log = logging.getLogger(__name__)


class ControlApp:
    """One method a path; each returns what is to be encoded."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")[: MOST_BYTES + 1 - len(body)]
            more = message.get("more_body", False)
        kind, status = b"application/json", 200
        try:
            content = await self._answer(scope, body)
        except Problem as problem:
            status, content = problem.status, views.encode({"error": problem.detail})
        except Exception:
            log.exception("%s failed", scope["path"])
            status, content = 500, views.encode({"error": "The simulator has a fault of its own; see its output."})
        if content is PAGE:
            kind = b"text/html; charset=utf-8"
        headers = [
            (b"content-type", kind),
            (b"content-length", str(len(content)).encode()),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", POLICY),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    async def _answer(self, scope: Scope, body: bytes) -> bytes:
        _check_origin(scope)
        if len(body) > MOST_BYTES:
            raise Problem(413, "The body is too large.")
        method, parts = scope["method"], tuple(part for part in scope["path"].split("/") if part)
        if parts and parts[0] == "ledger" and len(parts) == 2 and method == "GET":
            return await self._ledger(self._book(parts[1]))
        handlers: dict[tuple[str, str], Callable[[bytes], Any]] = {
            ("GET", "overview"): lambda _: views.overview(self._simulation),
            ("GET", "devices"): lambda _: views.devices(self._simulation),
            ("POST", "devices"): self._enter_device,
            ("GET", "faults"): lambda _: self._faults(),
            ("POST", "faults"): self._replace_faults,
            ("DELETE", "faults"): lambda _: self._replace_faults(b'{"rules":[]}'),
            ("GET", "clock"): lambda _: self._clock(),
            ("POST", "clock"): self._set_clock,
            ("GET", "settings"): lambda _: self._simulation.ledger.settings,
            ("POST", "settings"): self._change_settings,
            ("POST", "models"): self._put_model,
            ("GET", "stock"): lambda _: self._simulation.stock.shelves(1),
            ("POST", "stock"): self._replace_stock,
            ("GET", "security-codes"): lambda _: views.security_codes(self._simulation),
            ("POST", "reset"): self._reset,
        }
        if not parts:
            if method not in ("GET", "HEAD"):
                raise Problem(405, "Only GET here.")
            return PAGE
        if len(parts) == 3 and parts[0] == "devices" and method == "POST":
            return views.encode(self._act(self._book(parts[1]), parts[2]))
        handler = handlers.get((method, parts[0])) if len(parts) == 1 else None
        if handler is None:
            known = len(parts) == 1 and any(path == parts[0] for _, path in handlers)
            raise Problem(405 if known else 404, f"{method} {scope['path']} is nothing that the control port knows.")
        try:
            return views.encode(handler(body))
        except (ValueError, msgspec.MsgspecError) as wrong:
            raise Problem(400, str(wrong)) from None

    async def _ledger(self, book: Book) -> bytes:
        rule = self._simulation.ledger.settings.last_global_no
        path, device_id = self._simulation.archive.path, book.device.device_id
        head = views.ledger_head(book, rule)
        return await asyncio.to_thread(lambda: views.encode({**head, "receipts": views.receipts(path, device_id)}))

    def _book(self, text: str) -> Book:
        book = self._simulation.ledger.books.get(int(text)) if text.isascii() and text.isdigit() else None
        if book is None:
            raise Problem(404, f"There is no device {text}.")
        return book

    def _act(self, book: Book, action: str) -> dict[str, Any]:
        """What an officer of ZIMRA does with a device."""
        ledger = self._simulation.ledger
        if action in ("block", "unblock"):
            ledger.put_device(msgspec.structs.replace(book.device, active=action == "unblock"))
        elif action == "close-day-manually":
            self._simulation.closing.close_manually(book)
            self._simulation.files.go_on(book.device.device_id)
        elif action in ("online", "offline"):
            ledger.put_device(msgspec.structs.replace(book.device, operating_mode=action.capitalize()))
        elif action == "revoke-certificate":
            if ledger.certificates.revoke(book.device.device_id) == 0:
                raise Problem(400, f"Device {book.device.device_id} has no certificate to revoke.")
        elif action in ("deactivate-taxpayer", "activate-taxpayer"):
            book.taxpayer.active = action == "activate-taxpayer"
            ledger.put_taxpayer(book.taxpayer)
        elif action == "reset":
            ledger.forget(book)
        else:
            raise Problem(404, f"There is no action {action!r}.")
        return {"deviceID": book.device.device_id, "done": action}

    def _enter_device(self, body: bytes) -> dict[str, Any]:
        device = enter_device(self._simulation.ledger, msgspec.json.decode(body, type=NewDevice))
        return {
            "deviceID": device.device_id,
            "serialNo": device.serial_no,
            "activationKey": device.activation_key,
        }

    def _faults(self) -> dict[str, Any]:
        faults = self._simulation.faults
        return {"rules": faults.plan.rules, "struck": faults.struck}

    def _replace_faults(self, body: bytes) -> dict[str, Any]:
        self._simulation.faults.replace(read_plan(body, tuple(op.name for op in OPERATIONS)))
        return self._faults()

    def _clock(self) -> dict[str, Any]:
        clock = self._simulation.clock
        return {"offsetSeconds": clock.offset, "now": clock.local()}

    def _set_clock(self, body: bytes) -> dict[str, Any]:
        self._simulation.ledger.set_clock(msgspec.json.decode(body, type=ClockOffset).offsetSeconds)
        return self._clock()

    def _change_settings(self, body: bytes) -> Settings:
        """Members that are left out stay as they are."""
        ledger = self._simulation.ledger
        given = msgspec.json.decode(body, type=dict[str, Any])
        settings = msgspec.convert({**msgspec.to_builtins(ledger.settings), **given}, Settings)
        check_settings(settings)
        ledger.change_settings(settings)
        return settings

    def _put_model(self, body: bytes) -> NewModel:
        entry = msgspec.json.decode(body, type=NewModel)
        self._simulation.ledger.put_model(Model(entry.name, entry.version, entry.blacklisted))
        return entry

    def _replace_stock(self, body: bytes) -> Shelves:
        shelves = msgspec.json.decode(body, type=Shelves)
        if shelves.taxPayerId not in self._simulation.ledger.taxpayers:
            raise ValueError(f"There is no taxpayer {shelves.taxPayerId}.")
        return self._simulation.stock.replace(shelves)

    def _reset(self, body: bytes) -> dict[str, Any]:
        self._simulation.reset()
        return {"done": "reset"}


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
