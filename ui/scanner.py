"""A wedge scanner told from a keyboard: a fast burst of characters with Enter behind it, wherever the focus is.

Characters are held for a moment; a burst goes to whoever wants codes, anything slower reaches the control it was typed
into. So a scan presses no button and no dialog's default. Must not know what is sold.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

GAP = 0.045  # seconds between two characters; nobody types whole words so fast
LEAST = 4  # characters of a code
LONGEST = 4096
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_AMOUNT = re.compile(r"\d{1,5}|\d{1,9}[.,]\d{1,2}")
_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


def is_text_field(widget: QWidget | None) -> bool:
    return isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit)


def is_code(text: str, focus: QWidget | None) -> bool:
    """Whether a burst is a code, not words or money by a quick hand: only a field to write in can be meant for those.

    A field for money has the property "money".
    """
    if not is_text_field(focus):
        return True
    if focus is not None and focus.property("money") and _AMOUNT.fullmatch(text):
        return False
    return any(char.isdigit() for char in text)


@dataclass(frozen=True)
class _Held:
    """A key press that has not reached its control yet."""

    key: int
    modifiers: Qt.KeyboardModifier
    text: str


class ScanListener(QObject):
    """Listens at every window of the program. `wanted` says whether a scan may be taken from where the focus is."""

    scanned = Signal(str)

    def __init__(self, wanted: Callable[[QWidget | None], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self._held: list[_Held] = []
        self._code = ""  # what the burst has been so far, also what was given on meanwhile
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(GAP * 1000) + 5)
        self._timer.timeout.connect(self._give_on)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._listen)
        self._listen(QGuiApplication.focusWindow())

    def _listen(self, window: QWindow | None) -> None:
        """Keys come to the window first: there they can still be kept from every control in it."""
        if window is not None:
            window.removeEventFilter(self)  # never twice
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWindow):
            return self._pressed(event)
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        """True when the key goes no further now."""
        now = event.timestamp() / 1000 if event.timestamp() else time.monotonic()
        fast = 0 <= now - self._last <= GAP
        self._last = now
        text = event.text()
        plain = not event.modifiers() & ~_PLAIN
        ends = event.key() in _ENDS and plain and fast and len(self._code) >= LEAST
        if ends and is_code(self._code, QApplication.focusWidget()):
            code, self._held, self._code = self._code, [], ""
            self._timer.stop()
            self.scanned.emit(code)
            return True
        if not fast:
            self._give_on()
            self._code = ""
        typed = plain and len(text) == 1 and text.isprintable() and not event.isAutoRepeat()
        if not typed or not self._wanted(QApplication.focusWidget()) or len(self._code) >= LONGEST:
            self._give_on()
            self._code = ""
            return False
        self._code += text
        self._held.append(_Held(event.key(), event.modifiers(), text))
        self._timer.start()
        return True

    def _give_on(self) -> None:
        """What was held was typed by hand: it goes to the control that has the focus, in its order."""
        self._timer.stop()
        held, self._held = self._held, []
        target = QApplication.focusWidget()
        for one in held:
            if target is None:
                return
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QCoreApplication.sendEvent(target, QKeyEvent(kind, one.key, one.modifiers, one.text))
