"""The fiscal day as its dialog shows it: what can open or close, what a close sends, how it ended.

Must not know Qt nor call the engine; takes device dicts and results, gives frozen views.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from fiscalmon.domain.fiscal_day import CLOSE_ADVICE
from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words
from ui.presenters.status import SHORT_HOURS, day_left, hours_left

_WORDS = MappingProxyType(
    {
        "FiscalDayOpened": ("ok", QT_TRANSLATE_NOOP("day", "Open")),
        "FiscalDayClosed": ("plain", QT_TRANSLATE_NOOP("day", "Closed")),
        "FiscalDayCloseInitiated": ("attention", QT_TRANSLATE_NOOP("day", "Closing")),
        "FiscalDayCloseFailed": ("failed", QT_TRANSLATE_NOOP("day", "Did not close")),
    }
)


@dataclass(frozen=True)
class DayRow:
    """One device in the list. `act` is "open", "close" or "" (nothing to do now)."""

    device: int
    title: str
    state: str
    word: str
    detail: str
    act: str
    day: int | None = None

    @property
    def act_label(self) -> str:
        return {"open": translate("day", "Open day"), "close": translate("day", "Close day")}.get(self.act, "")


@dataclass(frozen=True)
class CloseSummary:
    """What is asked before a close: (name, value) facts, and a warning or ""."""

    device: int
    title: str
    facts: tuple[tuple[str, str], ...]
    warning: str


@dataclass(frozen=True)
class Outcome:
    """How an act ended: state "ok", "attention" or "failed", one sentence, and what to do."""

    state: str
    sentence: str
    advice: str = ""


def day_row(device: Mapping[str, Any], now: datetime | None) -> DayRow:
    status = str(device.get("fiscalDayStatus"))
    state, word = _WORDS.get(status, ("attention", words.sentence(status)))
    word = translate("day", word)
    detail: list[str] = []
    opened = words.instant(device.get("fiscalDayOpened"), now.tzinfo if now else None)
    if status != "FiscalDayClosed" and device.get("fiscalDayNo") is not None:
        begun = translate("day", " since {since}").format(since=words.since(opened, now)) if opened and now else ""
        detail.append(translate("day", "Day {day}{begun}").format(day=device["fiscalDayNo"], begun=begun))
        left = hours_left(device, now) if now else None
        if left is not None:
            detail.append(day_left(left))
            if left < SHORT_HOURS and state == "ok":
                state = "attention"
    elif device.get("fiscalDayNo") is not None:
        detail.append(translate("day", "Last day was {day}").format(day=device["fiscalDayNo"]))
    waiting = int(device.get("queueDepth") or 0)
    if waiting:
        detail.append(
            translate("day", "1 receipt waits")
            if waiting == 1
            else translate("day", "{many} wait").format(many=words.plural(waiting, "receipt"))
        )
    act = {"FiscalDayClosed": "open", "FiscalDayOpened": "close", "FiscalDayCloseFailed": "close"}.get(status, "")
    branch = words.sentence(device.get("deviceBranchName"))
    title = translate("day", "Device {device}").format(device=device.get("deviceID")) + (
        f" · {branch}" if branch else ""
    )
    return DayRow(int(device["deviceID"]), title, state, word, " · ".join(detail), act, device.get("fiscalDayNo"))


def close_summary(device: Mapping[str, Any], now: datetime | None) -> CloseSummary:
    """The facts before a close, from the device dict with its counters and last receipts."""
    day = device.get("fiscalDayNo")
    opened = words.instant(device.get("fiscalDayOpened"), now.tzinfo if now else None)
    facts = [
        (
            translate("day", "Device"),
            f"{device.get('deviceID')} {words.sentence(device.get('deviceBranchName'))}".strip(),
        )
    ]
    if opened is not None:
        facts.append(
            (translate("day", "Open since"), words.since(opened, now) if now else words.clock(opened, seconds=False))
        )
    receipts = _receipts(device)
    if receipts is not None:
        facts.append((translate("day", "Receipts"), words.count(receipts)))
    totals = day_totals(device)
    facts.extend(
        (translate("day", "Total {currency}").format(currency=currency), words.money(amount))
        for currency, amount in totals
    )
    if not totals:
        facts.append((translate("day", "Total"), translate("day", "nothing sold")))
    waiting = int(device.get("queueDepth") or 0)
    facts.append((translate("day", "Waiting for FDMS"), words.count(waiting)))
    warning = ""
    if waiting:
        head = (
            translate("day", "1 receipt of this device is not at FDMS yet.")
            if waiting == 1
            else translate("day", "{many} of this device are not at FDMS yet.").format(
                many=words.plural(waiting, "receipt")
            )
        )
        tail = translate("day", "They are sent before the day is closed; without a connection the close has to wait.")
        warning = f"{head} {tail}"
    return CloseSummary(
        int(device["deviceID"]), translate("day", "Close day {day}?").format(day=day), tuple(facts), warning
    )


def day_totals(device: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
    """Takings by currency from the BalanceByMoneyType counters, largest first."""
    totals: dict[str, Decimal] = {}
    for counter in device.get("counters") or ():
        if str(counter.get("fiscalCounterType")).lower() != "balancebymoneytype":
            continue
        try:
            value = Decimal(str(counter.get("fiscalCounterValue")))
        except InvalidOperation:
            continue
        currency = words.sentence(counter.get("fiscalCounterCurrency"))
        totals[currency] = totals.get(currency, Decimal()) + value
    return sorted(totals.items(), key=lambda item: (-item[1], item[0]))


def _receipts(device: Mapping[str, Any]) -> int | None:
    """How many receipts the day has: the highest receiptCounter among the last ones of this day."""
    counters = [
        int(r["receiptCounter"])
        for r in device.get("lastReceipts") or ()
        if r.get("fiscalDayNo") == device.get("fiscalDayNo") and r.get("receiptCounter") is not None
    ]
    return max(counters) if counters else (0 if device.get("lastReceipts") == [] else None)


def opened(result: Mapping[str, Any]) -> Outcome:
    return Outcome(
        "ok",
        translate("day", "Day {day} is open on device {device}.").format(
            day=result.get("fiscalDayNo"), device=result.get("deviceID")
        ),
    )


def closed(result: Mapping[str, Any]) -> Outcome:
    """The result of close_day, whichever way it went."""
    day, device = result.get("fiscalDayNo"), result.get("deviceID")
    status, code = result.get("fiscalDayStatus"), words.sentence(result.get("fiscalDayClosingErrorCode"))
    if status == "FiscalDayClosed":
        return Outcome("ok", translate("day", "Day {day} of device {device} is closed.").format(day=day, device=device))
    reason = code or translate("day", "no reason given")
    if status == "FiscalDayCloseFailed" or code:
        return Outcome(
            "failed",
            translate("day", "Day {day} of device {device} did not close: {reason}.").format(
                day=day, device=device, reason=reason
            ),
            CLOSE_ADVICE.get(
                code, words.sentence(result.get("advice")) or translate("day", "Ask support, and name this code.")
            ),
        )
    return Outcome(
        "attention",
        translate("day", "Day {day} of device {device} is being closed.").format(day=day, device=device),
        translate("day", "FDMS has not decided yet; the result will appear in the feed."),
    )


def refused(code: str, text: str) -> Outcome:
    """An act the engine would not do, in its own words."""
    return Outcome("failed", words.sentence(text), translate("day", "Code {code}").format(code=code) if code else "")
