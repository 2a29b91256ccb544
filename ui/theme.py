"""Colours, type and space of the window, from resources/tokens.json; light, dark, or as the system has it.

Must not know any screen: widgets ask it for a colour by its token name and repaint when `changed` fires.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

import resources
from ui.style_sheet import style_sheet

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Tokens:
    """The token file as read. Sizes are px at 100 % scale, motions are ms."""

    colors: Mapping[str, Mapping[str, Any]]
    mono: Sequence[str]
    sizes: Mapping[str, int]
    weights: Mapping[str, int]
    space: Mapping[str, int]
    radii: Mapping[str, int]
    motion: Mapping[str, int]
    target: int


def read_tokens() -> Tokens:
    """The shared tokens. FileNotFoundError when the installation lacks them."""
    # Not by importlib.resources: it loads zipfile and more, and the window is not painted yet.
    raw = json.loads(Path(resources.__file__).with_name("tokens.json").read_bytes())
    return Tokens(
        colors=raw["colors"],
        mono=tuple(raw["type"]["mono"]),
        sizes=raw["type"]["sizes"],
        weights=raw["type"]["weights"],
        space=raw["space"],
        radii=raw["radii"],
        motion=raw["motion"],
        target=raw["target"]["till"],
    )


class Theme(QObject):
    """The scheme in force. Follows the system until `toggle` is used."""

    changed = Signal()

    def __init__(self, app: QApplication, tokens: Tokens | None = None) -> None:
        super().__init__(app)
        self.tokens = tokens or read_tokens()
        self._app = app
        self._chosen: Scheme | None = None
        self._scheme: Scheme = "light"
        self._family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).families()
        if app.style().name().lower() != "fusion":  # making it once more would keep the first paint waiting
            app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def scheme(self) -> Scheme:
        return self._scheme

    @property
    def chosen(self) -> Scheme | None:
        """The scheme chosen by hand, None while the system decides."""
        return self._chosen

    @property
    def dark(self) -> bool:
        return self._scheme == "dark"

    def toggle(self) -> None:
        """The other scheme, from now on whatever the system says."""
        self.choose("light" if self.dark else "dark")

    def choose(self, scheme: Scheme | None) -> None:
        """A scheme by hand; None follows the system again."""
        self._chosen = scheme
        self._apply()

    def colour(self, name: str) -> QColor:
        """A colour by token name, as "muted" or "okGround"."""
        return QColor(self.tokens.colors[self._scheme][name])

    def series(self, index: int) -> QColor:
        return QColor(self.tokens.colors[self._scheme]["series"][index])

    def font(self, size: str = "body", *, strong: bool = False) -> QFont:
        """The system's face at a token size, its figures of one width so that changing numbers stand still."""
        font = QFont(self._family)
        font.setPixelSize(self.tokens.sizes[size])
        font.setWeight(QFont.Weight(self.tokens.weights["strong" if strong else "regular"]))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    @Slot()
    def _follow_system(self) -> None:
        if self._chosen is None:
            self._apply()

    def _apply(self) -> None:
        system_dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self._scheme = self._chosen or ("dark" if system_dark else "light")
        self._app.setFont(self.font())
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(style_sheet(self.tokens, self.tokens.colors[self._scheme]))
        self.changed.emit()

    def _palette(self) -> QPalette:
        role = QPalette.ColorRole
        palette = QPalette(self.colour("surface"), self.colour("canvas"))
        for name, roles in {
            "canvas": (role.Window,),
            "surface": (role.Base, role.Button, role.ToolTipBase),
            "sunken": (role.AlternateBase,),
            "text": (role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText),
            "muted": (role.PlaceholderText,),
            "line": (role.Mid, role.Midlight, role.Dark),
            "accent": (role.Highlight, role.Link, role.Accent),
            "onAccent": (role.HighlightedText,),
        }.items():
            for one in roles:
                palette.setColor(one, self.colour(name))
        for one in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, one, self.colour("muted"))
        return palette
