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


def settled(device_id: int, receipt_date: str, at: datetime, completed: bool, latency_ms: int | None) -> list[Delta]:
    """What FDMS's final answer adds. `receipt_date` is the receipt's local text, `at` the moment of the answer.

    `latency_ms` is None for a receipt that went in a file: nobody waited for its answer.
    """
    won, lost = (1, 0) if completed else (0, 1)
    return [
        Delta("days", (device_id, receipt_date[:10]), (won, lost)),
        Delta("minutes", (device_id, utc_text(at)[:16]), (won, lost, latency_ms or 0, 0 if latency_ms is None else 1)),
    ]


class Board:
    """All figures that the snapshot can need, per device and day: O(devices), whatever the number of receipts.

    Days are local texts. What falls out of the 24 hours is taken out of their sums, so that nobody adds them up again.
    """

    def __init__(self) -> None:
        self._sales: dict[str, dict[tuple[int, int, str], list[int]]] = {}
        self._taxes: dict[str, dict[tuple[int, str, str], int]] = {}
        self._days: dict[str, dict[int, list[int]]] = {}
        self._minutes: dict[str, dict[int, tuple[int, ...]]] = {}
        self._windows: dict[int, list[int]] = {}
        self._pruned = ""

    def apply(self, deltas: Iterable[Delta]) -> None:
        """Add to the figures."""
        for bucket, key, add in deltas:
            if bucket == "sales":
                device, hour, currency = key
                hours = self._sales.setdefault(hour[:10], {})
                _add(hours.setdefault((device, int(hour[11:]), currency), [0, 0]), add)
                _add(self._day(hour[:10], device), (0, 0, add[0]))
            elif bucket == "taxes":
                device, day, currency, band = key
                taxes = self._taxes.setdefault(day, {})
                taxes[device, currency, band] = taxes.get((device, currency, band), 0) + add[0]
            elif bucket == "days":
                _add(self._day(key[1], key[0]), add)
            else:
                device, minute = key
                _add(self._windows.setdefault(device, [0, 0, 0, 0]), add)
                minutes = self._minutes.setdefault(minute, {})
                held = minutes.get(device)
                minutes[device] = add if held is None else tuple(map(sum, zip(held, add, strict=True)))

    def _day(self, day: str, device: int) -> list[int]:
        """A device's day: completed, failed, receipts."""
        return self._days.setdefault(day, {}).setdefault(device, [0, 0, 0])

    def lacks(self, now: datetime) -> bool:
        """Whether the clock went back behind what was forgotten: a new board has to be made of the rollups."""
        return utc_text(now)[:16] < self._pruned

    def prune(self, now: datetime) -> None:
        """Forget what no snapshot can need any more: days before the last seven, minutes before the window."""
        minute = utc_text(now)[:16]
        if minute <= self._pruned:
            return
        self._pruned = minute
        first_day = (shop_day(now) - timedelta(days=7)).isoformat()
        for days in (self._sales, self._taxes, self._days):
            for day in [day for day in days if day < first_day]:
                del days[day]
        gone = utc_text(now - WINDOW)[:16]
        for past in [minute for minute in self._minutes if minute <= gone]:
            for device, values in self._minutes.pop(past).items():
                _add(self._windows[device], [-value for value in values])

    def snapshot(
        self, now: datetime, states: Iterable[DeviceState], seq: int, devices: frozenset[int] | None = None
    ) -> dict[str, Any]:
        """The metrics; `devices` limits them to what an account may see; `avgLatencyMs` is 0 before any answer."""
        self.prune(now)
        seen = [state for state in states if devices is None or state.device_id in devices]
        ids = frozenset(state.device_id for state in seen)
        today = shop_day(now)
        sales, hours, by_hour = self._today(today.isoformat(), ids)
        bands = self._bands(today.isoformat(), ids)
        _, failed, receipts = self._sum(today.isoformat(), ids)
        main = max(sales, key=lambda currency: (sales[currency], currency), default=None)
        rate, latency = self._window(ids)
        return {
            "activeDevices": sum(_active(state, now) for state in seen),
            "totalDevices": len(seen),
            "receiptsToday": receipts,
            "failedReceipts": failed,
            "successRate": rate,
            "avgLatencyMs": latency,
            "sales": {currency: from_cents(total) for currency, total in sorted(sales.items())},
            "taxBreakdown": bands.get(main, []) if main else [],
            "taxBreakdownCurrency": main,
            "taxBreakdownByCurrency": bands,
            "fiscalDayStatus": _count(state.day_status for state in seen),
            "queueDepth": sum(state.queued for state in seen),
            "receiptsPerHour": hours,
            "salesPerHour": {currency: list(map(from_cents, by_hour[currency])) for currency in sorted(by_hour)},
            "successRate7d": self._week(today, ids),
            "certificates": [
                _certificate(state.device_id, state.certificate_end, now) for state in seen if state.certificate_end
            ],
            "asOf": now.astimezone(SHOP_ZONE).isoformat(timespec="seconds"),
            "seq": seq,
        }

    def day(self, day: str, devices: Iterable[int]) -> dict[str, Any]:
        """A day's figures by the snapshot's names; `successRate` is None where FDMS answered nothing of that day."""
        ids = frozenset(devices)
        sales, hours, by_hour = self._today(day, ids)
        bands = self._bands(day, ids)
        main = max(sales, key=lambda currency: (sales[currency], currency), default=None)
        return {
            **self._part(day, ids),
            "taxBreakdown": bands.get(main, []) if main else [],
            "taxBreakdownCurrency": main,
            "taxBreakdownByCurrency": bands,
            "receiptsPerHour": hours,
            "salesPerHour": {currency: list(map(from_cents, by_hour[currency])) for currency in sorted(by_hour)},
            "devices": [{"deviceID": one, **self._part(day, frozenset((one,)))} for one in sorted(ids)],
        }

    def _part(self, day: str, ids: frozenset[int]) -> dict[str, Any]:
        completed, failed, receipts = self._sum(day, ids)
        sales = self._today(day, ids)[0]
        return {
            "receipts": receipts,
            "completed": completed,
            "failed": failed,
            "successRate": _rate(completed, failed) if completed + failed else None,
            "sales": {currency: from_cents(total) for currency, total in sorted(sales.items())},
        }

    def _today(self, day: str, ids: frozenset[int]) -> tuple[dict[str, int], list[int], dict[str, list[int]]]:
        """Sales by currency, receipts by hour, sales by currency and hour."""
        totals: dict[str, int] = {}
        hours = [0] * 24
        by_hour: dict[str, list[int]] = {}
        for (device, hour, currency), (count, value) in self._sales.get(day, {}).items():
            if device in ids:
                totals[currency] = totals.get(currency, 0) + value
                hours[hour] += count
                by_hour.setdefault(currency, [0] * 24)[hour] += value
        return totals, hours, by_hour

    def _bands(self, day: str, ids: frozenset[int]) -> dict[str, list[dict[str, Any]]]:
        totals: dict[tuple[str, str], int] = {}
        for (device, currency, band), value in self._taxes.get(day, {}).items():
            if device in ids:
                totals[currency, band] = totals.get((currency, band), 0) + value
        bands: dict[str, list[dict[str, Any]]] = {}
        for (currency, band), value in sorted(totals.items(), key=lambda item: (item[0][0], -_percent(item[0][1]))):
            bands.setdefault(currency, []).append({"band": band, "amount": from_cents(value)})
        return bands

    def _window(self, ids: frozenset[int]) -> tuple[float, int]:
        total = [0, 0, 0, 0]
        for device, values in self._windows.items():
            if device in ids:
                _add(total, values)
        completed, failed, latency, latencies = total
        return _rate(completed, failed), round(latency / latencies) if latencies else 0

    def _week(self, today: date, ids: frozenset[int]) -> list[dict[str, Any]]:
        week = []
        for back in range(6, -1, -1):
            day = (today - timedelta(days=back)).isoformat()
            completed, failed, receipts = self._sum(day, ids)
            week.append({"date": day, "rate": _rate(completed, failed), "receipts": receipts})
        return week

    def _sum(self, day: str, ids: frozenset[int]) -> tuple[int, int, int]:
        """Completed, failed and receipts of a day."""
        total = [0, 0, 0]
        for device, values in self._days.get(day, {}).items():
            if device in ids:
                _add(total, values)
        return total[0], total[1], total[2]


def _add(total: list[int], values: Iterable[int]) -> None:
    for index, value in enumerate(values):
        total[index] += value


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
