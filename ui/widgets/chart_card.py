"""The card around the chart: title, caption, and a sentence in place of the plot until there is one.

Must not import the chart: the window is painted before the plotting library is loaded.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from ui.i18n import translate
from ui.presenters.trend import TrendView
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.labels import plain, show_text


class Chart(Protocol):
    def show_trend(self, view: TrendView) -> None: ...


class ChartCard(Card):
    """`set_chart` brings the plot when it is loaded."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, theme.tokens.space["3"])
        self.setAccessibleName(translate("chart_card", "Receipts per hour"))
        self._view = TrendView()
        self._chart: Chart | None = None
        self._caption = plain(role="muted")
        self._caption.setAccessibleName(translate("chart_card", "This hour"))
        self._empty = plain(self._view.empty, "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.addWidget(plain(translate("chart_card", "Receipts per hour, today"), "lead"), 1)
        head.addWidget(self._caption)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._empty)
        self.body.addLayout(head)
        self.body.addWidget(holder, 1)

    def set_chart(self, chart: QWidget) -> None:
        """Takes the plot, a widget that is a Chart, and shows what is known."""
        self._stack.addWidget(chart)
        self._chart = chart  # type: ignore[assignment]
        self._show()

    def has_chart(self) -> bool:
        return self._chart is not None

    def show_trend(self, view: TrendView) -> None:
        if view != self._view:
            self._view = view
            self._show()

    def _show(self) -> None:
        show_text(self._caption, self._view.caption)
        show_text(self._empty, self._view.empty)
        plotted = bool(self._view.counts) and self._chart is not None
        if self._chart is not None:
            self._chart.show_trend(self._view)
        self._stack.setCurrentIndex(1 if plotted else 0)
