"""The field where every code ends up, with the products that its text may mean below it.

The keyboard belongs here between two acts. Must not know the sale; it says what was entered, picked or moved.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from ui.i18n import translate
from ui.theme import Theme

_MOST_SHOWN = 6


class ScanField(QLineEdit):
    """Signals: `entered` with the text, `picked` with a suggestion's place, `moved` by -1 or 1, `act` by name."""

    entered = Signal(str)
    picked = Signal(int)
    moved = Signal(int)
    act = Signal(str)

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__()
        self.setAccessibleName(translate("scan_field", "Scan or type"))
        self.setPlaceholderText(translate("scan_field", "Scan, or type a code or name"))
        self.setMaxLength(200)
        self.setProperty("kind", "scan")
        self.setMinimumHeight(theme.tokens.target + 6)
        self.setFont(theme.font("title"))
        self._theme, self._over = theme, over
        self.list = QListWidget(over)
        self.list.setAccessibleName(translate("scan_field", "Products that match"))
        self.list.setProperty("kind", "suggestions")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda item: self._pick(self.list.row(item)))
        self.list.hide()

    def show_suggestions(self, texts: Sequence[str]) -> None:
        """Below the field, over whatever is there; none hides it."""
        self.list.clear()
        for text in texts:
            item = QListWidgetItem(text)
            self.list.addItem(item)
        self.list.setVisible(bool(texts) and bool(self.text()))
        self._place()

    def clear_text(self) -> None:
        self.clear()
        self.show_suggestions(())

    def event(self, event: QEvent) -> bool:
        undo = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        if event.type() == QEvent.Type.ShortcutOverride and undo and not self.text():
            event.ignore()  # with nothing typed, Undo is the sale's
            return False
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.list.isVisible() and self.list.currentRow() >= 0:
                self._pick(self.list.currentRow())
            else:
                self.entered.emit(self.text())
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and plain:
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear_text()
        elif not self.text() and plain and key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Delete):
            if key == Qt.Key.Key_Minus:
                super().keyPressEvent(event)  # the beginning of a discount
            else:
                self.act.emit("more" if key == Qt.Key.Key_Plus else "void")
        else:
            super().keyPressEvent(event)

    def _move(self, step: int) -> None:
        if not self.list.isVisible():
            self.moved.emit(step)
            return
        self.list.setCurrentRow(max(-1, min(self.list.currentRow() + step, self.list.count() - 1)))

    def _pick(self, row: int) -> None:
        self.picked.emit(row)

    def _place(self) -> None:
        if not self.list.isVisible():
            return
        row = self._theme.tokens.target
        height = min(self.list.count(), _MOST_SHOWN) * row + 10
        corner = self.mapTo(self._over, QPoint(0, self.height() + 2))
        self.list.setGeometry(corner.x(), corner.y(), self.width(), min(height, self._over.height() - corner.y() - 4))
        self.list.raise_()
