"""The foot of the window: what the keys do now, as buttons for a finger. Shows actions; decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from ui.theme import Theme
from ui.widgets.labels import plain


class KeyButton(QPushButton):
    """A key's cap and its word; a click is the key."""

    def __init__(self, theme: Theme, action: QAction, key: str, word: str) -> None:
        super().__init__()
        self.setProperty("kind", "key")
        self.setAccessibleName(f"{word}, {key}")
        self.setToolTip(f"{action.text()} ({key})")
        self.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.tokens.space["3"], 0, theme.tokens.space["3"], 0)
        row.setSpacing(theme.tokens.space["2"])
        for label in (plain(key, "key"), plain(word)):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        self.clicked.connect(action.trigger)
        action.enabledChanged.connect(self.setEnabled)
        self._least = theme.tokens.target

    def sizeHint(self) -> QSize:
        layout = self.layout()
        inner = layout.sizeHint() if layout else QSize()
        return QSize(inner.width(), max(self._least, inner.height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class KeyBar(QFrame):
    """Buttons from the left, in the table's order; the last stands at the right."""

    def __init__(self, theme: Theme, entries: list[tuple[QAction, str, str]]) -> None:
        super().__init__()
        self.setAccessibleName("Function keys")
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(theme.tokens.space["2"])
        self.buttons: list[KeyButton] = []
        for action, key, word in entries:
            if action is entries[-1][0]:
                row.addStretch(1)
            button = KeyButton(theme, action, key, word)
            self.buttons.append(button)
            row.addWidget(button)
