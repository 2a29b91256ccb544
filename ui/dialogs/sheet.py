"""What all dialogs share: opened without a nested loop, awaited as a future, deaf to a scanner's Enter.

Must not know what is asked.
"""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.labels import plain, show_text


class Sheet(QDialog):
    """A window-modal dialog with a title, a body and a row of buttons. No button is ever the default one."""

    def __init__(self, parent: QWidget, theme: Theme, title: str) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        space = theme.tokens.space
        outer = QVBoxLayout(self)
        outer.setContentsMargins(space["6"], space["5"], space["6"], space["5"])
        outer.setSpacing(space["4"])
        self.title = plain(title, "title", wrap=True)
        outer.addWidget(self.title)
        self.body = QVBoxLayout()
        self.body.setSpacing(space["3"])
        outer.addLayout(self.body, 1)
        self.by_space = plain("", "muted", wrap=True)
        self.by_space.hide()
        outer.addWidget(self.by_space)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(space["2"])
        self.buttons.addStretch(1)
        outer.addLayout(self.buttons)

    def add_button(self, text: str, *, act: bool = False) -> QPushButton:
        """A button that only a click or the space bar presses; a scanned code ends with Enter."""
        button = push_button(text, act=act)
        self.buttons.addWidget(button)
        return button

    async def answer(self) -> bool:
        """Shows the sheet and waits until it is left; True if it was accepted."""
        left: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.finished.connect(lambda code: None if left.done() else left.set_result(code))
        self.open()
        try:
            return await left == QDialog.DialogCode.Accepted.value
        finally:
            self.hide()
            self.deleteLater()

    def fit(self) -> None:
        """As high as what is in it. Qt asks wrapped labels for their height at their widest, not at the width here."""
        self.adjustSize()
        layout = self.layout()
        need = layout.totalMinimumHeightForWidth(self.width()) if layout is not None else 0
        if need > self.height():
            self.resize(self.width(), need)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        layout = self.layout()
        if layout is not None and layout.totalMinimumHeightForWidth(self.width()) > self.height():
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            if isinstance(self.focusWidget(), QPushButton):
                show_text(
                    self.by_space,
                    translate("sheet", "The space bar presses a button. Enter does not: a scanned code ends with it."),
                )
                self.by_space.show()
            return
        super().keyPressEvent(event)


def push_button(text: str, *, act: bool = False) -> QPushButton:
    """A button that Enter does not press. `act` gives it the accent's ground."""
    button = QPushButton(text)
    button.setAccessibleName(text)
    button.setAutoDefault(False)
    button.setDefault(False)
    button.setProperty("kind", "act" if act else "")
    return button
