"""The window: status above, a page in the middle, keys below; hands views on. No logic, no engine, no plotting library.

It is painted empty first and given its parts then: this module loads none of them before `furnish`. What a key does and
which page is shown is told to it by whoever runs the session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.ground import Ground
from ui.i18n import translate
from ui.screen_file import ScreenFile
from ui.skeleton import paint_skeleton, training_words
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.presenters.feed import Change
    from ui.presenters.kpis import KpiView
    from ui.presenters.progress import ProgressView
    from ui.presenters.status import StatusView
    from ui.presenters.trend import TrendView
    from ui.widgets.key_bar import KeyBar

_LEAST = QSize(920, 512)  # 1920×1080 at 200 %, 1366×768 at 125 %: a frame and a task bar go off


class _Canvas(QWidget):
    """The ground everything stands on; says when it was painted for the first time. Empty, it shows the skeleton."""

    painted = Signal()

    def __init__(self, theme: Theme, *, training: bool) -> None:
        super().__init__()
        self.unpainted = self.empty = True
        self._theme, self._training = theme, training

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.empty:
            painter = QPainter(self)
            paint_skeleton(painter, self._theme, self.size(), training=self._training)
            painter.end()
        if self.unpainted:
            self.unpainted = False
            self.painted.emit()


class MainWindow(QMainWindow):
    """Signals: `painted` once, `close_asked` instead of closing, `acted` with the name of an act."""

    close_asked = Signal()
    acted = Signal(str)

    def __init__(
        self,
        theme: Theme,
        heading: str = "",
        ground: Ground = Ground(),  # noqa: B008 - frozen
        *,
        furnished: bool = True,
    ) -> None:
        """`furnished` False: whoever makes it runs `furnish` to its end before anything is shown in it."""
        super().__init__()
        self.ground = ground
        self.screen_file = ScreenFile(None)
        self.setWindowTitle(f"fiscalmon — {heading}" if heading else "fiscalmon")
        self.theme = theme
        self._canvas = canvas = _Canvas(theme, training=ground.training)
        self.painted = canvas.painted
        canvas.setAccessibleName("fiscalmon")
        self.setCentralWidget(canvas)
        self.setMinimumSize(_LEAST)
        self.resize(self._first_size())
        if furnished:
            for _ in self.furnish():
                pass

    def furnish(self) -> Iterator[None]:
        """Makes the parts, a slice at a time, and shows them all at the end."""
        from ui.widgets.stage_progress import StageProgress
        from ui.widgets.status_strip import StatusStrip

        yield
        self.status = StatusStrip(self.theme)
        self.progress = StageProgress(self.theme)
        yield
        self.keys = self._make_keys()
        self.quit_button = QPushButton(translate("window", "Quit"))
        self.quit_button.setAccessibleName(translate("window", "Quit"))
        self.quit_button.clicked.connect(self.close_asked.emit)
        self.quit_button.hide()
        yield
        from ui.pages.overview import Overview

        yield
        self.overview = Overview(self.theme)
        self.cards, self.chart = self.overview.cards, self.overview.chart
        self.model, self.feed = self.overview.model, self.overview.feed
        self.stack = QStackedWidget()
        self.stack.addWidget(self.overview)
        yield
        self._lay_out(self._canvas)
        self._canvas.empty = False
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

    def say(self, text: str) -> None:
        """What an act has done, for a few seconds."""
        self.status.say(text)

    def show_page(self, page: QWidget, *, progress: bool) -> None:
        """A page of the stack; `progress`: with the bar of the receipt under way above it."""
        self.progress.setVisible(progress)
        self.stack.setCurrentWidget(page)

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

    def _make_keys(self) -> KeyBar:
        from ui.shortcuts import SHORTCUTS
        from ui.widgets.key_bar import KeyBar, KeyEntry

        self.actions_by_name = actions = self._make_actions()
        shown = (one for one in SHORTCUTS if one.bar)
        return KeyBar(
            self.theme, [KeyEntry(actions[one.act], one.key, translate("keys", one.bar), one.rank) for one in shown]
        )

    def _make_actions(self) -> dict[str, QAction]:
        from ui.shortcuts import SHORTCUTS

        actions = {}
        for shortcut in SHORTCUTS:
            action = QAction(translate("keys", shortcut.words), self)
            action.setShortcut(QKeySequence(shortcut.key))
            action.triggered.connect(_acting(self, shortcut.act))
            self.addAction(action)
            actions[shortcut.act] = action
        return actions

    def _lay_out(self, canvas: QWidget) -> None:
        space = self.theme.tokens.space
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
        if self.ground.training:
            whole.addWidget(_band())
        whole.addLayout(top)
        whole.addWidget(self.progress)
        whole.addWidget(self.stack, 1)
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


def _acting(window: MainWindow, name: str) -> Callable[[], None]:
    return lambda: window.acted.emit(name)


def _band() -> QWidget:
    """Over every page, where the skeleton had it."""
    from ui.widgets.labels import plain

    band = plain(training_words(), "band")
    band.setAlignment(Qt.AlignmentFlag.AlignCenter)
    band.setAccessibleName(band.text())
    return band
