"""The engine's clock as the window knows it: the last `asOf` it was told, plus the time since.

The window must not read the wall clock for ages and limits: till and wall may disagree (a demo runs ahead).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo


class ShopClock:
    """Shop-local time. `monotonic` counts seconds and never goes back."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._as_of: datetime | None = None
        self._heard = 0.0

    def heard(self, as_of: object) -> None:
        """Takes a snapshot's `asOf`, ISO with the shop's offset; anything else is ignored."""
        if not isinstance(as_of, str):
            return
        try:
            moment = datetime.fromisoformat(as_of)
        except ValueError:
            return
        if moment.tzinfo is not None:
            self._as_of, self._heard = moment, self._monotonic()

    @property
    def zone(self) -> tzinfo | None:
        return self._as_of.tzinfo if self._as_of else None

    def now(self) -> datetime | None:
        """None until the engine has said what time it is."""
        if self._as_of is None:
            return None
        return self._as_of + timedelta(seconds=self._monotonic() - self._heard)
