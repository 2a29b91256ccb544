"""The first page: KPI cards over the chart, the activity feed beside them. Shows views; decides nothing.

Painted before anything of the engine or the plotting library is loaded, so it must import neither.
"""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.presenters.kpis import LABELS
from ui.theme import Theme
from ui.widgets.chart_card import ChartCard
from ui.widgets.feed_model import FeedModel
from ui.widgets.feed_view import FeedCard
from ui.widgets.kpi_card import KpiCard

_COLUMNS = 4  # KPI cards abreast; the last card takes what is left of its row
_CHART_FROM = 430  # height in px below which the chart leaves its room to the numbers


class Overview(QWidget):
    """Its parts are public: the window hands each its view."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Overview")
        self.cards = {key: KpiCard(theme, label, foot=i < _COLUMNS) for i, (key, label) in enumerate(LABELS)}
        self.chart = ChartCard(theme)
        self.model = FeedModel(self)
        self.feed = FeedCard(theme, self.model)
        cards = QGridLayout()
        cards.setSpacing(0)
        for i, card in enumerate(self.cards.values()):
            row, column = divmod(i, _COLUMNS)
            cards.addWidget(card, row, column, 1, _COLUMNS - column if i == len(self.cards) - 1 else 1)
        for column in range(_COLUMNS):
            cards.setColumnStretch(column, 1)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addLayout(cards, 3)
        left.addWidget(self.chart, 4)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(left, 2)
        whole.addWidget(self.feed, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.chart.setVisible(event.size().height() >= _CHART_FROM)
        super().resizeEvent(event)
