"""What the panels beside the trend show: tax bands, sales by the hour, latency, seven days, devices. As values.

The dashboard's names, order and rounding. Must not know Qt nor any plotting library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from ui.i18n import translate
from ui.presenters import words
from ui.presenters.device_facts import DeviceLine, device_line

MOST_BANDS = 6  # as many as there are colours
GAUGE_FULL = 100  # waiting receipts that fill the gauge


@dataclass(frozen=True)
class Slice:
    """A tax band: its name, amount and share in per cent as words, and the share as a number from 0 to 1."""

    band: str
    amount: str
    share: str
    part: float


@dataclass(frozen=True)
class TaxView:
    currency: str = ""
    total: str = ""
    slices: tuple[Slice, ...] = ()
    empty: str = field(
        default_factory=lambda: translate("panels", "The bands appear with the first taxed receipt of today.")
    )

    def spoken(self) -> str:
        if not self.slices:
            return self.empty
        bands = ", ".join(f"{one.band} {one.amount}" for one in self.slices)
        return translate("panels", "Tax of today by band in {currency}: {bands}; together {total}.").format(
            currency=self.currency, bands=bands, total=self.total
        )


@dataclass(frozen=True)
class SeriesView:
    """Bars or a line. `ticks` are (place, word); `low`/`top` bound the values; `dashed`: the last one is unfinished."""

    kind: Literal["bars", "line"] = "bars"
    values: tuple[float, ...] = ()
    ticks: tuple[tuple[int, str], ...] = ()
    places: int = 0  # how many the axis has room for; more than values where some are to come
    low: float = 0.0
    top: float = 1.0
    caption: str = ""
    sentence: str = ""
    empty: str = ""
    dashed: bool = False

    def spoken(self) -> str:
        return self.sentence or self.empty


def present_tax(metrics: Mapping[str, Any] | None) -> TaxView:
    """The currency with most sales; bands largest first."""
    by_currency = (metrics or {}).get("taxBreakdownByCurrency") or {}
    currency = _main(metrics, by_currency)
    bands = [(words.sentence(one.get("band")), _decimal(one.get("amount"))) for one in by_currency.get(currency) or ()]
    positive = sum((max(amount, Decimal()) for _, amount in bands), Decimal())
    if not positive:
        return TaxView()
    bands.sort(key=lambda pair: -pair[1])
    total = sum((amount for _, amount in bands), Decimal())
    slices = [
        Slice(
            band,
            words.money(amount),
            f"{max(amount, Decimal()) / positive * 100:.1f} %",
            float(max(amount, Decimal()) / positive),
        )
        for band, amount in bands[:MOST_BANDS]
    ]
    return TaxView(currency, words.money(total), tuple(slices))


def present_sales(metrics: Mapping[str, Any] | None, now: datetime | None) -> SeriesView:
    """Sales of today by local hour, in the currency with most sales."""
    by_currency = (metrics or {}).get("salesPerHour") or {}
    currency = _main(metrics, by_currency)
    empty = translate("panels", "Sales by the hour appear with the first receipt of today.")
    if now is None or not currency:
        return SeriesView(empty=empty)
    values = tuple(float(_decimal(value)) for value in by_currency[currency][: now.hour + 1])
    if not any(values):
        return SeriesView(empty=empty)
    total = sum((_decimal(value) for value in by_currency[currency]), Decimal())
    others = [code for code in by_currency if code != currency]
    caption = f"{currency} {words.money(total)}" + (
        translate("panels", " · also {currencies}").format(currencies=", ".join(sorted(others))) if others else ""
    )
    return SeriesView(
        values=values,
        ticks=tuple((hour, f"{hour:02d}") for hour in range(6, 24, 3)),
        places=24,
        top=nice(max(values)),
        caption=caption,
        sentence=translate("panels", "Sales of today by the hour in {currency}, together {total}.").format(
            currency=currency, total=words.money(total)
        ),
        dashed=True,
    )


def present_latency(latencies: Sequence[float]) -> SeriesView:
    """How long FDMS took for each of the last receipts, in ms, oldest first."""
    if len(latencies) < 2:
        return SeriesView("line", empty=translate("panels", "FDMS's answers appear here as receipts are sent."))
    middle = sorted(latencies)[len(latencies) // 2]
    caption = translate("panels", "middle {middle}, last {last}").format(
        middle=words.milliseconds(middle), last=words.milliseconds(latencies[-1])
    )
    return SeriesView(
        "line",
        tuple(latencies),
        places=len(latencies),
        top=nice(max(latencies)),
        caption=caption,
        sentence=translate("panels", "How long FDMS took for the last {count} receipts: {caption}.").format(
            count=len(latencies), caption=caption
        ),
    )


def present_week(metrics: Mapping[str, Any] | None) -> SeriesView:
    """The success rate of each of seven days in per cent; from 90 up where all are there, so that dips are seen."""
    days = [one for one in (metrics or {}).get("successRate7d") or () if one.get("rate") is not None]
    if not any(one.get("receipts") for one in days):
        return SeriesView(empty=translate("panels", "Seven days of success appear here day by day."))
    # A day without receipts has no rate: no bar, and a dash where others have their per cent.
    rates = [float(one["rate"]) if one.get("receipts") else None for one in days]
    low = 90.0 if min(rate for rate in rates if rate is not None) >= 90 else 0.0
    said = [words.UNKNOWN if rate is None else f"{rate:.1f} %" for rate in rates]
    names = [_weekday(one.get("date")) for one in days]
    told = [f"{name} {rate}" for name, rate in zip(names, said, strict=True)]
    return SeriesView(
        values=tuple(low if rate is None else rate for rate in rates),
        ticks=tuple(
            (place, f"{name} {words.UNKNOWN}" if rates[place] is None else name) for place, name in enumerate(names)
        ),
        places=len(rates),
        low=low,
        top=100.0,
        caption=translate("panels", "today {said}").format(said=said[-1]),
        sentence=translate("panels", "Success rate of the last days: {days}.").format(days=", ".join(told)),
    )


def present_devices(devices: Sequence[Mapping[str, Any]] | None, now: datetime | None) -> tuple[DeviceLine, ...]:
    """Worst first."""
    order = {"failed": 0, "attention": 1}
    lines = [device_line(device, now) for device in devices or ()]
    return tuple(sorted(lines, key=lambda line: (order.get(line.state, 2), line.device)))


def nice(peak: float) -> float:
    """The axis's upper end: the peak rounded up to a readable number."""
    step = 1.0
    while True:
        for factor in (1, 2, 4, 5, 8):
            if step * factor >= peak:
                return step * factor
        step *= 10


def _main(metrics: Mapping[str, Any] | None, known: Mapping[str, Any]) -> str:
    sales = (metrics or {}).get("sales") or {}
    codes = sorted(known, key=lambda code: (-_decimal(sales.get(code)), str(code)))
    return str(codes[0]) if codes else ""


def _decimal(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Decimal()
    return number if number.is_finite() else Decimal()


def _weekday(text: object) -> str:
    try:
        return words.weekday(date.fromisoformat(str(text)).weekday())
    except ValueError:
        return words.UNKNOWN
