"""The foot of the window: what the keys do now, as buttons for a finger. Shows actions; decides nothing.

A narrow window keeps the keys that matter most; the menu has them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.labels import plain


@dataclass(frozen=True)
class KeyEntry:
    """A button: its action, the key's name, a short word, and how soon it gives way (high first)."""

    action: QAction
    key: str
    word: str
    rank: int


class KeyButton(QPushButton):
    """A key's cap and its word; a click is the key, and leaves the keyboard where it was."""

    def __init__(self, theme: Theme, entry: KeyEntry) -> None:
        super().__init__()
        self.rank = entry.rank
        self.setProperty("kind", "key")
        self.setAccessibleName(f"{entry.word}, {entry.key}")
        self.setToolTip(f"{entry.action.text()} ({entry.key})")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.tokens.space["2"], 0, theme.tokens.space["2"], 0)
        row.setSpacing(theme.tokens.space["1"] + 2)
        for label in (plain(entry.key, "key"), plain(entry.word)):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        self.clicked.connect(entry.action.trigger)
        entry.action.enabledChanged.connect(self.setEnabled)
        self._least = theme.tokens.target

    def sizeHint(self) -> QSize:
        layout = self.layout()
        inner = layout.sizeHint() if layout else QSize()
        return QSize(inner.width(), max(self._least, inner.height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class KeyBar(QFrame):
    """Buttons from the left, in the table's order; the last stands at the right."""

    def __init__(self, theme: Theme, entries: list[KeyEntry]) -> None:
        super().__init__()
        self.setAccessibleName(translate("key_bar", "Function keys"))
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(theme.tokens.space["1"] + 2)
        self.buttons: list[KeyButton] = []
        for entry in entries:
            if entry is entries[-1]:
                row.addStretch(1)
            button = KeyButton(theme, entry)
            self.buttons.append(button)
            row.addWidget(button)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the keys that never give way."""
        return QSize(120, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        gap = self._row.spacing()
        room = width - 2 * 6 - gap
        for button in sorted(self.buttons, key=lambda b: b.rank):
            room -= button.sizeHint().width() + gap
            button.setVisible(room >= 0)
