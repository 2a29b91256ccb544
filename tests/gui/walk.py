"""What a walk of the widget tree finds wrong: controls without a name, clashing keys, markup, text that is cut off."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QWidget,
)

from ui.widgets.labels import CutLabel

_CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QProgressBar)


def unnamed(root: QWidget) -> list[str]:
    """Controls a screen reader would meet without a name. What Qt makes inside its own controls does not count."""
    return [
        type(w).__name__
        for w in root.findChildren(QWidget)
        if isinstance(w, _CONTROLS)
        and not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
        and not _inside_a_control(w)
    ]


def _inside_a_control(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, _CONTROLS):
            return True
        parent = parent.parentWidget()
    return isinstance(parent, QFrame) and isinstance(parent.parentWidget(), QComboBox)  # its list, a window of its own


def clashing(root: QWidget) -> list[str]:
    """Keys to which more than one thing answers that is shown: acts, buttons with a key, Alt with a label's letter.

    Counted over all kinds of context: a key of a page that is one of the window's too does one of the two things.
    """
    held: dict[str, list[str]] = {}
    for widget in (root, *root.findChildren(QWidget)):
        if widget is not root and (not widget.isVisibleTo(root) or widget.isWindow()):
            continue
        for action in widget.actions():
            for key in action.shortcuts():
                held.setdefault(key.toString(), []).append(action.text())
        if isinstance(widget, QAbstractButton) and not widget.shortcut().isEmpty():
            held.setdefault(widget.shortcut().toString(), []).append(widget.text())
        if isinstance(widget, QLabel) and widget.buddy() is not None:
            letter = QKeySequence.mnemonic(widget.text())
            if not letter.isEmpty():
                held.setdefault(letter.toString(), []).append(widget.text())
    for shortcut in root.findChildren(QShortcut):
        owner = shortcut.parent()
        if isinstance(owner, QWidget) and (owner is root or owner.isVisibleTo(root)):
            held.setdefault(shortcut.key().toString(), []).append(type(owner).__name__)
    return [f"{key}: {owners}" for key, owners in held.items() if len(owners) > 1]


def marked_up(root: QWidget) -> list[str]:
    """Labels that would take text from outside for markup."""
    return [label.text() for label in root.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]


def cut_off(root: QWidget, *, may_give_way: bool = False) -> list[str]:
    """Visible labels and buttons whose text needs more room than they have, or that leave the window.

    What stands in a scroll area may leave it downwards, never sideways. `may_give_way`: titles that elide and tell
    the whole in their tip are passed over.
    """
    found = []
    for label in root.findChildren(QLabel):
        if not label.isVisibleTo(root) or not label.text():
            continue
        if may_give_way and isinstance(label, CutLabel) and label.toolTip():
            continue
        room, metrics = label.contentsRect(), QFontMetrics(label.font())
        if label.wordWrap():
            need = metrics.boundingRect(QRect(0, 0, room.width(), 99_999), Qt.TextFlag.TextWordWrap, label.text())
            short = need.height() > room.height() + 2
        else:
            short = metrics.horizontalAdvance(label.text()) > room.width() + 1 or metrics.height() > room.height() + 4
        if short or _outside(label, root) or "…" in label.text():
            found.append(f"{label.text()!r} in {label.geometry()}")
    for button in root.findChildren(QAbstractButton):
        if not button.isVisibleTo(root) or not button.text():
            continue
        need_width = QFontMetrics(button.font()).horizontalAdvance(button.text().replace("&", ""))
        if need_width > button.width() or _outside(button, root):
            found.append(f"button {button.text()!r} in {button.geometry()}")
    return found


def _outside(widget: QWidget, root: QWidget) -> bool:
    place = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
    whole = root.rect()
    if _scrolled(widget, root):
        return place.left() < whole.left() or place.right() > whole.right()
    return not whole.contains(place)


def _scrolled(widget: QWidget, root: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False
