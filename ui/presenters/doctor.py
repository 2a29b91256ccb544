"""How the till is, as lines: every check with its state and what to do, gravest first. Must not know Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ui.presenters import words

WORDS = MappingProxyType({"ok": "Well", "attention": "Look here", "failed": "Mend this"})
_ORDER = MappingProxyType({"failed": 0, "attention": 1})


@dataclass(frozen=True)
class CheckLine:
    """One check. `code` is what support searches for."""

    code: str
    state: str
    word: str
    subject: str
    what: str
    advice: str

    @property
    def told(self) -> str:
        return f"{self.what} {self.advice}".strip()


def check_lines(report: Mapping[str, Any]) -> list[CheckLine]:
    lines = []
    for check in report.get("checks") or ():
        state = str(check.get("state"))
        lines.append(
            CheckLine(
                words.sentence(check.get("code")),
                state,
                WORDS.get(state, state),
                words.sentence(check.get("subject")),
                words.sentence(check.get("what")),
                words.sentence(check.get("advice")),
            )
        )
    return sorted(lines, key=lambda line: _ORDER.get(line.state, 2))


def headline(report: Mapping[str, Any]) -> str:
    """One sentence over the list."""
    states = [str(check.get("state")) for check in report.get("checks") or ()]
    failed, attention = states.count("failed"), states.count("attention")
    if failed:
        return f"{words.plural(failed, 'check')} failed: mend what stands on top first"
    if attention:
        return f"{words.plural(attention, 'check')} {'needs' if attention == 1 else 'need'} a look; the till can sell"
    return "All is well with this till"


def as_text(report: Mapping[str, Any]) -> str:
    head = f"fiscalmon {report.get('version')}, {report.get('at')}"
    return "\n".join([head, *(f"{line.word:<10} {line.code:<14} {line.told}" for line in check_lines(report))])
