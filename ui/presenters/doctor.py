"""How the till is, as lines: every check with its state and what to do, gravest first. Must not know Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words

WORDS = MappingProxyType(
    {
        "ok": QT_TRANSLATE_NOOP("doctor", "Well"),
        "attention": QT_TRANSLATE_NOOP("doctor", "Look here"),
        "failed": QT_TRANSLATE_NOOP("doctor", "Mend this"),
    }
)
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
                translate("doctor", WORDS.get(state, state)),
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
        return translate("doctor", "{many} failed: mend what stands on top first").format(
            many=words.plural(failed, "check")
        )
    if attention:
        return (
            translate("doctor", "1 check needs a look; the till can sell")
            if attention == 1
            else translate("doctor", "{many} need a look; the till can sell").format(
                many=words.plural(attention, "check")
            )
        )
    return translate("doctor", "All is well with this till")


def as_text(report: Mapping[str, Any]) -> str:
    head = translate("doctor", "fiscalmon {version}, {at}").format(version=report.get("version"), at=report.get("at"))
    return "\n".join([head, *(f"{line.word:<10} {line.code:<14} {line.told}" for line in check_lines(report))])
