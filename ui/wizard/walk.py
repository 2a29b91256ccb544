"""The way through the steps: forward, past, back, and where a power cut left it. Knows no Qt and no engine."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ui.wizard.steps import STEPS, Facts, Problems, Step, defaults, secret_names

FILE_NAME = "setup.json"
_FOLLOWER, _LEADER = "taxpayer", "device"  # the one means nothing without what the other has just asked for


@dataclass
class Walk:
    """`at` names a step. `answers` hold secrets too; `stored` leaves them out."""

    answers: dict[str, str] = field(default_factory=defaults)
    at: str = STEPS[0].name
    finished: bool = False
    skipped: tuple[str, ...] = ()

    def steps(self, facts: Facts) -> list[Step]:
        """The steps of this way, for the list beside them. What is done already stays in it as the one that is open."""
        return [step for step in STEPS if step.name == self.at or step.shown(self.answers, facts)]

    def step(self) -> Step:
        return next(step for step in STEPS if step.name == self.at)

    def problems(self, values: Mapping[str, str]) -> Problems:
        """Takes the answers of the open step; what is wrong with them by field, {} if they will do."""
        self.answers.update(values)
        return self.step().check(self.answers)

    def forward(self, facts: Facts, *, skip: bool = False) -> bool:
        """On to the next step; False at the end."""
        here = self.at
        if skip:
            self.skipped = (*(name for name in self.skipped if name != here), here)
        else:
            self.skipped = tuple(name for name in self.skipped if name != here)
        for step in STEPS[self._place() + 1 :]:
            orphan = step.name == _FOLLOWER and _LEADER in self.skipped
            if step.shown(self.answers, facts) and not orphan:
                self.at = step.name
                return True
        return False

    def back(self, facts: Facts) -> bool:
        """One step back; False at the first."""
        for step in reversed(STEPS[: self._place()]):
            orphan = step.name == _FOLLOWER and _LEADER in self.skipped
            if step.shown(self.answers, facts) and not orphan:
                self.at = step.name
                return True
        return False

    def again(self) -> None:
        """From the first step, with the answers that were given."""
        self.at, self.finished, self.skipped = STEPS[0].name, False, ()

    def stored(self) -> dict[str, Any]:
        secret = secret_names()
        return {
            "at": _LEADER if self.at == _FOLLOWER else self.at,
            "finished": self.finished,
            "skipped": list(self.skipped),
            "answers": {name: value for name, value in self.answers.items() if name not in secret},
        }

    def _place(self) -> int:
        return next(place for place, step in enumerate(STEPS) if step.name == self.at)


def load(folder: Path) -> Walk | None:
    """Where it was left; None before it was ever begun, and for a file that says nothing."""
    try:
        told = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        answers = {str(name): str(value) for name, value in told["answers"].items()}
        at, known = str(told["at"]), {step.name for step in STEPS}
        skipped = tuple(str(name) for name in told["skipped"])
        return Walk(defaults() | answers, at if at in known else STEPS[0].name, bool(told["finished"]), skipped)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save(folder: Path, walk: Walk) -> None:
    """On disk before the next step is shown. A disk that cannot take it costs the resuming, not the set-up."""
    draft = folder / f".{FILE_NAME}"
    with contextlib.suppress(OSError):
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(walk.stored(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / FILE_NAME)
