"""Questions on the way out: what closing the window means, asked once; the PIN; what a crash left, shown first.

Must not know the engine.
"""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from ui.dialogs.sheet import Sheet
from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.facts import ExactText
from ui.widgets.labels import plain


def keep_sheet(parent: QWidget, theme: Theme) -> tuple[Sheet, list[str]]:
    """Asked at the first closing: the list holds "keep" or "quit" afterwards, nothing when it was left."""
    sheet = Sheet(parent, theme, translate("leaving", "Keep fiscalmon at work?"))
    said: list[str] = []
    sheet.body.addWidget(
        plain(
            translate(
                "leaving",
                "With the window closed fiscalmon can go on sending receipts and answering the dashboard. It stays "
                "beside the clock; its menu there, or Ctrl+Q in the window, quits it. The settings change this.",
            ),
            wrap=True,
        )
    )
    for text, name, act in (
        (translate("leaving", "Quit"), "quit", False),
        (translate("leaving", "Keep it at work"), "keep", True),
    ):
        button = sheet.add_button(text, act=act)
        button.clicked.connect(lambda _=False, name=name: (said.append(name), sheet.accept()))
        button.setFocus()
    sheet.setMinimumWidth(480)
    return sheet, said


def crash_sheet(parent: QWidget, theme: Theme, file: str, content: str) -> Sheet:
    """All of what was written down about a fault; nothing of it has been sent anywhere."""
    sheet = Sheet(parent, theme, translate("leaving", "fiscalmon had a fault"))
    sheet.body.addWidget(
        plain(
            translate(
                "leaving",
                "The window goes on, and nothing that was signed is lost. The report below is on this machine only; "
                "copy it for support if you like.",
            ),
            wrap=True,
        )
    )
    sheet.body.addWidget(plain(file, "muted", wrap=True))
    report = QScrollArea()
    report.setAccessibleName(translate("leaving", "Report"))
    report.setWidgetResizable(True)
    report.setFrameShape(QFrame.Shape.NoFrame)
    report.setMinimumHeight(200)  # a trace is longer than any screen, and the buttons stand below it
    report.setWidget(ExactText(translate("leaving", "Report"), content, theme))
    sheet.body.addWidget(report, 1)
    copy = sheet.add_button(translate("leaving", "Copy"))
    copy.clicked.connect(lambda: QApplication.clipboard().setText(content))
    close = sheet.add_button(translate("leaving", "Close"))
    close.clicked.connect(sheet.accept)
    close.setFocus()
    sheet.setMinimumWidth(640)
    sheet.resize(680, 470)
    return sheet
