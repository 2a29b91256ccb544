"""What a shop's owner sets at run time, in typed sections with sensible defaults. No secret ever stands in one.

A section's tag is its name in the books and on the command line. The settings file (settings.toml) is for what has
to be known before the books are open. Knows no store and no screen.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from .alert_channels import MOST_CHANNELS, Channel
from .alerts import RuleName
from .errors import BadInput
from .structure import explained

# "HH:MM" of the shop's own clock.
_TIME, _CURRENCY, _RATE = r"^([01]\d|2[0-3]):[0-5]\d$", r"^[A-Z]{3}$", r"^(?=.*[1-9])\d{1,9}(\.\d{1,6})?$"
TimeOfDay = Annotated[str, Meta(pattern=_TIME)]
Currency = Annotated[str, Meta(pattern=_CURRENCY)]
# A decimal text above zero.
Rate = Annotated[str, Meta(pattern=_RATE, max_length=16)]


class Section(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Root of the sections; a subclass names itself by `tag`."""


class DayAutomation(Section, frozen=True, tag="day"):
    """Opening and closing the fiscal day by the clock; None: by hand. A close waits for the queue for so long."""

    open_at: TimeOfDay | None = None
    close_at: TimeOfDay | None = None
    close_waits_minutes: Annotated[int, Meta(ge=0, le=240)] = 30


class ClockLimits(Section, frozen=True, tag="clock"):
    """From how many seconds off FDMS's clock people are told, are warned, and no fiscal day is opened any more."""

    notice_seconds: Annotated[int, Meta(ge=5, le=3_600)] = 30
    warn_seconds: Annotated[int, Meta(ge=5, le=3_600)] = 120
    refuse_seconds: Annotated[int, Meta(ge=60, le=86_400)] = 600


class BackupPlan(Section, frozen=True, tag="backup"):
    """The nightly verified copy: where it goes (None: DATA_DIR/backups) and how many are kept."""

    nightly: bool = True
    at: TimeOfDay = "02:30"
    folder: str | None = None
    daily: Annotated[int, Meta(ge=1, le=60)] = 7
    weekly: Annotated[int, Meta(ge=0, le=52)] = 4


class WatchedFolder(Section, frozen=True, tag="watched-folder"):
    """A folder whose JSON files are sales; None: none is watched. `device`: takes sales that name no device."""

    path: str | None = None
    device: int | None = None


class Lan(Section, frozen=True, tag="lan"):
    """Whether other machines may look in, on which address (None: every one), and the address that people are given.

    `port` None: the one the till was started with. `certificate` and `key`: PEM files of the shop's own authority,
    None for the till's own.
    """

    listen: bool = False
    host: str | None = None
    port: Annotated[int, Meta(ge=0, le=65_535)] | None = None
    shown_address: str | None = None
    discoverable: bool = True
    certificate: str | None = None
    key: str | None = None


class Counter(Section, frozen=True, tag="counter"):
    """Selling at the till itself: the currency a sale begins in, and units of other money for one US dollar."""

    currency: Currency = "USD"
    rates: dict[Currency, Rate] = {}


class Printing(Section, frozen=True, tag="printing"):
    """What printers do by themselves."""

    day_reports: bool = True
    open_drawer: bool = False


class KeyCare(Section, frozen=True, tag="keys"):
    """After how many minutes without a signature a decrypted key is forgotten until it is needed again; 0: never."""

    lock_after_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 30


class OfflineDays(Section, frozen=True, tag="offline-files"):
    """Whether the closed days of devices in offline mode are handed over without anybody asking."""

    automatic: bool = True


class AlertRules(Section, frozen=True, tag="alerts"):
    """What people are told of, from when on, and when they sleep. Rules are on unless they stand in `off`.

    `hold_minutes`: other waits than the rules' own before a thing is told. `repeat_hours` 0: never. What stands in
    `wake_for` is told in the quiet hours too.
    """

    off: tuple[RuleName, ...] = ()
    waiting_hours: Annotated[float, Meta(gt=0, le=168)] = 2.0
    day_hours: Annotated[float, Meta(gt=0, le=168)] = 20.0
    certificate_days: Annotated[int, Meta(ge=1, le=365)] = 30
    clock_seconds: Annotated[int, Meta(ge=5, le=3_600)] = 120
    disk_gib: Annotated[float, Meta(gt=0, le=1_000)] = 2.0
    hold_minutes: dict[RuleName, Annotated[int, Meta(ge=0, le=1_440)]] = {}
    calm_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 5
    cool_down_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 15
    repeat_hours: Annotated[int, Meta(ge=0, le=168)] = 24
    quiet_from: TimeOfDay | None = None
    quiet_until: TimeOfDay | None = None
    wake_for: tuple[RuleName, ...] = ("books", "sign-in")


class AlertChannels(Section, frozen=True, tag="alert-channels"):
    """Who is told besides the feed; each channel's secret lies in a file beside the keys."""

    channels: Annotated[tuple[Channel, ...], Meta(max_length=MOST_CHANNELS)] = ()


SECTIONS: Final = (
    DayAutomation,
    ClockLimits,
    BackupPlan,
    WatchedFolder,
    Lan,
    Counter,
    Printing,
    OfflineDays,
    KeyCare,
    AlertRules,
    AlertChannels,
)


def name_of(section: type[Section]) -> str:
    """The section's name in the books."""
    return str(section.__struct_config__.tag)


def section_named(name: str) -> type[Section]:
    """Raises BadInput with the names there are."""
    for section in SECTIONS:
        if name_of(section) == name:
            return section
    raise BadInput(f"There is no setting {name!r}. There are: {', '.join(name_of(each) for each in SECTIONS)}.")


def plain(section: Section) -> dict[str, Any]:
    """All members by name, JSON-ready, defaults included."""
    return {name: msgspec.to_builtins(getattr(section, name)) for name in section.__struct_fields__}


def changed(section: Section, values: dict[str, Any]) -> Section:
    """The section with some members replaced, checked as a whole. Raises BadInput naming what is wrong."""
    try:
        return msgspec.convert({**plain(section), **values, "type": name_of(type(section))}, type(section))
    except msgspec.ValidationError as wrong:
        problem = explained(str(wrong), _FORMS)
        where = f"{name_of(type(section))}.{problem.field}".removesuffix(".")
        raise BadInput(f"The setting {where} cannot be so: it {problem.advice}.") from None


# What people are told instead of a pattern.
_FORMS: Final = MappingProxyType(
    {
        _TIME: "must be a time of day such as 18:30",
        _CURRENCY: "must be a currency's three capital letters, such as USD",
        _RATE: "must be a number above zero with at most six decimals",
    }
)
