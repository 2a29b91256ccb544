"""Receipts per hour as one line. Shows a TrendView; decides nothing.

Imports pyqtgraph, which takes longer than painting the window: import this module when the window stands.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy

from ui.i18n import translate
from ui.presenters.trend import TrendView
from ui.theme import Theme


class TrendChart(pg.PlotWidget):
    """The plot alone; its card, title and empty sentence belong to ChartCard."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(background=None)
        self._theme, self._view = theme, TrendView()
        self.setAccessibleName(translate("trend_chart", "Receipts per hour"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setAntialiasing(True)
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.showGrid(x=False, y=False)
        plot.setContentsMargins(0, 4, 8, 0)
        self._lines = [pg.InfiniteLine(angle=0, movable=False) for _ in range(4)]
        for line in self._lines:
            plot.addItem(line, ignoreBounds=True)
        self._whole = plot.plot([], [], antialias=True)
        self._running = plot.plot([], [], antialias=True)
        self._now = plot.plot([], [], pen=None, symbol="o", symbolSize=8, antialias=True)
        self._recolour()
        theme.changed.connect(self._recolour)

    def show_trend(self, view: TrendView) -> None:
        if view == self._view:
            return
        self._view = view
        self.setAccessibleDescription(view.spoken())
        hours = list(range(len(view.counts)))
        counts = list(view.counts)
        self._whole.setData(hours[:-1], counts[:-1])
        self._running.setData(hours[-2:], counts[-2:])
        self._now.setData(hours[-1:], counts[-1:])
        plot, top = self.getPlotItem(), view.top
        for i, line in enumerate(self._lines):
            line.setValue(top * (i + 1) / 4)
        plot.setXRange(view.first, view.last, padding=0.02)
        plot.setYRange(0, top, padding=0.04)
        step = 2 if view.last - view.first <= 16 else 3
        plot.getAxis("bottom").setTicks([[(h, f"{h:02d}") for h in range(view.first, view.last + 1, step)]])
        plot.getAxis("left").setTicks([[(top * i / 4, f"{top * i // 4:,}") for i in range(5)]])

    def wheelEvent(self, event: Any) -> None:
        """The chart is to be read, not turned; the wheel belongs to whatever scrolls around it."""
        event.ignore()

    def _recolour(self) -> None:
        theme = self._theme
        series, line = theme.series(0), theme.colour("line")
        self.setBackground(theme.colour("surface"))
        fill = QColor(series)
        fill.setAlpha(28)
        solid = _pen(series, Qt.PenStyle.SolidLine)
        self._whole.setPen(solid)
        self._whole.setFillLevel(0)
        self._whole.setFillBrush(fill)
        self._running.setPen(_pen(series, Qt.PenStyle.DashLine))
        self._now.setSymbolPen(solid)
        self._now.setSymbolBrush(theme.colour("surface"))
        for one in self._lines:
            one.setPen(pg.mkPen(line, width=1))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(line) if side == "bottom" else pg.mkPen(None))
            axis.setTextPen(theme.colour("muted"))
            axis.setStyle(tickFont=theme.font("small"), tickLength=0, tickAlpha=0, tickTextOffset=6)


def _pen(colour: QColor, style: Qt.PenStyle) -> QPen:
    pen = QPen(colour, 2, style)
    pen.setCosmetic(True)  # two pixels, whatever the axes' scale
    return pen
