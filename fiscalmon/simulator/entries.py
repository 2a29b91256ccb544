"""What tests and officers enter on the control port, as values with their limits. No HTTP, no storage."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from fiscalmon.domain.device import Tax
from fiscalmon.domain.localtime import is_local_text
from fiscalmon.domain.money import plain

from . import world
from .ledger import Ledger
from .records import Device, Settings, Taxpayer
from .rounding import ROUNDINGS

VatNumber = Annotated[str, Meta(pattern="^[0-9]{9}$")]


class NewTax(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tax as getConfig names it; a name and dates are made up where they are left out."""

    taxID: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    taxName: Annotated[str, Meta(min_length=1, max_length=50)] | None = None
    taxPercent: Decimal | None = None
    validFrom: str = world.SINCE
    validTill: str | None = None


class NewDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /devices. A device that is there already keeps what is left out, and may register again."""

    deviceID: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    serialNo: Annotated[str, Meta(min_length=1, max_length=20)]
    activationKey: Annotated[str, Meta(min_length=8, max_length=8)]
    vatNumber: VatNumber | UnsetType | None = UNSET
    taxPayerName: Annotated[str, Meta(min_length=1, max_length=250)] | None = None
    taxes: tuple[NewTax, ...] | None = None
    operatingMode: Literal["Online", "Offline"] | None = None
    taxPayerDayMaxHrs: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    taxpayerDayEndNotificationHrs: Annotated[int, Meta(ge=0, le=10_000)] | None = None


class NewModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /models: a model that ZIMRA knows, or has put on its black list."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    version: Annotated[str, Meta(min_length=1, max_length=100)]
    blacklisted: bool = False


class ClockOffset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /clock: seconds, at most a hundred years either way."""

    offsetSeconds: Annotated[float, Meta(ge=-3.2e9, le=3.2e9)]


def enter_device(ledger: Ledger, entry: NewDevice) -> Device:
    """Make or change the device. Raises ValueError with a plain sentence."""
    book = ledger.books.get(entry.deviceID)
    if book is None:
        taxpayer = _taxpayer(ledger, "" if entry.vatNumber is UNSET else entry.vatNumber)
        device = world.device(entry.deviceID, taxpayer.taxpayer_id, entry.serialNo, entry.activationKey)
    else:
        device = msgspec.structs.replace(
            book.device, serial_no=entry.serialNo, activation_key=entry.activationKey, key_used=False
        )
        if entry.vatNumber is not UNSET:
            device.taxpayer_id = _taxpayer(ledger, entry.vatNumber).taxpayer_id
    if entry.taxPayerName is not None:
        owner = ledger.taxpayers[device.taxpayer_id]
        owner.name = entry.taxPayerName
        ledger.put_taxpayer(owner)
    if entry.taxes is not None:
        device.taxes = tuple(_tax(index, tax) for index, tax in enumerate(entry.taxes))
    if entry.operatingMode is not None:
        device.operating_mode = entry.operatingMode
    if entry.taxPayerDayMaxHrs is not None:
        device.day_max_hours = entry.taxPayerDayMaxHrs
    if entry.taxpayerDayEndNotificationHrs is not None:
        device.day_end_notification_hours = entry.taxpayerDayEndNotificationHrs
    ledger.put_device(device)
    return device


def check_settings(settings: Settings) -> None:
    """Raises ValueError for what no FDMS could be."""
    if not (0 <= settings.close_delay <= 3600 and 0 <= settings.future_tolerance <= 10**9):
        raise ValueError("closeDelay must be between 0 and 3600 s, futureTolerance not below 0.")
    if not (0 <= settings.file_delay <= 3600 and 0 <= settings.file_wait <= 10**9):
        raise ValueError("fileDelay must be between 0 and 3600 s, fileWait not below 0.")
    if settings.rate_limit < 0 or settings.code_minutes < 0 or settings.token_hours < 0:
        raise ValueError("rateLimit, codeMinutes and tokenHours must not be below 0.")
    if settings.rounding not in ROUNDINGS:
        raise ValueError(f"rounding must be one of {', '.join(ROUNDINGS)}.")
    if settings.grey.lower() not in ("gray", "grey"):
        raise ValueError("grey must be Gray or Grey.")
    if settings.last_global_no not in ("latest-date", "highest"):
        raise ValueError("lastGlobalNo must be latest-date or highest.")


def _taxpayer(ledger: Ledger, vat_number: str | None) -> Taxpayer:
    """The taxpayer of that VAT number, made if there is none; "" is the default one."""
    known = sorted(ledger.taxpayers.values(), key=lambda taxpayer: taxpayer.taxpayer_id)
    for taxpayer in known:
        if taxpayer.vat_number == vat_number or (vat_number == "" and taxpayer.vat_number is not None):
            return taxpayer
    made = world.another_vat_payer(known[-1].taxpayer_id + 1, vat_number or "0")
    ledger.put_taxpayer(made)
    return made


def _tax(index: int, entry: NewTax) -> Tax:
    for date in (entry.validFrom, entry.validTill):
        if date is not None and not is_local_text(date):
            raise ValueError(f"taxes[{index}]: {date!r} is no local date and time like 2026-03-02T08:00:00.")
    percent = entry.taxPercent
    if percent is not None and not 0 <= percent < 1000:
        raise ValueError(f"taxes[{index}].taxPercent must be between 0 and 999.99.")
    percent = None if percent is None else plain(percent)
    name = entry.taxName or ("Exempt" if percent is None else f"{percent}%")
    return Tax(entry.taxID, name, percent, entry.validFrom, entry.validTill)
