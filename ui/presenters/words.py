"""Numbers, money, times and spans as a person reads them, the same everywhere in the window.

Must not know Qt nor the clock: every "now" is an argument.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

UNKNOWN = "—"


def count(number: int) -> str:
    """1284 -> "1,284"."""
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """(1, "receipt") -> "1 receipt"; (12, "receipt") -> "12 receipts"."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def money(amount: object) -> str:
    """An amount with two decimals and thousands: "12340.5" -> "12,340.50"; UNKNOWN if it is no number."""
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return UNKNOWN
    return f"{value:,.2f}" if value.is_finite() else UNKNOWN


def span(seconds: float) -> str:
    """A duration to the precision that matters: "40 s", "14 min", "5 h 40", "2 d 4 h". Never negative."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def milliseconds(value: float) -> str:
    """540 -> "540 ms"; 12400 -> "12.4 s"."""
    return f"{round(value):,} ms" if value < 10_000 else f"{value / 1000:.1f} s"


def instant(text: object, zone: tzinfo | None) -> datetime | None:
    """An ISO time as an aware datetime in the shop's zone; one without offset is already shop-local."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone)
    return moment.astimezone(zone)


def clock(moment: datetime | None, *, seconds: bool = True) -> str:
    return moment.strftime("%H:%M:%S" if seconds else "%H:%M") if moment else UNKNOWN


def since(moment: datetime, now: datetime) -> str:
    """When something began: "07:58" today, "yesterday 21:10", else "Mon 17 Nov 21:10"."""
    days = (now.date() - moment.date()) // timedelta(days=1)
    hour = clock(moment, seconds=False)
    if days == 0:
        return hour
    return f"yesterday {hour}" if days == 1 else f"{moment:%a} {moment.day} {moment:%b} {hour}"


def sentence(text: object) -> str:
    """Text from outside on one line, without the control and direction characters that play tricks."""
    if text is None:
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
