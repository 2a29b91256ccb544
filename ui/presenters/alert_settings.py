"""Where alerts go and what is watched, as rows and as questions' answers. What is wrong is said before it is sent.

Knows no Qt and no engine. A secret passes from the answers to the engine and stands in no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from fiscalmon.domain.errors import BadInput
from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words

# A webhook's address may be the secret itself: asked for in a way of its own, since it is typed hidden.
KINDS: Final = (
    ("e-mail", QT_TRANSLATE_NOOP("settings", "E-mail")),
    ("telegram", QT_TRANSLATE_NOOP("settings", "Telegram")),
    ("webhook", QT_TRANSLATE_NOOP("settings", "Webhook")),
    ("secret-webhook", QT_TRANSLATE_NOOP("settings", "Webhook, its address a secret")),
)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_MAIL: Final = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")
_CHAT: Final = re.compile(r"-?\d{1,20}|@[A-Za-z0-9_]{3,64}", re.ASCII)
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,6}(\.\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Limit:
    """A rule's threshold: the setting that holds it, what it is asked for by, and how it is shown."""

    setting: str
    label: str
    shown: str
    whole: bool = False


@dataclass(frozen=True)
class RuleWords:
    """`moment`: it happens and is over, so that it never waits before it is told."""

    title: str
    limit: Limit | None = None
    moment: bool = False


RULES: Final[Mapping[str, RuleWords]] = MappingProxyType(
    {
        "queue-blocked": RuleWords(QT_TRANSLATE_NOOP("settings", "A receipt blocks the queue")),
        "queue-waiting": RuleWords(
            QT_TRANSLATE_NOOP("settings", "Receipts wait too long"),
            Limit(
                "waiting_hours",
                QT_TRANSLATE_NOOP("settings", "Hours that the oldest has waited"),
                QT_TRANSLATE_NOOP("settings", "{number} h"),
            ),
        ),
        "day-long": RuleWords(
            QT_TRANSLATE_NOOP("settings", "A fiscal day is open for long"),
            Limit(
                "day_hours",
                QT_TRANSLATE_NOOP("settings", "Hours that it is open"),
                QT_TRANSLATE_NOOP("settings", "{number} h"),
            ),
        ),
        "day-close-failed": RuleWords(QT_TRANSLATE_NOOP("settings", "A fiscal day could not be closed")),
        "certificate": RuleWords(
            QT_TRANSLATE_NOOP("settings", "A certificate runs out"),
            Limit(
                "certificate_days",
                QT_TRANSLATE_NOOP("settings", "Days that are left"),
                QT_TRANSLATE_NOOP("settings", "{number} days"),
                whole=True,
            ),
        ),
        "clock": RuleWords(
            QT_TRANSLATE_NOOP("settings", "The clock is wrong"),
            Limit(
                "clock_seconds",
                QT_TRANSLATE_NOOP("settings", "Seconds that it is off"),
                QT_TRANSLATE_NOOP("settings", "{number} s"),
                whole=True,
            ),
        ),
        "books": RuleWords(QT_TRANSLATE_NOOP("settings", "The books are in doubt")),
        "disk": RuleWords(
            QT_TRANSLATE_NOOP("settings", "The disk is nearly full"),
            Limit(
                "disk_gib",
                QT_TRANSLATE_NOOP("settings", "GiB that are free"),
                QT_TRANSLATE_NOOP("settings", "{number} GiB"),
            ),
        ),
        "printer": RuleWords(QT_TRANSLATE_NOOP("settings", "A printer has stopped")),
        "sign-in": RuleWords(QT_TRANSLATE_NOOP("settings", "A sign-in from a new address"), moment=True),
        "lan": RuleWords(QT_TRANSLATE_NOOP("settings", "Other machines may look in"), moment=True),
    }
)


@dataclass(frozen=True)
class ChannelRow:
    """`state`: the colour of the last outcome."""

    name: str
    kind: str
    target: str
    outcome: str
    state: str


@dataclass(frozen=True)
class RuleRow:
    """Texts as they are shown; `minutes` before it is told, `number` of its threshold, "" without one."""

    rule: str
    title: str
    on: bool
    wakes: bool
    minutes: int
    number: str
    limit: str
    after: str

    @property
    def word(self) -> str:
        return translate("settings", "On") if self.on else translate("settings", "Off")

    @property
    def state(self) -> str:
        return "ok" if self.on else "muted"

    @property
    def quiet(self) -> str:
        return translate("settings", "Told") if self.wakes else translate("settings", "Waits")


def channel_rows(listed: Iterable[Mapping[str, Any]], tests: Mapping[str, tuple[str, str]]) -> list[ChannelRow]:
    """`tests`: what came of the tests made here, by channel, as (state, words)."""
    return [_channel_row(one, tests) for one in listed]


def _channel_row(one: Mapping[str, Any], tests: Mapping[str, tuple[str, str]]) -> ChannelRow:
    kind, name = str(one["kind"]), str(one["name"])
    word = dict(KINDS).get(kind, kind)
    hidden = kind == "webhook" and str(one["target"]).startswith("(")
    target = translate("settings", "A secret address") if hidden else words.sentence(one["target"])
    waiting, error = int(one["waiting"]), words.sentence(one["lastError"])
    if waiting:
        outcome = translate("settings", "{count} waiting").format(count=waiting)
        outcome, state = (f"{outcome}: {error}", "failed") if error else (outcome, "attention")
    elif error:
        outcome, state = error, "failed"
    else:
        state, outcome = tests.get(name, ("muted", translate("settings", "No trouble")))
    return ChannelRow(name, translate("settings", word), target, outcome, state)


def rule_rows(rules: Iterable[Mapping[str, Any]], section: Mapping[str, Any]) -> list[RuleRow]:
    """The rules as the engine lists them; `section`: the settings named "alerts"."""
    return [_rule_row(one, section) for one in rules]


def _rule_row(one: Mapping[str, Any], section: Mapping[str, Any]) -> RuleRow:
    rule = str(one["rule"])
    known = RULES.get(rule, RuleWords(words.sentence(one["title"])))
    number = limit = ""
    if known.limit is not None:
        number = f"{section[known.limit.setting]:g}"
        limit = translate("settings", known.limit.shown).format(number=number)
    minutes = int(one["holdMinutes"])
    waits = minutes and not known.moment
    after = translate("settings", "{number} min").format(number=minutes) if waits else translate("settings", "at once")
    return RuleRow(
        rule, translate("settings", known.title), bool(one["on"]), bool(one["wakes"]), minutes, number, limit, after
    )


def rhythm(section: Mapping[str, Any]) -> str:
    """The quiet hours and how often what lasts is told again, as sentences."""
    begin, end, again = section["quiet_from"], section["quiet_until"], int(section["repeat_hours"])
    quiet = translate("settings", "No quiet hours.")
    if begin and end and begin != end:
        quiet = translate("settings", "Quiet from {begin} until {end}.").format(begin=begin, end=end)
    repeat = translate("settings", "What lasts is told once.")
    if again:
        repeat = translate("settings", "What lasts is told again after {number} h.").format(number=again)
    return f"{quiet} {repeat}"


def check_name(answers: Mapping[str, str], taken: Iterable[str]) -> None:
    """Raises BadInput for a name that cannot be a new channel's."""
    name = answers["name"].strip()
    if not _NAME.fullmatch(name):
        raise BadInput(translate("settings", "The name has letters, digits, - and _ alone, 40 at most."))
    if name in taken:
        raise BadInput(translate("settings", "There is a channel {name} already. Remove it first.").format(name=name))


def channel_of(name: str, kind: str, answers: Mapping[str, str]) -> tuple[dict[str, Any], str | None]:
    """The channel's description and its secret, None without one. Raises BadInput in words for a shop's owner."""
    given = {key: value.strip() for key, value in answers.items()}
    making = {"e-mail": _mail, "telegram": _telegram, "webhook": _webhook, "secret-webhook": _secret_webhook}
    described, secret = making[kind](given)
    if not secret.isprintable():
        raise BadInput(translate("settings", "The secret is one line without control characters."))
    return {"name": name, **described}, secret or None


def _mail(given: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    recipients = [part for part in re.split(r"[\s,;]+", given["to"]) if part]
    if not given["host"].isascii() or not given["host"] or " " in given["host"]:
        raise BadInput(translate("settings", "Name the mail server, such as mail.example.org."))
    if not recipients or not all(_MAIL.fullmatch(one) for one in (given["sender"], *recipients)):
        raise BadInput(translate("settings", "Sender and recipients are addresses such as owner@example.org."))
    port = given["port"] or ("465" if given["security"] == "tls" else "587")
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65_535):
        raise BadInput(translate("settings", "The port is a number, such as 587."))
    if bool(given["user"]) != bool(given["secret"]):
        raise BadInput(translate("settings", "Give a user and a password, or neither."))
    if given["secret"] and given["security"] == "none":
        raise BadInput(translate("settings", "A password is never sent without TLS: choose another protection."))
    described = {
        "kind": "e-mail",
        "host": given["host"],
        "port": int(port),
        "security": given["security"],
        "sender": given["sender"],
        "to": recipients,
    }
    if given["user"]:
        described["user"] = given["user"]
    return described, given["secret"]


def _telegram(given: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    if not _CHAT.fullmatch(given["chat"]):
        raise BadInput(translate("settings", "The chat is a number, or a name that begins with @."))
    if not given["secret"]:
        raise BadInput(translate("settings", "Give the bot's token."))
    return {"kind": "telegram", "chat": given["chat"]}, given["secret"]


def _webhook(given: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    _check_address(given["url"], given["private"])
    if "?" in given["url"]:
        raise BadInput(
            translate("settings", "What stands behind the ? may be a secret: choose the webhook whose address is one.")
        )
    return {"kind": "webhook", "url": given["url"], "allow_private": given["private"] == "yes"}, given["secret"]


def _secret_webhook(given: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    _check_address(given["secret"], given["private"])
    return {"kind": "webhook", "allow_private": given["private"] == "yes"}, given["secret"]


def _check_address(url: str, private: str) -> None:
    if not re.match(r"https?://[^/?#]", url) or not url.isascii() or " " in url:
        raise BadInput(translate("settings", "The address begins with https:// and names a machine."))
    if url.startswith("http:") and private != "yes":
        raise BadInput(translate("settings", "Into the Internet it goes by https:// alone."))


def rule_values(row: RuleRow, answers: Mapping[str, str], section: Mapping[str, Any]) -> dict[str, Any]:
    """What to set of the section "alerts" for a rule. Raises BadInput for what is no number."""
    values: dict[str, Any] = {
        "off": _with(section["off"], row.rule, within=answers["on"] == "no"),
        "wake_for": _with(section["wake_for"], row.rule, within=answers["wakes"] == "yes"),
    }
    known = RULES.get(row.rule)
    if known is not None and known.limit is not None:
        label = translate("settings", known.limit.label)
        values[known.limit.setting] = _number(label, answers["limit"], whole=known.limit.whole)
    if "minutes" in answers:
        minutes = _number(translate("settings", "Minutes before it is told"), answers["minutes"], whole=True)
        if minutes != row.minutes:
            values["hold_minutes"] = {**section["hold_minutes"], row.rule: minutes}
    return values


def switched(row: RuleRow, section: Mapping[str, Any]) -> dict[str, Any]:
    """What to set so that a rule that is on is off, and the other way round."""
    return {"off": _with(section["off"], row.rule, within=row.on)}


def rhythm_values(answers: Mapping[str, str]) -> dict[str, Any]:
    """What to set for the quiet hours. Raises BadInput."""
    begin, end = answers["quiet_from"].strip(), answers["quiet_until"].strip()
    if bool(begin) != bool(end):
        raise BadInput(translate("settings", "Give both ends of the quiet hours, or neither."))
    if begin and not (_TIME.fullmatch(begin) and _TIME.fullmatch(end)):
        raise BadInput(translate("settings", "A time is written as 21:00."))
    again = _number(translate("settings", "Hours until it is told again"), answers["repeat_hours"], whole=True)
    return {"quiet_from": begin or None, "quiet_until": end or None, "repeat_hours": again}


def _with(names: Iterable[str], name: str, *, within: bool) -> list[str]:
    return [*(one for one in names if one != name), *([name] if within else [])]


def _number(label: str, text: str, *, whole: bool) -> float | int:
    text = text.strip().replace(",", ".")
    if not _NUMBER.fullmatch(text) or (whole and "." in text):
        asked = (
            translate("settings", "{label}: a whole number, please.")
            if whole
            else translate("settings", "{label}: a number, please.")
        )
        raise BadInput(asked.format(label=label))
    return int(text) if whole else float(text)
