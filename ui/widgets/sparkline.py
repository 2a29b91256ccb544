"""A small line without axes along the foot of a card: the shape of a number's history, not its values."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import Theme

POINTS = 24


class Sparkline(QWidget):
    """At most the newest POINTS values; one value or none draws nothing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._values: tuple[float, ...] = ()
        theme.changed.connect(self.update)

    def show_values(self, values: tuple[float, ...]) -> None:
        if values != self._values:
            self._values = values
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(96, 18)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        values = self._values[-POINTS:]
        if len(values) < 2:
            return
        low, high = min(values), max(values)
        reach = (high - low) or 1.0
        wide, tall = self.width() - 3.0, self.height() - 4.0
        points = [
            QPointF(1.5 + wide * i / (len(values) - 1), 2 + tall * (1 - (v - low) / reach))
            for i, v in enumerate(values)
        ]
        path = QPainterPath(points[0])
        for point in points[1:]:
            path.lineTo(point)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self._theme.series(0))
        colour.setAlpha(170)
        painter.setPen(QPen(colour, 1.5))
        painter.drawPath(path)
        painter.end()
