"""The simulator as a device meets it: a worked day over real mTLS, the chain, the close, a kill in between."""

import base64
import hashlib
import time
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.support.simulator import Simulator, Till, codes, line, now, text


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield running
    assert running.end() == 0
    assert running.rest == ""


@pytest.fixture
def till(simulator):
    """A device of its own for each test, registered."""
    return made(simulator)


def made(simulator, key=None, **entry):
    number = 20000 + len(simulator.control.get("/devices").json())
    device = {"deviceID": number, "serialNo": f"T {number}", "activationKey": "abcd1234", **entry}
    assert simulator.post("/devices", device).status_code == 200
    return Till(simulator, device, key).register()


def verifies(simulator, signature: dict, canonical: str) -> bool:
    with simulator.public() as client:
        answer = client.get(
            "/Public/v1/GetServerCertificate", params={"thumbprint": signature["certificateThumbprint"]}
        )
    certificate = x509.load_pem_x509_certificate(answer.json()["certificate"][0].encode())
    assert certificate.fingerprint(hashes.SHA1()).hex().upper() == signature["certificateThumbprint"]
    certificate.public_key().verify(
        base64.b64decode(signature["signature"]), canonical.encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    return base64.b64decode(signature["hash"]) == hashlib.sha256(canonical.encode()).digest()


def test_ready_line_names_twenty_devices(simulator):
    assert [device["deviceID"] for device in simulator.ready["devices"]] == list(range(10001, 10021))
    assert {len(device["activationKey"]) for device in simulator.ready["devices"]} == {8}
    assert set(simulator.ready) >= {"event", "url", "control", "ca", "devices"}


def test_a_whole_day(simulator):
    device = simulator.ready["devices"][0]
    with simulator.public() as client:
        answer = client.post(
            f"/Public/v1/{device['deviceID']}/VerifyTaxpayerInformation",
            json={"activationKey": device["activationKey"], "deviceSerialNo": device["serialNo"]},
        ).json()
    assert len(answer["taxPayerTIN"]) == 10
    assert len(answer["vatNumber"]) == 9
    till = Till(simulator, device).register()
    config = till.get("GetConfig")
    assert [tax.get("taxPercent") for tax in config["applicableTaxes"]] == [None, 0, 15.5, 5]
    assert "taxPercent" not in config["applicableTaxes"][0]
    assert config["deviceOperatingMode"] == "Online"
    assert config["certificateValidTill"] > text(now() + timedelta(days=360))
    status = till.get("GetStatus")
    assert status["fiscalDayStatus"] == "FiscalDayClosed"
    assert "lastReceiptGlobalNo" not in status
    assert till.post("Ping").json()["reportingFrequency"] == 5

    assert till.open(fiscalDayNo=1).json()["fiscalDayNo"] == 1
    first = till.receipt()
    signed = till.sign(first)
    answer = till.post("SubmitReceipt", {"receipt": signed}).json()
    till.follow(signed)
    assert codes(answer) == {}
    acknowledged = f"{signed['receiptDeviceSignature']['signature']}{answer['receiptID']}{answer['serverDate']}"
    assert verifies(simulator, answer["receiptServerSignature"], acknowledged)
    mixed = till.submit(
        receiptLines=[
            line(receiptLinePrice=12, receiptLineQuantity=2, receiptLineTotal=24),
            line(receiptLineNo=2, receiptLineType="Discount", receiptLinePrice=-0.9, receiptLineTotal=-0.9),
            line(
                receiptLineNo=3, receiptLinePrice=1.25, receiptLineTotal=5, receiptLineQuantity=4, taxID=2, taxPercent=0
            ),
            {
                **line(receiptLineNo=4, receiptLinePrice=7.4, receiptLineTotal=7.4, taxID=1, taxPercent=None),
                "receiptLineHSCode": "49019900",
            },
        ],
        receiptTaxes=[
            {"taxID": 3, "taxPercent": 15.5, "taxAmount": 3.1, "salesAmountWithTax": 23.1},
            {"taxID": 2, "taxPercent": 0, "taxAmount": 0, "salesAmountWithTax": 5},
            {"taxID": 1, "taxAmount": 0, "salesAmountWithTax": 7.4},
        ],
        receiptPayments=[
            {"moneyTypeCode": "Cash", "paymentAmount": 20},
            {"moneyTypeCode": "Card", "paymentAmount": 15.5},
        ],
        receiptTotal=35.5,
    )
    assert codes(mixed) == {}
    status = till.get("GetStatus")
    assert status["fiscalDayStatus"] == "FiscalDayOpened"
    assert status["lastReceiptGlobalNo"] == 2
    quantities = {"receiptType": "FiscalInvoice", "receiptCurrency": "USD"}
    quantities |= {"receiptQuantity": 2, "receiptTotalAmount": 47.05}
    assert status["fiscalDayDocumentQuantities"] == [quantities]
    assert (
        sum(c["fiscalCounterValue"] for c in status["fiscalDayCounter"] if "MoneyType" in c["fiscalCounterType"])
        == 47.05
    )

    body = till.close_body()
    status = till.close(**body)
    assert status["fiscalDayStatus"] == "FiscalDayClosed", status
    assert status["fiscalDayReconciliationMode"] == "Auto"
    assert status["lastFiscalDayNo"] == 1
    assert "fiscalDayCounter" not in status
    counters = "".join(
        c["fiscalCounterType"].upper()
        + "USD"
        + (c.get("fiscalCounterMoneyType", "").upper() or _percent(c))
        + str(round(c["fiscalCounterValue"] * 100))
        for c in body["fiscalDayCounters"]
    )
    canonical = f"{till.device_id}1{till.opened:%Y-%m-%d}{status['fiscalDayClosed']}AUTO{counters}"
    canonical += body["fiscalDayDeviceSignature"]["signature"]
    assert verifies(simulator, status["fiscalDayServerSignature"], canonical)

    assert till.open().json()["fiscalDayNo"] == 2
    assert codes(till.submit()) == {}
    ledger = simulator.ledger(till.device_id)
    assert set(ledger) == {
        "fiscalDayNo",
        "fiscalDayStatus",
        "fiscalDayClosingErrorCode",
        "lastReceiptGlobalNo",
        "counters",
        "receipts",
    }
    assert [r["receiptCounter"] for r in ledger["receipts"]] == [1, 2, 1]
    assert set(ledger["receipts"][0]) == {
        "fiscalDayNo",
        "receiptCounter",
        "receiptGlobalNo",
        "receiptType",
        "receiptCurrency",
        "receiptTotal",
        "invoiceNo",
        "receiptDate",
        "hash",
        "receiptID",
        "validationErrors",
    }
    assert ledger["receipts"][1]["receiptTotal"] == 35.5
    assert ledger["lastReceiptGlobalNo"] == 3


def _percent(counter: dict) -> str:
    percent = counter.get("fiscalCounterTaxPercent")
    return "" if percent is None else f"{percent:.2f}"


def test_same_second_is_red_and_the_day_cannot_close(till):
    till.open()
    till.submit()
    answer = till.submit(receiptDate=text(till.date))
    assert codes(answer) == {"RCPT030": "Red"}
    assert codes(till.submit()) == {}
    status = till.close()
    assert status["fiscalDayStatus"] == "FiscalDayCloseFailed"
    assert status["fiscalDayClosingErrorCode"] == "ReceiptsWithValidationErrors"
    assert till.post("OpenDay", {"fiscalDayOpened": text(now())}).json()["errorCode"] == "FISC01"
    assert codes(till.submit()) == {}
    simulator = till.simulator
    assert simulator.post(f"/devices/{till.device_id}/close-day-manually").status_code == 200
    status = till.get("GetStatus")
    assert status["fiscalDayReconciliationMode"] == "Manual"
    assert status["fiscalDayDocumentQuantities"][0]["receiptQuantity"] == 4
    assert {c["fiscalCounterValue"] for c in status["fiscalDayCounter"]} == {46.2, 6.2}
    assert simulator.post(f"/devices/{till.device_id}/close-day-manually").status_code == 400


def test_the_same_receipt_again_is_answered_as_before_in_every_state(till):
    till.open()
    signed = till.sign(till.receipt())
    first = till.post("SubmitReceipt", {"receipt": signed}).json()
    till.follow(signed)

    def again() -> None:
        answer = till.post("SubmitReceipt", {"receipt": signed}).json()
        assert answer["operationID"] != first["operationID"]
        assert {**answer, "operationID": ""} == {**first, "operationID": ""}

    again()
    till.simulator.post("/settings", {"closeDelay": 0.5})
    till.post("CloseDay", till.close_body())
    assert till.get("GetStatus")["fiscalDayStatus"] == "FiscalDayCloseInitiated"
    again()
    refused = till.post("SubmitReceipt", {"receipt": till.sign(till.receipt())})
    assert (refused.status_code, refused.json()["errorCode"]) == (422, "RCPT01")
    assert till.post("CloseDay", till.close_body()).json()["errorCode"] == "FISC03"
    till.simulator.post("/settings", {"closeDelay": 0.05})
    assert till.closed()["fiscalDayStatus"] == "FiscalDayClosed"
    again()
    assert till.post("SubmitReceipt", {"receipt": till.sign(till.receipt())}).json()["errorCode"] == "RCPT01"
    assert till.post("CloseDay", till.close_body()).json()["errorCode"] == "FISC04"
    assert len(till.simulator.ledger(till.device_id)["receipts"]) == 1


def test_a_gap_is_gray_until_it_is_filled(till):
    till.open()
    till.submit()
    late = till.sign(till.receipt())
    till.follow(late)
    assert codes(till.submit()) == {"RCPT011": "Gray", "RCPT012": "Gray"}
    assert codes(till.submit()) == {}
    status = till.close()
    assert status["fiscalDayClosingErrorCode"] == "MissingReceipts"
    answer = till.post("SubmitReceipt", {"receipt": late}).json()
    assert codes(answer) == {}
    assert [r["validationErrors"] for r in till.simulator.ledger(till.device_id)["receipts"]] == [[], [], [], []]
    assert till.close()["fiscalDayStatus"] == "FiscalDayClosed"


def test_what_fills_a_gap_wrongly_makes_its_successor_red(till):
    till.open()
    till.submit()
    late = till.sign(till.receipt(receiptDate=text(till.date + timedelta(seconds=9))))
    till.follow(till.sign(till.receipt()))
    till.submit()
    assert codes(till.post("SubmitReceipt", {"receipt": late}).json()) == {}
    stored = till.simulator.ledger(till.device_id)["receipts"]
    assert {e["validationErrorCode"]: e["validationErrorColor"] for e in stored[1]["validationErrors"]} == {
        "RCPT020": "Red",
        "RCPT030": "Red",
    }


def test_reused_numbers_are_red(till):
    till.open()
    till.submit()
    previous = till.previous
    till.submit()
    again = till.sign(till.receipt(receiptCounter=2, receiptGlobalNo=2, invoiceNo="x"), previous)
    assert codes(till.post("SubmitReceipt", {"receipt": again}).json()) == {"RCPT011": "Red", "RCPT012": "Red"}
    far = till.sign(till.receipt(receiptCounter=9, receiptGlobalNo=2, invoiceNo="y"))
    assert codes(till.post("SubmitReceipt", {"receipt": far}).json()) == {"RCPT011": "Gray", "RCPT012": "Red"}


def test_numbers_may_restart_with_a_day_and_dates_may_not_go_back(till):
    till.open()
    till.submit()
    till.submit()
    last = till.date
    assert till.close()["fiscalDayStatus"] == "FiscalDayClosed"
    till.post("OpenDay", {"fiscalDayOpened": text(last - timedelta(minutes=1))})
    till.day, till.opened = 2, last
    till.counter, till.previous = 0, ""
    till.global_no = 0
    assert codes(till.submit(receiptDate=text(last))) == {"RCPT030": "Red"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"receiptCurrency": "XXX"}, {"RCPT010": "Red"}),
        ({"receiptTotal": 11.56}, {"RCPT019": "Red", "RCPT038": "Red", "RCPT039": "Red"}),
        ({"receiptLines": [line(receiptLinePrice=11.54)]}, {"RCPT024": "Red"}),
        ({"receiptLines": [line(receiptLineHSCode=None)]}, {"RCPT047": "Red"}),
        ({"receiptLines": [line(taxID=77)]}, {"RCPT025": "Red", "RCPT026": "Red", "RCPT027": "Red"}),
        ({"buyerData": {"buyerRegisterName": "Shop"}}, {"RCPT043": "Red"}),
        ({"receiptType": "CreditNote", "receiptNotes": "x"}, None),
    ],
)
def test_rules_are_judged(simulator, changes, expected, one):
    answer = one.submit(**changes)
    if expected is None:
        assert {"RCPT015", "RCPT022", "RCPT028", "RCPT040"} == set(codes(answer))
    else:
        assert codes(answer) == expected


@pytest.fixture(scope="module")
def one(simulator):
    """A device with an open day, for tests that each add a receipt."""
    till = made(simulator)
    till.open()
    return till


def test_times_that_are_odd_are_yellow(one):
    assert codes(one.submit(receiptDate=text(one.opened))) == {"RCPT014": "Yellow", "RCPT030": "Red"}
    assert codes(one.submit(receiptDate=text(now() + timedelta(hours=2)))) == {"RCPT031": "Yellow"}
    assert one.get("GetStatus")["lastReceiptGlobalNo"] == one.global_no
    ahead = one.global_no
    answer = one.submit(receiptDate=text(now()))
    assert codes(answer) == {"RCPT030": "Red"}
    assert one.get("GetStatus")["lastReceiptGlobalNo"] == ahead


def test_signatures_are_verified(one):
    signed = one.sign(one.receipt(), previous="x" * 44)
    answer = one.post("SubmitReceipt", {"receipt": signed}).json()
    assert codes(answer)["RCPT020"] == "Red"
    one.follow(signed)
    signed = one.sign(one.receipt())
    signed["receiptDeviceSignature"]["signature"] = base64.b64encode(b"r" * 64).decode()
    assert codes(one.post("SubmitReceipt", {"receipt": signed}).json())["RCPT020"] == "Red"


def test_an_invoice_number_is_used_once_by_all_devices_of_a_taxpayer(simulator, one):
    other = made(simulator)
    other.open()
    assert codes(other.submit(invoiceNo="SHARED")) == {}
    assert codes(other.submit(invoiceNo="SHARED")) == {"RCPT013": "Red"}
    third = made(simulator)
    third.open()
    assert codes(third.submit(invoiceNo="SHARED")) == {"RCPT013": "Red"}
    kiosk = made(simulator, vatNumber=None)
    kiosk.open()
    assert set(codes(kiosk.submit(invoiceNo="SHARED"))) == {"RCPT021"}


def note(till, reference, amount, kind="CreditNote", **changes):
    """A note over so many cents of the standard sale."""
    tax = round(amount * 15.5 / 115.5)
    sign = -1 if kind == "CreditNote" else 1
    total, taxed = sign * amount / 100, sign * tax / 100
    return till.submit(
        receiptType=kind,
        receiptNotes="returned",
        creditDebitNote=reference,
        receiptLines=[line(receiptLinePrice=total, receiptLineTotal=total)],
        receiptTaxes=[{"taxID": 3, "taxPercent": 15.5, "taxAmount": taxed, "salesAmountWithTax": total}],
        receiptPayments=[{"moneyTypeCode": "Cash", "paymentAmount": total}],
        receiptTotal=total,
        **changes,
    )


def test_notes_find_their_original_on_any_device_and_keep_its_balance(simulator):
    seller, taker, stranger = made(simulator), made(simulator), made(simulator, vatNumber="330011223")
    for each in (seller, taker, stranger):
        each.open()
    original = seller.submit()
    place = {"deviceID": seller.device_id, "receiptGlobalNo": 1, "fiscalDayNo": 1}
    assert codes(note(taker, place, 1000)) == {}
    by_id = {"receiptID": original["receiptID"]}
    assert codes(note(seller, by_id, 500)) == {"RCPT035": "Red"}
    assert codes(note(seller, by_id, 500, "DebitNote")) == {}
    assert codes(note(taker, by_id, 155)) == {}
    assert codes(note(taker, {**place, "fiscalDayNo": 9}, 1)) == {"RCPT032": "Red"}
    assert codes(note(stranger, by_id, 1)) == {"RCPT032": "Red"}
    assert codes(note(taker, by_id, 1, receiptCurrency="ZWG"))["RCPT042"] == "Red"


def test_an_rsa_key_signs_too(simulator):
    till = made(simulator, rsa.generate_private_key(65537, 2048))
    till.open()
    assert codes(till.submit()) == {}
    assert till.close()["fiscalDayStatus"] == "FiscalDayClosed"


def test_closing_errors(simulator):
    till = made(simulator)
    till.open()
    till.submit()
    wrong_day = till.close_body(fiscalDayNo=9)
    assert till.post("CloseDay", wrong_day).json()["errorCode"] == "FISC04"
    assert till.close(fiscalDayDeviceSignature=till.signature("x"))["fiscalDayClosingErrorCode"] == (
        "BadCertificateSignature"
    )
    assert till.close(receiptCounter=2)["fiscalDayClosingErrorCode"] == "MissingReceipts"
    assert till.close(receiptCounter=0)["fiscalDayClosingErrorCode"] == "CountersMismatch"
    honest = dict(till.counters)
    till.counters["BalanceByMoneyType", "USD", "Cash"] += 1
    assert till.close()["fiscalDayClosingErrorCode"] == "CountersMismatch"
    till.counters = honest
    status = till.close()
    assert status["fiscalDayStatus"] == "FiscalDayClosed"
    assert "fiscalDayClosingErrorCode" not in status


def test_an_empty_day_closes(till):
    till.open()
    assert till.close()["fiscalDayStatus"] == "FiscalDayClosed"


def test_kill_and_restart_keep_everything(tmp_path_factory):
    simulator = Simulator.fresh(tmp_path_factory)
    try:
        simulator.post("/clock", {"offsetSeconds": 120})
        till = Till(simulator, simulator.ready["devices"][3]).register()
        till.open()
        till.submit()
        signed = till.sign(till.receipt())
        first = till.post("SubmitReceipt", {"receipt": signed}).json()
        till.follow(signed)
        before = simulator.ledger(till.device_id)
        ready = simulator.ready
        simulator.restart()
        assert simulator.ready["devices"] == ready["devices"]
        assert simulator.control.get("/clock").json()["offsetSeconds"] == 120
        assert simulator.ledger(till.device_id) == before
        till.client = till.connect()
        again = till.post("SubmitReceipt", {"receipt": signed}).json()
        assert again["receiptServerSignature"] == first["receiptServerSignature"]
        answer = till.submit()
        assert codes(answer) == {}
        assert answer["receiptID"] > first["receiptID"]
        till.post("CloseDay", till.close_body())
        simulator.restart()
        till.client = till.connect()
        assert till.get("GetStatus")["fiscalDayStatus"] == "FiscalDayCloseInitiated"
        assert till.closed()["fiscalDayStatus"] == "FiscalDayClosed"
        till.open()
        simulator.restart()
        till.client = till.connect()
        assert codes(till.submit()) == {}
    finally:
        assert simulator.end() == 0


def test_stops_within_five_seconds_with_a_request_under_way(tmp_path_factory):
    simulator = Simulator.fresh(tmp_path_factory)
    simulator.post("/faults", {"rules": [{"action": "delay", "seconds": 60}]})
    with simulator.public(timeout=0.3) as client, pytest.raises(Exception, match="timed out"):
        client.get("/Public/v1/GetServerCertificate")
    begun = time.monotonic()
    assert simulator.end() == 0
    assert time.monotonic() - begun < 5
