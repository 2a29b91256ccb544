"""Live figures as folds: what each receipt adds to which bucket, and the snapshot made of the buckets.

The same deltas go into the database's rollups (in the receipt's own transaction) and into the board in memory,
so neither ever scans receipts. The snapshot's names and meanings are those of the dashboard contract.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from .device import band_name
from .localtime import SHOP_ZONE, shop_day, utc_text
from .money import cents, from_cents
from .receipt import Receipt

Bucket = Literal["sales", "taxes", "days", "minutes"]
WINDOW = timedelta(hours=24)
ACTIVE_WITHIN = timedelta(minutes=5)


class Delta(NamedTuple):
    """An addition to one bucket.

    sales:   (device, local hour "YYYY-MM-DDTHH", currency)  += receipts, cents
    taxes:   (device, local day "YYYY-MM-DD", currency, band) += tax cents
    days:    (device, local day of the receipt)              += completed, failed
    minutes: (device, UTC minute of settling "…THH:MM")      += completed, failed, latency ms, latencies
    """

    bucket: Bucket
    key: tuple[Any, ...]
    add: tuple[int, ...]


class DeviceState(NamedTuple):
    """What the snapshot needs to know of a device now; `certificate_end` and `heard` are aware moments."""

    device_id: int
    day_status: str
    heard: datetime | None
    queued: int
    certificate_end: datetime | None


def signed(device_id: int, receipt: Receipt) -> list[Delta]:
    """What a signed receipt adds; credit notes are negative already."""
    day, currency = receipt.date[:10], receipt.currency
    deltas = [Delta("sales", (device_id, receipt.date[:13], currency), (1, cents(receipt.total)))]
    for tax in receipt.taxes:
        key = (device_id, day, currency, band_name(tax.percent))
        deltas.append(Delta("taxes", key, (cents(tax.amount),)))
    return deltas


def settled(device_id: int, receipt_date: str, at: datetime, completed: bool, latency_ms: int) -> list[Delta]:
    """What FDMS's final answer adds. `receipt_date` is the receipt's local text, `at` the moment of the answer."""
    won, lost = (1, 0) if completed else (0, 1)
    return [
        Delta("days", (device_id, receipt_date[:10]), (won, lost)),
        Delta("minutes", (device_id, utc_text(at)[:16]), (won, lost, latency_ms, 1)),
    ]


class Board:
    """All buckets that the snapshot can need, per device: O(devices), whatever the number of receipts."""

    def __init__(self) -> None:
        self._buckets: dict[str, dict[tuple[Any, ...], list[int]]] = {
            "sales": {},
            "taxes": {},
            "days": {},
            "minutes": {},
        }
        self._pruned = ""

    def apply(self, deltas: Iterable[Delta]) -> None:
        """Add to the buckets."""
        for bucket, key, add in deltas:
            held = self._buckets[bucket].get(key)
            if held is None:
                self._buckets[bucket][key] = list(add)
            else:
                for index, value in enumerate(add):
                    held[index] += value

    def prune(self, now: datetime) -> None:
        """Forget what no snapshot can need any more: days before the last seven, minutes before the window."""
        minute = utc_text(now)[:16]
        if minute == self._pruned:
            return
        self._pruned = minute
        first_day = (shop_day(now) - timedelta(days=7)).isoformat()
        first_minute = utc_text(now - WINDOW)[:16]
        for bucket, first in (
            ("sales", first_day),
            ("taxes", first_day),
            ("days", first_day),
            ("minutes", first_minute),
        ):
            held = self._buckets[bucket]
            for key in [key for key in held if key[1] < first]:
                del held[key]

    def snapshot(
        self, now: datetime, states: Iterable[DeviceState], seq: int, devices: frozenset[int] | None = None
    ) -> dict[str, Any]:
        """The metrics snapshot (see docs/architecture.md); `devices` limits it to what an account may see."""
        self.prune(now)
        seen = [state for state in states if devices is None or state.device_id in devices]
        ids = frozenset(state.device_id for state in seen)
        today = shop_day(now)
        sales, hours, receipts = self._sales(today, ids)
        bands = self._bands(today.isoformat(), ids)
        main = max(sales, key=lambda currency: (sales[currency], currency), default=None)
        rate, latency = self._window(now, ids)
        return {
            "activeDevices": sum(_active(state, now) for state in seen),
            "totalDevices": len(seen),
            "receiptsToday": receipts,
            "failedReceipts": self._sum("days", today.isoformat(), ids)[1],
            "successRate": rate,
            "avgLatencyMs": latency,
            "sales": {currency: from_cents(total) for currency, total in sorted(sales.items())},
            "taxBreakdown": bands.get(main, []) if main else [],
            "taxBreakdownCurrency": main,
            "taxBreakdownByCurrency": bands,
            "fiscalDayStatus": _count(state.day_status for state in seen),
            "queueDepth": sum(state.queued for state in seen),
            "receiptsPerHour": hours,
            "successRate7d": self._week(today, ids),
            "certificates": [
                _certificate(state.device_id, state.certificate_end, now) for state in seen if state.certificate_end
            ],
            "asOf": now.astimezone(SHOP_ZONE).isoformat(timespec="seconds"),
            "seq": seq,
        }

    def _sales(self, today: date, ids: frozenset[int]) -> tuple[dict[str, int], list[int], int]:
        totals: dict[str, int] = {}
        hours = [0] * 24
        day = today.isoformat()
        for (device, hour, currency), (count, value) in self._buckets["sales"].items():
            if device in ids and hour[:10] == day:
                totals[currency] = totals.get(currency, 0) + value
                hours[int(hour[11:])] += count
        return totals, hours, sum(hours)

    def _bands(self, day: str, ids: frozenset[int]) -> dict[str, list[dict[str, Any]]]:
        totals: dict[tuple[str, str], int] = {}
        for (device, at, currency, band), (value,) in self._buckets["taxes"].items():
            if device in ids and at == day:
                totals[currency, band] = totals.get((currency, band), 0) + value
        bands: dict[str, list[dict[str, Any]]] = {}
        for (currency, band), value in sorted(totals.items(), key=lambda item: (item[0][0], -_percent(item[0][1]))):
            bands.setdefault(currency, []).append({"band": band, "amount": from_cents(value)})
        return bands

    def _window(self, now: datetime, ids: frozenset[int]) -> tuple[float, int | None]:
        first = utc_text(now - WINDOW)[:16]
        completed = failed = latency = latencies = 0
        for (device, minute), (won, lost, ms, count) in self._buckets["minutes"].items():
            if device in ids and minute > first:
                completed, failed = completed + won, failed + lost
                latency, latencies = latency + ms, latencies + count
        return _rate(completed, failed), round(latency / latencies) if latencies else None

    def _week(self, today: date, ids: frozenset[int]) -> list[dict[str, Any]]:
        week = []
        for back in range(6, -1, -1):
            day = (today - timedelta(days=back)).isoformat()
            completed, failed = self._sum("days", day, ids)
            receipts = sum(
                count
                for (device, hour, _), (count, _) in self._buckets["sales"].items()
                if device in ids and hour[:10] == day
            )
            week.append({"date": day, "rate": _rate(completed, failed), "receipts": receipts})
        return week

    def _sum(self, bucket: str, day: str, ids: frozenset[int]) -> tuple[int, int]:
        first = second = 0
        for device in ids:
            held = self._buckets[bucket].get((device, day))
            if held:
                first, second = first + held[0], second + held[1]
        return first, second


def _rate(completed: int, failed: int) -> float:
    if not completed + failed:
        return 100.0
    return float(round(Decimal(100 * completed) / (completed + failed), 1))


def _active(state: DeviceState, now: datetime) -> bool:
    is_open = state.day_status in ("FiscalDayOpened", "FiscalDayCloseFailed")
    return is_open and state.heard is not None and now - state.heard <= ACTIVE_WITHIN


def _certificate(device_id: int, end: datetime, now: datetime) -> dict[str, Any]:
    return {"deviceID": device_id, "notAfter": utc_text(end)[:19] + "Z", "daysLeft": (end - now).days}


def _count(names: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    return counted


def _percent(band: str) -> Decimal:
    return Decimal(band[:-1]) if band.endswith("%") else Decimal(-1)
