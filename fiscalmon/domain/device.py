"""What FDMS says about a device (getConfig, Gateway v7.2 §9): the taxpayer and the taxes it may charge.

Rates live here only as data from FDMS, never in code.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from .money import plain
from .receipt import Address, Contacts, Value


class Tax(
    Value,
    frozen=True,
    rename={
        "tax_id": "taxID",
        "name": "taxName",
        "percent": "taxPercent",
        "valid_from": "validFrom",
        "valid_till": "validTill",
    },
):
    """One applicable tax. `percent` is absent for exempt, 0 for zero-rated; dates are local texts."""

    tax_id: int
    name: str
    percent: Decimal | None = None
    valid_from: str = ""
    valid_till: str | None = None

    @property
    def withholding(self) -> bool:
        """FDMS's "Non-VAT Withholding Tax" is no VAT: meant for those who pay none (§26.8; only the name tells)."""
        return "withholding" in self.name.lower()

    @property
    def band(self) -> str:
        """The tax band's name on every screen: "15.5%", "0%", "Exempt"."""
        return band_name(self.percent)


class DeviceConfig(
    Value,
    frozen=True,
    rename={
        "tax_payer_name": "taxPayerName",
        "tax_payer_tin": "taxPayerTIN",
        "vat_number": "vatNumber",
        "serial_no": "deviceSerialNo",
        "branch_name": "deviceBranchName",
        "branch_address": "deviceBranchAddress",
        "branch_contacts": "deviceBranchContacts",
        "operating_mode": "deviceOperatingMode",
        "day_max_hours": "taxPayerDayMaxHrs",
        "day_end_notification_hours": "taxpayerDayEndNotificationHrs",
        "taxes": "applicableTaxes",
        "certificate_valid_till": "certificateValidTill",
        "qr_url": "qrUrl",
        "operation_id": "operationID",
    },
):
    """getConfig's answer. The operation id names the one answer: it is shown, and no part of what the till works by."""

    tax_payer_name: str
    tax_payer_tin: str
    serial_no: str
    branch_name: str
    branch_address: Address
    operating_mode: str
    day_max_hours: int
    day_end_notification_hours: int
    taxes: tuple[Tax, ...]
    certificate_valid_till: str
    qr_url: str
    vat_number: str | None = None
    branch_contacts: Contacts | None = None
    operation_id: str = ""

    @property
    def vat_payer(self) -> bool:
        """A taxpayer is a VAT payer if and only if getConfig names a VAT number (§1)."""
        return bool(self.vat_number)

    def tax_at(self, tax_id: int, date: str) -> Tax | None:
        """The tax of that id valid at a local date, or None. The same id may stand twice with other dates."""
        for tax in self.taxes:
            if tax.tax_id == tax_id and tax.valid_from <= date and (tax.valid_till is None or date <= tax.valid_till):
                return tax
        return None


def band_name(percent: Decimal | None) -> str:
    """The name of a tax band by its percent."""
    if percent is None:
        return "Exempt"
    text = f"{percent:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def decode_config(data: bytes | str) -> DeviceConfig:
    """getConfig's JSON as a value; unknown members are ignored. Raises msgspec.ValidationError."""
    return evenly_written(msgspec.json.decode(data, type=DeviceConfig))


def evenly_written(config: DeviceConfig) -> DeviceConfig:
    """The same configuration with each rate in its shortest form."""
    taxes = [
        tax if tax.percent is None else msgspec.structs.replace(tax, percent=plain(tax.percent)) for tax in config.taxes
    ]
    return msgspec.structs.replace(config, taxes=tuple(taxes))
