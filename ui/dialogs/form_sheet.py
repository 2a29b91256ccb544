"""A sheet with a few fields to fill in; what is wrong with them is said in it, and it stays open until it is right.

Must not know what the fields mean: whoever opens it reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from fiscalmon.domain.errors import FiscalmonError
from ui.dialogs.sheet import Sheet
from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.labels import plain, set_property, show_text

_FIELD = 220  # px that a field has at least beside another
TALLEST = 6  # fields below each other; more stand side by side, so that the form fits a low screen


@dataclass(frozen=True)
class Field:
    """One row. `choices` are (words, value) pairs; without them it is a line of `longest` characters to write in."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    secret: bool = False
    longest: int = 250


class _EnterChoice(Choice):
    """A choice that Enter leaves, as it leaves a line to write in; Qt's own lets it go to waste."""

    def __init__(self, theme: Theme, name: str, entered: Callable[[], None]) -> None:
        super().__init__(theme, name)
        self._entered = entered

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self._entered()
        else:
            super().keyPressEvent(event)


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
        wide = len(fields) > TALLEST
        rows = -(-len(fields) // 2) if wide else len(fields)
        if wide:
            grid.setColumnStretch(3, 1)
            for column in (1, 3):
                grid.setColumnMinimumWidth(column, _FIELD)
        for number, field in enumerate(fields):
            label = plain(field.label)
            editor = self._editor(field)
            label.setBuddy(editor)
            side, row = divmod(number, rows)
            grid.addWidget(label, row, 2 * side, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(editor, row, 2 * side + 1)
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
        if not wide:  # a wide one takes what its labels need
            self.setMinimumWidth(500)
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
            self.fit()
        else:
            self.accept()

    def _editor(self, field: Field) -> QLineEdit | QComboBox:
        editor: QLineEdit | QComboBox
        if field.choices:
            editor = _EnterChoice(self.theme, field.label, lambda: self._next(field.name))
            for words, value in field.choices:
                editor.addItem(words, value)
            editor.setCurrentIndex(max(0, editor.findData(field.value)))
        else:
            editor = QLineEdit(field.value)
            if field.secret:
                editor.setEchoMode(QLineEdit.EchoMode.Password)
            editor.setPlaceholderText(field.hint)
            editor.setMaxLength(field.longest)
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
