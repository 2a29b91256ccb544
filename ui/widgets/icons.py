"""Glyphs that stand beside a word, drawn with lines so that they are sharp at any scale and take any colour.

Must not know what they mean; the presenters name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import Theme

Line = tuple[tuple[float, float], ...]
# On a field of 24 × 24: whether a circle or a triangle encloses it, and the strokes within.
_GLYPHS: Mapping[str, tuple[str, tuple[Line, ...]]] = MappingProxyType(
    {
        "ok": ("circle", (((7.5, 12.4), (10.7, 15.6), (16.6, 8.8)),)),
        "attention": ("triangle", (((12, 10), (12, 14)), ((12, 17), (12, 17.01)))),
        "failed": ("circle", (((8.8, 8.8), (15.2, 15.2)), ((15.2, 8.8), (8.8, 15.2)))),
        "waiting": ("circle", (((12, 7), (12, 12.3), (15.4, 14.2)),)),
        "offline": (
            "none",
            (
                ((4, 9), (7, 6.6), (10, 5.5)),
                ((14.5, 5.7), (17.5, 7), (20, 9)),
                ((7.6, 13), (9.4, 11.6)),
                ((14.9, 11.8), (16.4, 13)),
                ((12, 17.5), (12, 17.51)),
                ((4, 3.5), (20, 19.5)),
            ),
        ),
        "day": (
            "sheet",
            (
                ((4, 10), (20, 10)),
                ((8.5, 3), (8.5, 6.5)),
                ((15.5, 3), (15.5, 6.5)),
                ((8.8, 15), (11.2, 17.2), (15.6, 12.9)),
            ),
        ),
    }
)


def draw_icon(painter: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    """Draws a glyph into a square. An unknown name draws nothing."""
    shape, lines = _GLYPHS.get(name, ("none", ()))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 24, box.height() / 24)
    pen = QPen(colour, 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shape == "circle":
        painter.drawEllipse(QPointF(12, 12), 9.5, 9.5)
    elif shape == "triangle":
        painter.drawPath(_closed(((12, 3.2), (21.6, 20), (2.4, 20))))
    elif shape == "sheet":
        painter.drawRoundedRect(QRectF(4, 4.8, 16, 15.4), 2, 2)
    for line in lines:
        path = QPainterPath(QPointF(*line[0]))
        for point in line[1:]:
            path.lineTo(QPointF(*point))
        painter.drawPath(path)
    painter.restore()


def _closed(points: Line) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    path.closeSubpath()
    return path


class Icon(QWidget):
    """A glyph in a token colour; decoration beside its word, so screen readers pass it by."""

    def __init__(self, theme: Theme, size: int) -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self._theme, self._name, self._colour = theme, "", "text"
        theme.changed.connect(self.update)

    def show_icon(self, name: str, colour: str) -> None:
        if (name, colour) != (self._name, self._colour):
            self._name, self._colour = name, colour
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_icon(painter, self._name, QRectF(self.rect()).adjusted(1, 1, -1, -1), self._theme.colour(self._colour))
        painter.end()
