"""Digits and signs for a finger: each key types into whichever of its fields has the keyboard, and never takes it.

The same signs as on the keyboard, so what they mean is in presenters/sale_entry.py. Must not know what is sold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.theme import Theme


@dataclass(frozen=True)
class PadKey:
    """`sends`: the text it types; "" for a key that is no text. `say`: its name for those who cannot see it."""

    face: str
    say: str
    sends: str = ""
    key: Qt.Key = Qt.Key.Key_unknown
    kind: str = "pad"


_ENTER = PadKey("Enter", "Enter", key=Qt.Key.Key_Return, kind="act")
_BACK = PadKey("⌫", QT_TRANSLATE_NOOP("number_pad", "Delete the last character"), key=Qt.Key.Key_Backspace)
_CLEAR = PadKey(
    QT_TRANSLATE_NOOP("number_pad", "Clear"), QT_TRANSLATE_NOOP("number_pad", "Empty the field"), key=Qt.Key.Key_Clear
)
_SIGNS = MappingProxyType(
    {
        "*": PadKey(QT_TRANSLATE_NOOP("number_pad", "× qty"), QT_TRANSLATE_NOOP("number_pad", "Times: how many"), "*"),
        "-": PadKey(
            QT_TRANSLATE_NOOP("number_pad", "− off"), QT_TRANSLATE_NOOP("number_pad", "Minus: a discount"), "-"
        ),
        "%": PadKey("%", QT_TRANSLATE_NOOP("number_pad", "Per cent"), "%"),
        "=": PadKey(
            QT_TRANSLATE_NOOP("number_pad", "= price"), QT_TRANSLATE_NOOP("number_pad", "Equals: another price"), "="
        ),
        ".": PadKey(".", QT_TRANSLATE_NOOP("number_pad", "Point"), "."),
        "00": PadKey("00", QT_TRANSLATE_NOOP("number_pad", "Two noughts"), "00"),
    }
)
_TALL = ("7 8 9 back", "4 5 6 *", "1 2 3 -", "0 00 . %", "clear = enter enter")
_LOW = ("1 2 3 4 5 * - back", "6 7 8 9 0 . % enter")


class NumberPad(QWidget):
    """`fields`: where it may type; with the keyboard elsewhere it types into the first, which gets it back.

    `set_low` has two long rows instead of a block, for a window without the height.
    """

    def __init__(self, theme: Theme, fields: Sequence[QLineEdit]) -> None:
        super().__init__()
        self.setAccessibleName(translate("number_pad", "Number pad"))
        self.theme, self._fields = theme, tuple(fields)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.tokens.space["1"])
        self.keys: dict[str, QPushButton] = {}
        for name in {name: None for row in (*_TALL, *_LOW) for name in row.split()}:
            self.keys[name] = self._button(name)
        self._low: bool | None = None
        self.set_low(False)

    def set_low(self, low: bool) -> None:
        if low == self._low:
            return
        self._low = low
        for button in self.keys.values():
            self._grid.removeWidget(button)
            button.hide()
        for row, names in enumerate(_LOW if low else _TALL):
            cells = names.split()
            for column, name in enumerate(cells):
                if column and cells[column - 1] == name:
                    continue
                self._grid.addWidget(self.keys[name], row, column, 1, cells.count(name))
                self.keys[name].show()
        for column in range(8):
            self._grid.setColumnStretch(column, 1 if low or column < 4 else 0)

    def press(self, name: str) -> None:
        """What a finger on that key does."""
        key, field = _key(name), self._field()
        if key.key == Qt.Key.Key_Clear:
            field.selectAll()
            _send(field, Qt.Key.Key_Delete)
        elif key.sends:
            for char in key.sends:
                _send(field, Qt.Key.Key_unknown, char)
        else:
            _send(field, key.key)

    def _field(self) -> QLineEdit:
        focus = QApplication.focusWidget()
        for field in self._fields:
            if field is focus:
                return field
        self._fields[0].setFocus()
        return self._fields[0]

    def _button(self, name: str) -> QPushButton:
        key = _key(name)
        button = _Key(translate("number_pad", key.face), self.theme.tokens.target, repeats=key is _BACK)
        button.setAccessibleName(translate("number_pad", key.say))
        button.setToolTip(translate("number_pad", key.say))
        button.setProperty("kind", key.kind)
        button.clicked.connect(lambda: self.press(name))
        return button


class _Key(QPushButton):
    """As large as a finger, and larger where there is room; the keyboard stays where it is."""

    def __init__(self, face: str, target: int, *, repeats: bool) -> None:
        super().__init__(face)
        self._target = target
        self.setAutoDefault(False)
        self.setAutoRepeat(repeats)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._target, self._target)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _key(name: str) -> PadKey:
    if name.isdigit() and len(name) == 1:
        return PadKey(name, name, name)
    return {"back": _BACK, "clear": _CLEAR, "enter": _ENTER, **_SIGNS}[name]


def _send(field: QLineEdit, key: Qt.Key, text: str = "") -> None:
    """As if typed: the field's own keys keep their meaning."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
