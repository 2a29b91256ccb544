"""Numbers, money, times and spans as a person reads them, the same everywhere in the window.

Must not know Qt nor the clock: every "now" is an argument.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from ui.i18n import QT_TRANSLATE_NOOP, translate

UNKNOWN = "—"
# What is counted, as one and as many: another language has other endings.
_NOUNS = MappingProxyType(
    {
        "receipt": (QT_TRANSLATE_NOOP("words", "{count} receipt"), QT_TRANSLATE_NOOP("words", "{count} receipts")),
        "device": (QT_TRANSLATE_NOOP("words", "{count} device"), QT_TRANSLATE_NOOP("words", "{count} devices")),
        "day": (QT_TRANSLATE_NOOP("words", "{count} day"), QT_TRANSLATE_NOOP("words", "{count} days")),
        "line": (QT_TRANSLATE_NOOP("words", "{count} line"), QT_TRANSLATE_NOOP("words", "{count} lines")),
        "product": (QT_TRANSLATE_NOOP("words", "{count} product"), QT_TRANSLATE_NOOP("words", "{count} products")),
        "check": (QT_TRANSLATE_NOOP("words", "{count} check"), QT_TRANSLATE_NOOP("words", "{count} checks")),
        "currency": (
            QT_TRANSLATE_NOOP("words", "{count} more currency"),
            QT_TRANSLATE_NOOP("words", "{count} more currencies"),
        ),
    }
)
_WEEKDAYS = (
    QT_TRANSLATE_NOOP("words", "Mon"),
    QT_TRANSLATE_NOOP("words", "Tue"),
    QT_TRANSLATE_NOOP("words", "Wed"),
    QT_TRANSLATE_NOOP("words", "Thu"),
    QT_TRANSLATE_NOOP("words", "Fri"),
    QT_TRANSLATE_NOOP("words", "Sat"),
    QT_TRANSLATE_NOOP("words", "Sun"),
)
_MONTHS = (
    QT_TRANSLATE_NOOP("words", "Jan"),
    QT_TRANSLATE_NOOP("words", "Feb"),
    QT_TRANSLATE_NOOP("words", "Mar"),
    QT_TRANSLATE_NOOP("words", "Apr"),
    QT_TRANSLATE_NOOP("words", "May"),
    QT_TRANSLATE_NOOP("words", "Jun"),
    QT_TRANSLATE_NOOP("words", "Jul"),
    QT_TRANSLATE_NOOP("words", "Aug"),
    QT_TRANSLATE_NOOP("words", "Sep"),
    QT_TRANSLATE_NOOP("words", "Oct"),
    QT_TRANSLATE_NOOP("words", "Nov"),
    QT_TRANSLATE_NOOP("words", "Dec"),
)


def count(number: int) -> str:
    """1284 -> "1,284"."""
    return f"{number:,}"


def plural(number: int, noun: str) -> str:
    """(1, "receipt") -> "1 receipt"; (12, "receipt") -> "12 receipts". KeyError for a noun that is not in the table."""
    return translate("words", _NOUNS[noun][0 if number == 1 else 1]).format(count=count(number))


def weekday(day: int) -> str:
    """0 -> "Mon"."""
    return translate("words", _WEEKDAYS[day])


def month(number: int) -> str:
    """1 -> "Jan"."""
    return translate("words", _MONTHS[number - 1])


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
    return (
        translate("words", "yesterday {hour}").format(hour=hour)
        if days == 1
        else f"{weekday(moment.weekday())} {moment.day} {month(moment.month)} {hour}"
    )


def sentence(text: object) -> str:
    """Text from outside on one line, without the control and direction characters that play tricks."""
    if text is None:
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
