"""The way out of a stuck day in six steps, as values: facts side by side, cause, acts, dry run, result.

Must not know Qt; takes what `mending.mend` gives.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words

_NAMES = MappingProxyType(
    {
        "day_no": QT_TRANSLATE_NOOP("stuck", "Fiscal day"),
        "status": QT_TRANSLATE_NOOP("stuck", "Its state"),
        "opened": QT_TRANSLATE_NOOP("stuck", "Opened"),
        "receipts": QT_TRANSLATE_NOOP("stuck", "Receipts"),
        "last_number": QT_TRANSLATE_NOOP("stuck", "Last receipt"),
        "waiting": QT_TRANSLATE_NOOP("stuck", "Not answered yet"),
        "red": QT_TRANSLATE_NOOP("stuck", "Marked Red"),
        "closing_error": QT_TRANSLATE_NOOP("stuck", "Why the close failed"),
        "counters_agree": QT_TRANSLATE_NOOP("stuck", "Counters"),
    }
)
_STATES = MappingProxyType(
    {
        "FiscalDayOpened": QT_TRANSLATE_NOOP("stuck", "open"),
        "FiscalDayClosed": QT_TRANSLATE_NOOP("stuck", "closed"),
        "FiscalDayCloseInitiated": QT_TRANSLATE_NOOP("stuck", "being closed"),
        "FiscalDayCloseFailed": QT_TRANSLATE_NOOP("stuck", "did not close"),
    }
)
# The names the books' differences go by, for the rows above.
_DIFFERENCES = MappingProxyType(
    {
        "fiscalDayNo": "day_no",
        "fiscalDayStatus": "status",
        "fiscalDayClosingErrorCode": "closing_error",
        "receipts": "receipts",
        "fiscalDayCounters": "counters_agree",
        "lastReceiptGlobalNo": "last_number",
    }
)


@dataclass(frozen=True)
class FactRow:
    """One fact as the till and as FDMS have it; `differs` marks it."""

    name: str
    books: str
    fdms: str
    differs: bool


@dataclass(frozen=True)
class ActChoice:
    """`name` is "" for what only people can do; `needs_opened`: it cannot be done without the day's opening time."""

    name: str
    text: str
    sends: str
    needs_opened: bool


@dataclass(frozen=True)
class StuckView:
    """Steps 1 to 3. `trouble`: why FDMS says nothing; `device`: the device's own facts in one line."""

    facts: tuple[FactRow, ...]
    device: str
    trouble: str
    code: str
    cause: str
    acts: tuple[ActChoice, ...]

    @property
    def stuck(self) -> bool:
        return self.code not in ("NOTHING", "FDMS_AWAY")


def stuck_view(told: Mapping[str, Any]) -> StuckView:
    facts = told.get("facts") or {}
    books, fdms = facts.get("books") or {}, facts.get("fdms")
    differing = {_DIFFERENCES.get(str(row.get("what")), "") for row in told.get("differences") or ()}
    rows = []
    for member, name in _NAMES.items():
        here = _said(member, books.get(member)) if member != "counters_agree" else translate("stuck", "signed counters")
        there = words.UNKNOWN if fdms is None else _said(member, fdms.get(member))
        if member in ("opened", "waiting", "red"):
            there = ""
        if member in ("closing_error", "red") and here in ("", words.UNKNOWN) and there in ("", words.UNKNOWN):
            continue
        rows.append(FactRow(translate("stuck", name), here, there, member in differing))
    cause = told.get("cause") or {}
    return StuckView(
        tuple(rows),
        _device(facts.get("device") or {}),
        words.sentence(told.get("fdmsTrouble")),
        str(cause.get("code") or ""),
        words.sentence(cause.get("text")),
        tuple(
            ActChoice(
                str(act.get("name") or ""),
                words.sentence(act.get("text")),
                words.sentence(act.get("sends")),
                act.get("name") == "recover",
            )
            for act in told.get("acts") or ()
        ),
    )


def _said(member: str, value: object) -> str:
    if member == "status":
        return translate("stuck", _STATES.get(str(value), words.sentence(value)))
    if member == "counters_agree":
        same, other = translate("stuck", "the same"), translate("stuck", "other totals")
        return same if value is True else other if value is False else words.UNKNOWN
    if member == "red":
        numbers = list(value) if isinstance(value, list | tuple) else []
        return ", ".join(map(str, numbers))
    if value is None:
        return words.UNKNOWN
    return words.sentence(value).replace("T", " ") if member == "opened" else words.sentence(value)


def _device(device: Mapping[str, Any]) -> str:
    parts = [translate("stuck", "online") if device.get("online") else translate("stuck", "offline")]
    drift = device.get("clockDriftSeconds")
    if drift is not None:
        parts.append(translate("stuck", "clock {span} off").format(span=words.span(abs(float(drift)))))
    if device.get("certificateValidTill"):
        parts.append(
            translate("stuck", "certificate until {end}").format(
                end=words.sentence(device["certificateValidTill"])[:10]
            )
        )
    if device.get("blocked"):
        parts.append(words.sentence(device["blocked"]))
    return " · ".join(parts)


def dry_run(told: Mapping[str, Any]) -> str:
    """Step 4: what the act would send, as text."""
    would = told.get("wouldSend")
    if isinstance(would, str):
        return words.sentence(would)
    return json.dumps(would, indent=2, default=str, ensure_ascii=False)


def result(told: Mapping[str, Any], device: int, act: str, reason: str, at: str) -> str:
    """Step 6: what was done and what came of it, to be printed or told."""
    cause = told.get("cause") or {}
    outcome = told.get("result") or {}
    state = translate("stuck", _STATES.get(str(outcome.get("fiscalDayStatus")), ""))
    lines = [
        translate("stuck", "{at}  device {device}").format(at=at, device=device),
        translate("stuck", "Cause: {text} ({code})").format(
            text=words.sentence(cause.get("text")), code=cause.get("code")
        ),
        translate("stuck", "Act: {act}").format(act=act),
        translate("stuck", "Reason: {reason}").format(reason=words.sentence(reason)),
    ]
    if outcome.get("fiscalDayNo") is not None:
        lines.append(
            translate("stuck", "Day {day} is now {state}").format(
                day=outcome["fiscalDayNo"], state=state or words.sentence(outcome.get("fiscalDayStatus"))
            )
        )
    if outcome.get("fiscalDayClosingErrorCode"):
        lines.append(
            translate("stuck", "FDMS said: {code}").format(code=words.sentence(outcome["fiscalDayClosingErrorCode"]))
        )
    return "\n".join(lines)
