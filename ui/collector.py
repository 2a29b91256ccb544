"""Python's cycle collector, kept in Qt's thread.

Left to itself it runs in whichever thread allocates, which is mostly the engine's; a Qt object that it frees
there is destroyed under the event loop's feet (its timers stay registered, and the next one ends the
process). Must not know what is collected.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL = 250  # ms between two looks at the counts
FIRST = (
    5_000  # ms to the first one: what a start loads is there to stay, and to look through it all takes a tenth of it
)


class Collector(QObject):
    """Takes the automatic collection over from its making until `give_back`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(FIRST)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def settle(self) -> None:
        """Everything alive now is there to stay (modules, window): later collections pass it by and stay short."""
        gc.collect()  # what the start threw away would be kept for good
        gc.freeze()
        self._timer.setInterval(INTERVAL)

    def give_back(self) -> None:
        """Collects once more, here, and hands the collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        if self._was_enabled:
            gc.enable()

    @Slot()
    def _look(self) -> None:
        self._timer.setInterval(INTERVAL)
        due = [
            i for i, (have, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if have > limit
        ]
        if due:
            gc.collect(max(due))
