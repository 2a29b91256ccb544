"""One device in full, as its page tells it; and its line in a list of devices. Must not know Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words
from ui.presenters.sections import Fact, Section
from ui.presenters.status import day_left, hours_left

CERTIFICATE_AMBER, CERTIFICATE_RED = 30, 7  # days left
_DAY_WORDS = MappingProxyType(
    {
        "FiscalDayOpened": QT_TRANSLATE_NOOP("device_facts", "open"),
        "FiscalDayClosed": QT_TRANSLATE_NOOP("device_facts", "closed"),
        "FiscalDayCloseInitiated": QT_TRANSLATE_NOOP("device_facts", "being closed"),
        "FiscalDayCloseFailed": QT_TRANSLATE_NOOP("device_facts", "did not close"),
    }
)
_HEALTH_WORDS = MappingProxyType(
    {
        "ok": QT_TRANSLATE_NOOP("device_facts", "Ready"),
        "attention": QT_TRANSLATE_NOOP("device_facts", "Look here"),
        "failed": QT_TRANSLATE_NOOP("device_facts", "Cannot sell"),
    }
)
_COUNTER_WORDS = MappingProxyType(
    {
        "SaleByTax": QT_TRANSLATE_NOOP("device_facts", "Sales"),
        "SaleTaxByTax": QT_TRANSLATE_NOOP("device_facts", "Tax of sales"),
        "CreditNoteByTax": QT_TRANSLATE_NOOP("device_facts", "Credit notes"),
        "CreditNoteTaxByTax": QT_TRANSLATE_NOOP("device_facts", "Tax of credit notes"),
        "DebitNoteByTax": QT_TRANSLATE_NOOP("device_facts", "Debit notes"),
        "DebitNoteTaxByTax": QT_TRANSLATE_NOOP("device_facts", "Tax of debit notes"),
        "BalanceByMoneyType": QT_TRANSLATE_NOOP("device_facts", "Taken"),
    }
)


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
    day = _day_word(words.sentence(device.get("fiscalDayStatus")))
    parts = [
        words.sentence(device.get("attention"))
        or translate("device_facts", "day {number} {state}").format(number=device.get("fiscalDayNo") or "—", state=day)
    ]
    if not device.get("online"):
        parts.append(translate("device_facts", "offline"))
    return DeviceLine(
        number,
        f"{number}" + (f" · {branch}" if branch else ""),
        state,
        health_word(state),
        " · ".join(parts),
        words.UNKNOWN
        if days is None
        else translate("device_facts", "expired")
        if days < 0
        else words.plural(days, "day"),
        certificate_state(days),
        int(device.get("queueDepth") or 0),
    )


def health_word(health: str) -> str:
    """How a device is, as people are told: of "ok", "attention" or "failed"."""
    return translate("device_facts", _HEALTH_WORDS.get(health, health))


def _day_word(status: str) -> str:
    return translate("device_facts", _DAY_WORDS.get(status, status))


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
    facts = [
        Fact(
            translate("device_facts", "State"),
            health_word(health),
            state=health,
        )
    ]
    if device.get("attention"):
        facts.append(Fact(translate("device_facts", "What to do"), words.sentence(device["attention"]), state=health))
    online = bool(device.get("online"))
    facts.append(
        Fact(
            "FDMS",
            translate("device_facts", "reachable") if online else translate("device_facts", "not reached"),
            state="ok" if online else "attention",
        )
    )
    if heard is not None and now is not None:
        facts.append(
            Fact(
                translate("device_facts", "Last answer"),
                translate("device_facts", "{since}, {span} ago").format(
                    since=words.since(heard, now), span=words.span((now - heard).total_seconds())
                ),
            )
        )
    series = [float(one["latencyMs"]) for one in device.get("latencySeries") or () if one.get("latencyMs") is not None]
    if series:
        middle = sorted(series)[len(series) // 2]
        facts.append(
            Fact(
                translate("device_facts", "FDMS answers in"),
                translate("device_facts", "{ms}, middle of the last {count}").format(
                    ms=words.milliseconds(middle), count=len(series)
                ),
            )
        )
    facts.append(
        Fact(translate("device_facts", "Waiting for FDMS"), words.plural(int(device.get("queueDepth") or 0), "receipt"))
    )
    if days is not None:
        end = words.sentence(device.get("certificateValidTill"))[:10]
        left = (
            translate("device_facts", "expired")
            if days < 0
            else translate("device_facts", "{many} left").format(many=words.plural(days, "day"))
        )
        state = certificate_state(days)
        facts.append(
            Fact(
                translate("device_facts", "Certificate"),
                translate("device_facts", "{left}, until {end}").format(left=left, end=end),
                state=state if state != "plain" else "",
            )
        )
    return Section(translate("device_facts", "State"), tuple(facts))


def _day(device: Mapping[str, Any], now: datetime | None) -> Section:
    status = str(device.get("fiscalDayStatus"))
    number = device.get("fiscalDayNo")
    known = translate("device_facts", "none yet") if number is None else number
    facts = [
        Fact(
            translate("device_facts", "Day"),
            f"{known}, {_day_word(status)}",
        )
    ]
    opened = words.instant(device.get("fiscalDayOpened"), now.tzinfo if now else None)
    if opened is not None and now is not None and status != "FiscalDayClosed":
        facts.append(Fact(translate("device_facts", "Open since"), words.since(opened, now)))
        left = hours_left(device, now)
        if left is not None:
            facts.append(Fact(translate("device_facts", "Time left"), day_left(left)))
    facts.append(
        Fact(translate("device_facts", "Last receipt"), words.count(int(device.get("lastReceiptGlobalNo") or 0)))
    )
    for counter in device.get("counters") or ():
        currency = words.sentence(counter.get("fiscalCounterCurrency"))
        facts.append(Fact(_counter_name(counter), f"{currency} {words.money(counter.get('fiscalCounterValue'))}"))
    return Section(translate("device_facts", "Fiscal day and its counters"), tuple(facts))


def _counter_name(counter: Mapping[str, Any]) -> str:
    """What a counter counts, in a shop's words: "Sales, 15.5 %"."""
    from ui.presenters.sale_view import KINDS  # brings the rules of a sale, which a list of devices needs not

    kind = words.sentence(counter.get("fiscalCounterType"))
    percent = counter.get("fiscalCounterTaxPercent")
    money = words.sentence(counter.get("fiscalCounterMoneyType"))
    if money:
        which = translate("sale_view", KINDS.get(money, money))
    elif percent is not None:
        which = f"{float(percent):g} %"
    else:
        which = translate("device_facts", "exempt") if kind.endswith("ByTax") else ""
    name = translate("device_facts", _COUNTER_WORDS.get(kind, kind))
    return ", ".join(part for part in (name, which) if part)


def _who(device: Mapping[str, Any]) -> Section:
    model = " ".join(words.sentence(device.get(part)) for part in ("deviceModelName", "deviceModelVersion")).strip()
    facts = [
        Fact(name, words.sentence(value))
        for name, value in (
            (translate("device_facts", "Taxpayer"), device.get("taxPayerName")),
            ("TIN", device.get("taxPayerTIN")),
            (translate("device_facts", "VAT number"), device.get("vatNumber")),
            (translate("device_facts", "Branch"), device.get("deviceBranchName")),
            (translate("device_facts", "Serial number"), device.get("deviceSerialNo")),
            (translate("device_facts", "Model"), model),
            (translate("device_facts", "Mode"), device.get("deviceOperatingMode")),
            ("FDMS", device.get("gateway")),
        )
        if words.sentence(value)
    ]
    return Section(translate("device_facts", "Who it is"), tuple(facts))


def _errors(device: Mapping[str, Any], now: datetime | None) -> list[Section]:
    errors = device.get("errors") or ()
    if not errors:
        return []
    facts = []
    for error in errors:
        at = words.instant(error.get("at"), now.tzinfo if now else None)
        text = words.sentence(error.get("error")) or words.sentence(error.get("outcome"))
        facts.append(Fact(f"{at:%d %b %H:%M:%S}" if at else words.UNKNOWN, text))
    return [Section(translate("device_facts", "Last troubles with FDMS"), tuple(facts))]
