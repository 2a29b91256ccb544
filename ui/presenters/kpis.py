"""The KPI cards' numbers and words, from the metrics snapshot every screen shares.

Must not know Qt, and computes no KPI: it only says in words what the engine has counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP, translate
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
    ("activeDevices", QT_TRANSLATE_NOOP("kpis", "Active Devices")),
    ("receiptsToday", QT_TRANSLATE_NOOP("kpis", "Receipts Today")),
    ("failedReceipts", QT_TRANSLATE_NOOP("kpis", "Failed Receipts")),
    ("successRate", QT_TRANSLATE_NOOP("kpis", "Success Rate")),
    ("latency", QT_TRANSLATE_NOOP("kpis", "FDMS Latency")),
    ("waiting", QT_TRANSLATE_NOOP("kpis", "Waiting")),
    ("sales", QT_TRANSLATE_NOOP("kpis", "Sales Totals")),
)
_NOT_YET = QT_TRANSLATE_NOOP("kpis", "The engine has not told yet")


def unknown_kpis() -> tuple[KpiView, ...]:
    """The cards before the first snapshot."""
    return tuple(
        KpiView(key, translate("kpis", label), words.UNKNOWN, reason=translate("kpis", _NOT_YET))
        for key, label in LABELS
    )


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
        translate("kpis", "Active Devices"),
        words.count(active),
        context=translate("kpis", "of {total}, {quiet} quiet").format(total=total, quiet=quiet)
        if quiet
        else translate("kpis", "of {many}").format(many=words.plural(total, "device")),
        state="attention" if quiet else "ok",
        chip=translate("kpis", "{quiet} quiet").format(quiet=quiet) if quiet else "",
    )


def _receipts(metrics: Mapping[str, Any], last: datetime | None) -> KpiView:
    hours = tuple(float(h) for h in metrics.get("receiptsPerHour") or ())
    return KpiView(
        "receiptsToday",
        translate("kpis", "Receipts Today"),
        words.count(int(metrics.get("receiptsToday") or 0)),
        context=translate("kpis", "last {time}").format(time=words.clock(last))
        if last
        else translate("kpis", "none since the start"),
        spark=hours,
    )


def _failed(metrics: Mapping[str, Any]) -> KpiView:
    failed = int(metrics.get("failedReceipts") or 0)
    return KpiView(
        "failedReceipts",
        translate("kpis", "Failed Receipts"),
        words.count(failed),
        context=translate("kpis", "refused today") if failed else translate("kpis", "none today"),
        state="failed" if failed else "ok",
        chip=translate("kpis", "refused") if failed else "",
    )


def _success(metrics: Mapping[str, Any]) -> KpiView:
    rate = metrics.get("successRate")
    if rate is None:
        return KpiView(
            "successRate",
            translate("kpis", "Success Rate"),
            words.UNKNOWN,
            reason=translate("kpis", "No receipt in the last 24 h"),
        )
    state = "failed" if rate < POOR_RATE else "attention" if rate < GOOD_RATE else "ok"
    days = tuple(float(d["rate"]) for d in metrics.get("successRate7d") or () if d.get("rate") is not None)
    return KpiView(
        "successRate",
        translate("kpis", "Success Rate"),
        f"{rate:.1f}",
        "%",
        translate("kpis", "in the last 24 h") if state == "ok" else translate("kpis", "too low, last 24 h"),
        state,
        {"ok": "", "attention": translate("kpis", "low"), "failed": translate("kpis", "poor")}[state],
        spark=days,
    )


def _latency(metrics: Mapping[str, Any]) -> KpiView:
    mean = metrics.get("avgLatencyMs")
    if not mean:  # no receipt was sent: a mean of nothing is unknown, not zero
        return KpiView(
            "latency",
            translate("kpis", "FDMS Latency"),
            words.UNKNOWN,
            context=translate("kpis", "nothing sent yet"),
            reason=translate("kpis", "No receipt was sent in the last 24 h"),
        )
    value, unit = words.milliseconds(float(mean)).split(" ")
    return KpiView("latency", translate("kpis", "FDMS Latency"), value, unit, translate("kpis", "mean of 24 h"))


def _waiting(metrics: Mapping[str, Any], devices: Sequence[Mapping[str, Any]] | None, now: datetime | None) -> KpiView:
    waiting = int(metrics.get("queueDepth") or 0)
    age = oldest_age(devices, now) if devices and now and waiting else None
    late = age is not None and age > LONG_WAIT
    context = translate("kpis", "on their way") if waiting else translate("kpis", "nothing waits")
    if age is not None:
        context = (
            translate("kpis", "late, oldest {span}").format(span=words.span(age))
            if late
            else translate("kpis", "oldest {span}").format(span=words.span(age))
        )
    return KpiView(
        "waiting",
        translate("kpis", "Waiting"),
        words.count(waiting),
        context=context,
        state="attention" if late else "ok",
        chip=translate("kpis", "late") if late else "",
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
            translate("kpis", "Sales Totals"),
            words.UNKNOWN,
            context=translate("kpis", "no sale today"),
            reason=translate("kpis", "No receipt was signed today"),
        )
    found.sort(key=lambda pair: (-pair[0], pair[1]))
    return KpiView(
        "sales",
        translate("kpis", "Sales Totals"),
        "",
        context=translate("kpis", "today, with tax"),
        amounts=tuple((currency, words.money(value)) for value, currency in found),
    )
