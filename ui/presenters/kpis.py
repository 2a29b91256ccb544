"""The KPI cards' numbers and words, from the metrics snapshot every screen shares.

Must not know Qt, and computes no KPI: it only says in words what the engine has counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ui.presenters import words
from ui.presenters.status import LONG_WAIT, oldest_age

GOOD_RATE, POOR_RATE = 99.0, 95.0  # per cent; below: amber, red


@dataclass(frozen=True)
class KpiView:
    """One card. `amounts` replaces `value` on the sales card: (currency, amount), largest first.

    `spark` are values oldest first, empty for no history; `reason` says why the value is unknown.
    """

    key: str
    label: str
    value: str
    unit: str = ""
    context: str = ""
    state: str = "ok"
    chip: str = ""
    reason: str = ""
    amounts: tuple[tuple[str, str], ...] = ()
    spark: tuple[float, ...] = ()

    def spoken(self) -> str:
        """The card as one sentence, for a screen reader."""
        value = ", ".join(f"{c} {a}" for c, a in self.amounts) or f"{self.value} {self.unit}".strip()
        parts = [
            f"{self.label}: {self.reason if value == words.UNKNOWN and self.reason else value}",
            self.chip,
            self.context,
        ]
        return ". ".join(part for part in parts if part)


LABELS = (
    ("activeDevices", "Active Devices"),
    ("receiptsToday", "Receipts Today"),
    ("failedReceipts", "Failed Receipts"),
    ("successRate", "Success Rate"),
    ("latency", "FDMS Latency"),
    ("waiting", "Waiting"),
    ("sales", "Sales Totals"),
)
_NOT_YET = "The engine has not told yet"


def unknown_kpis() -> tuple[KpiView, ...]:
    """The cards before the first snapshot."""
    return tuple(KpiView(key, label, words.UNKNOWN, reason=_NOT_YET) for key, label in LABELS)


def present_kpis(
    metrics: Mapping[str, Any] | None,
    devices: Sequence[Mapping[str, Any]] | None = None,
    last_receipt: datetime | None = None,
    now: datetime | None = None,
) -> tuple[KpiView, ...]:
    """The seven cards in their order. `last_receipt` is when the newest receipt was settled or queued."""
    if metrics is None:
        return unknown_kpis()
    return (
        _active(metrics),
        _receipts(metrics, last_receipt),
        _failed(metrics),
        _success(metrics),
        _latency(metrics),
        _waiting(metrics, devices, now),
        _sales(metrics),
    )


def _active(metrics: Mapping[str, Any]) -> KpiView:
    active, total = int(metrics.get("activeDevices") or 0), int(metrics.get("totalDevices") or 0)
    quiet = total - active
    return KpiView(
        "activeDevices",
        "Active Devices",
        words.count(active),
        context=f"of {total}, {quiet} quiet" if quiet else f"of {words.plural(total, 'device')}",
        state="attention" if quiet else "ok",
        chip=f"{quiet} quiet" if quiet else "",
    )


def _receipts(metrics: Mapping[str, Any], last: datetime | None) -> KpiView:
    hours = tuple(float(h) for h in metrics.get("receiptsPerHour") or ())
    return KpiView(
        "receiptsToday",
        "Receipts Today",
        words.count(int(metrics.get("receiptsToday") or 0)),
        context=f"last {words.clock(last)}" if last else "none since the start",
        spark=hours,
    )


def _failed(metrics: Mapping[str, Any]) -> KpiView:
    failed = int(metrics.get("failedReceipts") or 0)
    return KpiView(
        "failedReceipts",
        "Failed Receipts",
        words.count(failed),
        context="refused today" if failed else "none today",
        state="failed" if failed else "ok",
        chip="refused" if failed else "",
    )


def _success(metrics: Mapping[str, Any]) -> KpiView:
    rate = metrics.get("successRate")
    if rate is None:
        return KpiView("successRate", "Success Rate", words.UNKNOWN, reason="No receipt in the last 24 h")
    state = "failed" if rate < POOR_RATE else "attention" if rate < GOOD_RATE else "ok"
    days = tuple(float(d["rate"]) for d in metrics.get("successRate7d") or () if d.get("rate") is not None)
    return KpiView(
        "successRate",
        "Success Rate",
        f"{rate:.1f}",
        "%",
        "in the last 24 h" if state == "ok" else "too low, last 24 h",
        state,
        {"ok": "", "attention": "low", "failed": "poor"}[state],
        spark=days,
    )


def _latency(metrics: Mapping[str, Any]) -> KpiView:
    mean = metrics.get("avgLatencyMs")
    if not mean:  # no receipt was sent: a mean of nothing is unknown, not zero
        return KpiView(
            "latency",
            "FDMS Latency",
            words.UNKNOWN,
            context="nothing sent yet",
            reason="No receipt was sent in the last 24 h",
        )
    value, unit = words.milliseconds(float(mean)).split(" ")
    return KpiView("latency", "FDMS Latency", value, unit, "mean of 24 h")


def _waiting(metrics: Mapping[str, Any], devices: Sequence[Mapping[str, Any]] | None, now: datetime | None) -> KpiView:
    waiting = int(metrics.get("queueDepth") or 0)
    age = oldest_age(devices, now) if devices and now and waiting else None
    late = age is not None and age > LONG_WAIT
    context = "on their way" if waiting else "nothing waits"
    if age is not None:
        context = f"{'late, ' if late else ''}oldest {words.span(age)}"
    return KpiView(
        "waiting",
        "Waiting",
        words.count(waiting),
        context=context,
        state="attention" if late else "ok",
        chip="late" if late else "",
    )


def _sales(metrics: Mapping[str, Any]) -> KpiView:
    found: list[tuple[Decimal, str]] = []
    for currency, amount in (metrics.get("sales") or {}).items():
        try:
            value = Decimal(str(amount))
        except InvalidOperation:
            continue
        if value.is_finite():
            found.append((value, words.sentence(currency)))
    if not found:
        return KpiView(
            "sales",
            "Sales Totals",
            words.UNKNOWN,
            context="no sale today",
            reason="No receipt was signed today",
        )
    found.sort(key=lambda pair: (-pair[0], pair[1]))
    return KpiView(
        "sales",
        "Sales Totals",
        "",
        context="today, with tax",
        amounts=tuple((currency, words.money(value)) for value, currency in found),
    )
