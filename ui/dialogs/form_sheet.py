"""A sheet with a few fields to fill in; what is wrong with them is said in it, and it stays open until it is right.

Must not know what the fields mean: whoever opens it reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from fiscalmon.domain.errors import FiscalmonError
from ui.dialogs.sheet import Sheet
from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.labels import plain, set_property, show_text


@dataclass(frozen=True)
class Field:
    """One row. `choices` are (words, value) pairs; without them it is a line to write in."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    secret: bool = False


class FormSheet(Sheet):
    """`take` gets the values by name; what it raises is shown. Enter goes to the next field, at the last it is done."""

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        title: str,
        fields: Sequence[Field],
        take: Callable[[dict[str, str]], object],
        done: str = "",
    ) -> None:
        super().__init__(parent, theme, title)
        self._take = take
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.tokens.space["4"])
        grid.setVerticalSpacing(theme.tokens.space["2"])
        grid.setColumnStretch(1, 1)
        for row, field in enumerate(fields):
            label = plain(field.label)
            editor = self._editor(field)
            label.setBuddy(editor)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(editor, row, 1)
            self.fields[field.name] = editor
        self.body.addLayout(grid)
        self.problem = plain(wrap=True)
        self.problem.setAccessibleName(translate("form_sheet", "What is wrong"))
        set_property(self.problem, "state", "failed")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.cancel = self.add_button(translate("form_sheet", "Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.done_button = self.add_button(done or translate("form_sheet", "Done"), act=True)
        self.done_button.clicked.connect(self.finish)
        self.setMinimumWidth(460)
        first = next(iter(self.fields.values()))
        first.setFocus()
        if isinstance(first, QLineEdit):
            first.selectAll()

    def values(self) -> dict[str, str]:
        return {
            name: str(editor.currentData()) if isinstance(editor, QComboBox) else editor.text()
            for name, editor in self.fields.items()
        }

    def finish(self) -> None:
        """Closes if what was filled in can be taken."""
        try:
            self._take(self.values())
        except FiscalmonError as wrong:
            show_text(self.problem, wrong.text)
            self.problem.show()
            self.adjustSize()
        else:
            self.accept()

    def _editor(self, field: Field) -> QLineEdit | QComboBox:
        editor: QLineEdit | QComboBox
        if field.choices:
            editor = Choice(self.theme, field.label)
            for words, value in field.choices:
                editor.addItem(words, value)
            editor.setCurrentIndex(max(0, editor.findData(field.value)))
        else:
            editor = QLineEdit(field.value)
            if field.secret:
                editor.setEchoMode(QLineEdit.EchoMode.Password)
            editor.setPlaceholderText(field.hint)
            editor.setMaxLength(250)
            editor.returnPressed.connect(lambda: self._next(field.name))
        editor.setAccessibleName(field.label)
        return editor

    def _next(self, name: str) -> None:
        names = list(self.fields)
        place = names.index(name) + 1
        if place < len(names):
            self.fields[names[place]].setFocus()
        else:
            self.finish()
