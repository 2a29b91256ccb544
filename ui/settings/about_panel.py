"""About: versions, licences, where everything lies, and the way to the logs."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from fiscalmon import __version__
from ui.ground import Ground
from ui.i18n import translate
from ui.presenters.sections import Fact, Section
from ui.settings.panel import Host, Panel
from ui.widgets.facts import FactsView

_PARTS = ("PySide6-Essentials", "cryptography", "SQLAlchemy", "starlette", "uvicorn", "httpx", "msgspec", "reportlab")


class AboutPanel(Panel):
    """Facts to be read and copied."""

    def __init__(self, host: Host, ground: Ground) -> None:
        super().__init__(host, translate("settings", "About"), translate("settings", "For whoever is asked for help."))
        self._ground = ground
        self.facts = FactsView(self.desk.theme, translate("settings", "About"))
        self.body.addWidget(self.facts, 1)
        self.add_button(translate("settings", "Copy"), lambda: QApplication.clipboard().setText(self.facts.text()))
        self.add_button(translate("settings", "Log"), lambda: self.desk.go("log"))
        self.add_button(translate("settings", "How this till is"), lambda: self.desk.go("doctor"))
        if ground.folder is not None:
            self.add_button(translate("settings", "Open the data folder"), self._open)

    async def load(self) -> None:
        where = str(self._ground.folder or "—")
        till = (
            Fact("fiscalmon", __version__),
            Fact(translate("settings", "Data folder"), where, exact=True),
            Fact("Python", platform.python_version()),
            Fact("Qt", qVersion()),
            Fact(translate("settings", "System"), f"{platform.system()} {platform.release()} {platform.machine()}"),
        )
        parts = tuple(Fact(name, _licence(name)) for name in _PARTS)
        self.facts.show_sections(
            (Section(translate("settings", "This till"), till), Section(translate("settings", "Made with"), parts))
        )

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._ground.folder)))


def _licence(name: str) -> str:
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "—"
    licence = told.get("License-Expression") or told.get("License") or ""
    return f"{told['Version']} · {licence.splitlines()[0][:60]}" if licence else str(told["Version"])
