"""The panels beside the trend: a card with a title and a caption around a chart, the tax ring, the list of devices.

Show views of presenters/panels.py; decide nothing. Must not import the plotting library: charts are brought later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import translate
from ui.presenters import words
from ui.presenters.device_facts import DeviceLine
from ui.presenters.panels import GAUGE_FULL, MOST_BANDS, SeriesView, TaxView
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.icons import Icon
from ui.widgets.labels import FitLabel, plain, set_property, show_text


class Chart(Protocol):
    def show_series(self, view: SeriesView) -> None: ...


class SeriesPanel(Card):
    """`set_chart` brings the plot when it is loaded."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(theme, theme.tokens.space["3"])
        self.setAccessibleName(title)
        self._view: SeriesView | None = None
        self._chart: Chart | None = None
        self._caption = FitLabel(theme, ("body", "small"), role="muted")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._empty = plain(role="muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.addWidget(plain(title, "lead"))
        head.addWidget(self._caption, 1)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._empty)
        self.body.addLayout(head)
        self.body.addWidget(holder, 1)

    def set_chart(self, chart: QWidget) -> None:
        """Takes the plot, a widget that is a Chart."""
        self._stack.addWidget(chart)
        self._chart = chart  # type: ignore[assignment]
        self._show()

    def show_series(self, view: SeriesView) -> None:
        if view != self._view:
            self._view = view
            self._show()

    def _show(self) -> None:
        if self._view is None:
            return
        self._caption.show_whole(self._view.caption)
        show_text(self._empty, self._view.empty)
        if self._chart is not None:
            self._chart.show_series(self._view)
        self._stack.setCurrentIndex(1 if self._view.values and self._chart is not None else 0)


class _Ring(QWidget):
    """The doughnut, with the total in its centre."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._view = theme, TaxView()
        self.setAccessibleName(translate("panels", "Tax by band"))
        self.setMinimumSize(76, 76)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(160, 160)

    def show_tax(self, view: TaxView) -> None:
        self._view = view
        self.setAccessibleDescription(view.spoken())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height()) - 6
        thick = max(8.0, side * 0.14)
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        box = box.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        begun = 90 * 16.0
        for place, one in enumerate(self._view.slices):
            painter.setPen(QPen(self._theme.series(place), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            span = one.part * 360 * 16
            gap = 24 if len(self._view.slices) > 1 and span > 60 else 0
            painter.drawArc(box, round(begun), -round(span - gap))
            begun -= span
        inner = box.adjusted(thick, thick, -thick, -thick)
        painter.setPen(self._theme.colour("muted"))
        painter.setFont(self._theme.font("small"))
        middle = inner.center().y()
        painter.drawText(
            QRectF(box.left(), middle - 20, box.width(), 18), Qt.AlignmentFlag.AlignCenter, self._view.currency
        )
        painter.setPen(self._theme.colour("text"))
        painter.setFont(self._theme.font("lead" if side > 130 else "small", strong=True))
        painter.drawText(
            QRectF(box.left(), middle - 2, box.width(), 22), Qt.AlignmentFlag.AlignCenter, self._view.total
        )
        painter.end()


class _Dot(QWidget):
    """A band's colour beside its name."""

    def __init__(self, theme: Theme, place: int) -> None:
        super().__init__()
        self._theme, self._place = theme, place
        self.setFixedSize(12, 12)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.series(self._place))
        painter.drawRoundedRect(QRectF(1, 1, 10, 10), 3, 3)
        painter.end()


class TaxPanel(Card):
    """The ring with its labels beside it, never in it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, theme.tokens.space["3"])
        self.setAccessibleName(translate("panels", "Tax breakdown"))
        self._view: TaxView | None = None
        self._ring = _Ring(theme)
        self._empty = plain(TaxView().empty, "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.tokens.space["2"])
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QWidget, ...]] = []
        for place in range(MOST_BANDS):
            row = (_Dot(theme, place), plain(), plain(), plain(role="muted"))
            for column, widget in enumerate(row):
                side = Qt.AlignmentFlag.AlignRight if column > 1 else Qt.AlignmentFlag.AlignLeft
                grid.addWidget(widget, place, column, side | Qt.AlignmentFlag.AlignVCenter)
                widget.hide()
            self._rows.append(row)
        legend = QVBoxLayout()
        legend.addStretch(1)
        legend.addLayout(grid)
        legend.addStretch(1)
        whole = QWidget()
        both = QHBoxLayout(whole)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(theme.tokens.space["3"])
        both.addWidget(self._ring, 1)
        both.addLayout(legend, 1)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(whole)
        self.body.addWidget(plain(translate("panels", "Tax breakdown, today"), "lead"))
        self.body.addWidget(holder, 1)

    def show_tax(self, view: TaxView) -> None:
        if view == self._view:
            return
        self._view = view
        self._ring.show_tax(view)
        for place, (dot, *labels) in enumerate(self._rows):
            there = place < len(view.slices)
            texts = (
                (view.slices[place].band, view.slices[place].amount, view.slices[place].share) if there else ("",) * 3
            )
            dot.setVisible(there)
            for label, text in zip(labels, texts, strict=True):
                show_text(label, text)  # type: ignore[arg-type]
                label.setVisible(there)
        self._stack.setCurrentIndex(1 if view.slices else 0)


class DevicesPanel(Card):
    """Every device with its health, the days of its certificate and a gauge of its queue; a click opens it."""

    opened = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, theme.tokens.space["3"])
        self.setAccessibleName(translate("panels", "Devices"))
        self._lines: tuple[DeviceLine, ...] | None = None
        self.rows: list[_DeviceRow] = []
        inner = QWidget()
        inner.setProperty("role", "sheet")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(theme.tokens.space["2"])
        self._none = plain(translate("panels", "No fiscal device is registered on this till yet."), "muted", wrap=True)
        self._column.addWidget(self._none)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(translate("panels", "Devices"))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self.body.addWidget(plain(translate("panels", "Devices"), "lead"))
        self.body.addWidget(area, 1)

    def show_devices(self, lines: Sequence[DeviceLine]) -> None:
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        while len(self.rows) < len(lines):
            row = _DeviceRow(self)
            self.rows.append(row)
            self._column.insertWidget(self._column.count() - 1, row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(lines))
            if place < len(lines):
                row.show_line(lines[place])
        self._none.setVisible(not lines)


class _DeviceRow(QWidget):
    def __init__(self, panel: DevicesPanel) -> None:
        super().__init__()
        theme = panel.theme
        self._panel, self._device = panel, 0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = Icon(theme, 20)
        self._title = FitLabel(theme, ("body",), strong=True)
        self._detail = FitLabel(theme, ("small",), role="small")
        self._certificate = plain(role="small")
        self.gauge = QProgressBar()
        self.gauge.setProperty("role", "gauge")
        self.gauge.setTextVisible(False)
        self.gauge.setFixedSize(72, 8)
        self._waiting = plain(role="small")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(theme.tokens.space["3"])
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, 2, 1)
        grid.addWidget(self._title, 0, 1)
        grid.addWidget(self._detail, 1, 1)
        grid.addWidget(self._certificate, 0, 2, Qt.AlignmentFlag.AlignRight)
        gauge = QHBoxLayout()
        gauge.addWidget(self._waiting)
        gauge.addWidget(self.gauge)
        grid.addLayout(gauge, 1, 2, Qt.AlignmentFlag.AlignRight)

    def show_line(self, line: DeviceLine) -> None:
        self._device = line.device
        self._icon.show_icon(line.state if line.state in ("ok", "attention", "failed") else "waiting", line.state)
        self._title.show_whole(line.title)
        self._detail.show_whole(f"{line.word} · {line.detail}")
        show_text(
            self._certificate, translate("panels", "certificate {certificate}").format(certificate=line.certificate)
        )
        set_property(self._certificate, "state", line.certificate_state)
        show_text(self._waiting, translate("panels", "{waiting} waiting").format(waiting=words.count(line.waiting)))
        self.gauge.setMaximum(GAUGE_FULL)
        self.gauge.setValue(min(GAUGE_FULL, line.waiting))
        self.gauge.setAccessibleName(
            translate("panels", "Queue of device {device}: {waiting} waiting").format(
                device=line.device, waiting=line.waiting
            )
        )
        set_property(self.gauge, "state", "ok" if not line.waiting else "attention")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._panel.opened.emit(self._device)
