"""Where a scanned code goes: into the sale, unless another page's field is being written in or a dialog is open there.

Lives in Qt's thread; must not know what a code means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.i18n import translate
from ui.scanner import ScanListener, is_text_field

if TYPE_CHECKING:
    from ui.session import Session

SALE = "sale"


class ScanRoute:
    """One for the window."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.listener = ScanListener(self._wanted, session.window)
        self.listener.scanned.connect(self._scanned)

    def _wanted(self, focus: QWidget | None) -> bool:
        on_sale = self._session.pages.current == SALE
        return self._session.window.actions_by_name[SALE].isEnabled() and (on_sale or not is_text_field(focus))

    def _scanned(self, code: str) -> None:
        if self._session.pages.current != SALE and self._session.acts.asking:
            self._session.window.say(
                translate("scan", "A code was scanned: leave the dialog first, then scan it again")
            )
        else:
            self._session.pages.go(SALE, f"scan:{code}")
