"""How often one address, account or socket may ask. Windows come from `limits`; the growing delay is here.

In memory only: a restart forgives. Must not know what is being asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from .answers import too_many
from .settings import Limits

_TRIES: Final = 5
_LONGEST: Final = 3_600
_FORGET: Final = 2 * _LONGEST
_MOST_PAIRS: Final = 20_000


class Rates:
    """The windows. Each check counts the request and raises Problem 429 when there were too many."""

    def __init__(self, limits: Limits) -> None:
        storage = MemoryStorage()
        # Counting thousands of requests one by one would cost more than serving them.
        self._coarse = FixedWindowRateLimiter(storage)
        self._exact = MovingWindowRateLimiter(storage)
        self._address = RateLimitItemPerSecond(limits.requests_per_address, limits.window_seconds)
        self._sign_in = RateLimitItemPerSecond(limits.sign_ins_per_address, 60)
        self._metrics = RateLimitItemPerSecond(limits.metrics_requests, limits.window_seconds)

    def request(self, address: str) -> None:
        """Any request."""
        if not self._coarse.hit(self._address, "request", address):
            reset = self._coarse.get_window_stats(self._address, "request", address).reset_time
            raise too_many(reset - time.time(), "Too many requests from this address.")

    def sign_in(self, address: str) -> None:
        """A try to sign in, whatever the name."""
        if not self._exact.hit(self._sign_in, "sign-in", address):
            reset = self._exact.get_window_stats(self._sign_in, "sign-in", address).reset_time
            raise too_many(reset - time.time(), "Too many sign-ins from this address.")

    def metrics(self, account_id: int) -> None:
        """The snapshot, for an account."""
        if not self._exact.hit(self._metrics, "metrics", str(account_id)):
            reset = self._exact.get_window_stats(self._metrics, "metrics", str(account_id)).reset_time
            raise too_many(reset - time.time(), "Metrics were asked for too often; the socket sends them by itself.")


@dataclass(slots=True)
class _Tries:
    count: int = 0
    last: float = 0.0
    open_at: float = 0.0


class SignInDelays:
    """The growing delay of one name from one address: nobody else, and not the till itself, is held up by it.

    Five tries are checked; then the pair waits 2, 4, 8 … 3600 s before each further one. A name that does not
    exist is treated alike.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pairs: dict[tuple[str, str], _Tries] = {}

    def begin(self, name_key: str, address: str) -> float:
        """Count a try before it is checked, so that many at once gain nothing. Raises Problem 429 while the pair waits.

        Returns the seconds by which a refusal should be held back.
        """
        now = self._clock()
        if len(self._pairs) >= _MOST_PAIRS:
            self._forget(now)
        tries = self._pairs.setdefault((name_key, address), _Tries())
        if now - tries.last > _FORGET:
            tries.count = 0
        if now < tries.open_at:
            raise too_many(tries.open_at - now, "Too many failed sign-ins.")
        tries.count += 1
        tries.last = now
        hold_back = min(1.0, 0.05 * 2 ** (tries.count - 1)) if tries.count > 1 else 0.0
        if tries.count >= _TRIES:
            tries.open_at = now + hold_back + min(_LONGEST, 2 ** (tries.count - _TRIES + 1))
        return hold_back

    def succeeded(self, name_key: str, address: str) -> None:
        """Forget the pair's failures."""
        self._pairs.pop((name_key, address), None)

    def _forget(self, now: float) -> None:
        rested = sorted(self._pairs, key=lambda pair: (self._pairs[pair].open_at > now, self._pairs[pair].last))
        for pair in rested[: _MOST_PAIRS // 2]:
            del self._pairs[pair]
