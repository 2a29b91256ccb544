"""The sale in progress: number, bar with six ticks and their words, elapsed time. Shows a ProgressView.

Composed of labels and a QProgressBar, so that screen readers see it; the fill eases to each reported stage
and is never ahead of it.
"""

from __future__ import annotations

from types import MappingProxyType

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from ui.i18n import translate
from ui.presenters.progress import STAGES, ProgressView
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.icons import Icon
from ui.widgets.labels import FitLabel, plain, set_property, show_text

_FINE = 10  # steps of the bar per per cent, so that 180 ms look smooth
_COLOURS = MappingProxyType(
    {
        "idle": "muted",
        "running": "accent",
        "done": "ok",
        "waiting": "attention",
        "failed": "failed",
    }
)
_ICONS = MappingProxyType(
    {
        "idle": "waiting",
        "running": "waiting",
        "done": "ok",
        "waiting": "offline",
        "failed": "failed",
    }
)


class StageBar(QProgressBar):
    """The bar itself: painted thin and round, its value kept for screen readers."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._state = theme, "idle"
        self.setRange(0, 100 * _FINE)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_state(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 18)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, inset = self.height() / 2, 7.0
        wide = self.width() - 2 * inset
        colour = self._theme.colour(_COLOURS[self._state])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(QRectF(inset - 3, middle - 3, wide + 6, 6), 3, 3)
        reached = self.value() / self.maximum()
        if self._state != "idle":
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(inset - 3, middle - 3, wide * reached + 6, 6), 3, 3)
        surface = self._theme.colour("surface")
        for percent, _ in STAGES:
            there = self._state != "idle" and reached * 100 >= percent - 0.05
            painter.setPen(QPen(colour if there else self._theme.colour("line"), 2))
            painter.setBrush(colour if there else surface)
            painter.drawEllipse(QPointF(inset + wide * percent / 100, middle), 5, 5)
        painter.end()


class StageWords(QWidget):
    """The six words, each under its tick; in two lines where there is no room for one."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[QLabel] = []
        for _, word in STAGES:
            label = plain(translate("progress", word), "stage")
            label.setParent(self)
            self.words.append(label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(400, max(label.sizeHint().height() for label in self.words))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        inset = 7.0
        for (percent, _), label in zip(STAGES, self.words, strict=True):
            wide = label.sizeHint().width()
            centre = inset + (self.width() - 2 * inset) * percent / 100
            left = min(max(0.0, centre - wide / 2), self.width() - wide)
            label.setGeometry(round(left), 0, wide, self.height())


class StageProgress(Card):
    """The whole card. `show_progress` is all there is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, theme.tokens.space["3"])
        self.setAccessibleName(translate("stage_progress", "Sale in progress"))
        self._view = ProgressView()
        self._icon = Icon(theme, 20)
        self._title = plain(role="lead")
        self._title.setAccessibleName(translate("stage_progress", "Receipt"))
        self._note = FitLabel(theme, ("body", "small"), role="muted")
        self._note.setAccessibleName(translate("stage_progress", "What happens to it"))
        self._elapsed = plain(role="muted")
        self._elapsed.setAccessibleName(translate("stage_progress", "Elapsed time"))
        self.bar = StageBar(theme)
        self.bar.setAccessibleName(translate("stage_progress", "Progress of the sale"))
        self._words = StageWords()
        head = QHBoxLayout()
        head.setSpacing(theme.tokens.space["2"])
        head.addWidget(self._icon)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        head.addWidget(self._elapsed)
        self.body.addLayout(head)
        self.body.addWidget(self.bar)
        self.body.addWidget(self._words)
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(theme.tokens.motion["progress"])
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self.bar.setValue)
        self.bar.valueChanged.connect(self._mark)
        self._apply(self._view)

    def show_progress(self, view: ProgressView) -> None:
        if view == self._view:
            return
        fresh = view.receipt_id != self._view.receipt_id
        self._view = view
        if fresh:  # another sale begins at the left, at once
            self._motion.stop()
            self.bar.setValue(0)
        self._apply(view)
        target = view.percent * _FINE
        if target != self.bar.value():
            self._motion.stop()
            self._motion.blockSignals(True)  # a new end value is announced at once, and would run ahead
            self._motion.setStartValue(self.bar.value())
            self._motion.setEndValue(target)
            self._motion.setCurrentTime(0)
            self._motion.blockSignals(False)
            self._motion.start()

    def words(self) -> list[QLabel]:
        return self._words.words

    def _apply(self, view: ProgressView) -> None:
        show_text(self._title, view.title)
        show_text(self._elapsed, view.elapsed)
        self.bar.setAccessibleDescription(view.spoken())
        self._mark()

    def _mark(self) -> None:
        """Words, ticks and colour go with the fill: what the sale came to shows when the fill is there."""
        view, shown = self._view, max(0, self.bar.value()) / _FINE
        state = "running" if view.state != "idle" and shown < view.percent else view.state
        self._icon.show_icon(_ICONS[state], _COLOURS[state])
        self.bar.show_state(state)
        arrived = state == view.state
        self._note.show_whole(view.note if arrived else "")
        set_property(self._note, "state", "failed" if arrived and state == "failed" else "")
        stage = max(i for i, (percent, _) in enumerate(STAGES) if percent <= shown)
        if state == "idle":
            stage = -1
        mark = "now" if state == "running" else state
        for i, label in enumerate(self._words.words):
            reached = "" if stage < i else "past" if i < stage else mark
            if label.property("reached") != reached:
                set_property(label, "reached", reached)
                self._words.arrange()
