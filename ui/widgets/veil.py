"""The lock over the whole window: nothing of the till is seen or pressed until the PIN is right.

Shows what it is told; whoever has the engine checks the PIN.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.dialogs.sheet import push_button
from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.labels import plain, set_property, show_text


class Veil(QWidget):
    """`typed` with a PIN. Covers its parent as long as it is shown."""

    typed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(translate("lock", "This till is locked"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        card = Card(theme)
        card.setMaximumWidth(380)
        card.body.setSpacing(theme.tokens.space["3"])
        card.body.addWidget(plain(translate("lock", "This till is locked"), "title"))
        self.field = QLineEdit()
        self.field.setAccessibleName(translate("lock", "PIN"))
        self.field.setPlaceholderText(translate("lock", "PIN"))
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMaxLength(6)
        self.field.setProperty("kind", "scan")
        self.field.returnPressed.connect(self._enter)
        card.body.addWidget(self.field)
        pad = QGridLayout()
        pad.setSpacing(theme.tokens.space["2"])
        for place, digit in enumerate("123456789"):
            pad.addWidget(self._key(digit), place // 3, place % 3)
        clear = push_button("⌫")
        clear.setAccessibleName(translate("lock", "Delete the last digit"))
        clear.clicked.connect(self.field.backspace)
        self.enter = push_button(translate("lock", "Unlock"), act=True)
        self.enter.clicked.connect(self._enter)
        pad.addWidget(clear, 3, 0)
        pad.addWidget(self._key("0"), 3, 1)
        pad.addWidget(self.enter, 3, 2)
        card.body.addLayout(pad)
        self.told = plain(wrap=True)
        self.told.setAccessibleName(translate("lock", "What is wrong"))
        set_property(self.told, "state", "failed")
        card.body.addWidget(self.told)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card, 2)
        middle.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addStretch(1)
        whole.addLayout(middle)
        whole.addStretch(1)
        self.hide()
        parent.installEventFilter(self)

    def cover(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.field.clear()
        show_text(self.told, "")
        self.show()
        self.raise_()
        self.field.setFocus()

    def refuse(self, text: str) -> None:
        show_text(self.told, text)
        self.field.clear()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        parent = self.parentWidget()
        if self.isVisible() and event.type() == QEvent.Type.Resize and parent is not None:
            self.setGeometry(parent.rect())
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The Tab key goes round among the lock's own keys."""
        found = super().focusNextPrevChild(forward)
        focus = self.window().focusWidget()
        if focus is None or not (focus is self or self.isAncestorOf(focus)):
            self.field.setFocus()
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("canvas"))
        painter.end()

    def _key(self, digit: str) -> QWidget:
        key = push_button(digit)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.clicked.connect(lambda: self.field.insert(digit))
        return key

    def _enter(self) -> None:
        if self.field.text():
            self.typed.emit(self.field.text())
