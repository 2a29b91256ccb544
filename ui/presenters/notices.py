"""Which news are worth a notification of the desktop: few, grouped, never twice, none while somebody is selling.

Must not know Qt. The window's own feed is the truth; this only calls somebody to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters.status import StatusView
from ui.presenters.till_view import Heard

QUIET = 300.0  # seconds in which the same kind is not told again
_KINDS = MappingProxyType(
    {
        "receipt.failed": QT_TRANSLATE_NOOP("notices", "FDMS refused {count} receipts: F6 says why."),
        "fiscal.close_failed": QT_TRANSLATE_NOOP("notices", "A fiscal day could not be closed: press F7."),
        "certificate.expiring": QT_TRANSLATE_NOOP("notices", "A certificate runs out soon: see the device, F8."),
        "printer.attention": QT_TRANSLATE_NOOP("notices", "A printer wants somebody: see the settings, printers."),
        "disk.low": QT_TRANSLATE_NOOP("notices", "The disk is nearly full: make room."),
        "integrity.failed": QT_TRANSLATE_NOOP("notices", "The books failed a check: stop selling and call support."),
        "backup.failed": QT_TRANSLATE_NOOP("notices", "The backup of this night failed: see the settings."),
    }
)


@dataclass(frozen=True)
class Notice:
    """`state`: attention or failed."""

    state: str
    text: str


class Notices:
    """`seconds` is any steady clock's reading."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}
        self._held: dict[str, int] = {}
        self._last = ""

    def heard(self, messages: Iterable[Heard]) -> None:
        for message in messages:
            if message.type in _KINDS:
                self._held[message.type] = self._held.get(message.type, 0) + 1

    def due(self, status: StatusView, seconds: float, *, selling: bool, seen: bool) -> Notice | None:
        """What to tell now. `selling`: the sale page is open; `seen`: the window is in front of somebody."""
        worse = status.state == "failed" and self._last not in ("failed", "")
        if not selling:
            self._last = status.state
        if seen:
            self._held.clear()
            return None
        if selling:
            return None
        if worse and self._may("status", seconds):
            self._held.clear()
            return Notice("failed", status.sentence)
        for kind in list(self._held):
            count = self._held[kind]
            if self._may(kind, seconds):
                del self._held[kind]
                return Notice("attention", translate("notices", _KINDS[kind]).format(count=count))
        return None

    def _may(self, kind: str, seconds: float) -> bool:
        before = self._told.get(kind)
        if before is not None and seconds - before < QUIET:
            return False
        self._told[kind] = seconds
        return True
