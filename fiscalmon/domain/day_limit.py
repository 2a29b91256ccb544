"""How long a fiscal day may stay open (Gateway v7.2 §9, §21 no. 2), and which number its first receipt follows. Pure.

Times are local texts.
"""

from __future__ import annotations

from datetime import datetime

from .device import DeviceConfig
from .localtime import add_seconds


def day_end(opened: str, config: DeviceConfig) -> str:
    """The last moment at which the day may take receipts (RCPT041)."""
    return add_seconds(opened, config.day_max_hours * 3600)


def hours_left(opened: str, config: DeviceConfig, now: str) -> float:
    """Hours until then, one decimal; below zero when it is past."""
    left = datetime.fromisoformat(day_end(opened, config)) - datetime.fromisoformat(now)
    return round(left.total_seconds() / 3600, 1)


def end_warning(day_no: int, opened: str, config: DeviceConfig, now: str) -> str | None:
    """What people are told from taxpayerDayEndNotificationHrs before the end on, None before that."""
    left = hours_left(opened, config, now)
    if now > day_end(opened, config):
        return (
            f"Fiscal day {day_no} is open for more than {config.day_max_hours} hours: close it and open a new one. "
            "Until then nothing can be sold."
        )
    if now < add_seconds(day_end(opened, config), -config.day_end_notification_hours * 3600):
        return None
    return f"Fiscal day {day_no} must be closed within {left:g} hours, by {day_end(opened, config)[11:16]}."


def number_before(own_last: int, fdms_last: int | None, *, untaken: bool) -> int | None:
    """The number that a new day's first receipt follows, None for the last one in the books (§13.1, §28 no. 8).

    FDMS wants previous + 1, or 1 on a day's first receipt. `untaken`: FDMS never took the last receipts in the books,
    so that the number after them would not follow its own: the day starts from 1 again. Where FDMS has seen higher
    numbers than these books, they were lost or are an old copy: numbering goes on above.
    """
    if untaken:
        return 0
    return fdms_last if fdms_last is not None and fdms_last > own_last else None
