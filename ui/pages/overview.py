"""The first page: KPI cards over charts and devices, the activity feed beside them. Shows views; decides nothing.

Painted before anything of the engine or the plotting library is loaded, so it must import neither.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import translate
from ui.presenters.kpis import LABELS
from ui.presenters.panels import present_devices, present_latency, present_sales, present_tax, present_week
from ui.presenters.till_view import TillView
from ui.theme import Theme
from ui.widgets.chart_card import ChartCard
from ui.widgets.deck import Deck
from ui.widgets.feed_model import FeedModel
from ui.widgets.feed_view import FeedCard
from ui.widgets.kpi_card import KpiCard
from ui.widgets.panels import DevicesPanel, SeriesPanel, TaxPanel

_COLUMNS = 4  # KPI cards abreast; the last card takes what is left of its row
_CHART_FROM = 430  # height in px below which the chart leaves its room to the numbers


class Overview(QWidget):
    """Its parts are public: the window hands each its view."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(translate("overview", "Overview"))
        self.cards = {
            key: KpiCard(theme, translate("kpis", label), foot=i < _COLUMNS) for i, (key, label) in enumerate(LABELS)
        }
        self.chart = ChartCard(theme)
        self.tax = TaxPanel(theme)
        self.sales = SeriesPanel(theme, translate("overview", "Sales per hour"))
        self.latency = SeriesPanel(theme, translate("overview", "FDMS latency"))
        self.week = SeriesPanel(theme, translate("overview", "7-day success"))
        self.devices = DevicesPanel(theme)
        self.deck = Deck(
            theme,
            (
                (translate("overview", "Receipts"), self.chart),
                (translate("overview", "Taxes"), self.tax),
                (translate("overview", "Devices"), self.devices),
                (translate("overview", "Sales"), self.sales),
                (translate("overview", "Latency"), self.latency),
                (translate("overview", "7 days"), self.week),
            ),
        )
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
        left.addWidget(self.deck, 4)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(left, 2)
        whole.addWidget(self.feed, 1)

    def bring_charts(self, make: Callable[[Theme, str, int], QWidget]) -> None:
        """The plotting library is loaded: `make` builds a SeriesChart."""
        theme = self.chart.theme
        for panel, name, series in (
            (self.sales, translate("overview", "Sales per hour"), 1),
            (self.latency, translate("overview", "FDMS latency"), 3),
            (self.week, translate("overview", "7-day success"), 0),
        ):
            panel.set_chart(make(theme, name, series))

    def show_panels(self, view: TillView) -> None:
        """All panels but the trend; an unchanged one costs nothing."""
        now = view.clock.now()
        self.tax.show_tax(present_tax(view.metrics))
        self.sales.show_series(present_sales(view.metrics, now))
        self.latency.show_series(present_latency(view.latencies))
        self.week.show_series(present_week(view.metrics))
        self.devices.show_devices(present_devices(view.devices, now))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.deck.setVisible(event.size().height() >= _CHART_FROM)
        super().resizeEvent(event)
