"""Where the sale page's number pad stands: under the money, or in two rows under the lines; and that it is remembered.

Lives in Qt's thread; must not know the sale.
"""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from ui.screen_file import ScreenFile
from ui.widgets.number_pad import NumberPad

HIGH = 520  # px that the page needs for the money and a block of keys under it


class PadPlace:
    """`under_lines` and `under_money` are for the page's layout."""

    def __init__(self, pad: NumberPad, screen: ScreenFile) -> None:
        self.pad, self._screen = pad, screen
        self.under_lines, self.under_money = QVBoxLayout(), QVBoxLayout()
        space = pad.theme.tokens.space
        self.under_money.setContentsMargins(space["3"], 0, space["3"], space["2"])

    @property
    def wanted(self) -> bool:
        return self._screen.screen.pad

    def toggle(self, height: int) -> bool:
        """Shown or hidden from now on, for this screen; True when it is shown."""
        self._screen.change(pad=not self.wanted)
        self.fit(height)
        return self.wanted

    def fit(self, height: int) -> None:
        """As a page of that height has the room for it."""
        low = height < HIGH
        self.pad.set_low(low)
        column = self.under_lines if low else self.under_money
        if column.indexOf(self.pad) < 0:
            column.addWidget(self.pad)
        self.pad.setVisible(self.wanted)
