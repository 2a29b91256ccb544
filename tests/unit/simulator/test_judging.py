"""Signatures, the order of closing errors, and the drawing of faults."""

import base64
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from fiscalmon.domain.canonical import digest, fiscal_day_parts, join
from fiscalmon.domain.counters import Counter, CounterKey
from fiscalmon.domain.gateway import CloseDayRequest
from fiscalmon.domain.receipt import SignatureData
from fiscalmon.simulator.closing import Recount, closing_error
from fiscalmon.simulator.faults import FaultPlan, Faults, Rule
from fiscalmon.simulator.records import Day, colours
from fiscalmon.simulator.signatures import signed, signed_hash

KEY = ec.generate_private_key(ec.SECP256R1())
PARTS = [("a", "12345"), ("b", "FISCALINVOICE")]
COUNTER = Counter("SaleByTax", "USD", Decimal("11.55"), 3, Decimal("15.5"))
KEPT = CounterKey("SaleByTax", "USD", 3, "15.50", "")


def sealed(parts, signature: bytes) -> SignatureData:
    return SignatureData(digest(parts).base64, base64.b64encode(signature).decode())


def by_ec(parts, key=KEY) -> SignatureData:
    return sealed(parts, key.sign(join(parts).encode(), ec.ECDSA(hashes.SHA256())))


def test_only_the_devices_der_or_rsa_signature_over_this_string_holds():
    public = [KEY.public_key()]
    good = by_ec(PARTS)
    assert signed(PARTS, good, public)
    assert signed_hash(good, public)
    assert not signed([*PARTS, ("c", "1")], good, public)
    assert not signed(PARTS, by_ec(PARTS, ec.generate_private_key(ec.SECP256R1())), public)
    assert not signed(PARTS, good, [])
    r, s = decode_dss_signature(base64.b64decode(good.signature))
    assert not signed(PARTS, sealed(PARTS, r.to_bytes(32, "big") + s.to_bytes(32, "big")), public)
    other = by_ec([("a", "x")])
    assert not signed(PARTS, SignatureData(good.hash, other.signature), public)
    assert not signed(PARTS, SignatureData(other.hash, good.signature), public)


def test_one_of_several_keys_is_enough():
    key = rsa.generate_private_key(65537, 2048)
    given = sealed(PARTS, key.sign(join(PARTS).encode(), padding.PKCS1v15(), hashes.SHA256()))
    assert signed(PARTS, given, [KEY.public_key(), key.public_key()])
    assert not signed(PARTS, given, [KEY.public_key()])


@pytest.mark.parametrize(
    ("recount", "receipt_counter", "honest", "expected"),
    [
        (Recount({KEPT: 1155}, 1, frozenset()), 1, True, None),
        (Recount({KEPT: 1155}, 1, frozenset({"yellow"})), 1, True, None),
        (Recount({KEPT: 1155}, 1, frozenset({"gray", "red"})), 1, False, "BadCertificateSignature"),
        (Recount({KEPT: 1155}, 1, frozenset({"gray", "red"})), 1, True, "MissingReceipts"),
        (Recount({KEPT: 1155}, 1, frozenset({"red"})), 2, True, "MissingReceipts"),
        (Recount({KEPT: 1}, 1, frozenset({"red"})), 1, True, "ReceiptsWithValidationErrors"),
        (Recount({KEPT: 1154}, 1, frozenset()), 1, True, "CountersMismatch"),
        (Recount({KEPT: 1155}, 2, frozenset()), 1, True, "CountersMismatch"),
        (Recount({KEPT: 1155, KEPT._replace(type="SaleTaxByTax"): 155}, 1, frozenset()), 1, True, "CountersMismatch"),
        (Recount({KEPT: 1155, KEPT._replace(tax_id=2): 0}, 1, frozenset()), 1, True, None),
    ],
)
def test_the_first_reason_in_the_order_of_the_gateway(recount, receipt_counter, honest, expected):
    day = Day(10001, 4, "2026-03-02T23:00:00", "FiscalDayCloseInitiated")
    date = "2026-03-02" if honest else "2026-03-03"
    signature = by_ec(fiscal_day_parts(10001, 4, date, [COUNTER]))
    request = CloseDayRequest(4, (COUNTER,), signature, receipt_counter)
    assert closing_error(day, request, recount, [KEY.public_key()]) == expected


def test_both_spellings_of_grey_are_one():
    error = b'[{"validationErrorCode":"RCPT011","validationErrorColor":"%s"}]'
    assert colours(error % b"Grey") == colours(error % b"Gray") == {"gray"}
    assert colours(b"[]") == set()


def test_a_missed_draw_lets_the_next_rule_try():
    faults = Faults()
    never, always = Rule("delay", probability=0.0), Rule("status", count=1)
    faults.replace(FaultPlan((never, always)))
    assert faults.draw("Ping") is always
    assert faults.draw("Ping") is None
    faults.replace(FaultPlan((Rule("delay", operation="Ping"), always)))
    assert faults.draw(None) is always
    assert faults.draw("Ping").action == "delay"
