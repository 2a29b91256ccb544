"""Qt's catalogue of the screen's language, installed before the first widget. English needs none: it is the source."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from ui.i18n import install

SOURCE = "en"


def install_catalogue(app: QApplication, language: str) -> bool:
    """Whether there is a catalogue of that language; without one the screen speaks English."""
    install(None)
    if language == SOURCE:
        return True
    from importlib.resources import as_file, files  # here: it loads zipfile and more, and the window is not painted yet

    file = files("resources") / "i18n" / f"fiscalmon_{language}.qm"
    if not language.isalpha() or not file.is_file():
        return False
    translator = QTranslator(app)
    with as_file(file) as path:  # not from bytes: Qt keeps no copy of those
        if not translator.load(str(path)):
            return False
    app.installTranslator(translator)
    install(QCoreApplication.translate)
    return True
