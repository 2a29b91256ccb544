"""When to try FDMS again: exponential back-off with full jitter. A decision only; nobody sleeps here."""

from __future__ import annotations

from collections.abc import Callable

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0
REFUSED_SECONDS = 15.0


def delay(failures: int, random: Callable[[], float]) -> float:
    """Seconds to wait after so many failures in a row; `random` gives [0, 1)."""
    ceiling = min(LONGEST_SECONDS, FIRST_SECONDS * (1 << min(failures - 1, 16)))
    # Never quite zero: a till must not spin on a gateway that refuses connections at once.
    return max(0.05, ceiling * random())
