"""Labels that show text from outside as it is, never as markup, and one that shrinks before it is cut off.

Must not know what they say.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import Theme


def plain(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label of plain text in a role of the style sheet."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    return label


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Sets a style-sheet property and has it looked at again, only if it changed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def show_text(label: QLabel, text: str) -> None:
    """Sets a text only if it changed, so that an unchanged card costs no repaint."""
    if label.text() != text:
        label.setText(text)


def escaped(text: str) -> str:
    """Plain text for a tooltip, which has no plain mode: nothing in it can be taken for markup."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<span>" + safe.replace("\n", "<br>") + "</span>"


class CutLabel(QLabel):
    """One line that gives way where room is short: elided, with the whole of it as its tooltip. `text` stays whole."""

    def __init__(self, text: str, role: str) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)

    def shown(self) -> str:
        """What of the text there is room for."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def minimumSizeHint(self) -> QSize:
        whole = super().minimumSizeHint()
        return QSize(min(whole.width(), self.fontMetrics().averageCharWidth() * 8), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown()
        if shown == self.text():
            self.setToolTip("")
            super().paintEvent(event)
            return
        self.setToolTip(escaped(self.text()))
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
        painter.end()


class FitLabel(QLabel):
    """One line in the largest of some token sizes that fits its width; elided only below the smallest."""

    def __init__(self, theme: Theme, sizes: tuple[str, ...], *, role: str = "", strong: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fonts = [theme.font(size, strong=strong) for size in sizes]
        self._whole = ""
        self._fit()

    def show_whole(self, text: str) -> None:
        if text != self._whole:
            self._whole = text
            self._fit()

    def whole(self) -> str:
        """The text before eliding."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._fonts[0]).horizontalAdvance(self._whole), QFontMetrics(self._fonts[0]).height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, QFontMetrics(self._fonts[0]).height())

    def _fit(self) -> None:
        width = self.width()
        font = next(
            (f for f in self._fonts if QFontMetrics(f).horizontalAdvance(self._whole) <= width),
            self._fonts[-1],
        )
        shown = QFontMetrics(font).elidedText(self._whole, Qt.TextElideMode.ElideRight, width)
        # the style sheet names a size for every label; only a sheet of its own outranks it
        css = f"font-size: {font.pixelSize()}px; font-weight: {font.weight()};"
        if self.styleSheet() != css:
            self.setStyleSheet(css)
        show_text(self, shown)
        self.setToolTip("" if shown == self._whole else escaped(self._whole))
