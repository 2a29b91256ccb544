"""The one sentence above everything: may I sell, is the day open, what waits, what do I do now.

Worst news first. Must not know Qt; takes device dicts and the metrics snapshot, gives a StatusView.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP, translate
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


STARTING = StatusView("plain", "waiting", QT_TRANSLATE_NOOP("status", "Starting — reading the till's book"))
CLOSING = StatusView("plain", "waiting", QT_TRANSLATE_NOOP("status", "Closing — the engine is being stopped in order"))
STOPPED = QT_TRANSLATE_NOOP("status", "The engine has stopped by itself — quit and start fiscalmon again")
NO_DEVICE = StatusView(
    "attention", "attention", QT_TRANSLATE_NOOP("status", "No fiscal device yet — register one to sell")
)


def in_words(view: StatusView) -> StatusView:
    """One of the fixed views above in the screen's language."""
    return StatusView(view.state, view.icon, translate("status", view.sentence))


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
    return (
        translate("status", "{span} left").format(span=words.span(hours * 3600))
        if hours > 0
        else translate("status", "{span} over its limit").format(span=words.span(-hours * 3600))
    )


def present_status(
    devices: Sequence[Device] | None, metrics: Mapping[str, Any] | None, now: datetime | None, remark: str = ""
) -> StatusView:
    """The strip for what is known; None means the engine has not told yet. `remark`: what is wrong beside the devices,
    as with a printer.
    """
    if devices is None or now is None:
        return in_words(STARTING)
    if not devices:
        return in_words(NO_DEVICE)
    return (
        _cannot_sell(devices)
        or _day_trouble(devices, now)
        or _no_day(devices)
        or _waiting(devices, metrics, now)
        or _remark(devices)
        or _beside(remark)
        or _ready(devices, now)
    )


def _name(devices: Sequence[Device], device: Device) -> str:
    """Which device, said only where there are several."""
    return translate("status", "device {device}: ").format(device=device.get("deviceID")) if len(devices) > 1 else ""


def _cannot_sell(devices: Sequence[Device]) -> StatusView | None:
    failed = [
        d
        for d in devices
        if d.get("health") == "failed" and d.get("fiscalDayStatus") not in ("FiscalDayCloseFailed", "FiscalDayClosed")
    ]
    if not failed:
        return None
    why = words.sentence(failed[0].get("attention")) or translate("status", "it needs support")
    if len(failed) == len(devices):
        return StatusView(
            "failed",
            "failed",
            translate("status", "Stop — {name}{why}").format(name=_name(devices, failed[0]), why=why),
        )
    return StatusView(
        "failed",
        "failed",
        translate("status", "{failed} of {devices} devices cannot sell — {name}{why}").format(
            failed=len(failed), devices=len(devices), name=_name(devices, failed[0]), why=why
        ),
    )


def _day_trouble(devices: Sequence[Device], now: datetime) -> StatusView | None:
    for device in devices:
        if device.get("fiscalDayStatus") == "FiscalDayCloseFailed":
            return StatusView(
                "failed",
                "failed",
                translate("status", "Day {day} did not close — {name}press F7 to see why and what to do").format(
                    day=device.get("fiscalDayNo"), name=_name(devices, device)
                ),
            )
    ending = sorted(((left, d) for d in devices if (left := hours_left(d, now)) is not None), key=lambda x: x[0])
    if not ending or ending[0][0] >= SHORT_HOURS:
        return None
    left, device = ending[0]
    day = translate("status", "day {day}").format(day=device.get("fiscalDayNo"))
    if left <= 0:
        return StatusView(
            "failed",
            "failed",
            translate("status", "Close the day — {name}{day} is {day_left}: press F7").format(
                name=_name(devices, device), day=day, day_left=day_left(left)
            ),
        )
    if left < LAST_HOURS:
        return StatusView(
            "failed",
            "attention",
            translate("status", "Close the day soon — {name}{day} has {day_left}: press F7").format(
                name=_name(devices, device), day=day, day_left=day_left(left)
            ),
        )
    return StatusView(
        "attention",
        "attention",
        translate("status", "Ready to sell — {name}{day} has only {day_left}: close it with F7").format(
            name=_name(devices, device), day=day, day_left=day_left(left)
        ),
    )


def _no_day(devices: Sequence[Device]) -> StatusView | None:
    if any(d.get("fiscalDayStatus") == "FiscalDayOpened" for d in devices):
        return None
    closing = [d for d in devices if d.get("fiscalDayStatus") == "FiscalDayCloseInitiated"]
    if closing:
        return StatusView(
            "attention",
            "waiting",
            translate(
                "status", "Closing day {day} — FDMS checks the counters; selling goes on when a new day is open"
            ).format(day=closing[0].get("fiscalDayNo")),
        )
    return StatusView("plain", "day", translate("status", "The day is closed — press F7 to open it before you sell"))


def _waiting(devices: Sequence[Device], metrics: Mapping[str, Any] | None, now: datetime) -> StatusView | None:
    waiting = sum(int(d.get("queueDepth") or 0) for d in devices)
    if metrics is not None and metrics.get("queueDepth") is not None:
        waiting = int(metrics["queueDepth"])
    age = oldest_age(devices, now)
    offline = [d for d in devices if not d.get("online") and d.get("fiscalDayStatus") == "FiscalDayOpened"]
    open_ones = [d for d in devices if d.get("fiscalDayStatus") == "FiscalDayOpened"]
    if waiting and (len(offline) == len(open_ones) or (offline and len(devices) > 1)):
        oldest = translate("status", ", oldest {span}").format(span=words.span(age)) if age is not None else ""
        return StatusView(
            "attention",
            "offline",
            translate("status", "Selling offline — 1 receipt waits{oldest}; it goes out by itself").format(
                oldest=oldest
            )
            if waiting == 1
            else translate("status", "Selling offline — {many} wait{oldest}; they go out by themselves").format(
                many=words.plural(waiting, "receipt"), oldest=oldest
            ),
        )
    unreachable = [d for d in offline if d.get("health") != "ok"]  # "ok" and offline: not tried yet
    if unreachable and len(unreachable) == len(open_ones):
        return StatusView(
            "attention",
            "offline",
            translate("status", "Selling offline — FDMS does not answer; receipts wait and go out by themselves"),
        )
    if waiting and age is not None and age > LONG_WAIT:
        return StatusView(
            "attention",
            "attention",
            translate("status", "Ready to sell — but 1 receipt waits since {span}").format(span=words.span(age))
            if waiting == 1
            else translate("status", "Ready to sell — but {many} wait since {span}").format(
                many=words.plural(waiting, "receipt"), span=words.span(age)
            ),
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
                translate("status", "Ready to sell — {name}{attention}").format(
                    name=_name(devices, device), attention=words.sentence(device["attention"])
                ),
            )
    return None


def _beside(remark: str) -> StatusView | None:
    if not remark:
        return None
    return StatusView("attention", "attention", translate("status", "You may sell — {remark}").format(remark=remark))


def _ready(devices: Sequence[Device], now: datetime) -> StatusView:
    days = [d for d in devices if d.get("fiscalDayStatus") == "FiscalDayOpened"]
    lefts = [left for d in days if (left := hours_left(d, now)) is not None]
    if len(devices) == 1:
        device = days[0]
        opened = words.instant(device.get("fiscalDayOpened"), now.tzinfo)
        text = translate("status", "Ready to sell — day {day} open").format(day=device.get("fiscalDayNo"))
        if opened is not None:
            text += translate("status", " since {since}").format(since=words.since(opened, now))
        return StatusView("ok", "ok", text + (f", {day_left(lefts[0])}" if lefts else ""))
    text = translate("status", "Ready to sell — {days} of {devices} devices have their day open").format(
        days=len(days), devices=len(devices)
    )
    return StatusView(
        "ok",
        "ok",
        text
        + (translate("status", ", the first with {day_left}").format(day_left=day_left(min(lefts))) if lefts else ""),
    )
