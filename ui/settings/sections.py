"""The engine's settings as questions, from a table: which section, which members, how an answer becomes a value.

Knows no Qt and no engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fiscalmon.domain.errors import BadInput
from ui.i18n import QT_TRANSLATE_NOOP, translate

Form = Literal["text", "number", "tick", "folder"]


@dataclass(frozen=True)
class Member:
    """`name` is the section's own. An empty text is None."""

    name: str
    label: str
    form: Form = "text"
    hint: str = ""


@dataclass(frozen=True)
class SectionForm:
    section: str
    title: str
    why: str
    members: tuple[Member, ...]


SECTIONS: tuple[SectionForm, ...] = (
    SectionForm(
        "day",
        QT_TRANSLATE_NOOP("settings", "Day by the clock"),
        QT_TRANSLATE_NOOP("settings", "Opens and closes the fiscal day by itself. Empty: somebody does it by hand."),
        (
            Member("open_at", QT_TRANSLATE_NOOP("settings", "Open at"), hint="07:30"),
            Member("close_at", QT_TRANSLATE_NOOP("settings", "Close at"), hint="20:15"),
            Member("close_waits_minutes", QT_TRANSLATE_NOOP("settings", "Minutes a close waits for FDMS"), "number"),
        ),
    ),
    SectionForm(
        "backup",
        QT_TRANSLATE_NOOP("settings", "Backup"),
        QT_TRANSLATE_NOOP(
            "settings",
            "A verified copy of the books each night. To go back to one: stop fiscalmon, then run `fiscalmon restore "
            "FILE` in a terminal; it checks the copy before it replaces anything.",
        ),
        (
            Member("nightly", QT_TRANSLATE_NOOP("settings", "A copy each night"), "tick"),
            Member("at", QT_TRANSLATE_NOOP("settings", "At"), hint="02:30"),
            Member("folder", QT_TRANSLATE_NOOP("settings", "Folder; empty is the data folder's own"), "folder"),
            Member("daily", QT_TRANSLATE_NOOP("settings", "Daily copies to keep"), "number"),
            Member("weekly", QT_TRANSLATE_NOOP("settings", "Weekly copies to keep"), "number"),
        ),
    ),
    SectionForm(
        "watched-folder",
        QT_TRANSLATE_NOOP("settings", "Watched folder"),
        QT_TRANSLATE_NOOP("settings", "Files that another program puts there are sales. Empty: none is watched."),
        (
            Member("path", QT_TRANSLATE_NOOP("settings", "Folder"), "folder"),
            Member("device", QT_TRANSLATE_NOOP("settings", "Device for sales that name none"), "number"),
        ),
    ),
    SectionForm(
        "printing",
        QT_TRANSLATE_NOOP("settings", "Printing"),
        QT_TRANSLATE_NOOP("settings", "What printers do by themselves."),
        (
            Member("day_reports", QT_TRANSLATE_NOOP("settings", "Print the Z report at each close"), "tick"),
            Member("open_drawer", QT_TRANSLATE_NOOP("settings", "Open the drawer after a cash sale"), "tick"),
        ),
    ),
)


def shown(form: SectionForm, values: Mapping[str, Any]) -> dict[str, str]:
    """A section's values as answers."""
    found = {}
    for member in form.members:
        value = values.get(member.name)
        if member.form == "tick":
            found[member.name] = "yes" if value else "no"
        else:
            found[member.name] = "" if value is None else str(value)
    return found


def taken(form: SectionForm, answers: Mapping[str, str]) -> dict[str, Any]:
    """Answers as the section's values. Raises BadInput for what is no number."""
    values: dict[str, Any] = {}
    for member in form.members:
        text = answers[member.name].strip()
        if member.form == "tick":
            values[member.name] = text == "yes"
        elif member.form == "number" and text:
            if not (text.isascii() and text.isdigit()):
                label = translate("settings", member.label)
                raise BadInput(translate("settings", "{label}: digits only.").format(label=label))
            values[member.name] = int(text)
        else:
            values[member.name] = text or None
    return values
