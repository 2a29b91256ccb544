"""A rounded surface with a soft painted shadow (light) or a thin line (dark).

Painted, not a graphics effect: an effect redraws the whole card into a buffer at every change of a number.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout

from ui.theme import Theme

SHADOW = 6  # px around the surface kept for the shadow
_RINGS = (13, 10, 7, 5, 3, 2)  # alpha of each ring, from the surface outwards
_DROP = 2  # px the shadow hangs lower


class Card(QFrame):
    """Put children into `body`; its margins keep clear of the shadow."""

    def __init__(self, theme: Theme, padding: int | None = None) -> None:
        super().__init__()
        self.theme = theme
        inner = theme.tokens.space["cardPadding"] if padding is None else padding
        self.body = QVBoxLayout(self)
        edge = SHADOW + inner
        self.body.setContentsMargins(edge, edge - 2, edge, edge)
        self.body.setSpacing(theme.tokens.space["1"])
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_card(painter, self.theme, QRectF(self.rect()))
        painter.end()


def paint_card(painter: QPainter, theme: Theme, place: QRectF) -> None:
    """The surface of a card that takes so much room with its shadow."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = theme.tokens.radii["card"]
    surface = place.adjusted(SHADOW, SHADOW - _DROP, -SHADOW, -SHADOW - _DROP)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if not theme.dark:
        for ring, alpha in enumerate(_RINGS):
            grow = ring + 0.5
            painter.setPen(QPen(QColor(16, 24, 40, alpha), 1))
            painter.drawRoundedRect(
                surface.adjusted(-grow, -grow + _DROP, grow, grow + _DROP), radius + grow, radius + grow
            )
    painter.setPen(QPen(theme.colour("line"), 1) if theme.dark else Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("surface"))
    half = 0.5 if theme.dark else 0.0
    painter.drawRoundedRect(surface.adjusted(half, half, -half, -half), radius, radius)
