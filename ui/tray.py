"""The icon beside the clock: state by colour and glyph, a menu, notifications. A till works as well without one.

Shows what it is told; decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from ui.i18n import translate
from ui.presenters.notices import Notice
from ui.presenters.status import StatusView
from ui.theme import Theme
from ui.widgets.icons import draw_icon
from ui.widgets.labels import escaped

_SIDES = (16, 22, 32, 64)


def state_icon(theme: Theme, view: StatusView) -> QIcon:
    """A disc in the state's colour with its glyph: to be told apart without colours too."""
    icon = QIcon()
    name = view.state if view.state in ("ok", "attention", "failed") else "muted"
    for side in _SIDES:
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(name))
        painter.drawEllipse(QRectF(0, 0, side, side))
        inset = side * 0.14
        box = QRectF(0, 0, side, side).adjusted(inset, inset, -inset, -inset)
        draw_icon(painter, view.icon, box, theme.colour("surface"))
        painter.end()
        icon.addPixmap(picture)
    return icon


class Tray(QObject):
    """`chosen` with the name of an act: show, sale, settings, quit."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._view = theme, StatusView("plain", "waiting", "")
        self.icon = QSystemTrayIcon(self)
        self.menu = QMenu(parent)
        self.menu.setAccessibleName("fiscalmon")
        self._line = QAction(self)
        self._line.setEnabled(False)
        self.menu.addAction(self._line)
        self.menu.addSeparator()
        self.actions: dict[str, QAction] = {}
        for name, text in (
            ("show", translate("tray", "Show fiscalmon")),
            ("sale", translate("tray", "Sell")),
            ("settings", translate("tray", "Settings")),
            ("quit", translate("tray", "Quit")),
        ):
            action = QAction(text, self)
            action.triggered.connect(self._choosing(name))
            self.menu.addAction(action)
            self.actions[name] = action
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(lambda: self.chosen.emit("show"))
        theme.changed.connect(self._draw)
        self._draw()
        self.icon.show()

    def show_status(self, view: StatusView) -> None:
        if view != self._view:
            self._view = view
            self._draw()

    def notify(self, notice: Notice) -> None:
        """A few seconds beside the clock; plain text."""
        kind = QSystemTrayIcon.MessageIcon.Critical if notice.state == "failed" else QSystemTrayIcon.MessageIcon.Warning
        self.icon.showMessage("fiscalmon", notice.text, kind, 10_000)

    def remove(self) -> None:
        self.icon.hide()

    def _draw(self) -> None:
        icon = state_icon(self._theme, self._view)
        self.icon.setIcon(icon)
        self.icon.setToolTip(escaped(self._view.sentence) if self._view.sentence else "fiscalmon")
        self._line.setText(self._view.sentence.replace("&", "&&"))
        self._line.setIcon(icon)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.chosen.emit("show")

    def _choosing(self, name: str) -> Callable[[], None]:
        return lambda: self.chosen.emit(name)


def has_tray() -> bool:
    """Whether this desktop shows such icons."""
    return QSystemTrayIcon.isSystemTrayAvailable()
