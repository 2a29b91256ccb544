"""The settings (Ctrl+,): what can be set at the left, its panel at the right. Asks the engine through its desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QWidget

from ui.ground import Ground
from ui.i18n import translate
from ui.pages.page import Page, PageDesk
from ui.presenters.till_view import Heard
from ui.settings.about_panel import AboutPanel
from ui.settings.alerts_panel import AlertsPanel
from ui.settings.lan_panel import LanPanel
from ui.settings.lists import AccountsPanel, DevicesPanel, PrintersPanel
from ui.settings.panel import Panel
from ui.settings.screen_panel import ScreenPanel
from ui.settings.section_panel import SectionPanel
from ui.settings.sections import SECTIONS
from ui.widgets.card import Card

_RAIL = 210  # px for the names
_ROW = 40


class SettingsPage(Page):
    """`arrive` with a panel's name shows it: screen, devices, printers, lan, accounts, alerts, about, a section."""

    def __init__(self, desk: PageDesk, ground: Ground) -> None:
        super().__init__(desk, "settings", translate("settings", "Settings"))
        sections = {
            form.section: (translate("settings", form.title), partial(SectionPanel, self, form)) for form in SECTIONS
        }
        self._makers: dict[str, tuple[str, Callable[[], Panel]]] = {
            "devices": (translate("settings", "Devices"), lambda: DevicesPanel(self)),
            "printers": (translate("settings", "Printers"), lambda: PrintersPanel(self)),
            "accounts": (translate("settings", "Accounts"), lambda: AccountsPanel(self)),
            "lan": (translate("settings", "Looking in"), lambda: LanPanel(self)),
            "alerts": (translate("settings", "Alerts"), lambda: AlertsPanel(self)),
            **sections,
            "screen": (translate("settings", "This screen"), lambda: ScreenPanel(self)),
            "about": (translate("settings", "About"), lambda: AboutPanel(self, ground)),
        }
        self.panels: dict[str, Panel] = {}
        self.names = QListWidget()
        self.names.setAccessibleName(translate("settings", "What can be set"))
        self.names.setFixedWidth(_RAIL)
        for title, _ in self._makers.values():
            item = QListWidgetItem(title)
            item.setSizeHint(QSize(0, _ROW))
            self.names.addItem(item)
        self.area = QScrollArea()
        self.area.setAccessibleName(translate("settings", "Settings"))
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.add_tool(translate("settings", "Set up step by step"), lambda: desk.go("setup", "again"))
        left, right = Card(self.theme, self.theme.tokens.space["3"]), Card(self.theme, self.theme.tokens.space["4"])
        left.body.addWidget(self.names)
        right.body.addWidget(self.area)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(left)
        both.addWidget(right, 1)
        self.body.addLayout(both, 1)
        self.names.currentRowChanged.connect(self._chosen)

    def arrive(self, about: str) -> None:
        names = list(self._makers)
        row = names.index(about) if about in names else max(0, self.names.currentRow())
        if row == self.names.currentRow():
            self._chosen(row)
        else:
            self.names.setCurrentRow(row)

    def home(self) -> QWidget:
        return self.names

    def told(self, messages: Iterable[Heard]) -> None:
        panel = self.panel()
        if panel is not None:
            panel.told(messages)

    def refresh(self) -> None:
        self._chosen(self.names.currentRow())

    def panel(self) -> Panel | None:
        """The one that is shown."""
        found = self.area.widget()
        return found if isinstance(found, Panel) else None

    def _chosen(self, row: int) -> None:
        if row < 0:
            return
        name = list(self._makers)[row]
        if name not in self.panels:
            self.panels[name] = self._makers[name][1]()
        panel = self.panels[name]
        if self.panel() is not panel:
            self.area.takeWidget()
            self.area.setWidget(panel)
            panel.show()
        self.trouble.hide()
        self.work(panel.load())
