"""One result of a benchmark: a value beside its floor, and whether their ratio reaches the goal. Knows no benchmark."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

Better = Literal["higher", "lower"]


class Line(NamedTuple):
    """`value` and `floor` in `unit`; `goal` is a ratio. `more` stands beside them: sizes, percentiles, a note."""

    name: str
    value: float
    unit: str
    floor: float
    ratio: float
    goal: float
    better: Better
    more: dict[str, Any]

    def as_json(self) -> str:
        ok = self.ratio >= self.goal if self.better == "higher" else self.ratio <= self.goal
        shown = {
            "name": self.name,
            "value": _short(self.value),
            "unit": self.unit,
            "floor": _short(self.floor),
            "ratio": _short(self.ratio),
            "goal": _short(self.goal),
            "better": self.better,
            "ok": ok,
        }
        return json.dumps({**shown, **self.more})


def compared(
    name: str, unit: str, values: Sequence[float], floors: Sequence[float], goal: float, better: Better, **more: Any
) -> Line:
    """From interleaved rounds: medians of both, and the median of the ratios round by round.

    The two of a round were measured right after each other, so a busy moment of the machine falls on both.
    """
    ratios = [value / floor for value, floor in zip(values, floors, strict=True)]
    return Line(
        name,
        statistics.median(values),
        unit,
        statistics.median(floors),
        statistics.median(ratios),
        goal,
        better,
        {"rounds": len(ratios), **more},
    )


def single(name: str, unit: str, value: float, floor: float, goal: float, better: Better, **more: Any) -> Line:
    """From one value and one floor, each a median or a percentile already."""
    return Line(name, value, unit, floor, value / floor, goal, better, more)


def _short(number: float) -> float:
    return float(f"{number:.4g}")
