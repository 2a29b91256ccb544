"""The wire's shapes: FDMS's names both ways, unknown members ignored, colours in any case (§8-§15)."""

import json

import msgspec
import pytest

from fiscalmon.domain import gateway
from fiscalmon.domain.receipt import Receipt
from tests.golden.vectors import DAY

SIGNATURE = {"hash": "h", "signature": "s", "certificateThumbprint": "t"}


def acknowledgement(errors):
    answer = {
        "operationID": "0HN:1",
        "receiptID": 10431986,
        "serverDate": "2026-03-02T08:05:11",
        "receiptServerSignature": SIGNATURE,
        "validationErrors": errors,
        "new": 1,
    }
    return msgspec.json.decode(json.dumps(answer), type=gateway.Acknowledgement)


@pytest.mark.parametrize(
    ("colors", "red"),
    [
        (None, False),
        ([], False),
        (["Yellow", "Gray"], False),
        (["grey"], False),
        (["Gray", "RED"], True),
        (["Red"], True),
    ],
)
def test_whether_a_receipt_blocks_the_close(colors, red):
    errors = colors and [{"validationErrorCode": "RCPT0", "validationErrorColor": color} for color in colors]
    answer = acknowledgement(errors)
    assert answer.has_red is red
    assert answer.server_signature.thumbprint == "t"


def test_a_status_as_fdms_gives_it():
    answer = {
        "operationID": "0HN:1",
        "fiscalDayStatus": "FiscalDayCloseFailed",
        "fiscalDayClosingErrorCode": "CountersMismatch",
        "fiscalDayCounter": DAY["closeDay"]["fiscalDayCounters"],
        "fiscalDayDocumentQuantities": [
            {"receiptType": "FiscalInvoice", "receiptCurrency": "USD", "receiptQuantity": 1, "receiptTotalAmount": 34.4}
        ],
        "lastReceiptGlobalNo": 104,
        "lastFiscalDayNo": 7,
    }
    status = msgspec.json.decode(json.dumps(answer), type=gateway.Status)
    assert (status.day_status, status.closing_error) == ("FiscalDayCloseFailed", "CountersMismatch")
    assert len(status.counters) == 12
    assert status.documents[0].quantity == 1
    assert (status.last_global_no, status.last_day_no) == (104, 7)
    assert msgspec.json.decode(b'{"fiscalDayStatus":"FiscalDayClosed"}', type=gateway.Status).counters is None


def test_the_receipts_of_the_worked_day_are_read_and_written_alike():
    for step in DAY["receipts"]:
        body = {"receipt": step["receipt"]}
        request = msgspec.json.decode(json.dumps(body), type=gateway.SubmitReceiptRequest)
        encoded = msgspec.json.Encoder(decimal_format="number").encode(request)
        assert json.loads(encoded) == body


@pytest.mark.parametrize(
    "changes",
    [
        {"receiptDate": "yesterday"},
        {"receiptDate": "2026-03-02T08:05:10Z"},
        {"receiptCurrency": "USD\n"},
        {"receiptCounter": 2**31},
        {"receiptType": "Refund"},
        {"invoiceNo": ""},
        {"buyerData": {"buyerRegisterName": "B", "buyerTIN": "2000000001\n"}},
        {"buyerData": {"buyerRegisterName": "B", "buyerTIN": "2000000001", "vatNumber": "22000000"}},
        {"receiptTotal": "x"},
    ],
)
def test_a_receipt_of_the_wrong_shape_is_not_read(changes):
    receipt = {**DAY["receipts"][0]["receipt"], **changes}
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(json.dumps(receipt), type=Receipt)


def test_requests_have_fdms_names():
    assert msgspec.to_builtins(gateway.OpenDayRequest("2026-03-02T08:00:00", 7)) == {
        "fiscalDayOpened": "2026-03-02T08:00:00",
        "fiscalDayNo": 7,
    }
    assert msgspec.to_builtins(gateway.OpenDayRequest("2026-03-02T08:00:00")) == {
        "fiscalDayOpened": "2026-03-02T08:00:00"
    }
    close = gateway.CloseDayRequest(7, (), gateway.SignatureData("h", "s"), 0)
    assert json.loads(msgspec.json.encode(close)) == {
        "fiscalDayNo": 7,
        "fiscalDayCounters": [],
        "fiscalDayDeviceSignature": {"hash": "h", "signature": "s"},
        "receiptCounter": 0,
    }


@pytest.mark.parametrize("key", ["1234567", "123456789"])
def test_an_activation_key_has_eight_characters(key):
    body = {"activationKey": key, "deviceSerialNo": "S-1"}
    with pytest.raises(msgspec.ValidationError, match="activationKey"):
        msgspec.convert(body, gateway.VerifyTaxpayerRequest)


def test_a_problem_without_anything():
    assert msgspec.json.decode(b"{}", type=gateway.Problem).errors is None
    problem = msgspec.json.decode(
        b'{"status":400,"errors":{"fiscalDayCounters[2].FiscalCounterValue":["provided value"]}}', type=gateway.Problem
    )
    assert problem.errors == {"fiscalDayCounters[2].FiscalCounterValue": ("provided value",)}
