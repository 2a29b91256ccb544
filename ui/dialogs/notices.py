"""Small sheets: the list of keys (F1), one row of the feed in full, the question before quitting.

Must not know the engine.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.dialogs.sheet import Sheet
from ui.presenters import words
from ui.presenters.feed import FeedRow
from ui.shortcuts import FIXED, SHORTCUTS
from ui.theme import Theme
from ui.widgets.labels import plain

_NAMED = 4  # devices that are told by number


def keys_sheet(parent: QWidget, theme: Theme) -> Sheet:
    """Every key and what it does."""
    sheet = Sheet(parent, theme, "Keys")
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.tokens.space["4"])
    grid.setVerticalSpacing(theme.tokens.space["2"])
    rows = [(shortcut.key, shortcut.words) for shortcut in SHORTCUTS] + list(FIXED)
    half = (len(rows) + 1) // 2  # two columns, so that a low screen has them all
    for place, (key, text) in enumerate(rows):
        side, row = divmod(place, half)
        grid.addWidget(plain(key, "key"), row, 2 * side, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(plain(text, wrap=True), row, 2 * side + 1)
    for column in (1, 3):
        grid.setColumnStretch(column, 1)
        grid.setColumnMinimumWidth(column, 312)
    sheet.body.addLayout(grid)
    close = sheet.add_button("Close")
    close.clicked.connect(sheet.accept)
    close.setFocus()
    return sheet


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
    close = sheet.add_button("Close")
    close.clicked.connect(sheet.accept)
    close.setFocus()
    sheet.setMinimumWidth(460)
    return sheet


def quit_sheet(parent: QWidget, theme: Theme, waiting: int, open_days: Sequence[int] = ()) -> Sheet:
    """Asks before leaving with `waiting` receipts that are not at FDMS yet, or with devices whose day is open."""
    sheet = Sheet(parent, theme, "Quit while receipts wait?" if waiting else "Quit with an open day?")
    one = waiting == 1
    if waiting:
        sheet.body.addWidget(
            plain(
                f"{words.plural(waiting, 'receipt')} {'is' if one else 'are'} signed but not at FDMS yet. "
                f"{'It is' if one else 'They are'} kept on this machine and {'goes' if one else 'go'} out "
                "at the next start. While fiscalmon is closed, nothing is sent.",
                wrap=True,
            )
        )
    if open_days:
        sheet.body.addWidget(plain(_still_open(open_days), wrap=True))
    stay = sheet.add_button("Keep running")
    leave = sheet.add_button("Quit", act=True)
    stay.clicked.connect(sheet.reject)
    leave.clicked.connect(sheet.accept)
    stay.setFocus()
    sheet.setMinimumWidth(460)
    return sheet


def _still_open(devices: Sequence[int]) -> str:
    named = ", ".join(str(number) for number in devices[:_NAMED])
    more = len(devices) - _NAMED
    if more > 0:
        named += f" and {words.count(more)} more"
    days = "The fiscal day is" if len(devices) == 1 else "The fiscal days are"
    return (
        f"{days} still open: device {named}. Nothing closes a day by the clock while fiscalmon is closed; "
        "F7 closes it now."
    )
