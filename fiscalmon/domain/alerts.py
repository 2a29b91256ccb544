"""When people are told that something is wrong, and when that it is over: one message an incident, no flapping.

Pure: a reading of the world and the time go in, the next state and a verdict come out. Knows no channel and no store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from .localtime import SHOP_ZONE

RuleName = Literal[
    "queue-blocked",
    "queue-waiting",
    "day-long",
    "day-close-failed",
    "certificate",
    "clock",
    "books",
    "disk",
    "printer",
    "sign-in",
    "lan",
]
# on: past the limit; off: well within it; between: neither, so whatever was said stands (hysteresis, or not known).
Level = Literal["on", "between", "off"]
Verdict = Literal["raise", "repeat", "resolve"]
UNWATCHED: Final = "This is not watched any more."


class Rule(NamedTuple):
    """`hold_minutes`: how long it must last before anybody is told. A `moment` happens and is over: told once."""

    title: str
    grave: bool
    hold_minutes: int
    moment: bool = False


RULES: Final[Mapping[RuleName, Rule]] = MappingProxyType(
    {
        "queue-blocked": Rule("A receipt blocks the queue", True, 1),
        "queue-waiting": Rule("Receipts wait too long", True, 0),
        "day-long": Rule("A fiscal day is open for long", False, 0),
        "day-close-failed": Rule("A fiscal day could not be closed", True, 0),
        "certificate": Rule("A certificate runs out", False, 0),
        "clock": Rule("The clock is wrong", True, 1),
        "books": Rule("The books are in doubt", True, 0),
        "disk": Rule("The disk is nearly full", True, 1),
        "printer": Rule("A printer has stopped", False, 2),
        "sign-in": Rule("A sign-in from a new address", False, 0, moment=True),
        "lan": Rule("Other machines may look in", False, 0, moment=True),
    }
)


class Reading(NamedTuple):
    """How one thing is now. `subject` tells things of one rule apart: a device's id, a printer's name, or nothing."""

    rule: RuleName
    subject: str
    device_id: int | None
    level: Level
    text: str

    @property
    def key(self) -> tuple[RuleName, str]:
        return self.rule, self.subject


class Policy(NamedTuple):
    """How patient a rule is. `repeat` zero: an incident is told once, however long it lasts."""

    hold: timedelta
    calm: timedelta
    repeat: timedelta
    cool_down: timedelta


class Incident(NamedTuple):
    """Something that people were told. `told_at`: the last message. A moment is resolved as it is raised."""

    id: str
    rule: RuleName
    subject: str
    device_id: int | None
    text: str
    raised_at: datetime
    told_at: datetime
    resolved_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None

    @property
    def key(self) -> tuple[RuleName, str]:
        return self.rule, self.subject

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to look: it goes on, or it was a moment that nobody has acknowledged."""
        if RULES[self.rule].moment:
            return self.acknowledged_at is None
        return self.resolved_at is None


class Watch(NamedTuple):
    """What is remembered of one thing between two readings. `resting_since`: when its last incident was over."""

    told_at: datetime | None = None
    acknowledged: bool = False
    on_since: datetime | None = None
    off_since: datetime | None = None
    resting_since: datetime | None = None

    @property
    def raised(self) -> bool:
        return self.told_at is not None


def step(watch: Watch, level: Level, policy: Policy, now: datetime) -> tuple[Watch, Verdict | None]:
    """The state after a reading, and what people are to be told of it.

    A clock that was set back starts the waiting anew; nothing is ever told because of it.
    """
    on = _since(watch.on_since, now) if level == "on" else None
    off = _since(watch.off_since, now) if level == "off" else None
    watch = watch._replace(on_since=on, off_since=off)
    if watch.told_at is None:
        resting = _since(watch.resting_since, now) if watch.resting_since is not None else None
        watch = watch._replace(resting_since=resting)
        rested = resting is None or now - resting >= policy.cool_down
        if on is not None and now - on >= policy.hold and rested:
            return Watch(told_at=now, on_since=on), "raise"
        return watch, None
    if off is not None and now - off >= policy.calm:
        return Watch(resting_since=now, off_since=off), "resolve"
    told = _since(watch.told_at, now)
    watch = watch._replace(told_at=told)
    if on is not None and policy.repeat and not watch.acknowledged and now - told >= policy.repeat:
        return watch._replace(told_at=now), "repeat"
    return watch, None


def _since(before: datetime | None, now: datetime) -> datetime:
    return now if before is None or before > now else before


def watch_of(incident: Incident) -> Watch:
    """What an incident of the books leaves to remember after a restart."""
    if incident.resolved_at is not None:
        return Watch(resting_since=incident.resolved_at)
    return Watch(told_at=incident.told_at, acknowledged=incident.acknowledged_at is not None)


def level_above(value: float, limit: float, calm: float) -> Level:
    """Past `limit` it is on, below `calm` off."""
    return "on" if value >= limit else "off" if value < calm else "between"


def level_below(value: float, limit: float, calm: float) -> Level:
    """Down to `limit` it is on, above `calm` off."""
    return "on" if value <= limit else "off" if value > calm else "between"


def quiet_until(now: datetime, begin: str | None, end: str | None) -> datetime | None:
    """When the quiet hours ("HH:MM" of the shop's clock, perhaps past midnight) end that it is now; None outside."""
    if begin is None or end is None or begin == end:
        return None
    local = now.astimezone(SHOP_ZONE)
    clock = f"{local:%H:%M}"
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return None
    moment = local.replace(hour=int(end[:2]), minute=int(end[3:]), second=0, microsecond=0)
    return (moment if moment > local else moment + timedelta(days=1)).astimezone(now.tzinfo)
