"""What the simulator's control port answers, to tests and to people who watch: devices, ledger, faults, clock.

Knows no HTTP beyond methods and paths."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from ..companions.control_port import HTML, JSON, Content, ControlPort, Refused, Request
from . import views
from .book import Book
from .endpoints import OPERATIONS
from .entries import ClockOffset, NewDevice, NewModel, check_settings, enter_device
from .faults import read_plan
from .page import PAGE, POLICY
from .problems import Problem
from .records import Settings
from .simulation import Simulation
from .stock import Shelves
from .world import Model


class ControlApp:
    """One method a path, each returns what is to be encoded; `port` is the ASGI application."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self.port = ControlPort(self._answer, POLICY)

    async def _answer(self, request: Request) -> Content:
        if request.path == "":
            if request.method != "GET":
                raise Refused(405, "Only GET here.")
            return Content(HTML, PAGE)
        method, parts = request.method, tuple(part for part in request.path.split("/") if part)
        if parts[0] == "ledger" and len(parts) == 2 and method == "GET":
            return Content(JSON, await self._ledger(self._book(parts[1])))
        if parts[0] == "devices" and len(parts) == 3 and method == "POST":
            return Content(JSON, views.encode(self._act(self._book(parts[1]), parts[2])))
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
        handler = handlers.get((method, request.path))
        if handler is None:
            raise request.unknown(place_is_known=any(path == request.path for _, path in handlers))
        return Content(JSON, views.encode(handler(request.body)))

    async def _ledger(self, book: Book) -> bytes:
        rule = self._simulation.ledger.settings.last_global_no
        path, device_id = self._simulation.archive.path, book.device.device_id
        head = views.ledger_head(book, rule)
        return await asyncio.to_thread(lambda: views.encode({**head, "receipts": views.receipts(path, device_id)}))

    def _book(self, text: str) -> Book:
        book = self._simulation.ledger.books.get(int(text)) if text.isascii() and text.isdigit() else None
        if book is None:
            raise Refused(404, f"There is no device {text}.")
        return book

    def _act(self, book: Book, action: str) -> dict[str, Any]:
        """What an officer of ZIMRA does with a device."""
        ledger = self._simulation.ledger
        if action in ("block", "unblock"):
            ledger.put_device(msgspec.structs.replace(book.device, active=action == "unblock"))
        elif action == "close-day-manually":
            try:
                self._simulation.closing.close_manually(book)
            except Problem as problem:
                raise Refused(problem.status, problem.detail or "") from None
            self._simulation.files.go_on(book.device.device_id)
        elif action in ("online", "offline"):
            ledger.put_device(msgspec.structs.replace(book.device, operating_mode=action.capitalize()))
        elif action == "revoke-certificate":
            if ledger.certificates.revoke(book.device.device_id) == 0:
                raise Refused(400, f"Device {book.device.device_id} has no certificate to revoke.")
        elif action in ("deactivate-taxpayer", "activate-taxpayer"):
            book.taxpayer.active = action == "activate-taxpayer"
            ledger.put_taxpayer(book.taxpayer)
        elif action == "reset":
            ledger.forget(book)
        else:
            raise Refused(404, f"There is no action {action!r}.")
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
