"""Bars or a line of one series. Shows a SeriesView; decides nothing.

Imports pyqtgraph, which takes longer than painting the window: import this module when the window stands.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy

from ui.presenters.panels import SeriesView
from ui.theme import Theme


class SeriesChart(pg.PlotWidget):
    """The plot alone; title, caption and the empty sentence belong to its panel. `series` is the colour's number."""

    def __init__(self, theme: Theme, name: str, series: int) -> None:
        super().__init__(background=None)
        self._theme, self._series, self._view = theme, series, SeriesView()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setAntialiasing(True)
        self.setMinimumHeight(60)
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setContentsMargins(0, 4, 8, 0)
        self._lines = [pg.InfiniteLine(angle=0, movable=False) for _ in range(2)]
        for line in self._lines:
            plot.addItem(line, ignoreBounds=True)
        self._bars = pg.BarGraphItem(x=[], height=[], width=0.7)
        self._running = pg.BarGraphItem(x=[], height=[], width=0.7)
        plot.addItem(self._bars)
        plot.addItem(self._running)
        self._line = plot.plot([], [], antialias=True)
        self._recolour()
        theme.changed.connect(self._recolour)

    def show_series(self, view: SeriesView) -> None:
        if view == self._view or not view.values:
            return
        self._view = view
        self.setAccessibleDescription(view.spoken())
        heights = [value - view.low for value in view.values]
        places = list(range(len(heights)))
        split = len(heights) - 1 if view.dashed else len(heights)
        if view.kind == "bars":
            self._bars.setOpts(x=places[:split], height=heights[:split], y0=view.low, width=0.7)
            self._running.setOpts(x=places[split:], height=heights[split:], y0=view.low, width=0.7)
        else:
            self._line.setData(places, list(view.values))
        plot, rise = self.getPlotItem(), view.top - view.low
        for line, part in zip(self._lines, (0.5, 1.0), strict=True):
            line.setValue(view.low + rise * part)
        edge = 0.6 if view.kind == "bars" else 0.0
        plot.setXRange(-edge, max(1, view.places - 1) + edge, padding=0.01)
        plot.setYRange(view.low, view.top, padding=0.05)
        plot.getAxis("bottom").setTicks([list(view.ticks)])
        plot.getAxis("left").setTicks([[(view.low + rise * p, f"{view.low + rise * p:,.0f}") for p in (0, 0.5, 1)]])

    def wheelEvent(self, event: Any) -> None:
        """The chart is to be read, not turned."""
        event.ignore()

    def _recolour(self) -> None:
        theme = self._theme
        colour, line = theme.series(self._series), theme.colour("line")
        self.setBackground(theme.colour("surface"))
        light = QColor(colour)
        light.setAlpha(70)
        pen = QPen(colour, 1.5, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        self._bars.setOpts(brush=colour, pen=pg.mkPen(None))
        self._running.setOpts(brush=light, pen=pen)
        solid = QPen(colour, 2)
        solid.setCosmetic(True)
        self._line.setPen(solid)
        for one in self._lines:
            one.setPen(pg.mkPen(line, width=1))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(line) if side == "bottom" else pg.mkPen(None))
            axis.setTextPen(theme.colour("muted"))
            axis.setStyle(tickFont=theme.font("small"), tickLength=0, tickAlpha=0, tickTextOffset=6)
