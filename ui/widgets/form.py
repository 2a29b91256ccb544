"""Questions as fields to fill in, from a table; rows come and go with the answers. Must not know what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.sheet import push_button
from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.labels import plain, set_property, show_text

WIDEST = 520  # px of a field: a line that crosses the screen is hard to read back


@dataclass(frozen=True)
class Question:
    """`choices` are (value, words). `on`: shown only while another question has that answer."""

    name: str
    label: str
    kind: Literal["text", "secret", "choice", "radio", "folder", "tick"] = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    on: tuple[str, str] | None = None


class Form(QWidget):
    """`entered`: Enter in the last field that is shown."""

    entered = Signal()
    changed = Signal()

    def __init__(self, theme: Theme, questions: Sequence[Question]) -> None:
        super().__init__()
        self._theme, self._questions = theme, tuple(questions)
        self._editors: dict[str, QWidget] = {}
        self._groups: dict[str, QButtonGroup] = {}
        self._rows: dict[str, QWidget] = {}
        self._wrong: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 8, 2)
        column.setSpacing(theme.tokens.space["3"])
        for question in self._questions:
            column.addWidget(self._row(question))
        column.addStretch(1)
        self._arrange()

    def values(self) -> dict[str, str]:
        return {question.name: self.value(question.name) for question in self._questions}

    def value(self, name: str) -> str:
        if name in self._groups:
            checked = self._groups[name].checkedButton()
            return str(checked.property("value")) if checked else ""
        editor = self._editors[name]
        if isinstance(editor, QCheckBox):
            return "yes" if editor.isChecked() else "no"
        if isinstance(editor, QComboBox):
            return str(editor.currentData() or "")
        return editor.text() if isinstance(editor, QLineEdit) else ""

    def fill(self, values: Mapping[str, str]) -> None:
        """Shows answers; a name without a question is passed by."""
        for name, value in values.items():
            if name in self._groups:
                for button in self._groups[name].buttons():
                    button.setChecked(str(button.property("value")) == value)
                continue
            editor = self._editors.get(name)
            if isinstance(editor, QCheckBox):
                editor.setChecked(value == "yes")
            elif isinstance(editor, QComboBox):
                editor.setCurrentIndex(max(0, editor.findData(value)))
            elif isinstance(editor, QLineEdit):
                editor.setText(value)
        self._arrange()

    def offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices for a box, as (value, words)."""
        box = self._editors[name]
        if isinstance(box, QComboBox):
            box.clear()
            for value, text in choices:
                box.addItem(text, value)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """What is wrong, under its field; the keyboard goes to the first."""
        for name, label in self._wrong.items():
            show_text(label, problems.get(name, ""))  # type: ignore[arg-type]
            label.setVisible(name in problems)
        first = next((q.name for q in self._questions if q.name in problems), None)
        if first is not None:
            self.focus(first)

    def focus(self, name: str = "") -> None:
        """The keyboard into a field, the first one without a name."""
        for question in self._questions:
            if (not name or question.name == name) and self._rows[question.name].isVisibleTo(self):
                self._target(question.name).setFocus()
                return

    def _target(self, name: str) -> QWidget:
        if name in self._groups:
            group = self._groups[name]
            return group.checkedButton() or group.buttons()[0]
        return self._editors[name]

    def _row(self, question: Question) -> QWidget:
        row = QWidget()
        row.setMaximumWidth(WIDEST)
        self._rows[question.name] = row
        lines = QVBoxLayout(row)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(self._theme.tokens.space["1"])
        editor = self._editor(question)
        if question.kind != "tick":
            label = plain(question.label, "muted")
            label.setBuddy(self._target(question.name))
            lines.addWidget(label)
        lines.addWidget(editor)
        wrong = plain(wrap=True)
        wrong.setAccessibleName(translate("form", "{label}: what is wrong").format(label=question.label))
        set_property(wrong, "state", "failed")
        wrong.hide()
        lines.addWidget(wrong)
        self._wrong[question.name] = wrong
        return row

    def _editor(self, question: Question) -> QWidget:
        if question.kind == "radio":
            return self._radios(question)
        if question.kind == "tick":
            tick = QCheckBox(question.label)
            tick.setAccessibleName(question.label)
            tick.toggled.connect(self._arrange)
            self._editors[question.name] = tick
            return tick
        if question.kind == "choice":
            box = Choice(self._theme, question.label)
            for value, text in question.choices:
                box.addItem(text, value)
            box.currentIndexChanged.connect(self._arrange)
            self._editors[question.name] = box
            return box
        line = QLineEdit()
        line.setAccessibleName(question.label)
        line.setPlaceholderText(question.hint)
        line.setMaxLength(1024)
        line.returnPressed.connect(lambda: self._next(question.name))
        line.textChanged.connect(self.changed)
        self._editors[question.name] = line
        if question.kind == "secret":
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        return self._with_browse(question, line) if question.kind == "folder" else line

    def _radios(self, question: Question) -> QWidget:
        holder, group = QWidget(), QButtonGroup(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for value, text in question.choices:
            button = QRadioButton(text)
            button.setAccessibleName(text)
            button.setProperty("value", value)
            button.toggled.connect(self._arrange)
            group.addButton(button)
            column.addWidget(button)
        group.buttons()[0].setChecked(True)
        self._groups[question.name] = group
        return holder

    def _with_browse(self, question: Question, line: QLineEdit) -> QWidget:
        holder = QWidget()
        both = QHBoxLayout(holder)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(line, 1)
        browse = push_button(translate("form", "Browse"))
        browse.clicked.connect(lambda: self._browse(question, line))
        both.addWidget(browse)
        return holder

    def _browse(self, question: Question, line: QLineEdit) -> None:
        dialog = QFileDialog(self, question.label, line.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(line.setText)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _next(self, name: str) -> None:
        shown = [q.name for q in self._questions if self._rows[q.name].isVisibleTo(self)]
        place = shown.index(name) + 1
        if place < len(shown):
            self._target(shown[place]).setFocus()
        else:
            self.entered.emit()

    def _arrange(self) -> None:
        if len(self._rows) < len(self._questions):
            return  # still being built
        for question in self._questions:
            if question.on is not None:
                other, wanted = question.on
                self._rows[question.name].setVisible(self.value(other) == wanted)
        self.changed.emit()
