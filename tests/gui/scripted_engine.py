"""An engine for the window's tests: says what it is told to say, does what a till does in the smallest way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

SHOP = timezone(timedelta(hours=2))
NOON = datetime(2026, 11, 22, 14, 3, 7, tzinfo=SHOP)


@dataclass(frozen=True)
class Message:
    """A message as the engine's bus gives it."""

    type: str
    seq: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    at: str = "2026-11-22T12:03:07+00:00"
    device_id: int | None = 10001


def snapshot(**changes: Any) -> dict[str, Any]:
    """The metrics snapshot of a middling day, in the promised shape."""
    hours = [0, 0, 0, 0, 0, 0, 0, 41, 96, 132, 160, 171, 214, 188, 63] + [0] * 9
    return {
        "activeDevices": 3,
        "totalDevices": 3,
        "receiptsToday": 1065,
        "failedReceipts": 0,
        "successRate": 99.6,
        "avgLatencyMs": 540,
        "sales": {"ZWG": 324500.5, "USD": 12340.0},
        "taxBreakdown": [],
        "taxBreakdownByCurrency": {
            "USD": [{"band": "15.5%", "amount": 1402.11}, {"band": "0%", "amount": 0.0}],
            "ZWG": [
                {"band": "15.5%", "amount": 41022.5},
                {"band": "5%", "amount": 9034.25},
                {"band": "exempt", "amount": 0.0},
            ],
        },
        "salesPerHour": {
            "USD": [0.0] * 7 + [900.5, 1200.0, 2100.0, 1800.25, 2400.0, 2039.25, 1500.0, 400.0] + [0.0] * 9,
            "ZWG": [0.0] * 7 + [22000.0, 41000.0, 52000.5, 61000.0, 70500.0, 48000.0, 24000.0, 6000.0] + [0.0] * 9,
        },
        "fiscalDayStatus": {"FiscalDayOpened": 3},
        "queueDepth": 0,
        "receiptsPerHour": hours,
        "successRate7d": [
            {"date": f"2026-11-{16 + i}", "rate": r, "receipts": 900}
            for i, r in enumerate((99.4, 98.9, 99.9, 99.2, 97.8, 99.5, 99.6))
        ],
        "certificates": [],
        "asOf": NOON.isoformat(),
        "seq": 40,
        **changes,
    }


def device(number: int = 10001, **changes: Any) -> dict[str, Any]:
    """A device dict in the promised shape, healthy and open since 07:58."""
    return {
        "deviceID": number,
        "deviceSerialNo": f"SN{number}",
        "deviceBranchName": "Harare Main",
        "fiscalDayStatus": "FiscalDayOpened",
        "fiscalDayNo": 118,
        "fiscalDayOpened": "2026-11-22T07:58:00",
        "taxPayerDayMaxHrs": 24,
        "taxpayerDayEndNotificationHrs": 2,
        "active": True,
        "online": True,
        "lastHeard": "2026-11-22T12:03:00+00:00",
        "queueDepth": 0,
        "oldestQueuedAt": None,
        "lastReceiptGlobalNo": 4711,
        "health": "ok",
        "attention": None,
        **changes,
    }


def receipt(number: int, **changes: Any) -> dict[str, Any]:
    """The data of a receipt event."""
    return {
        "receiptId": f"r{number}",
        "saleId": f"s{number}",
        "deviceID": 10001,
        "fiscalDayNo": 118,
        "receiptCounter": number,
        "receiptGlobalNo": number,
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "receiptTotal": "48.05",
        "invoiceNo": f"INV-{number:06d}",
        "receiptDate": "2026-11-22T14:03:00",
        "status": "completed",
        "fdmsReceiptId": 1,
        "latencyMs": 512,
        "validationErrors": [],
        **changes,
    }


def progress(number: int, percent: int, **changes: Any) -> dict[str, Any]:
    """The data of receipt.progress."""
    return {
        "receiptId": f"r{number}",
        "receiptGlobalNo": number,
        "invoiceNo": f"INV-{number:06d}",
        "stage": "",
        "percent": percent,
        "elapsedMs": percent * 5,
        **changes,
    }


class Subscription:
    """Messages put from the engine's loop, until closed."""

    def __init__(self, first: Message) -> None:
        self.queue: asyncio.Queue[Message | Exception | None] = asyncio.Queue()
        self.queue.put_nowait(first)
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[Message]:
        while (message := await self.queue.get()) is not None:
            if isinstance(message, Exception):
                raise message
            yield message

    def close(self) -> None:
        self.closed = True


class Till:
    """The part of the facade the window uses. Every call notes the thread it ran in."""

    def __init__(
        self,
        devices: list[dict[str, Any]] | None = None,
        metrics: dict[str, Any] | None = None,
        events: list[dict[str, Any]] | None = None,
    ) -> None:
        self.device_list = devices if devices is not None else [device(10001), device(10002), device(10003)]
        self.metrics = metrics or snapshot()
        self.past = events or []
        self.subscriptions: list[Subscription] = []
        self.threads: set[str] = set()
        self.calls: list[str] = []
        self.close_result: dict[str, Any] | Exception = {
            "fiscalDayStatus": "FiscalDayClosed",
            "fiscalDayNo": 118,
        }
        self.close_gate: asyncio.Event | None = None

    def subscribe(self, *, devices: Any = None, after: int | None = None) -> Subscription:
        self._note(f"subscribe {after}")
        hello = {"metrics": self.metrics, "events": self.past, "seq": self.metrics["seq"]}
        subscription = Subscription(Message("hello", self.metrics["seq"], hello))
        self.subscriptions.append(subscription)
        return subscription

    def say(self, *messages: Message) -> None:
        """Engine's loop only."""
        for message in messages:
            self.subscriptions[-1].queue.put_nowait(message)

    async def snapshot(self, devices: Any = None) -> dict[str, Any]:
        self._note("snapshot")
        return self.metrics

    async def devices(self, devices: Any = None) -> list[dict[str, Any]]:
        self._note("devices")
        return [dict(one) for one in self.device_list]

    async def device(self, number: int) -> dict[str, Any]:
        self._note(f"device {number}")
        counters = [
            {"fiscalCounterType": kind, "fiscalCounterCurrency": "USD", "fiscalCounterValue": value}
            for kind, value in (
                ("BalanceByMoneyType", "9000.25"),
                ("BalanceByMoneyType", "350.00"),
                ("SaleByTax", "1"),
            )
        ]
        return {
            **self._find(number),
            "counters": counters,
            "errors": [],
            "latencySeries": [],
            "lastReceipts": [receipt(212), receipt(211)],
        }

    async def open_day(self, number: int) -> dict[str, Any]:
        self._note(f"open {number}")
        found = self._find(number)
        found.update(fiscalDayStatus="FiscalDayOpened", fiscalDayNo=119)
        return {"deviceID": number, "fiscalDayNo": 119, "fiscalDayStatus": "FiscalDayOpened"}

    async def close_day(self, number: int, *, wait: bool = True) -> dict[str, Any]:
        self._note(f"close {number}")
        if self.close_gate is not None:
            await self.close_gate.wait()
        if isinstance(self.close_result, Exception):
            raise self.close_result
        self._find(number)["fiscalDayStatus"] = self.close_result["fiscalDayStatus"]
        return {"deviceID": number, **self.close_result}

    def _find(self, number: int) -> dict[str, Any]:
        return next(one for one in self.device_list if one["deviceID"] == number)

    def _note(self, call: str) -> None:
        self.calls.append(call)
        self.threads.add(threading.current_thread().name)


class Engine:
    """An EngineHandle around a Till, with a way to speak from another thread."""

    def __init__(self, till: Till | None = None) -> None:
        self.till = till or Till()
        self.dashboard_url: str | None = "https://192.168.1.20:8443/"
        self.summary = "Three demo devices"
        self.stopped = threading.Event()
        self.opened_in = ""
        self.loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> Engine:
        self.opened_in = threading.current_thread().name
        self.loop = asyncio.get_running_loop()
        return self

    async def stop(self) -> None:
        await asyncio.sleep(0)
        self.stopped.set()

    def say(self, *messages: Message) -> None:
        """Any thread."""
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.till.say, *messages)

    def on_loop(self, call: Callable[[], None]) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(call)
