"""Panels in the room there is: side by side where they all fit, else one at a time behind a row of names.

Must not know what the panels show.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.i18n import translate
from ui.theme import Theme

_WIDE, _HIGH = 1_000, 430  # px from which all panels stand side by side
_ACROSS = 3


class Deck(QWidget):
    """`entries` are (name, panel) in their order."""

    def __init__(self, theme: Theme, entries: Sequence[tuple[str, QWidget]]) -> None:
        super().__init__()
        self.panels = [panel for _, panel in entries]
        self._spread: bool | None = None
        self._chosen = 0
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._names = QWidget()
        row = QHBoxLayout(self._names)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(theme.tokens.space["1"])
        for place, (name, _) in enumerate(entries):
            button = QPushButton(name)
            button.setProperty("kind", "tab")
            button.setAccessibleName(translate("deck", "Show {name}").format(name=name))
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setChecked(place == 0)
            self._group.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        self._group.idClicked.connect(self.choose)
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._names)
        column.addLayout(self._grid, 1)
        self._arrange(spread=False)

    def choose(self, place: int) -> None:
        """Brings a panel to the front; where all are shown it changes nothing."""
        self._chosen = place
        if not self._spread:
            for number, panel in enumerate(self.panels):
                panel.setVisible(number == place)

    def spread(self) -> bool:
        """Whether all panels stand side by side."""
        return bool(self._spread)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 150)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(spread=event.size().width() >= _WIDE and event.size().height() >= _HIGH)

    def _arrange(self, *, spread: bool) -> None:
        if spread == self._spread:
            return
        self._spread = spread
        self._names.setVisible(not spread)
        for place, panel in enumerate(self.panels):
            self._grid.removeWidget(panel)
            row, column = divmod(place, _ACROSS) if spread else (0, 0)
            self._grid.addWidget(panel, row, column)
            panel.setVisible(spread or place == self._chosen)
        for column in range(_ACROSS):
            self._grid.setColumnStretch(column, 1 if spread or column == 0 else 0)
        for row in range((len(self.panels) - 1) // _ACROSS + 1):
            self._grid.setRowStretch(row, 1 if spread or row == 0 else 0)
