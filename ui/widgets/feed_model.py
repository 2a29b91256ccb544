"""The feed's rows as Qt's views want them. Follows the presenter's changes row by row; decides nothing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from ui.presenters.feed import LIMIT, Change, FeedRow

ROW = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex
_SLICE = 2_000  # rows a filter looks at in one go: some ms
_NEAR = 8  # repeats are folded near the top only


class FeedModel(QAbstractListModel):
    """Newest first, bounded like the presenter's rows; while a filter is set, the rows that fit it.

    A filter looks through the rows slice by slice, so that a long feed holds up no frame.
    """

    grew = Signal(int)  # rows that came on top in one batch

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[FeedRow] = []
        self._rows = self._all  # what is shown; the same list while there is no filter
        self._wanted = ""
        self._state = ""
        self._looked = 0
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._look_on)

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

    def filter(self, text: str = "", state: str = "") -> None:
        """Only rows that hold the text, and of a state where one is given ("failed", "attention"); "" is all."""
        wanted = text.casefold().strip()
        if (wanted, state) == (self._wanted, self._state):
            return
        self._wanted, self._state = wanted, state
        self.beginResetModel()
        self._rows = [] if self.filtered() else self._all
        self.endResetModel()
        self._looked = 0
        if self.filtered():
            self._slices.start()
            self._look_on()
        else:
            self._slices.stop()

    def filtered(self) -> bool:
        return bool(self._wanted or self._state)

    def looking(self) -> bool:
        """Whether a filter has not seen all rows yet."""
        return self._slices.isActive()

    def apply(self, changes: list[Change]) -> None:
        """Takes changes in their order. Runs of plain additions are inserted in one go."""
        run: list[FeedRow] = []
        came = 0
        for change in changes:
            if change.removed is not None:
                self._insert(run)
                run = []
                self._remove(change.removed)
            else:
                came += 1
            run.append(change.row)
        self._insert(run)
        self._trim()
        if came and not self.filtered():
            self.grew.emit(min(came, LIMIT))

    def _fits(self, row: FeedRow) -> bool:
        return (not self._state or row.state == self._state) and (not self._wanted or row.holds(self._wanted))

    def _look_on(self) -> None:
        """The next slice of the filter."""
        until = min(self._looked + _SLICE, len(self._all))
        self._append([row for row in self._all[self._looked : until] if self._fits(row)])
        self._looked = until
        if until == len(self._all):
            self._slices.stop()

    def _append(self, rows: list[FeedRow]) -> None:
        if rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def _insert(self, rows: list[FeedRow]) -> None:
        """`rows` came in this order: the last one stands on top."""
        rows = rows[::-1][:LIMIT]
        shown = [row for row in rows if self._fits(row)] if self.filtered() else rows
        if self.filtered():
            self._all[:0] = rows
            self._looked += len(rows)
        if not shown:
            return
        self.beginInsertRows(QModelIndex(), 0, len(shown) - 1)
        self._rows[:0] = shown
        self.endInsertRows()

    def _remove(self, place: int) -> None:
        gone = self._all[place]
        if self.filtered():
            del self._all[place]
            self._looked -= 1
            place = next((i for i, row in enumerate(self._rows[:_NEAR]) if row is gone), -1)
            if place < 0:
                return
        self.beginRemoveRows(QModelIndex(), place, place)
        del self._rows[place]
        self.endRemoveRows()

    def _trim(self) -> None:
        if self.filtered():
            del self._all[LIMIT:]
        if len(self._rows) > LIMIT:
            self.beginRemoveRows(QModelIndex(), LIMIT, len(self._rows) - 1)
            del self._rows[LIMIT:]
            self.endRemoveRows()
