"""Two small sheets: the list of keys (F1), and the question before quitting while receipts wait.

Must not know the engine.
"""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.dialogs.sheet import Sheet
from ui.presenters import words
from ui.shortcuts import FIXED, SHORTCUTS
from ui.theme import Theme
from ui.widgets.labels import plain


def keys_sheet(parent: QWidget, theme: Theme) -> Sheet:
    """Every key and what it does."""
    sheet = Sheet(parent, theme, "Keys")
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.tokens.space["4"])
    grid.setVerticalSpacing(theme.tokens.space["2"])
    grid.setColumnStretch(1, 1)
    rows = [(shortcut.key, shortcut.words) for shortcut in SHORTCUTS] + list(FIXED)
    for row, (key, text) in enumerate(rows):
        cap = plain(key, "key")
        grid.addWidget(cap, row, 0)
        grid.addWidget(plain(text), row, 1)
    sheet.body.addLayout(grid)
    close = sheet.add_button("Close")
    close.clicked.connect(sheet.accept)
    close.setFocus()
    return sheet


def quit_sheet(parent: QWidget, theme: Theme, waiting: int) -> Sheet:
    """Asks before leaving with `waiting` receipts that are not at FDMS yet."""
    sheet = Sheet(parent, theme, "Quit while receipts wait?")
    one = waiting == 1
    sheet.body.addWidget(
        plain(
            f"{words.plural(waiting, 'receipt')} {'is' if one else 'are'} signed but not at FDMS yet. "
            f"{'It is' if one else 'They are'} kept on this machine and {'goes' if one else 'go'} out "
            "at the next start. While fiscalmon is closed, nothing is sent.",
            wrap=True,
        )
    )
    stay = sheet.add_button("Keep running")
    leave = sheet.add_button("Quit", act=True)
    stay.clicked.connect(sheet.reject)
    leave.clicked.connect(sheet.accept)
    stay.setFocus()
    sheet.setMinimumWidth(460)
    return sheet
