"""The window: lays out its parts and hands their views on. No logic, no engine, no plotting library.

What a key does is told to it by whoever runs the session.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMainWindow, QPushButton, QVBoxLayout, QWidget

from ui.presenters.feed import Change
from ui.presenters.kpis import LABELS, KpiView
from ui.presenters.progress import ProgressView
from ui.presenters.status import StatusView
from ui.presenters.trend import TrendView
from ui.shortcuts import SHORTCUTS
from ui.theme import Theme
from ui.widgets.chart_card import ChartCard
from ui.widgets.feed_model import FeedModel
from ui.widgets.feed_view import FeedCard
from ui.widgets.key_bar import KeyBar
from ui.widgets.kpi_card import KpiCard
from ui.widgets.stage_progress import StageProgress
from ui.widgets.status_strip import StatusStrip

_COLUMNS = 4  # KPI cards abreast; the last card takes what is left of its row
_LEAST = QSize(920, 512)  # 1920×1080 at 200 %, 1366×768 at 125 %: a frame and a task bar go off
_CHART_FROM = 610  # height in px below which the chart leaves its room to the numbers


class _Canvas(QWidget):
    """The ground everything stands on; says when it was painted for the first time."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.unpainted = True
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.unpainted:
            self.unpainted = False
            self.painted.emit()


class MainWindow(QMainWindow):
    """Signals: `painted` once, `close_asked` instead of closing, `acted` with the name of an act."""

    close_asked = Signal()
    acted = Signal(str)

    def __init__(self, theme: Theme, heading: str = "") -> None:
        super().__init__()
        self.setWindowTitle(f"fiscalmon — {heading}" if heading else "fiscalmon")
        self.theme = theme
        self.status = StatusStrip(theme)
        self.progress = StageProgress(theme)
        self.cards = {key: KpiCard(theme, label, foot=i < _COLUMNS) for i, (key, label) in enumerate(LABELS)}
        self.chart = ChartCard(theme)
        self.model = FeedModel(self)
        self.feed = FeedCard(theme, self.model)
        self.actions_by_name = self._make_actions()
        self.keys = KeyBar(theme, [(self.actions_by_name[s.act], s.key, s.bar) for s in SHORTCUTS if s.bar])
        self.quit_button = QPushButton("Quit")
        self.quit_button.setAccessibleName("Quit")
        self.quit_button.clicked.connect(self.close_asked.emit)
        self.quit_button.hide()
        self._canvas = canvas = _Canvas()
        self.painted = canvas.painted
        canvas.setAccessibleName("fiscalmon")
        self._lay_out(canvas)
        self.setCentralWidget(canvas)
        self.setMinimumSize(_LEAST)
        self.resize(self._first_size())
        self._order_tabs()

    def show_status(self, view: StatusView) -> None:
        self.status.show_status(view)

    def show_detail(self, text: str) -> None:
        self.status.show_detail(text)

    def show_kpis(self, views: Sequence[KpiView]) -> None:
        for view in views:
            self.cards[view.key].show_kpi(view)

    def show_progress(self, view: ProgressView) -> None:
        self.progress.show_progress(view)

    def show_trend(self, view: TrendView) -> None:
        self.chart.show_trend(view)

    def show_feed(self, changes: list[Change]) -> None:
        if changes:
            self.model.apply(changes)

    def show_stopped(self) -> None:
        """The engine could not start: nothing here works but the button to leave."""
        self.quit_button.show()
        self.quit_button.setFocus()
        self.allow("quit")

    def is_painted(self) -> bool:
        return not self._canvas.unpainted

    def rest(self) -> None:
        """Takes the keyboard from every control, so that a scanner's burst presses nothing."""
        self._canvas.setFocus()

    def allow(self, *acts: str) -> None:
        """Only these acts can be done now."""
        for name, action in self.actions_by_name.items():
            action.setEnabled(name in acts)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is asked for, then done in order by the session, which hides the window at the end."""
        event.ignore()
        self.close_asked.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.chart.setVisible(event.size().height() >= _CHART_FROM)
        super().resizeEvent(event)

    def _make_actions(self) -> dict[str, QAction]:
        actions = {}
        for shortcut in SHORTCUTS:
            action = QAction(shortcut.words, self)
            action.setShortcut(QKeySequence(shortcut.key))
            action.triggered.connect(self._acting(shortcut.act))
            self.addAction(action)
            actions[shortcut.act] = action
        return actions

    def _acting(self, name: str) -> Callable[[], None]:
        return lambda: self.acted.emit(name)

    def _lay_out(self, canvas: QWidget) -> None:
        space = self.theme.tokens.space
        cards = QGridLayout()
        cards.setSpacing(0)
        keys = list(self.cards)
        for i, key in enumerate(keys):
            row, column = divmod(i, _COLUMNS)
            cards.addWidget(self.cards[key], row, column, 1, _COLUMNS - column if i == len(keys) - 1 else 1)
        for column in range(_COLUMNS):
            cards.setColumnStretch(column, 1)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addLayout(cards, 3)
        left.addWidget(self.chart, 4)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(left, 2)
        middle.addWidget(self.feed, 1)
        top = QHBoxLayout()
        top.setContentsMargins(6, 4, 6, 2)
        top.setSpacing(space["2"])
        top.addWidget(self.status, 1)
        top.addWidget(self.quit_button)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.keys)
        whole = QVBoxLayout(canvas)
        whole.setContentsMargins(space["2"], space["2"], space["2"], space["2"])
        whole.setSpacing(2)
        whole.addLayout(top)
        whole.addWidget(self.progress)
        whole.addLayout(middle, 1)
        whole.addLayout(foot)

    def _first_size(self) -> QSize:
        """As wished, but within the screen with its task bar and the window's own frame."""
        room = self.screen().availableGeometry().size() - QSize(8, 36)
        return QSize(1280, 800).boundedTo(room).expandedTo(self.minimumSize())

    def _order_tabs(self) -> None:
        chain: list[QWidget] = [self.feed.list, *self.keys.buttons]
        for before, after in pairwise(chain):
            self.setTabOrder(before, after)
        self.rest()
