"""When the till's door opens: at the start, or once the engine begins, after a screen has shown what the books know.

Must not know what a door is; `lan_access.py` opens and moves it.
"""

from __future__ import annotations

import asyncio
import logging

from ..domain.errors import FiscalmonError
from .lan_access import LanAccess, Wish

AGAIN_SECONDS = 10.0
log = logging.getLogger(__name__)


class HeldDoor:
    """Around one LanAccess; `again`: seconds between two tries of a held door that cannot be opened."""

    def __init__(self, lan: LanAccess, again: float = AGAIN_SECONDS) -> None:
        self._lan, self._again = lan, again
        self._held: Wish | None = None
        self._opening: asyncio.Task[None] | None = None

    async def start(self, wish: Wish, *, hold: bool) -> None:
        """Opens, or holds until `begin`. Raises FiscalmonError where it cannot be opened now."""
        if hold:
            self._held = wish
        else:
            await self._lan.start(wish)

    def begin(self) -> None:
        """Opens what is held; harmless when called again. What keeps it shut is the door's `reason` then."""
        wish, self._held = self._held, None
        if wish is not None:
            self._opening = asyncio.create_task(self._open(wish), name="door")

    async def stop(self) -> None:
        """Closes it, or does not open it any more."""
        self._held = None
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        await self._lan.stop()

    async def _open(self, wish: Wish) -> None:
        while True:
            try:
                return await self._lan.start(wish)
            except FiscalmonError as wrong:
                log.error("the till's door cannot be opened: %s", wrong.text)
            except Exception:
                # Nobody awaits this, and a till without a door still sells.
                log.exception("the till's door cannot be opened")
            await asyncio.sleep(self._again)
