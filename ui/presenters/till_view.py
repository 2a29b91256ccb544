"""All the window knows: messages of the engine folded into the views, with a note of which parts changed.

Must not know Qt, threads or the bridge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from ui.presenters import words
from ui.presenters.feed import Change, Feed
from ui.presenters.kpis import KpiView, present_kpis
from ui.presenters.progress import Progress
from ui.presenters.shop_clock import ShopClock
from ui.presenters.status import StatusView, present_status
from ui.presenters.surroundings import Surroundings
from ui.presenters.trend import TrendView, present_trend

LATENCIES = 60  # how many of FDMS's last answers the window remembers
_SETTLED = ("receipt.completed", "receipt.failed", "receipt.queued")
_OF_DEVICES = ("fiscal.", "device.", "certificate.", "clock.")  # after these the device list is read again


class Heard(Protocol):
    """What the engine's messages look like from here."""

    @property
    def type(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> str: ...
    @property
    def device_id(self) -> int | None: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class TillView:
    """The window's state. `monotonic` counts seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.clock = ShopClock(monotonic)
        self.feed = Feed()
        self.progress = Progress()
        self.surroundings = Surroundings()
        self.metrics: Mapping[str, Any] | None = None
        self.devices: Sequence[Mapping[str, Any]] | None = None
        self.devices_outdated = False
        self.last_receipt: datetime | None = None
        self.latencies: tuple[float, ...] = ()
        self._monotonic = monotonic
        self._seq = 0

    def fold(self, messages: Iterable[Heard]) -> list[Change]:
        """Takes messages in their order; the answer is what changed in the feed."""
        changes: list[Change] = []
        for message in messages:
            if message.type == "hello":
                changes += self._hello(message.data)
            elif message.type == "metrics.updated":
                self._metrics(message.data)
            elif message.type == "receipt.progress":
                self.progress.stage(message.data, self._monotonic())
            else:
                changes += self._lasting(message.type, message.seq, message.at, message.device_id, message.data)
        return changes

    def refreshed(self, metrics: Mapping[str, Any]) -> None:
        """A snapshot that was asked for."""
        self._metrics(metrics)

    def heard_devices(self, devices: Sequence[Mapping[str, Any]]) -> None:
        self.devices = devices
        self.devices_outdated = False

    def status(self) -> StatusView:
        return present_status(self.devices, self.metrics, self.clock.now(), self.surroundings.remark)

    def kpis(self) -> tuple[KpiView, ...]:
        return present_kpis(self.metrics, self.devices, self.last_receipt, self.clock.now())

    def trend(self) -> TrendView:
        return present_trend(self.metrics, self.clock.now())

    def waiting(self) -> int:
        """Receipts that are signed but not at FDMS."""
        return int((self.metrics or {}).get("queueDepth") or 0)

    def open_days(self) -> tuple[int, ...]:
        """Devices whose fiscal day is not closed."""
        return tuple(
            int(one["deviceID"])
            for one in self.devices or ()
            if one.get("fiscalDayStatus") not in (None, "FiscalDayClosed")
        )

    def _hello(self, data: Mapping[str, Any]) -> list[Change]:
        self._metrics(data.get("metrics") or {})
        self.devices_outdated = True
        changes: list[Change] = []
        for event in sorted(data.get("events") or (), key=lambda e: int(e.get("seq") or 0)):
            changes += self._lasting(
                str(event.get("type")),
                int(event.get("seq") or 0),
                event.get("at"),
                event.get("deviceID"),
                event.get("data") or {},
                live=False,
            )
        self._seq = max(self._seq, int(data.get("seq") or 0))
        return changes

    def _metrics(self, metrics: Mapping[str, Any]) -> None:
        if self.metrics is not None and self.metrics.get("queueDepth") != metrics.get("queueDepth"):
            self.devices_outdated = True  # the age of the oldest one stands in the device list
        self.metrics = metrics
        self.clock.heard(metrics.get("asOf"))

    def _lasting(
        self,
        kind: str,
        seq: int,
        at: object,
        device: int | None,
        data: Mapping[str, Any],
        *,
        live: bool = True,
    ) -> list[Change]:
        if seq <= self._seq:
            return []  # told again after a gap
        self._seq = seq
        if kind in _SETTLED:
            self.last_receipt = words.instant(at, self.clock.zone) or self.last_receipt
            if data.get("latencyMs") is not None:
                self.latencies = (*self.latencies, float(data["latencyMs"]))[-LATENCIES:]
            if live:
                self.progress.settled(kind, data, self._monotonic())
        elif kind.startswith(_OF_DEVICES):
            self.devices_outdated = True
        self.surroundings.heard(kind, data)
        change = self.feed.add(kind, at, device, data, self.clock.zone)
        return [change] if change else []
