"""The world that a fresh simulator starts with: one invented VAT payer with twenty tills, and FDMS's four taxes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from fiscalmon.domain.device import Tax
from fiscalmon.domain.receipt import Address, Contacts

from .records import Device, Taxpayer

FIRST_DEVICE, DEVICES = 10001, 20
DEFAULT_MODEL = ("Server", "v1")
SINCE = "2017-01-01T00:00:00"
DEFAULT_TAXES = (
    Tax(1, "Exempt", None, SINCE),
    Tax(2, "Zero rated 0%", Decimal(0), SINCE),
    Tax(3, "Standard rated 15.5%", Decimal("15.5"), SINCE),
    Tax(4, "Non-VAT Withholding Tax", Decimal(5), SINCE),
)
_KEY_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_ADDRESS = Address(province="Manicaland", city="Mutare", street="Jacaranda Avenue", house_no="14")
_CONTACTS = Contacts(phone_no="+263202000014", email="shop@muonde.example")


class Model(msgspec.Struct):
    """A device model as registered at ZIMRA (§3)."""

    name: str
    version: str
    blacklisted: bool = False


def taxpayers() -> list[Taxpayer]:
    """The default VAT payer, and one that is not, for devices entered with vatNumber null."""
    return [
        Taxpayer(1, "Muonde Family Supermarket (Pvt) Ltd", "2000417788", "220041778"),
        Taxpayer(2, "Muonde Kiosk", "2000417799", None),
    ]


def another_vat_payer(taxpayer_id: int, vat_number: str) -> Taxpayer:
    """A taxpayer for a device that was entered with a VAT number of its own."""
    return Taxpayer(taxpayer_id, f"Trader {vat_number}", f"2{int(vat_number) % 10**9:09d}", vat_number)


def device(device_id: int, taxpayer_id: int, serial_no: str, activation_key: str) -> Device:
    """A device that may register."""
    return Device(
        device_id,
        taxpayer_id,
        serial_no,
        activation_key,
        DEFAULT_TAXES,
        branch_name=f"Muonde till {device_id}",
        branch_address=_ADDRESS,
        branch_contacts=_CONTACTS,
    )


def new_keys() -> list[str]:
    """An activation key for each device of the default world, made once a state folder."""
    return ["".join(secrets.choice(_KEY_LETTERS) for _ in range(8)) for _ in range(DEVICES)]


def devices(keys: Iterable[str]) -> list[Device]:
    return [
        device(device_id, 1, f"SIM-{device_id}", key)
        for device_id, key in zip(range(FIRST_DEVICE, FIRST_DEVICE + DEVICES), keys, strict=True)
    ]
