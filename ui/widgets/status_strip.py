"""The strip above everything: icon, one sentence, and a quieter second line, on the ground of its state.

Shows a StatusView; decides nothing.
"""

from __future__ import annotations

from types import MappingProxyType

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui.i18n import translate
from ui.presenters.status import StatusView
from ui.theme import Theme
from ui.widgets.icons import Icon
from ui.widgets.labels import plain, set_property, show_text

_SAID_FOR = 6_000  # ms that what an act has done stands in place of the detail
_COLOURS = MappingProxyType(
    {
        "plain": ("surface", "muted"),
        "ok": ("okGround", "ok"),
        "attention": ("attentionGround", "attention"),
        "failed": ("failedGround", "failed"),
    }
)


class StatusStrip(QFrame):
    """`show_status`, `show_detail`, and `say` for what an act has done."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(translate("status_strip", "Status"))
        self._theme, self._state = theme, "plain"
        space = theme.tokens.space
        self._icon = Icon(theme, 32)
        self._sentence = plain(role="title", wrap=True)
        self._sentence.setAccessibleName(translate("status_strip", "Status"))
        self._detail = plain(role="muted", wrap=True)
        self._detail.setAccessibleName(translate("status_strip", "About this till"))
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._detail.hide()
        self._lasting = ""
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_FOR)
        self._said.timeout.connect(self._back_to_detail)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._sentence)
        texts.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(space["5"], space["3"], space["5"], space["3"])
        row.setSpacing(space["4"])
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        theme.changed.connect(self.update)

    def show_status(self, view: StatusView) -> None:
        colour = _COLOURS[view.state][1]
        show_text(self._sentence, view.sentence)
        self._sentence.setAccessibleDescription(view.sentence)
        set_property(self._sentence, "state", view.state)
        self._icon.show_icon(view.icon, colour)
        if view.state != self._state:
            self._state = view.state
            self.update()

    def show_detail(self, text: str) -> None:
        self._lasting = text
        if not self._said.isActive():
            self._back_to_detail()

    def say(self, text: str) -> None:
        show_text(self._detail, text)
        self._detail.setVisible(bool(text))
        self._said.start()

    def detail(self) -> str:
        return self._detail.text()

    def _back_to_detail(self) -> None:
        show_text(self._detail, self._lasting)
        self._detail.setVisible(bool(self._lasting))

    def sentence(self) -> str:
        return self._sentence.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, ink = _COLOURS[self._state]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self._theme.colour("line" if self._state == "plain" else ink)
        if self._state != "plain":
            line.setAlpha(70)
        painter.setPen(QPen(line, 1))
        painter.setBrush(self._theme.colour(ground))
        radius = self._theme.tokens.radii["card"]
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()
