"""Times as FDMS writes them: local Zimbabwe time, whole seconds, no zone (Gateway v7.2 §3).

A local time is an ISO text "YYYY-MM-DDTHH:MM:SS": such texts sort as the times do, and the text that is
signed is the text that is sent. Zimbabwe has been at UTC+2 without daylight saving since 1903.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType

SHOP_ZONE = timezone(timedelta(hours=2), "Africa/Harare")
MOMENT_FORMS = "a date or time like 2026-11-22 or 2026-11-22T08:00:00, or an age like 30m, 2h or 7d"
_FORMAT = "%Y-%m-%dT%H:%M:%S"
_AGO = re.compile(r"([0-9]{1,6})([smhd])")
_DATE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_UNITS: Mapping[str, str] = MappingProxyType({"s": "seconds", "m": "minutes", "h": "hours", "d": "days"})


def local_text(moment: datetime) -> str:
    """An aware moment as FDMS's local text; fractions are dropped."""
    return moment.astimezone(SHOP_ZONE).isoformat(timespec="seconds")[:19]


def parse_local(text: str) -> datetime:
    """A local text (or any ISO date-time) as an aware moment. Raises ValueError for a text that is none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHOP_ZONE)
    return moment


def is_local_text(text: str) -> bool:
    """Whether a text is exactly "YYYY-MM-DDTHH:MM:SS" and names a real moment."""
    try:
        return len(text) == 19 and datetime.strptime(text, _FORMAT).strftime(_FORMAT) == text
    except ValueError:
        return False


def named_moment(text: str, now: datetime, *, end: bool = False) -> datetime:
    """A moment as people name it: one of MOMENT_FORMS. Raises ValueError, OverflowError.

    Without a zone it is the shop's time; a bare date is its first second, at the `end` of a span its last.
    """
    ago = _AGO.fullmatch(text)
    if ago is not None:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    moment = parse_local(text)
    return moment + timedelta(days=1, seconds=-1) if end and _DATE.fullmatch(text) else moment


def add_seconds(text: str, seconds: float) -> str:
    """A local text moved by so many seconds."""
    return (datetime.fromisoformat(text) + timedelta(seconds=seconds)).isoformat(timespec="seconds")


def shop_day(moment: datetime) -> date:
    """The calendar day of the shop at that moment: what the dashboard calls "today"."""
    return moment.astimezone(SHOP_ZONE).date()


def utc_text(moment: datetime) -> str:
    """An aware moment as UTC text with milliseconds and Z: how the store writes its own times."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def parse_utc(text: str) -> datetime:
    """The store's own time text back to an aware moment."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
