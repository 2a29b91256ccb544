"""F1: every key and what it does, those of the window and those of selling, with what may be typed into the scan field.

Reads the tables of keys; must not know the engine nor a page.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.sheet import Sheet
from ui.i18n import translate
from ui.presenters.sale_entry import HINTS
from ui.sale_keys import ACTS, FIELD_KEYS
from ui.shortcuts import FIXED, SHORTCUTS
from ui.theme import Theme
from ui.widgets.labels import plain

Rows = Sequence[tuple[str, str]]
_AROUND = 210  # px of frame, title, tabs and buttons
_TEXT = 300  # px for what a key does, so that two columns of keys fit a small screen


class KeysSheet(Sheet):
    """`selling`: with the sale page's keys in front."""

    def __init__(self, parent: QWidget, theme: Theme, *, selling: bool = False) -> None:
        super().__init__(parent, theme, translate("keys_sheet", "Keys"))
        self.stack = QStackedWidget()
        self.tabs = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(theme.tokens.space["4"])
        for place, (name, page) in enumerate(
            (
                (translate("keys_sheet", "Everywhere"), self._everywhere()),
                (translate("keys_sheet", "Selling (F2)"), self._selling()),
            )
        ):
            tab = QPushButton(name)
            tab.setAccessibleName(translate("keys_sheet", "Keys: {name}").format(name=name))
            tab.setProperty("kind", "tab")
            tab.setCheckable(True)
            tab.setAutoDefault(False)
            self.tabs.addButton(tab, place)
            self.stack.addWidget(page)
            row.addWidget(tab)
        row.addStretch(1)
        self.tabs.idToggled.connect(lambda place, on: self.stack.setCurrentIndex(place) if on else None)
        self.body.addLayout(row)
        self.body.addWidget(self._as_high_as_the_screen())
        close = self.add_button(translate("keys_sheet", "Close"))
        close.clicked.connect(self.accept)
        first = self.tabs.button(int(selling))
        first.setChecked(True)
        first.setFocus()

    def _as_high_as_the_screen(self) -> QWidget:
        """The keys whole where they fit; on a low screen they scroll, with the arrow keys too."""
        area = QScrollArea()
        area.setWidget(self.stack)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.windowTitle())
        area.setMinimumWidth(self.stack.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width())
        whole = self.stack.heightForWidth(area.minimumWidth())
        area.setMinimumHeight(min(whole, self.screen().availableGeometry().height() - _AROUND))
        return area

    def _everywhere(self) -> QWidget:
        return self._page(
            [(key, translate("keys", text)) for key, text in (*((one.key, one.words) for one in SHORTCUTS), *FIXED)]
        )

    def _selling(self) -> QWidget:
        page = self._page(
            [
                (key, translate("sale_keys", text))
                for key, text in (*((act.key, act.words) for act in ACTS), *FIELD_KEYS)
            ]
        )
        column = page.layout()
        if isinstance(column, QVBoxLayout):
            column.addWidget(plain(translate("keys_sheet", "Typed into the scan field, then Enter"), "muted"))
            column.addLayout(
                self._grid([(translate("sale_entry", form), translate("sale_entry", text)) for form, text in HINTS])
            )
            column.addStretch(1)
        return page

    def _page(self, rows: Rows) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.tokens.space["2"])
        column.addLayout(self._grid(rows))
        return page

    def _grid(self, rows: Rows) -> QGridLayout:
        """Two columns of keys, so that a low screen has them all."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(self.theme.tokens.space["4"])
        grid.setVerticalSpacing(self.theme.tokens.space["1"] + 2)
        half = (len(rows) + 1) // 2
        for place, (key, text) in enumerate(rows):
            side, row = divmod(place, half)
            grid.addWidget(plain(key, "key"), row, 2 * side, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(plain(text, wrap=True), row, 2 * side + 1)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, _TEXT)
        return grid
