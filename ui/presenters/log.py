"""The event log as lines: level, what happened in one sentence, and a filter that needs no engine.

Must not know Qt; takes lasting messages as dicts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP
from ui.presenters import words
from ui.presenters.feed import row_of

LEVELS = ("info", "warning", "error")
LEVEL_WORDS = MappingProxyType(
    {
        "info": QT_TRANSLATE_NOOP("log", "Note"),
        "warning": QT_TRANSLATE_NOOP("log", "Warning"),
        "error": QT_TRANSLATE_NOOP("log", "Error"),
    }
)
_STATES = MappingProxyType({"ok": "info", "plain": "info", "attention": "warning", "failed": "error"})


@dataclass(frozen=True)
class LogLine:
    """`whole` is the message as it is kept, for the copy and the search; `state` a colour's name."""

    seq: int
    at: str
    level: str
    state: str
    what: str
    sentence: str
    device: str
    receipt_id: str
    whole: str


def log_line(event: Mapping[str, Any], zone: tzinfo | None) -> LogLine:
    data: Mapping[str, Any] = event.get("data") or {}
    kind, device = str(event.get("type")), event.get("deviceID")
    told = row_of(kind, device, data)
    if told is None:
        state, sentence = "plain", words.sentence(data.get("reason") or data.get("advice") or _brief(data))
    else:
        state = told.state
        sentence = " · ".join(part for part in (told.sentence, told.amount, told.detail) if part)
    moment = words.instant(event.get("at"), zone)
    return LogLine(
        seq=int(event.get("seq") or 0),
        at=f"{moment:%Y-%m-%d %H:%M:%S}" if moment else words.UNKNOWN,
        level=_STATES[state],
        state=state,
        what=kind,
        sentence=sentence,
        device=str(device) if device is not None else "",
        receipt_id=str(data.get("receiptId") or ""),
        whole=json.dumps(event, default=str, ensure_ascii=False),
    )


def _brief(data: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in list(data.items())[:4])


def fitting(lines: Iterable[LogLine], level: str, text: str) -> list[LogLine]:
    """Those of at least a level whose message holds the text, whatever its case."""
    least, wanted = LEVELS.index(level), text.casefold().strip()
    return [
        line
        for line in lines
        if LEVELS.index(line.level) >= least and (not wanted or wanted in f"{line.sentence} {line.whole}".casefold())
    ]


def as_text(lines: Sequence[LogLine]) -> str:
    """What goes onto the clipboard: one line each, oldest first as they are read aloud."""
    return "\n".join(f"{line.at}  {line.level:<7}  {line.what:<22} {line.whole}" for line in reversed(lines))
