"""The feed's rows as Qt's views want them. Follows the presenter's changes row by row; decides nothing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.presenters.feed import LIMIT, Change, FeedRow

ROW = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class FeedModel(QAbstractListModel):
    """Newest first, bounded like the presenter's rows."""

    grew = Signal(int)  # rows that came on top in one batch

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FeedRow] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken()
        return None

    def apply(self, changes: list[Change]) -> None:
        """Takes changes in their order. Runs of plain additions are inserted in one go."""
        run: list[FeedRow] = []
        came = 0
        for change in changes:
            if change.removed is not None:
                self._insert(run)
                run = []
                self.beginRemoveRows(QModelIndex(), change.removed, change.removed)
                del self._rows[change.removed]
                self.endRemoveRows()
            else:
                came += 1
            run.insert(0, change.row)
        self._insert(run)
        self._trim()
        if came:
            self.grew.emit(min(came, LIMIT))

    def _insert(self, rows: list[FeedRow]) -> None:
        rows = rows[:LIMIT]
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
        self._rows[:0] = rows
        self.endInsertRows()

    def _trim(self) -> None:
        if len(self._rows) > LIMIT:
            self.beginRemoveRows(QModelIndex(), LIMIT, len(self._rows) - 1)
            del self._rows[LIMIT:]
            self.endRemoveRows()
