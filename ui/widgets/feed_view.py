"""The activity feed: a list that paints its rows, lets new ones slide in, and keeps still while one reads.

Shows a FeedModel; decides nothing. It is a table of one column: all rows are of one height, so a long feed costs no
more than a short one (Qt's list view lays out every row again at each change: half a second at 100,000 rows).
"""

from __future__ import annotations

from types import MappingProxyType

from PySide6.QtCore import (
    QEasingCurve,
    QElapsedTimer,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPropertyAnimation,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters.feed import FeedRow
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.feed_model import ROW, FeedModel
from ui.widgets.icons import draw_icon
from ui.widgets.labels import escaped, plain

Index = QModelIndex | QPersistentModelIndex
EMPTY = QT_TRANSLATE_NOOP("feed_view", "What happens at this till appears here: receipts, the fiscal day, devices.")
_LEAST_WIDTH = 360  # a receipt's sentence and its amount side by side
_BETWEEN = " · "  # stands between the parts of a note
_CALM = 400  # ms without a new row after which the next one slides in
_INK = MappingProxyType({"plain": "muted", "ok": "ok", "attention": "attention", "failed": "failed"})


def whole_parts(note: str, metrics: QFontMetrics, width: int) -> str:
    """The note without the parts at its end that do not fit; the first part stays, to be elided."""
    while metrics.horizontalAdvance(note) > width and _BETWEEN in note:
        note = note.rpartition(_BETWEEN)[0]
    return note


class FeedDelegate(QStyledItemDelegate):
    """Paints icon, sentence and amount over time and note."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lead, self._strong = theme.font("body"), theme.font("body", strong=True)
        self._small = theme.font("small")
        self._lead_height = QFontMetrics(self._lead).height()
        self.row_height = self._lead_height + QFontMetrics(self._small).height() + 18

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, self.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if not isinstance(row, FeedRow):
            return
        theme, box = self._theme, option.rect
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box, theme.colour("accentGround"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(box.left() + 30, box.bottom(), box.right(), box.bottom())
        draw_icon(painter, row.icon, QRectF(box.left() + 2, box.top() + 9, 20, 20), theme.colour(_INK[row.state]))
        left, right = box.left() + 32, box.right() - 4
        top = box.top() + 8
        metrics = QFontMetrics(self._strong)
        wide = metrics.horizontalAdvance(row.amount)
        painter.setFont(self._strong)
        painter.setPen(theme.colour("text"))
        painter.drawText(
            QRect(right - wide, top, wide + 2, self._lead_height),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            row.amount,
        )
        painter.setFont(self._lead)
        painter.setPen(theme.colour("failed" if row.state == "failed" else "text"))
        self._text(
            painter,
            QRect(left, top, right - left - wide - (8 if wide else 0), self._lead_height),
            row.sentence,
        )
        painter.setFont(self._small)
        painter.setPen(theme.colour("muted"))
        note = whole_parts(f"{row.time}   {row.note}".rstrip(), painter.fontMetrics(), right - left)
        self._text(painter, QRect(left, top + self._lead_height + 1, right - left, box.bottom() - top), note)
        painter.restore()

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The whole text as tooltip, with line breaks but never as markup."""
        row = index.data(ROW)
        if event.type() != QEvent.Type.ToolTip or not isinstance(row, FeedRow):
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), escaped(f"{row.sentence}\n{row.note}\n{row.amount}".strip()), view)
        return True

    @staticmethod
    def _text(painter: QPainter, box: QRect, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)


class FeedList(QTableView):
    """The list. Stays where the reader is; new rows slide in only at the top."""

    opened = Signal(object)  # the FeedRow that was chosen by Enter or a double click
    arrived = Signal(int)  # rows that came while the reader was further down; 0 when back on top

    def __init__(self, theme: Theme, model: FeedModel) -> None:
        super().__init__()
        self.setAccessibleName(translate("feed_view", "Activity"))
        delegate = FeedDelegate(theme, self)
        self._row = delegate.row_height
        self._unseen = 0
        self._since_last = QElapsedTimer()
        self.setItemDelegate(delegate)
        self.setModel(model)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(self._row)
        down.setMinimumSectionSize(self._row)
        across.hide()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self._slide = QPropertyAnimation(self.verticalScrollBar(), b"value", self)
        self._slide.setDuration(theme.tokens.motion["slide"])
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.setEndValue(0)
        model.grew.connect(self._grown)
        self.activated.connect(lambda index: self.opened.emit(index.data(ROW)))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def to_top(self) -> None:
        self._slide.stop()
        self.scrollToTop()

    def _grown(self, rows: int) -> None:
        self.doItemsLayout()  # now, so that the bar's range is the new one
        bar = self.verticalScrollBar()
        calm = not self._since_last.isValid() or self._since_last.elapsed() > _CALM
        self._since_last.start()
        sliding = self._slide.state() == QPropertyAnimation.State.Running
        if bar.value() == 0 or sliding:
            if rows <= 2 and calm and self.isVisible():  # more would be a blur, and cost frames
                self._slide.stop()
                bar.setValue(min(bar.maximum(), bar.value() + rows * self._row))
                self._slide.setStartValue(bar.value())
                self._slide.start()
            else:
                self.to_top()
            return
        bar.setValue(bar.value() + rows * self._row)
        self._unseen += rows
        self.arrived.emit(self._unseen)

    def _scrolled(self, value: int) -> None:
        if value == 0 and self._unseen:
            self._unseen = 0
            self.arrived.emit(0)


class FeedCard(Card):
    """Title, list, the "3 new" pill, and a sentence while there is nothing."""

    def __init__(self, theme: Theme, model: FeedModel) -> None:
        super().__init__(theme, theme.tokens.space["3"])
        self.setAccessibleName(translate("feed_view", "Activity feed"))
        self.setMinimumWidth(_LEAST_WIDTH)
        self.list = FeedList(theme, model)
        self._pill = QPushButton(self)
        self._pill.setProperty("kind", "pill")
        self._pill.setAccessibleName(translate("feed_view", "Show the new rows"))
        self._pill.setCursor(Qt.CursorShape.PointingHandCursor)
        self._pill.clicked.connect(self.list.to_top)
        self._pill.hide()
        self._empty = plain(translate("feed_view", EMPTY), "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.list)
        self.filter = QLineEdit()
        self.filter.setProperty("role", "compact")
        self.filter.setAccessibleName(translate("feed_view", "Show only rows with this text"))
        self.filter.setPlaceholderText(translate("feed_view", "Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.filter.textChanged.connect(model.filter)
        head = QHBoxLayout()
        head.addWidget(plain(translate("feed_view", "Activity"), "lead"))
        head.addStretch(1)
        head.addWidget(self.filter, 1)
        self.body.addLayout(head)
        self.body.addWidget(holder, 1)
        self.list.arrived.connect(self._unseen)
        model.rowsInserted.connect(self._filled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _filled(self) -> None:
        self._stack.setCurrentWidget(self.list)

    def _unseen(self, rows: int) -> None:
        self._pill.setText(translate("feed_view", "{rows} new").format(rows=rows))
        self._pill.setAccessibleName(translate("feed_view", "Show {rows} new rows").format(rows=rows))
        self._pill.setVisible(rows > 0)
        self._place()

    def _place(self) -> None:
        self._pill.adjustSize()
        self._pill.move((self.width() - self._pill.width()) // 2, 44)
        self._pill.raise_()
