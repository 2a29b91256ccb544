"""What the office is told about doors: failed sign-ins, sign-ins from new addresses, changed accounts.

Turns it into lasting events of no device, few enough that an attack does not drown the feed. Knows no HTTP and no SQL.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from ..books import Store
from ..domain.localtime import utc_text
from ..events import ACCOUNT_CHANGED, SIGNIN_FAILED, SIGNIN_NEW_ADDRESS
from ..ports import Clock
from .accounts import Accounts
from .announcer import Announcer

# An attack is told at its first try and then each time it has doubled, from this count on.
FIRST_DOUBLING: Final = 5
MOST_TOLD_AN_HOUR: Final = 60
_MOST_PAIRS: Final = 10_000


class OfficeNews:
    """Lives on the engine's loop. `now` gives seconds that only grow."""

    def __init__(self, store: Store, clock: Clock, announcer: Announcer, now: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._announcer = announcer
        self._now = now
        self._tries: dict[tuple[str, str], int] = {}
        self._told: list[float] = []
        self.failures = 0

    async def tell(self, type_: str, data: dict[str, Any], at: str | None = None) -> None:
        """A lasting event of no device. Raises StoreDamaged, TillBusy."""
        when = at or utc_text(self._clock.now())
        self._announcer.tell(await self._store.write(lambda work: work.events.add(type_, when, None, data)))

    async def failed(self, name: str, address: str) -> None:
        """A sign-in that was refused; `name` is an account's, or says that there is none."""
        self.failures += 1
        if len(self._tries) >= _MOST_PAIRS:
            self._tries.clear()
        tries = self._tries[name, address] = self._tries.get((name, address), 0) + 1
        if not _is_worth_telling(tries):
            return
        now = self._now()
        self._told = [told for told in self._told if now - told < 3_600]
        if len(self._told) < MOST_TOLD_AN_HOUR:
            self._told.append(now)
            await self.tell(SIGNIN_FAILED, {"account": name, "address": address, "tries": tries})

    async def signed_in(self, accounts: Accounts, account_id: int, name: str, address: str) -> None:
        """A sign-in that was let in: told where the account never came from that address before."""
        self._tries.pop((name, address), None)
        now = int(accounts.now())
        if await asyncio.to_thread(accounts.shelf.journal.is_new, account_id, address, now):
            await self.tell(SIGNIN_NEW_ADDRESS, {"account": name, "address": address})

    async def take_over(self, accounts: Accounts) -> None:
        """Write into the event log what was done to accounts, here or by a command that worked alone."""
        journal = accounts.shelf.journal
        for one in await asyncio.to_thread(journal.pending):
            at = utc_text(datetime.fromtimestamp(one.at, UTC))
            await self.tell(
                ACCOUNT_CHANGED, {"account": one.name, "role": one.role, "what": one.what, "by": "till"}, at
            )
            await asyncio.to_thread(journal.forget, one.id)


def _is_worth_telling(tries: int) -> bool:
    doublings, rest = divmod(tries, FIRST_DOUBLING)
    return tries == 1 or (rest == 0 and doublings & (doublings - 1) == 0)
