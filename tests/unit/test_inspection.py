"""`inspect` explains every known answer, in both forms of input, and says plainly what it cannot read."""

import base64
import copy
import datetime
import json
from decimal import Decimal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from fiscalmon.domain.errors import BadInput
from fiscalmon.services.inspection import explain, inspect
from tests.golden.vectors import ALL, DAY, expected, of_kind

MEMBERS = {
    "kind",
    "parts",
    "canonical",
    "sha256Hex",
    "sha256Base64",
    "qrData",
    "qrUrl",
    "verificationCode",
    "signatureValid",
}
RECEIPT_PARTS = [
    "deviceID",
    "receiptType",
    "receiptCurrency",
    "receiptGlobalNo",
    "receiptDate",
    "receiptTotal",
    "receiptTaxes",
    "previousReceiptHash",
]


def named(rows):
    return [pytest.param(row, id=row["id"]) for row in rows]


def wrapped(index=0, **beside):
    step = DAY["receipts"][index]
    receipt = copy.deepcopy(step["receipt"])
    receipt["receiptDeviceSignature"] = {
        "hash": step["sha256_base64"],
        "signature": step["signatures"]["ecdsa_der"],
    }
    return {
        "deviceID": DAY["deviceID"],
        "previousReceiptHash": step["previousReceiptHash"],
        "receipt": receipt,
        **beside,
    }


def flat(index=0, **beside):
    document = wrapped(index, **beside)
    return {**document, **document.pop("receipt"), "receipt": None}


def close(**beside):
    step = DAY["closeDay"]
    return {
        "deviceID": DAY["deviceID"],
        "fiscalDayOpened": DAY["fiscalDayOpened"],
        "fiscalDayNo": DAY["fiscalDayNo"],
        "fiscalDayCounters": step["fiscalDayCounters"],
        "receiptCounter": step["receiptCounter"],
        "fiscalDayDeviceSignature": {
            "hash": step["sha256_base64"],
            "signature": step["signatures"]["ecdsa_der"],
        },
        **beside,
    }


@pytest.mark.parametrize("vector", named(of_kind("receipt")))
def test_every_receipt_vector(vector):
    result = inspect(vector["input"])
    assert (result["canonical"], result["sha256Base64"]) == expected(vector)
    assert result["kind"] == "receipt"
    assert [part["name"] for part in result["parts"]] == RECEIPT_PARTS
    assert "".join(part["value"] for part in result["parts"]) == result["canonical"]
    nothing = {name: result[name] for name in ("qrData", "qrUrl", "verificationCode", "signatureValid")}
    assert set(nothing.values()) == {None}


@pytest.mark.parametrize("vector", named(of_kind("fiscalDay")))
def test_every_close_vector(vector):
    result = inspect(vector["input"])
    assert (result["canonical"], result["sha256Base64"]) == expected(vector)
    assert result["kind"] == "fiscalDay"
    assert [part["name"] for part in result["parts"]] == [
        "deviceID",
        "fiscalDayNo",
        "fiscalDayDate",
        "fiscalDayCounters",
    ]
    assert result["signatureValid"] is result["qrData"] is result["qrUrl"] is None


@pytest.mark.parametrize("vector", named([v for v in of_kind("receipt") if "signature_base64" in v]))
def test_published_signatures(vector):
    document = {
        **vector["input"],
        "receiptDeviceSignature": {"signature": vector["signature_base64"]},
        "publicKey": ALL["munashe_test_public_key_pem"],
    }
    assert inspect(document)["signatureValid"] is True


@pytest.mark.parametrize("form", [wrapped, flat])
@pytest.mark.parametrize("index", range(4))
def test_the_worked_day(form, index):
    step = DAY["receipts"][index]
    result = inspect(form(index, qrUrl="https://fdmstest.zimra.co.zw/", publicKey=DAY["ec_public_key_pem"]))
    code = step["receiptQrData_for_ecdsa_der"]
    assert result == {
        "kind": "receipt",
        "parts": result["parts"],
        "canonical": step["canonical"],
        "sha256Hex": step["sha256_hex"],
        "sha256Base64": step["sha256_base64"],
        "qrData": code,
        "qrUrl": step["qr_for_ecdsa_der"],
        "verificationCode": "-".join([code[:4], code[4:8], code[8:12], code[12:]]),
        "hashMatches": True,
        "signatureValid": True,
        "notes": [],
    }
    assert set(result) >= MEMBERS
    json.dumps(result)


@pytest.mark.parametrize("opening", [{}, {"fiscalDayOpened": None, "fiscalDayDate": "2026-03-02"}])
def test_the_worked_close(opening):
    result = inspect(close(**opening), public_key_pem=DAY["ec_public_key_pem"])
    assert result["canonical"] == DAY["closeDay"]["canonical"]
    assert result["sha256Base64"] == DAY["closeDay"]["sha256_base64"]
    assert (result["signatureValid"], result["hashMatches"]) == (True, True)


def test_rsa_and_raw_ecdsa_signatures():
    step = DAY["receipts"][0]
    document = wrapped(publicKey=DAY["rsa_public_key_pem"])
    document["receipt"]["receiptDeviceSignature"]["signature"] = step["signatures"]["rsa_pkcs1v15"]
    assert inspect(document)["signatureValid"] is True
    assert inspect(document, public_key_pem=DAY["ec_public_key_pem"])["signatureValid"] is False
    document["receipt"]["receiptDeviceSignature"]["signature"] = step["signatures"]["ecdsa_p1363_must_be_rejected"]
    assert inspect(document, public_key_pem=DAY["ec_public_key_pem"])["signatureValid"] is False


def test_a_changed_total_is_noticed():
    document = wrapped(publicKey=DAY["ec_public_key_pem"])
    document["receipt"]["receiptTotal"] = "34.41"
    result = inspect(document)
    assert (result["signatureValid"], result["hashMatches"]) == (False, False)


def test_a_certificate_will_do():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ZIMRA-S-0000012345")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    document = wrapped(certificate=certificate.public_bytes(Encoding.PEM).decode())
    assert inspect(document)["signatureValid"] is False
    signature = key.sign(DAY["receipts"][0]["canonical"].encode(), ec.ECDSA(hashes.SHA256()))
    document["receipt"]["receiptDeviceSignature"] = {"signature": base64.b64encode(signature).decode()}
    result = inspect(document)
    assert (result["signatureValid"], result["hashMatches"]) == (True, None)


def test_only_the_signed_members_are_needed():
    step = DAY["receipts"][0]
    receipt = step["receipt"]
    signed = (
        "receiptType",
        "receiptCurrency",
        "receiptGlobalNo",
        "receiptDate",
        "receiptTotal",
        "receiptTaxes",
    )
    document = {"deviceID": 12345, "receipt": {name: receipt[name] for name in signed}}
    assert inspect(document)["canonical"] == step["canonical"]
    without_ids = [{name: value for name, value in tax.items() if name != "taxID"} for tax in receipt["receiptTaxes"]]
    document["receipt"]["receiptTaxes"] = without_ids
    assert inspect(document)["canonical"] == step["canonical"]
    for name in signed:
        lacking = {key: value for key, value in document["receipt"].items() if key != name}
        with pytest.raises(BadInput, match=name):
            inspect({"deviceID": 12345, "receipt": lacking})


def test_numbers_may_be_texts_and_names_any_case():
    document = wrapped()
    receipt = document["receipt"]
    receipt["receiptType"] = "fiscalInvoice"
    receipt["receiptCurrency"] = "usd"
    receipt["receiptGlobalNo"] = "101"
    receipt["receiptTotal"] = Decimal("34.4")
    document["deviceID"] = "12345"
    for tax in receipt["receiptTaxes"]:
        tax.update({name: str(value) for name, value in tax.items()})
    assert inspect(document)["canonical"] == DAY["receipts"][0]["canonical"]
    rows = copy.deepcopy(DAY["closeDay"]["fiscalDayCounters"])
    for row in rows:
        row["fiscalCounterType"] = row["fiscalCounterType"].upper()
        row["fiscalCounterValue"] = str(row["fiscalCounterValue"])
        if "fiscalCounterMoneyType" in row:
            row["fiscalCounterMoneyType"] = row["fiscalCounterMoneyType"].lower()
    assert inspect(close(fiscalDayCounters=rows))["canonical"] == DAY["closeDay"]["canonical"]


def changed(form, **members):
    document = form()
    target = document["receipt"] if form is wrapped else document
    target.update(members)
    return document


@pytest.mark.parametrize(
    ("total", "cents"),
    [("1.005", "101"), ("-1.005", "-101"), ("1289.614999", "128961"), ("9999999999999999999.99", "9" * 21)],
)
def test_amounts_become_cents_half_away_from_zero_up_to_what_fdms_can_hold(total, cents):
    result = inspect(changed(wrapped, receiptTotal=total))
    assert {"name": "receiptTotal", "value": cents} in result["parts"]
    told = [] if total.endswith(".99") else ["receiptTotal"]
    assert [note.split()[0] for note in result["notes"]] == told
    assert all(note in explain(result) for note in result["notes"])


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "one JSON object"),
        (None, "one JSON object"),
        ({}, "neither a receipt"),
        ({"deviceID": 1, "receipt": 5}, "receipt: must be an object"),
        ({"saleId": "a", "receiptLines": []}, "neither a receipt"),
        (changed(wrapped, receiptTotal="1e19"), "receiptTotal: must be a plain number"),
        (changed(wrapped, receiptTotal="nan"), "receiptTotal: must be a plain number"),
        (changed(wrapped, receiptTotal="1e400"), "receiptTotal: must be a plain number"),
        (changed(wrapped, receiptTotal=None), "receiptTotal: must be a number"),
        (changed(wrapped, receiptTotal="\ud800"), "no Unicode"),
        (changed(wrapped, receiptDate="2026-03-02 08:05"), "receiptDate: has not the form"),
        (changed(wrapped, receiptType="Refund"), "receiptType: 'Refund' is not one of"),
        (changed(wrapped, receiptTaxes=[{"taxID": 1}]), r"receiptTaxes\[0\].taxAmount: is missing"),
        (
            changed(wrapped, receiptTaxes=[{"taxAmount": 1, "salesAmountWithTax": 1, "taxPercent": "1.005"}]),
            r"receiptTaxes\[0\].taxPercent: must be a plain number",
        ),
        (changed(wrapped, receiptDeviceSignature={"signature": "&&&&"}), "signature is not base64"),
        (changed(wrapped, receiptDeviceSignature={"signature": "\xe9"}), "signature is not base64"),
        (changed(flat, publicKey="no key"), "cannot be read"),
        (changed(flat, publicKey=5), "must be PEM texts"),
        (
            changed(flat, certificate="-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"),
            "cannot be read",
        ),
        (close(fiscalDayOpened=None), "opening is missing"),
        (close(fiscalDayOpened="yesterday"), "fiscalDayOpened: has not the form"),
        (close(deviceID=None), "deviceID: must be a whole number"),
        (close(fiscalDayCounters=5), "fiscalDayCounters: must be a list, not a whole number"),
        (close(fiscalDayCounters=[5]), r"fiscalDayCounters\[0\]: must be an object"),
        (
            close(
                fiscalDayCounters=[
                    {
                        "fiscalCounterType": "BalanceByMoneyType",
                        "fiscalCounterCurrency": "USD",
                        "fiscalCounterValue": 1,
                        "fiscalCounterMoneyType": "Shells",
                    }
                ]
            ),
            "'Shells' is no money type",
        ),
        (
            close(
                fiscalDayCounters=[
                    {
                        "fiscalCounterType": "SaleByTax",
                        "fiscalCounterCurrency": "USD",
                        "fiscalCounterValue": 1,
                        "fiscalCounterTaxPercent": "1.005",
                    }
                ]
            ),
            "fiscalCounterTaxPercent: must be a plain number",
        ),
    ],
)
def test_what_cannot_be_inspected_is_told_plainly(document, sentence):
    with pytest.raises(BadInput, match=sentence):
        inspect(document)


def test_keys_of_other_kinds_are_refused():
    other = ed25519.Ed25519PrivateKey.generate().public_key()
    pem = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(BadInput, match="ECDSA P-256 and RSA only"):
        inspect(wrapped(), public_key_pem=pem)


def test_the_words_for_a_person():
    said = explain(inspect(wrapped(qrUrl="https://fdmstest.zimra.co.zw", publicKey=DAY["ec_public_key_pem"])))
    step = DAY["receipts"][0]
    for needed in (
        step["canonical"],
        step["sha256_hex"],
        step["sha256_base64"],
        step["qr_for_ecdsa_der"],
        "B3F6-162C-800E-55E1",
        "Signature: valid.",
        "receiptGlobalNo      101",
        "(nothing)",
    ):
        assert needed in said
    document = wrapped(publicKey=DAY["ec_public_key_pem"])
    document["receipt"]["receiptGlobalNo"] = 102
    said = explain(inspect(document))
    assert "Signature: NOT valid." in said
    assert "The hash in the document is another one" in said
    unsigned = explain(inspect(of_kind("receipt")[0]["input"]))
    assert "Signature" not in unsigned
    assert "QR" not in unsigned
