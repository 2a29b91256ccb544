"""How many calls a device may make in a minute (the setting rateLimit; Gateway v7.2 §5.2 declares 429 without a limit).

Counts only the operations that FDMS declares 429 for. Knows no HTTP.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from .ledger import Ledger
from .problems import Problem

LIMITED = frozenset(("OpenDay", "CloseDay", "IssueCertificate", "SubmitReceipt"))
WINDOW = 60.0


class Rates:
    """A sliding minute a device, by a clock that nobody moves."""

    def __init__(self, ledger: Ledger, source: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._source = source
        self._calls: dict[int, deque[float]] = {}

    def count(self, operation: str, device_id: int) -> None:
        """Count a call, or raise Problem 429 with the seconds to wait."""
        limit = self._ledger.settings.rate_limit
        if limit == 0 or operation not in LIMITED:
            return
        now = self._source()
        calls = self._calls.setdefault(device_id, deque())
        while calls and calls[0] <= now - WINDOW:
            calls.popleft()
        if len(calls) >= limit:
            wait = max(1, math.ceil(calls[0] + WINDOW - now))
            raise Problem(429, f"At most {limit} calls a minute.", headers={"retry-after": str(wait)})
        calls.append(now)
