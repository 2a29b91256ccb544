"""Receipts per hour of today as a line: whole hours solid, the running one as unfinished.

Must not know Qt nor any plotting library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words

EMPTY = QT_TRANSLATE_NOOP("trend", "Receipts per hour appear here as soon as the first one of today is signed.")
_MORNING, _EVENING = 6, 21  # the axis shows at least these hours


@dataclass(frozen=True)
class TrendView:
    """`counts[i]` is local hour i, with the running hour; `first`/`last` bound the axis in hours."""

    counts: tuple[int, ...] = ()
    first: int = _MORNING
    last: int = _EVENING
    caption: str = ""
    empty: str = field(default_factory=lambda: translate("trend", EMPTY))

    @property
    def top(self) -> int:
        """The axis's upper end: the largest count, rounded up to a readable number; at least 4."""
        peak = max(self.counts, default=0)
        step = 1
        while True:
            for factor in (1, 2, 3, 4, 5, 6, 8):
                if step * factor * 4 >= peak:
                    return step * factor * 4
            step *= 10

    def spoken(self) -> str:
        if not self.counts:
            return self.empty
        hours = ", ".join(f"{hour} h {count}" for hour, count in enumerate(self.counts) if count)
        return translate("trend", "Receipts per hour today: {hours}. {caption}").format(
            hours=hours, caption=self.caption
        )


def present_trend(metrics: Mapping[str, Any] | None, now: datetime | None) -> TrendView:
    """Empty until there was a receipt today."""
    hours = [int(h) for h in (metrics or {}).get("receiptsPerHour") or ()]
    if now is None or not any(hours):
        return TrendView()
    counts = tuple(hours[: now.hour + 1])
    if not any(counts):
        return TrendView()
    begun = next(i for i, count in enumerate(counts) if count)
    caption = translate("trend", "{count} so far this hour").format(count=words.count(counts[-1]))
    return TrendView(counts, min(_MORNING, max(0, begun - 1)), max(_EVENING, min(24, now.hour + 1)), caption)
