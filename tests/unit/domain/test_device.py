"""What getConfig says, read as it is: taxes by date, VAT payers, names of bands (§9)."""

import json
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from fiscalmon.domain.device import Tax, band_name, decode_config
from tests.unit.domain.samples import CONFIG, STANDARD, TAXES

D = Decimal
ANSWER = {
    "operationID": "0HNHM698NJVMT:00000001",
    "taxPayerName": "Shop (Pvt) Ltd",
    "taxPayerTIN": "2000000000",
    "vatNumber": "220000000",
    "deviceSerialNo": "S-1",
    "deviceBranchName": "Main branch",
    "deviceBranchAddress": {"province": "Harare", "city": "Harare", "street": "First", "houseNo": "1"},
    "deviceBranchContacts": {"phoneNo": "+263", "email": "shop@example.com"},
    "deviceOperatingMode": "Online",
    "taxPayerDayMaxHrs": 24,
    "taxpayerDayEndNotificationHrs": 2,
    "applicableTaxes": [
        {"taxID": 3, "taxName": "Exempt", "validFrom": "2023-01-01T00:00:00"},
        {"taxID": 513, "taxName": "Zero rated 0%", "taxPercent": 0.00, "validFrom": "2023-01-01T00:00:00"},
        {"taxID": 515, "taxName": "Standard 15.5%", "taxPercent": 15.50, "validFrom": "2025-12-15T00:00:00"},
    ],
    "certificateValidTill": "2027-01-01T12:34:49",
    "qrUrl": "https://fdmstest.zimra.co.zw",
    "somethingNew": {"a": 1},
}


def test_an_answer_as_fdms_gives_it():
    text = json.dumps(ANSWER).replace("15.5,", "15.50,")
    config = decode_config(text)
    assert [(tax.tax_id, str(tax.percent), tax.band) for tax in config.taxes] == [
        (3, "None", "Exempt"),
        (513, "0", "0%"),
        (515, "15.5", "15.5%"),
    ]
    assert config.branch_address.house_no == "1"
    assert config.branch_contacts.phone_no == "+263"
    assert config.vat_payer
    assert decode_config(msgspec.json.encode(config)) == config


@pytest.mark.parametrize(("vat_number", "payer"), [("220000000", True), (None, False), ("", False)])
def test_who_pays_vat(vat_number, payer):
    assert replace(CONFIG, vat_number=vat_number).vat_payer is payer


@pytest.mark.parametrize("member", ["taxPayerName", "applicableTaxes", "qrUrl", "deviceOperatingMode"])
def test_an_answer_without_what_is_needed(member):
    with pytest.raises(msgspec.ValidationError, match=member):
        decode_config(json.dumps({key: value for key, value in ANSWER.items() if key != member}))


@pytest.mark.parametrize(
    ("date", "percent"),
    [
        ("2022-12-31T23:59:59", None),
        ("2023-01-01T00:00:00", "15"),
        ("2025-12-14T23:59:59", "15"),
        ("2025-12-15T00:00:00", "15.5"),
        ("2999-01-01T00:00:00", "15.5"),
    ],
)
def test_the_same_id_with_other_dates(date, percent):
    tax = CONFIG.tax_at(STANDARD, date)
    assert (None if tax is None else str(tax.percent)) == percent
    assert CONFIG.tax_at(99, date) is None


def test_withholding_is_told_by_its_name():
    assert [tax.tax_id for tax in TAXES if tax.withholding] == [514]
    assert Tax(9, "Non-VAT WITHHOLDING tax", D(5)).withholding


@pytest.mark.parametrize(
    ("percent", "name"),
    [(None, "Exempt"), ("0", "0%"), ("0.00", "0%"), ("15.50", "15.5%"), ("15", "15%"), ("10", "10%"), ("100", "100%")],
)
def test_names_of_bands(percent, name):
    assert band_name(None if percent is None else D(percent)) == name
