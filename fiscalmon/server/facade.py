"""What the server asks of the engine: the Till's methods that the routes use, as Protocols.

Every dict is JSON-ready with the names of docs and OpenAPI. `devices` None means all; a device outside is unknown.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

from ..events import Message

Json = dict[str, Any]
Devices = frozenset[int] | None


class History(Protocol):
    """Days gone by."""

    async def day(self, day: str | None, devices: Devices = None, device_id: int | None = None) -> Json: ...
    async def events_before(self, before: int, limit: int, devices: Devices = None) -> list[Json]: ...
    def receipts_csv(self, *, devices: Devices = None, **wanted: Any) -> AsyncIterator[str]: ...


class Alerts(Protocol):
    """What people were told is wrong. Without `office` the alerts about the till's doors look as if absent."""

    async def listed(self, *, limit: int = 50, devices: Devices = None, office: bool = True) -> list[Json]: ...
    async def acknowledge(self, alert_id: str, *, by: str, devices: Devices = None, office: bool = True) -> Json: ...


class Waiting(Protocol):
    """What waits for FDMS."""

    async def send_now(self, devices: Devices = None, device_id: int | None = None) -> Json: ...


class Feed(Protocol):
    """A listener's queue: the first message is `hello`, or what was missed. Iteration may raise bus.Overflow."""

    def __aiter__(self) -> AsyncIterator[Message]: ...
    def close(self) -> None: ...


class Till(Protocol):
    """The engine, on its own loop. Raises the errors of `fiscalmon.domain.errors`."""

    @property
    def history(self) -> History: ...
    @property
    def waiting(self) -> Waiting: ...
    @property
    def alerts(self) -> Alerts: ...
    def subscribe(self, *, devices: Devices = None, after: int | None = None) -> Feed: ...
    async def snapshot(self, devices: Devices = None) -> Json: ...
    async def devices(self, devices: Devices = None) -> list[Json]: ...
    async def device(self, device_id: int, devices: Devices = None) -> Json: ...
    async def events(self, *, after: int = 0, limit: int = 50, devices: Devices = None) -> list[Json]: ...
    async def submit(
        self, sale: bytes, *, wait: str = "signed", devices: Devices = None, default_device: int | None = None
    ) -> Json: ...
    async def receipts(
        self, *, limit: int = 50, before: int | None = None, devices: Devices = None, **wanted: Any
    ) -> Json:
        """A page, newest first. `wanted`: device, day, status, since, until, search."""

    async def receipt(self, receipt_id: str, devices: Devices = None) -> Json: ...
    async def open_day(self, device_id: int, devices: Devices = None) -> Json: ...
    async def close_day(self, device_id: int, devices: Devices = None, *, wait: bool = True) -> Json: ...
