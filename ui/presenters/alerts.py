"""Open alerts as rows: what is wrong, since when, who looks after it. Must not know Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ui.i18n import translate
from ui.presenters import words


@dataclass(frozen=True)
class AlertRow:
    """`fresh`: nobody looks after it yet. `state`: the colour of its word."""

    alert_id: str
    fresh: bool
    state: str
    word: str
    since: str
    device: str
    told: str


def alert_rows(listed: Iterable[Mapping[str, Any]], now: datetime) -> list[AlertRow]:
    """Those that are not over, as the engine lists them."""
    return [_row(one, now) for one in listed if one.get("state") != "over"]


def _row(one: Mapping[str, Any], now: datetime) -> AlertRow:
    fresh = one.get("state") == "open"
    begun = words.instant(one.get("raisedAt"), now.tzinfo)
    if not fresh:
        word = translate("alerts", "Seen by {name}").format(name=words.sentence(one.get("acknowledgedBy")))
    else:
        word = translate("alerts", "Grave") if one.get("grave") else translate("alerts", "Open")
    return AlertRow(
        str(one["alertId"]),
        fresh,
        ("failed" if one.get("grave") else "attention") if fresh else "muted",
        word,
        words.since(begun, now) if begun else words.UNKNOWN,
        str(one.get("deviceID") or words.UNKNOWN),
        words.sentence(one.get("reason") or one.get("title")),
    )
