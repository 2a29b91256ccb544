"""The lines of the sale on the screen, as a list for finger and arrow keys. Shows views; decides nothing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters.sale_view import LineView
from ui.theme import Theme
from ui.widgets.icons import draw_icon

LINE = int(Qt.ItemDataRole.UserRole)
EMPTY = QT_TRANSLATE_NOOP("sale_lines", "Scan an item, or type its code or name.")
Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SaleLinesModel(QAbstractListModel):
    """In the order in which they were rung up. Follows the presenter with the least change, so that a choice stays."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[LineView, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken()
        return None

    def show_lines(self, lines: tuple[LineView, ...]) -> None:
        """One span of rows is replaced: what is the same before and behind it stays."""
        old = self._lines
        if lines == old:
            return
        same = 0
        while same < min(len(old), len(lines)) and old[same] == lines[same]:
            same += 1
        if len(old) == len(lines):
            self._lines = lines
            self.dataChanged.emit(self.index(same), self.index(len(lines) - 1))
            return
        tail = 0
        while tail < min(len(old), len(lines)) - same and old[-1 - tail] == lines[-1 - tail]:
            tail += 1
        if len(old) - tail > same:
            self.beginRemoveRows(QModelIndex(), same, len(old) - tail - 1)
            self._lines = (*old[:same], *old[len(old) - tail :])
            self.endRemoveRows()
        if len(lines) - tail > same:
            self.beginInsertRows(QModelIndex(), same, len(lines) - tail - 1)
            self._lines = lines
            self.endInsertRows()


class SaleLineDelegate(QStyledItemDelegate):
    """Quantity, name and its price at the left, the total at the right; what is wrong under the name."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._body, self._strong, self._small = theme.font("lead"), theme.font("lead", strong=True), theme.font("small")
        self._height = QFontMetrics(self._body).height()
        self._small_height = QFontMetrics(self._small).height()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, max(self._theme.tokens.target + 8, self._height + self._small_height + 18))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE)
        if not isinstance(line, LineView):
            return
        theme, box = self._theme, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if line.state:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(line.state + "Ground"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -2), 8, 8)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush if line.state else theme.colour("accentGround"))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 2, -1, -3), 8, 8)
        else:
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(box.left() + 12, box.bottom(), box.right() - 12, box.bottom())
        left, right = box.left() + 12, box.right() - 12
        top = box.top() + (box.height() - self._height - self._small_height - 2) // 2
        pieces = f"{line.quantity} ×"
        column = max(52, QFontMetrics(self._strong).horizontalAdvance(pieces) + 12)
        self._draw(painter, QRect(left, top, column, self._height), pieces, self._strong, "text")
        wide = QFontMetrics(self._strong).horizontalAdvance(line.total)
        self._draw(painter, QRect(right - wide, top, wide + 2, self._height), line.total, self._strong, "text", _RIGHT)
        left += column
        self._draw(painter, QRect(left, top, right - left - wide - 12, self._height), line.name, self._body, "text")
        top += self._height + 2
        if line.state:
            draw_icon(painter, line.state, QRectF(left, top, 14, 14), theme.colour(line.state))
            left += 19
        note = translate("sale_lines", "{price} each").format(price=line.price) + (
            f" · {line.note}" if line.note else ""
        )
        room = QRect(left, top, right - left, self._small_height)
        self._draw(painter, room, line.note if line.state else note, self._small, line.state or "muted")
        painter.restore()

    def _draw(
        self,
        painter: QPainter,
        box: QRect,
        text: str,
        font: Any,
        ink: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    ) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour(ink))
        painter.drawText(box, align, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width()))


class SaleLines(QListView):
    """The list; says what to do while it is empty."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows = SaleLinesModel(self)
        self.setAccessibleName(translate("sale_lines", "Lines of the sale"))
        self.setModel(self.rows)
        self.setItemDelegate(SaleLineDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMinimumHeight(theme.tokens.target + 8)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays in the scan field, which moves the choice
        theme.changed.connect(self.viewport().update)

    def show_lines(self, lines: tuple[LineView, ...], chosen: int) -> None:
        self.rows.show_lines(lines)
        if chosen != self.currentIndex().row():
            self.setCurrentIndex(self.rows.index(chosen))
        if chosen >= 0:
            self.scrollTo(self.rows.index(chosen))
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.rows.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setFont(self._theme.font("lead"))
            painter.setPen(self._theme.colour("muted"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, translate("sale_lines", EMPTY))
            painter.end()
