"""Looking in from other machines: on or off, which address people are given, its QR code, the CA's fingerprint."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path
from typing import Any

import segno
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.i18n import translate
from ui.presenters.lan import likely_addresses, shown_url
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
        matrix = segno.make(text, error="m", micro=False).matrix_iter(border=3) if text else ()
        self._rows = tuple(tuple(bool(cell) for cell in row) for row in matrix)
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
    """`dashboard`: where the server of this engine listens, None without one."""

    def __init__(self, host: Host, dashboard: str | None, ca_file: str | None) -> None:
        why = translate("settings", "Phones and PCs of the shop's network may open the dashboard, with an account.")
        super().__init__(host, translate("settings", "Looking in"), why)
        self._dashboard, self._ca_file = dashboard, ca_file
        self.fields = Form(
            self.desk.theme,
            [
                Question("listen", translate("settings", "Other machines may look in"), "tick"),
                Question("address", translate("settings", "Address people are given"), "choice"),
            ],
        )
        self.code = QrCode()
        self.url = plain(role="lead", wrap=True)
        self.url.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.print = plain(role="muted", wrap=True)
        self.print.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.addWidget(self.url)
        words.addWidget(self.print)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(self.desk.theme.tokens.space["4"])
        row.addWidget(self.code)
        row.addLayout(words, 1)
        self.body.addWidget(self.fields)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.fields.changed.connect(self._show)
        self.add_button(translate("settings", "Save"), lambda: self.run(self._save()), main=True)
        self.add_button(translate("settings", "Copy the address"), lambda: self.desk.do("address"))

    async def load(self) -> None:
        values: dict[str, Any] = (await self.desk.operate("settings.list"))["lan"]
        chosen = values["shown_address"] or ""
        addresses = dict.fromkeys(address for address in (chosen, *likely_addresses()) if address)
        self.fields.offer("address", [(address, address) for address in addresses])
        self.fields.fill(
            {"listen": "yes" if values["listen"] else "no", "address": chosen or next(iter(addresses), "")}
        )
        self._show()

    async def _save(self) -> None:
        values = self.fields.values()
        on = values["listen"] == "yes"
        if on:
            accounts = await self.desk.operate("user.list")
            if not any(account["role"] == "owner" for account in accounts):
                self.desk.say(translate("settings", "First add an owner's account: nobody may look in before that"))
                self.fields.fill({"listen": "no"})
                return
        given = {"listen": on, "shown_address": values["address"] or None}
        await self.desk.operate("settings.set", section="lan", values=given)
        self.desk.say(translate("settings", "Saved"))

    def _show(self) -> None:
        on = self.fields.value("listen") == "yes"
        url = shown_url(self._dashboard, self.fields.value("address") or None) if on else None
        self.code.setVisible(bool(url))
        self.code.show_text(url or "")
        show_text(self.url, url or translate("settings", "Only this machine may look in."))
        mark = fingerprint(self._ca_file) if url else ""
        show_text(self.print, translate("settings", "The till's CA, SHA-256: {mark}").format(mark=mark) if mark else "")


def fingerprint(ca_file: str | None) -> str:
    """SHA-256 of a PEM certificate, in pairs with colons; "" where it cannot be read."""
    try:
        der = ssl.PEM_cert_to_DER_cert(Path(ca_file or "").read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return ""
    digest = hashlib.sha256(der).hexdigest().upper()
    return ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))
