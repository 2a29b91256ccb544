"""The line between a device and FDMS in one word for people and programs, with when it is tried next. Pure.

"closed" carries, "open" rests until the next try, "trying" is being tried after a failure, "blocked" carries but FDMS
refuses what is first in the queue, "files" is not used: the device hands over files.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

State = Literal["closed", "open", "trying", "blocked", "files"]


class Line(NamedTuple):
    """What is known of it. `failures`: tries in a row that got no answer; `waits`: a next try has been set."""

    online: bool | None
    blocked: bool
    failures: int
    waits: bool
    offline_mode: bool


def state(line: Line) -> State:
    """The word."""
    if line.offline_mode:
        return "files"
    if line.blocked:
        return "blocked"
    if line.online is False or line.failures:
        return "open" if line.waits else "trying"
    return "closed"
