"""A table of rows for pages: columns as data, rows as values, one height for all, opened by Enter or a double click.

Must not know what the rows mean; presenters give texts, states and what stands at the right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.theme import Theme
from ui.widgets.labels import escaped

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROW = int(Qt.ItemDataRole.UserRole)
_CELL_EDGES = 26  # px beside a cell's text
_ROW_HEIGHT = 40  # px; a row is chosen with the arrow keys or a finger


@dataclass(frozen=True)
class Column:
    """`text` gives a row's cell; `sample` is the widest text to be whole; `right` for figures; `state` names a colour.

    `stretch`: takes what room is left.
    """

    title: str
    text: Callable[[Any], str]
    sample: str = ""
    right: bool = False
    stretch: bool = False
    state: Callable[[Any], str] | None = None


class RowsModel(QAbstractTableModel):
    """Rows of any value, appended or replaced as a whole. `more`: asked for the next rows when the last is near."""

    def __init__(self, theme: Theme, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._columns = theme, tuple(columns)
        self._rows: list[Any] = []
        self.more: Callable[[], None] | None = None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {column.text(row)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return escaped(column.text(row)) if column.stretch else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and column.state is not None:
            return self._ink(column.state(row))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self._columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def show_rows(self, rows: Sequence[Any]) -> None:
        """These in place of the old ones; nothing happens if they are the same."""
        if list(rows) == self._rows:
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def append(self, rows: Sequence[Any]) -> None:
        if rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def rows(self) -> list[Any]:
        return self._rows

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self.more is not None

    def fetchMore(self, parent: Index) -> None:
        if self.more is not None:
            self.more()

    def _ink(self, state: str) -> QColor | None:
        return self._theme.colour(state) if state in ("ok", "attention", "failed", "muted") else None


class Table(QTableView):
    """Rows are chosen whole; Enter, a double click or a finger's second tap opens one."""

    opened = Signal(object)

    def __init__(self, theme: Theme, name: str, model: RowsModel, columns: Sequence[Column]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(_ROW_HEIGHT)
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionsClickable(False)
        across.setMinimumSectionSize(40)
        for place, column in enumerate(columns):
            if column.stretch:
                across.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
            else:
                across.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
                head, cell = QFontMetrics(theme.font("small", strong=True)), QFontMetrics(theme.font())
                wide = max(head.horizontalAdvance(column.title), cell.horizontalAdvance(column.sample))
                self.setColumnWidth(place, wide + _CELL_EDGES)
        self.activated.connect(lambda index: self.opened.emit(index.data(ROW)))

    def chosen(self) -> Any:
        """The row the reader is on, None without one."""
        index = self.currentIndex()
        return index.data(ROW) if index.isValid() else None
