"""The menu (F10): every act of the window with its key, for keyboard and finger. Shows actions; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ui.i18n import translate


class ActMenu(QMenu):
    """Shown without a nested loop: `popup` returns at once."""

    def __init__(self, parent: QWidget, actions: Sequence[QAction]) -> None:
        super().__init__(translate("act_menu", "Menu"), parent)
        self.setAccessibleName(translate("act_menu", "Menu"))
        self.addActions(actions)

    def over(self, anchor: QWidget) -> None:
        """Opens above a widget at the foot of the window, its first act chosen."""
        size = self._fitting(anchor)
        foot = anchor.mapToGlobal(QPoint(anchor.width() - size.width(), 0))
        self.popup(foot - QPoint(0, size.height()))
        first = next((action for action in self.actions() if action.isEnabled()), None)
        if first is not None:
            self.setActiveAction(first)

    def _fitting(self, anchor: QWidget) -> QSize:
        """Its size: rows as high as a finger where the screen has room for all, else hardly higher than a line."""
        self._tighten(on=False)
        room = anchor.screen().availableSize()
        size = self.sizeHint()
        if size.height() > room.height():
            self._tighten(on=True)
            size = self.sizeHint()
        return size

    def _tighten(self, *, on: bool) -> None:
        if self.property("tight") != on:
            self.setProperty("tight", on)
            self.style().unpolish(self)
            self.style().polish(self)
            QCoreApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))  # rows and scrolling are kept till then
