"""Every published or derived vector is reproduced: strings, hashes, signatures, counters, QR codes."""

import base64
import hashlib
import json
from decimal import Decimal

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from fiscalmon.domain import canonical, chain, counters, qr
from fiscalmon.domain.counters import Counter
from fiscalmon.domain.device import DeviceConfig, Tax
from fiscalmon.domain.receipt import Address, Receipt, TaxLine
from fiscalmon.domain.rulebook import Original, Situation, judge
from tests.golden.vectors import ALL, DAY, expected, of_kind

SHA = ec.ECDSA(hashes.SHA256())


def named(rows):
    return [pytest.param(row, id=row["id"]) for row in rows]


def receipt_of(step) -> Receipt:
    return msgspec.json.decode(json.dumps(step["receipt"]), type=Receipt)


def counters_of(rows) -> list[Counter]:
    return [msgspec.convert(row, Counter, strict=False) for row in rows]


def receipt_digest(given):
    taxes = [msgspec.convert(tax, TaxLine, strict=False) for tax in given["receiptTaxes"]]
    return canonical.digest(
        canonical.signed_receipt_parts(
            given["deviceID"],
            given["receiptType"],
            given["receiptCurrency"],
            given["receiptGlobalNo"],
            given["receiptDate"],
            Decimal(given["receiptTotal"]),
            taxes,
            given["previousReceiptHash"],
        )
    )


def test_the_file_holds_what_these_tests_are_about():
    counted = {group: len(ALL[group]) for group in ("vectors", "stated_hashes_not_reproduced", "derived_vectors")}
    assert counted == {"vectors": 18, "stated_hashes_not_reproduced": 5, "derived_vectors": 8}
    assert {row["kind"] for row in of_kind("receipt", "receiptServer", "fiscalDay", "fiscalDayServer")} == {
        "receipt",
        "receiptServer",
        "fiscalDay",
        "fiscalDayServer",
    }
    assert len(DAY["receipts"]) == 4


@pytest.mark.parametrize("vector", named(of_kind("receipt")))
def test_receipts(vector):
    made = receipt_digest(vector["input"])
    assert (made.canonical, made.base64) == expected(vector)


@pytest.mark.parametrize("vector", named(of_kind("receiptServer")))
def test_what_fdms_signs_of_a_receipt(vector):
    given = vector["input"]
    made = canonical.digest(
        canonical.receipt_server_parts(given["receiptDeviceSignature"], given["receiptID"], given["serverDate"])
    )
    assert (made.canonical, made.base64) == expected(vector)


@pytest.mark.parametrize("vector", named(of_kind("fiscalDay")))
def test_closes(vector):
    given = vector["input"]
    rows = counters_of(given["fiscalDayCounters"])
    for order in (rows, rows[::-1]):
        made = canonical.digest(
            canonical.fiscal_day_parts(given["deviceID"], given["fiscalDayNo"], given["fiscalDayDate"], order)
        )
        assert (made.canonical, made.base64) == expected(vector)


@pytest.mark.parametrize("vector", named(of_kind("fiscalDayServer")))
def test_what_fdms_signs_of_a_close(vector):
    given = vector["input"]
    made = canonical.digest(
        canonical.fiscal_day_server_parts(
            given["deviceID"],
            given["fiscalDayNo"],
            given["fiscalDayDate"],
            given["fiscalDayUpdated"],
            given["reconciliationMode"],
            counters_of(given["fiscalDayCounters"]),
            given["fiscalDayDeviceSignature"],
        )
    )
    assert (made.canonical, made.base64) == expected(vector)


@pytest.mark.parametrize("vector", named(of_kind("sha256")))
def test_hash_of_a_text(vector):
    made = canonical.digest([("text", vector["canonical"])])
    assert (made.base64, made.sha256.hex()) == (vector["stated_sha256_base64"], vector["sha256_hex"])


@pytest.mark.parametrize("vector", named([v for v in ALL["vectors"] if "stated_sha256_base64" in v]))
def test_printed_strings_give_the_stated_hashes(vector):
    made = canonical.digest([("printed", vector["canonical"])])
    assert made.base64 == vector["stated_sha256_base64"]


@pytest.mark.parametrize("vector", named(ALL["stated_hashes_not_reproduced"]))
def test_misprinted_hashes_come_from_a_text_that_breaks_the_rule(vector):
    made = canonical.digest([("misprinted", vector["text_that_does_reproduce_it"])])
    assert made.base64 == vector["stated_sha256_base64"] != expected(vector)[1]


@pytest.mark.parametrize("vector", named(of_kind("qr")))
def test_qr_codes(vector):
    given = vector["input"]
    if "deviceSignatureBase64" in given:
        signature = base64.b64decode(given["deviceSignatureBase64"])
        data = qr.qr_data(signature)
        assert data == vector["receiptQrData"] == vector["md5_hex_of_signature_bytes"][:16].upper()
    else:
        data = given["receiptQrData"]
    url = qr.qr_url(given["qrUrl"], given["deviceID"], given["receiptDate"], given["receiptGlobalNo"], data)
    assert url == vector.get("expected_url_uppercase", vector["expected_url"])
    assert qr.verification_code(data) == vector["verification_code"]


@pytest.mark.parametrize("vector", named([v for v in ALL["vectors"] if "signature_base64" in v]))
def test_published_signatures_hold_over_our_strings(vector):
    key = load_pem_public_key(ALL["munashe_test_public_key_pem"].encode())
    made = expected(vector)[0].encode()
    key.verify(base64.b64decode(vector["signature_base64"]), made, SHA)
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(vector["signature_base64"]), made + b"0", SHA)


# --- the worked day -------------------------------------------------------------------------------------------------

TAXES = (
    Tax(1, "Exempt"),
    Tax(2, "Zero rated 0%", Decimal(0)),
    Tax(517, "Standard rated 15.5%", Decimal("15.5")),
)
CONFIG = DeviceConfig(
    tax_payer_name="Shop",
    tax_payer_tin="2000000000",
    serial_no="S",
    branch_name="Shop",
    branch_address=Address(),
    operating_mode="Online",
    day_max_hours=24,
    day_end_notification_hours=2,
    taxes=TAXES,
    certificate_valid_till="2027-01-01T00:00:00",
    qr_url="https://fdmstest.zimra.co.zw",
    vat_number="220000000",
)
STEPS = [pytest.param(index, id=f"receipt-{index + 1}") for index in range(4)]


@pytest.mark.parametrize("index", STEPS)
def test_receipts_of_the_worked_day(index):
    step = DAY["receipts"][index]
    made = canonical.digest(canonical.receipt_parts(DAY["deviceID"], receipt_of(step), step["previousReceiptHash"]))
    assert (made.canonical, made.base64, made.sha256.hex()) == (
        step["canonical"],
        step["sha256_base64"],
        step["sha256_hex"],
    )
    if index:
        assert step["previousReceiptHash"] == DAY["receipts"][index - 1]["sha256_base64"]


@pytest.mark.parametrize("index", STEPS)
def test_sealing_a_receipt_of_the_worked_day(index):
    step = DAY["receipts"][index]
    signature = base64.b64decode(step["signatures"]["ecdsa_der"])
    signed_bytes = []

    def sign(sha256: bytes) -> bytes:
        signed_bytes.append(sha256)
        return signature

    signed = chain.seal(DAY["deviceID"], receipt_of(step), step["previousReceiptHash"], sign)
    assert signed_bytes == [base64.b64decode(step["sha256_base64"])]
    assert signed.canonical == step["canonical"]
    assert signed.hash == step["sha256_base64"]
    assert signed.signature == step["signatures"]["ecdsa_der"]
    assert signed.qr_data == step["receiptQrData_for_ecdsa_der"]
    receipt = signed.receipt
    url = qr.qr_url(CONFIG.qr_url, DAY["deviceID"], receipt.date, receipt.global_no, signed.qr_data)
    assert url == step["qr_for_ecdsa_der"]
    wanted = {**step["receipt"], "receiptDeviceSignature": {"hash": signed.hash, "signature": signed.signature}}
    assert json.loads(signed.payload) == {"receipt": wanted}


def signed_texts():
    rows = [(f"receipt-{n}", step["canonical"], step["signatures"]) for n, step in enumerate(DAY["receipts"], 1)]
    rows.append(("close", DAY["closeDay"]["canonical"], DAY["closeDay"]["signatures"]))
    return [pytest.param(text.encode(), signatures, id=name) for name, text, signatures in rows]


@pytest.mark.parametrize(("text", "signatures"), signed_texts())
def test_signatures_of_the_worked_day(text, signatures):
    ec_key = load_pem_public_key(DAY["ec_public_key_pem"].encode())
    rsa_key = load_pem_public_key(DAY["rsa_public_key_pem"].encode())
    ec_key.verify(base64.b64decode(signatures["ecdsa_der"]), text, SHA)
    rsa_key.verify(base64.b64decode(signatures["rsa_pkcs1v15"]), text, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        ec_key.verify(base64.b64decode(signatures["ecdsa_p1363_must_be_rejected"]), text, SHA)


def test_counters_and_close_of_the_worked_day():
    close = DAY["closeDay"]
    totals = counters.fold(receipt_of(step) for step in DAY["receipts"])
    made = counters.from_totals(totals)
    assert made == counters_of(close["fiscalDayCounters"])
    assert counters.to_totals(made) == {key: value for key, value in totals.items() if value}
    digest = canonical.digest(
        canonical.fiscal_day_parts(DAY["deviceID"], DAY["fiscalDayNo"], DAY["fiscalDayOpened"][:10], made)
    )
    assert (digest.canonical, digest.base64) == (close["canonical"], close["sha256_base64"])
    assert digest.sha256 == hashlib.sha256(close["canonical"].encode()).digest()


def test_the_worked_day_breaks_no_rule():
    first = receipt_of(DAY["receipts"][0])
    original = Original(
        date=first.date,
        currency=first.currency,
        taxes=frozenset((line.tax_id, line.tax_percent) for line in first.lines),
        balance=first.total,
    )
    link = chain.Link(DAY["fiscalDayNo"], DAY["fiscalDayOpened"], 0, 100, "2026-03-01T18:00:00", None)
    for step in DAY["receipts"]:
        receipt = receipt_of(step)
        at = Situation(
            CONFIG,
            link.day_opened,
            previous_counter=link.counter,
            previous_global_no=link.global_no,
            previous_date=link.date,
            latest_date=receipt.date,
            original=None if receipt.reference is None else original,
        )
        assert judge(receipt, at) == []
        signed = chain.seal(DAY["deviceID"], receipt, link.day_hash, lambda data: b"signature")
        link = chain.follow(link, signed)
    assert (link.counter, link.global_no) == (DAY["closeDay"]["receiptCounter"], 104)
