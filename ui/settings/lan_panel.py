"""Looking in from other machines: on or off, which address people are given, its QR code, the CA's fingerprint.

Shows what the engine says of its door (`lan.status`); must not look at adapters or files itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fiscalmon.services.lan_access import qr_matrix
from ui.i18n import translate
from ui.presenters.lan import DoorView, address_choices, door_view
from ui.presenters.till_view import Heard
from ui.settings.panel import Host, Panel
from ui.widgets.form import Form, Question
from ui.widgets.labels import plain, show_text


class QrCode(QWidget):
    """Black on white in both schemes: readers want it so."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("settings", "QR code of the dashboard's address"))

    def show_text(self, text: str) -> None:
        """ "" shows nothing."""
        if text == self.accessibleDescription():
            return
        self._rows = tuple(tuple(row) for row in qr_matrix(text)) if text else ()
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        cell = self.width() / len(self._rows)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("black"))
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    painter.drawRect(QRectF(x * cell, y * cell, cell + 0.3, cell + 0.3))
        painter.end()


class LanPanel(Panel):
    """The form is filled when the panel is shown; what is below it follows the door."""

    def __init__(self, host: Host) -> None:
        why = translate("settings", "Phones and PCs of the shop's network may open the dashboard, with an account.")
        super().__init__(host, translate("settings", "Looking in"), why)
        self._view = DoorView()
        self.fields = Form(
            self.desk.theme,
            [
                Question("listen", translate("settings", "Other machines may look in"), "tick"),
                Question("address", translate("settings", "Address people are given"), "choice"),
            ],
        )
        self.code = QrCode()
        self.url = plain(role="lead", wrap=True)
        self.named = plain(wrap=True)
        self.print = plain(role="muted", wrap=True)
        words = QVBoxLayout()
        for label in (self.url, self.named, self.print):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(self.desk.theme.tokens.space["4"])
        row.addWidget(self.code)
        row.addLayout(words, 1)
        self.body.addWidget(self.fields)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.add_button(translate("settings", "Save"), lambda: self.run(self._save()), main=True)
        self.add_button(translate("settings", "Copy the address"), self._copy)

    async def load(self) -> None:
        values: dict[str, Any] = (await self.desk.operate("settings.list"))["lan"]
        status = await self.look()
        chosen = values["shown_address"] or ""
        choices = address_choices(status, chosen)
        self.fields.offer("address", choices)
        first = choices[0][0] if choices else ""
        self.fields.fill({"listen": "yes" if values["listen"] else "no", "address": chosen or first})

    async def look(self) -> Mapping[str, Any]:
        """Shows the door as it is now."""
        status: Mapping[str, Any] = await self.desk.operate("lan.status")
        view = door_view(status)
        self._view = view
        self.code.setVisible(bool(view.url))
        self.code.show_text(view.url)
        show_text(self.url, view.url or translate("settings", "Only this machine may look in."))
        for label, text in (
            (self.named, view.reason or view.name),
            (
                self.print,
                translate("settings", "The till's CA, SHA-256:\n{mark}").format(mark=view.mark) if view.mark else "",
            ),
        ):
            show_text(label, text)
            label.setVisible(bool(text))
        return status

    def told(self, messages: Iterable[Heard]) -> None:
        if any(message.type == "lan.moved" for message in messages):
            self.host.work(self.look())

    async def _save(self) -> None:
        values = self.fields.values()
        on = values["listen"] == "yes"
        if on:
            accounts = await self.desk.operate("user.list")
            if not any(account["role"] == "owner" for account in accounts):
                self.desk.say(translate("settings", "First add an owner's account: nobody may look in before that"))
                self.fields.fill({"listen": "no"})
                return
        await self.desk.operate("lan.set", listen=on, shown_address=values["address"] or None)
        self.desk.say(translate("settings", "Saved"))

    def _copy(self) -> None:
        if not self._view.url:
            self.desk.do("address")
            return
        QApplication.clipboard().setText(self._view.url)
        self.desk.say(translate("settings", "Copied: {url}").format(url=self._view.url))
