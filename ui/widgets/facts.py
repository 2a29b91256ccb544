"""Names and values in sections, to be read, selected and copied; long texts without spaces break anywhere.

Must not know what they are facts of.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QGridLayout, QPlainTextEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.presenters.sections import Section
from ui.theme import Theme
from ui.widgets.labels import plain

_NAMES = 150  # px for the column of names


class ExactText(QPlainTextEdit):
    """A text of exact letters, as high as it is long."""

    def __init__(self, name: str, text: str, theme: Theme, *, wrap: bool = True) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setProperty("role", "exact")
        font = QFont(theme.tokens.mono)
        font.setPixelSize(theme.tokens.sizes["small"] + 1)
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.setFont(font)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth if wrap else QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(4)
        self.setPlainText(text)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def fit(self) -> None:
        lines = max(1, round(self.document().size().height()))  # a plain document counts lines, not px
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 10)


class FactsView(QScrollArea):
    """`show_sections` replaces everything."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._theme = theme
        self._shown: tuple[Section, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_sections(self, sections: Sequence[Section]) -> None:
        if tuple(sections) == self._shown:
            return
        self._shown = tuple(sections)
        inner = QWidget()
        inner.setProperty("role", "sheet")
        column = QVBoxLayout(inner)
        column.setContentsMargins(2, 2, 8, 2)
        column.setSpacing(self._theme.tokens.space["2"])
        for section in sections:
            column.addWidget(plain(section.title, "lead"))
            if section.facts:
                column.addLayout(self._grid(section))
            if section.text:
                column.addWidget(ExactText(section.title, section.text, self._theme, wrap=False))
            column.addSpacing(self._theme.tokens.space["2"])
        column.addStretch(1)
        self.setWidget(inner)

    def text(self) -> str:
        """Everything shown, as text to be copied."""
        parts = []
        for section in self._shown:
            lines = [section.title, *(f"  {fact.name}: {fact.value}" for fact in section.facts)]
            parts.append("\n".join([*lines, section.text] if section.text else lines))
        return "\n\n".join(parts)

    def _grid(self, section: Section) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(self._theme.tokens.space["3"])
        grid.setVerticalSpacing(self._theme.tokens.space["1"])
        grid.setColumnMinimumWidth(0, _NAMES)
        grid.setColumnStretch(1, 1)
        for row, fact in enumerate(section.facts):
            name = plain(fact.name, "muted", wrap=True)
            name.setMaximumWidth(_NAMES + 40)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            if fact.exact:
                grid.addWidget(ExactText(fact.name, fact.value, self._theme), row, 1)
                continue
            value = plain(fact.value, wrap=True)
            value.setProperty("state", fact.state)
            value.setAccessibleName(f"{fact.name}: {fact.value}")
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            grid.addWidget(value, row, 1)
        return grid
