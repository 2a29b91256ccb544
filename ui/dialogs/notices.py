"""Small sheets: one row of the feed in full, the question before quitting.

Must not know the engine.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.dialogs.sheet import Sheet
from ui.i18n import translate
from ui.presenters import words
from ui.presenters.feed import FeedRow
from ui.theme import Theme
from ui.widgets.labels import plain

_NAMED = 4  # devices that are told by number


def row_sheet(parent: QWidget, theme: Theme, row: FeedRow) -> Sheet:
    """A row of the feed with all its text, which can be selected and told to support."""
    sheet = Sheet(parent, theme, row.sentence)
    for text, role in ((row.amount, "lead"), (row.note.replace(" · ", "\n"), ""), (row.time, "muted")):
        if text:
            label = plain(text, role, wrap=True)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            label.setAccessibleName(text)
            sheet.body.addWidget(label)
    close = sheet.add_button(translate("notices", "Close"))
    close.clicked.connect(sheet.accept)
    close.setFocus()
    sheet.setMinimumWidth(460)
    return sheet


def quit_sheet(parent: QWidget, theme: Theme, waiting: int, open_days: Sequence[int] = ()) -> Sheet:
    """Asks before leaving with `waiting` receipts that are not at FDMS yet, or with devices whose day is open."""
    sheet = Sheet(
        parent,
        theme,
        translate("notices", "Quit while receipts wait?")
        if waiting
        else translate("notices", "Quit with an open day?"),
    )
    if waiting:
        sheet.body.addWidget(
            plain(
                translate(
                    "notices",
                    "1 receipt is signed but not at FDMS yet. It is kept on this machine and goes out at the next "
                    "start. While fiscalmon is closed, nothing is sent.",
                )
                if waiting == 1
                else translate(
                    "notices",
                    "{many} are signed but not at FDMS yet. They are kept on this machine and go out at the "
                    "next start. While fiscalmon is closed, nothing is sent.",
                ).format(many=words.plural(waiting, "receipt")),
                wrap=True,
            )
        )
    if open_days:
        sheet.body.addWidget(plain(_still_open(open_days), wrap=True))
    stay = sheet.add_button(translate("notices", "Keep running"))
    leave = sheet.add_button(translate("notices", "Quit"), act=True)
    stay.clicked.connect(sheet.reject)
    leave.clicked.connect(sheet.accept)
    stay.setFocus()
    sheet.setMinimumWidth(460)
    return sheet


def _still_open(devices: Sequence[int]) -> str:
    named = ", ".join(str(number) for number in devices[:_NAMED])
    more = len(devices) - _NAMED
    if more > 0:
        named += translate("notices", " and {more} more").format(more=words.count(more))
    if len(devices) == 1:
        return translate(
            "notices",
            "The fiscal day is still open: device {named}. Nothing closes a day by the clock while "
            "fiscalmon is closed; F7 closes it now.",
        ).format(named=named)
    return translate(
        "notices",
        "The fiscal days are still open: device {named}. Nothing closes a day by the clock while "
        "fiscalmon is closed; F7 closes it now.",
    ).format(named=named)
