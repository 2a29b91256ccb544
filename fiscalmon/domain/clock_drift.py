"""How far this machine's clock is from FDMS's, in words: when people are told, and when no day may be opened. Pure.

A receipt dated in FDMS's future is Yellow (RCPT031), one dated before its day or before the last is Red (RCPT014,
RCPT030) and keeps the day from being closed: a day that begins by a wrong clock ends badly.
"""

from __future__ import annotations

from typing import Literal

from .preferences import ClockLimits

Level = Literal["ok", "attention", "warning", "refused"]
WORST_FIRST: tuple[Level, ...] = ("refused", "warning", "attention", "ok")


def level(seconds: float | None, limits: ClockLimits) -> Level:
    """How bad a difference is; "ok" where it is not known."""
    off = abs(seconds or 0.0)
    if off >= limits.refuse_seconds:
        return "refused"
    if off >= limits.warn_seconds:
        return "warning"
    return "attention" if off >= limits.notice_seconds else "ok"


def worse(now: Level, before: Level) -> bool:
    """Whether people have to be told again."""
    return WORST_FIRST.index(now) < WORST_FIRST.index(before)


def advice(seconds: float, grade: Level) -> str:
    """What people are told."""
    off = round(abs(seconds))
    time = f"{off} seconds" if off < 120 else f"{off // 60} minutes"
    side = "ahead of" if seconds > 0 else "behind"
    text = f"This machine's clock is {time} {side} FDMS's: correct it (date, time and time zone)."
    return f"{text} No fiscal day is opened until then." if grade == "refused" else text
