"""One device in full, as its page tells it; and its line in a list of devices. Must not know Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ui.presenters import words
from ui.presenters.sections import Fact, Section
from ui.presenters.status import day_left, hours_left

CERTIFICATE_AMBER, CERTIFICATE_RED = 30, 7  # days left
_DAY_WORDS = MappingProxyType(
    {
        "FiscalDayOpened": "open",
        "FiscalDayClosed": "closed",
        "FiscalDayCloseInitiated": "being closed",
        "FiscalDayCloseFailed": "did not close",
    }
)
_HEALTH_WORDS = MappingProxyType({"ok": "Ready", "attention": "Look here", "failed": "Cannot sell"})


@dataclass(frozen=True)
class DeviceLine:
    """A device in a list: title, state with its word, one line of detail; `certificate` and `waiting` as words."""

    device: int
    title: str
    state: str
    word: str
    detail: str
    certificate: str
    certificate_state: str
    waiting: int


def device_line(device: Mapping[str, Any], now: datetime | None) -> DeviceLine:
    number, branch = int(device["deviceID"]), words.sentence(device.get("deviceBranchName"))
    state = str(device.get("health") or "ok")
    days = days_left(device, now)
    day = _DAY_WORDS.get(str(device.get("fiscalDayStatus")), words.sentence(device.get("fiscalDayStatus")))
    parts = [words.sentence(device.get("attention")) or f"day {device.get('fiscalDayNo') or '—'} {day}"]
    if not device.get("online"):
        parts.append("offline")
    return DeviceLine(
        number,
        f"{number}" + (f" · {branch}" if branch else ""),
        state,
        _HEALTH_WORDS.get(state, state),
        " · ".join(parts),
        words.UNKNOWN if days is None else "expired" if days < 0 else words.plural(days, "day"),
        certificate_state(days),
        int(device.get("queueDepth") or 0),
    )


def days_left(device: Mapping[str, Any], now: datetime | None) -> int | None:
    """Whole days until the certificate ends, negative when it has; None while unknown."""
    end = words.instant(device.get("certificateValidTill"), now.tzinfo if now else None)
    return None if end is None or now is None else (end - now).days


def certificate_state(days: int | None) -> str:
    if days is None:
        return "plain"
    return "failed" if days < CERTIFICATE_RED else "attention" if days < CERTIFICATE_AMBER else "ok"


def device_sections(device: Mapping[str, Any], now: datetime | None) -> tuple[Section, ...]:
    """From the device dict with its counters, last receipts, latencies and errors."""
    return (
        _state(device, now),
        _day(device, now),
        _who(device),
        *_errors(device, now),
    )


def _state(device: Mapping[str, Any], now: datetime | None) -> Section:
    health = str(device.get("health") or "ok")
    days = days_left(device, now)
    heard = words.instant(device.get("lastHeard"), now.tzinfo if now else None)
    facts = [Fact("State", _HEALTH_WORDS.get(health, health), state=health)]
    if device.get("attention"):
        facts.append(Fact("What to do", words.sentence(device["attention"]), state=health))
    online = bool(device.get("online"))
    facts.append(Fact("FDMS", "reachable" if online else "not reached", state="ok" if online else "attention"))
    if heard is not None and now is not None:
        facts.append(Fact("Last answer", f"{words.since(heard, now)}, {words.span((now - heard).total_seconds())} ago"))
    series = [float(one["latencyMs"]) for one in device.get("latencySeries") or () if one.get("latencyMs") is not None]
    if series:
        middle = sorted(series)[len(series) // 2]
        facts.append(Fact("FDMS answers in", f"{words.milliseconds(middle)}, middle of the last {len(series)}"))
    facts.append(Fact("Waiting for FDMS", words.plural(int(device.get("queueDepth") or 0), "receipt")))
    if days is not None:
        end = words.sentence(device.get("certificateValidTill"))[:10]
        left = "expired" if days < 0 else f"{words.plural(days, 'day')} left"
        state = certificate_state(days)
        facts.append(Fact("Certificate", f"{left}, until {end}", state=state if state != "plain" else ""))
    return Section("State", tuple(facts))


def _day(device: Mapping[str, Any], now: datetime | None) -> Section:
    status = str(device.get("fiscalDayStatus"))
    number = device.get("fiscalDayNo")
    facts = [Fact("Day", f"{number if number is not None else 'none yet'}, {_DAY_WORDS.get(status, status)}")]
    opened = words.instant(device.get("fiscalDayOpened"), now.tzinfo if now else None)
    if opened is not None and now is not None and status != "FiscalDayClosed":
        facts.append(Fact("Open since", words.since(opened, now)))
        left = hours_left(device, now)
        if left is not None:
            facts.append(Fact("Time left", day_left(left)))
    facts.append(Fact("Last receipt", words.count(int(device.get("lastReceiptGlobalNo") or 0))))
    for counter in device.get("counters") or ():
        kind = words.sentence(counter.get("fiscalCounterType"))
        percent = counter.get("fiscalCounterTaxPercent")
        which = words.sentence(counter.get("fiscalCounterMoneyType")) or (f"{percent} %" if percent is not None else "")
        currency = words.sentence(counter.get("fiscalCounterCurrency"))
        name = " ".join(part for part in (kind, which) if part)
        facts.append(Fact(name, f"{currency} {words.money(counter.get('fiscalCounterValue'))}"))
    return Section("Fiscal day and its counters", tuple(facts))


def _who(device: Mapping[str, Any]) -> Section:
    model = " ".join(words.sentence(device.get(part)) for part in ("deviceModelName", "deviceModelVersion")).strip()
    facts = [
        Fact(name, words.sentence(value))
        for name, value in (
            ("Taxpayer", device.get("taxPayerName")),
            ("TIN", device.get("taxPayerTIN")),
            ("VAT number", device.get("vatNumber")),
            ("Branch", device.get("deviceBranchName")),
            ("Serial number", device.get("deviceSerialNo")),
            ("Model", model),
            ("Mode", device.get("deviceOperatingMode")),
            ("FDMS", device.get("gateway")),
        )
        if words.sentence(value)
    ]
    return Section("Who it is", tuple(facts))


def _errors(device: Mapping[str, Any], now: datetime | None) -> list[Section]:
    errors = device.get("errors") or ()
    if not errors:
        return []
    facts = []
    for error in errors:
        at = words.instant(error.get("at"), now.tzinfo if now else None)
        text = words.sentence(error.get("error")) or words.sentence(error.get("outcome"))
        facts.append(Fact(f"{at:%d %b %H:%M:%S}" if at else words.UNKNOWN, text))
    return [Section("Last troubles with FDMS", tuple(facts))]
