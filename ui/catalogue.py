"""Qt's catalogue of the screen's language, installed before the first widget. English needs none: it is the source."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from ui.i18n import install

SOURCE = "en"


def install_catalogue(app: QApplication, language: str) -> bool:
    """Whether there is a catalogue of that language; without one the screen speaks English."""
    install(None)
    if language == SOURCE:
        return True
    file = files("resources") / "i18n" / f"fiscalmon_{language}.qm"
    translator = QTranslator(app)
    if not language.isalpha() or not file.is_file() or not translator.load(file.read_bytes()):
        return False
    app.installTranslator(translator)
    install(QCoreApplication.translate)
    return True
