"""The one sentence above everything: may I sell, is the day open, what waits, what do I do now.

Worst news first. Must not know Qt; takes device dicts and the metrics snapshot, gives a StatusView.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ui.presenters import words

Device = Mapping[str, Any]

OPEN_STATES = ("FiscalDayOpened", "FiscalDayCloseFailed")
SHORT_HOURS = 3.0  # the rest of a day that turns the strip amber; under LAST_HOURS it turns red
LAST_HOURS = 1.0
LONG_WAIT = 600.0  # seconds a receipt may wait while FDMS answers before it is worth a word


@dataclass(frozen=True)
class StatusView:
    """`state` is "plain", "ok", "attention" or "failed"; `icon` names a glyph."""

    state: str
    icon: str
    sentence: str


STARTING = StatusView("plain", "waiting", "Starting — reading the till's book")
CLOSING = StatusView("plain", "waiting", "Closing — the engine is being stopped in order")
STOPPED = "The engine has stopped by itself — quit and start fiscalmon again"
NO_DEVICE = StatusView("attention", "attention", "No fiscal device yet — register one to sell")


def failed_start(sentence: str) -> StatusView:
    return StatusView("failed", "failed", sentence)


def hours_left(device: Device, now: datetime) -> float | None:
    """Hours until the device's day reaches its limit, negative when over; None while no day is open."""
    opened = words.instant(device.get("fiscalDayOpened"), now.tzinfo)
    limit = device.get("taxPayerDayMaxHrs")
    if opened is None or not limit or device.get("fiscalDayStatus") not in OPEN_STATES:
        return None
    return float(limit) - (now - opened).total_seconds() / 3600


def day_left(hours: float) -> str:
    """ "5 h 40 left", or "2 h over its limit"."""
    return f"{words.span(hours * 3600)} left" if hours > 0 else f"{words.span(-hours * 3600)} over its limit"


def present_status(
    devices: Sequence[Device] | None, metrics: Mapping[str, Any] | None, now: datetime | None
) -> StatusView:
    """The strip for what is known. None means the engine has not told yet."""
    if devices is None or now is None:
        return STARTING
    if not devices:
        return NO_DEVICE
    return (
        _cannot_sell(devices)
        or _day_trouble(devices, now)
        or _no_day(devices)
        or _waiting(devices, metrics, now)
        or _remark(devices)
        or _ready(devices, now)
    )


def _name(devices: Sequence[Device], device: Device) -> str:
    """Which device, said only where there are several."""
    return f"device {device.get('deviceID')}: " if len(devices) > 1 else ""


def _cannot_sell(devices: Sequence[Device]) -> StatusView | None:
    failed = [
        d
        for d in devices
        if d.get("health") == "failed" and d.get("fiscalDayStatus") not in ("FiscalDayCloseFailed", "FiscalDayClosed")
    ]
    if not failed:
        return None
    why = words.sentence(failed[0].get("attention")) or "it needs support"
    if len(failed) == len(devices):
        return StatusView("failed", "failed", f"Stop — {_name(devices, failed[0])}{why}")
    return StatusView(
        "failed",
        "failed",
        f"{len(failed)} of {len(devices)} devices cannot sell — {_name(devices, failed[0])}{why}",
    )


def _day_trouble(devices: Sequence[Device], now: datetime) -> StatusView | None:
    for device in devices:
        if device.get("fiscalDayStatus") == "FiscalDayCloseFailed":
            return StatusView(
                "failed",
                "failed",
                f"Day {device.get('fiscalDayNo')} did not close — {_name(devices, device)}"
                "press F7 to see why and what to do",
            )
    ending = sorted(((left, d) for d in devices if (left := hours_left(d, now)) is not None), key=lambda x: x[0])
    if not ending or ending[0][0] >= SHORT_HOURS:
        return None
    left, device = ending[0]
    day = f"day {device.get('fiscalDayNo')}"
    if left <= 0:
        return StatusView(
            "failed", "failed", f"Close the day — {_name(devices, device)}{day} is {day_left(left)}: press F7"
        )
    if left < LAST_HOURS:
        return StatusView(
            "failed",
            "attention",
            f"Close the day soon — {_name(devices, device)}{day} has {day_left(left)}: press F7",
        )
    return StatusView(
        "attention",
        "attention",
        f"Ready to sell — {_name(devices, device)}{day} has only {day_left(left)}: close it with F7",
    )


def _no_day(devices: Sequence[Device]) -> StatusView | None:
    if any(d.get("fiscalDayStatus") == "FiscalDayOpened" for d in devices):
        return None
    closing = [d for d in devices if d.get("fiscalDayStatus") == "FiscalDayCloseInitiated"]
    if closing:
        return StatusView(
            "attention",
            "waiting",
            f"Closing day {closing[0].get('fiscalDayNo')} — FDMS checks the counters; "
            "selling goes on when a new day is open",
        )
    return StatusView("plain", "day", "The day is closed — press F7 to open it before you sell")


def _waiting(devices: Sequence[Device], metrics: Mapping[str, Any] | None, now: datetime) -> StatusView | None:
    waiting = sum(int(d.get("queueDepth") or 0) for d in devices)
    if metrics is not None and metrics.get("queueDepth") is not None:
        waiting = int(metrics["queueDepth"])
    age = oldest_age(devices, now)
    offline = [d for d in devices if not d.get("online") and d.get("fiscalDayStatus") == "FiscalDayOpened"]
    open_ones = [d for d in devices if d.get("fiscalDayStatus") == "FiscalDayOpened"]
    if waiting and (len(offline) == len(open_ones) or (offline and len(devices) > 1)):
        oldest = f", oldest {words.span(age)}" if age is not None else ""
        verb, goes = ("waits", "it goes") if waiting == 1 else ("wait", "they go")
        return StatusView(
            "attention",
            "offline",
            f"Selling offline — {words.plural(waiting, 'receipt')} {verb}{oldest}; {goes} out by "
            + ("itself" if waiting == 1 else "themselves"),
        )
    unreachable = [d for d in offline if d.get("health") != "ok"]  # "ok" and offline: not tried yet
    if unreachable and len(unreachable) == len(open_ones):
        return StatusView(
            "attention",
            "offline",
            "Selling offline — FDMS does not answer; receipts wait and go out by themselves",
        )
    if waiting and age is not None and age > LONG_WAIT:
        return StatusView(
            "attention",
            "attention",
            f"Ready to sell — but {words.plural(waiting, 'receipt')} "
            f"{'waits' if waiting == 1 else 'wait'} since {words.span(age)}",
        )
    return None


def oldest_age(devices: Sequence[Device], now: datetime) -> float | None:
    """Seconds the oldest waiting receipt has waited; None when nothing waits."""
    stamps = [
        t
        for d in devices
        if d.get("queueDepth") and (t := words.instant(d.get("oldestQueuedAt"), now.tzinfo)) is not None
    ]
    return max(0.0, (now - min(stamps)).total_seconds()) if stamps else None


def _remark(devices: Sequence[Device]) -> StatusView | None:
    for device in devices:
        if device.get("health") == "attention" and device.get("attention"):
            return StatusView(
                "attention",
                "attention",
                f"Ready to sell — {_name(devices, device)}{words.sentence(device['attention'])}",
            )
    return None


def _ready(devices: Sequence[Device], now: datetime) -> StatusView:
    days = [d for d in devices if d.get("fiscalDayStatus") == "FiscalDayOpened"]
    lefts = [left for d in days if (left := hours_left(d, now)) is not None]
    if len(devices) == 1:
        device = days[0]
        opened = words.instant(device.get("fiscalDayOpened"), now.tzinfo)
        text = f"Ready to sell — day {device.get('fiscalDayNo')} open"
        if opened is not None:
            text += f" since {words.since(opened, now)}"
        return StatusView("ok", "ok", text + (f", {day_left(lefts[0])}" if lefts else ""))
    text = f"Ready to sell — {len(days)} of {len(devices)} devices have their day open"
    return StatusView("ok", "ok", text + (f", the first with {day_left(min(lefts))}" if lefts else ""))
