"""Clients of others against our simulator: every endpoint and form, and the habits that published clients have."""

import base64
import json
import time
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.support.foreign_till import HEADERS, ForeignTill, Refused
from tests.support.simulator import Simulator
from tests.support.tills import new_device


@pytest.fixture(scope="module")
def fdms(tmp_path_factory):
    running = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield running
    assert running.end() == 0


@pytest.fixture
def make(fdms, tmp_path):
    """A foreign till for a new device, not yet registered."""

    def made(*, kind="ec", headers=HEADERS, **entry) -> ForeignTill:
        return ForeignTill(fdms.url, fdms.ca, tmp_path, new_device(fdms, **entry), kind=kind, headers=headers)

    return made


def some_minutes_ago() -> datetime:
    return datetime.now(timezone(timedelta(hours=2))).replace(tzinfo=None, microsecond=0) - timedelta(minutes=9)


def opened(till: ForeignTill) -> ForeignTill:
    moment = some_minutes_ago()
    answer = till.device_call("OpenDay", {"fiscalDayOpened": moment.isoformat(), "fiscalDayNo": None})
    till.begin(moment, answer["fiscalDayNo"])
    return till


def closed(till: ForeignTill) -> dict:
    till.closing = till.close_body()
    assert set(till.device_call("CloseDay", till.closing)) == {"operationID"}
    for _ in range(200):
        status = till.device_call("GetStatus")
        if status["fiscalDayStatus"] not in ("FiscalDayCloseInitiated", "FiscalDayOpened"):
            return status
        time.sleep(0.02)
    raise AssertionError(status)


def fdms_signed(till: ForeignTill, text: str, mark: dict) -> None:
    """Raises InvalidSignature unless FDMS's own certificate made the signature."""
    answer = till.call(f"/Public/v1/GetServerCertificate?thumbprint={mark['certificateThumbprint']}")
    found = [x509.load_pem_x509_certificate(pem.encode()) for pem in answer["certificate"]]
    own = next(c for c in found if c.fingerprint(hashes.SHA1()).hex().upper() == mark["certificateThumbprint"].upper())
    own.public_key().verify(base64.b64decode(mark["signature"]), text.encode(), padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_whole_life(make, kind):
    till = make(kind=kind)
    asked = {"activationKey": till.device["activationKey"], "deviceSerialNo": till.device["serialNo"]}
    shown = till.call(f"/Public/v1/{till.id}/VerifyTaxpayerInformation", asked)
    assert {"operationID", "taxPayerName", "taxPayerTIN", "deviceBranchName", "deviceBranchAddress"} <= set(shown)
    with pytest.raises(Refused) as refused:
        till.device_call("GetConfig")
    assert (refused.value.status, refused.value.said["title"]) == (401, "Unauthorized")
    till.register()
    config = till.device_call("GetConfig")
    assert [tax.get("taxPercent") for tax in config["applicableTaxes"]] == [None, 0, 15.5, 5]
    assert till.device_call("GetStatus")["fiscalDayStatus"] == "FiscalDayClosed"
    assert till.device_call("Ping", b"", method="POST")["reportingFrequency"] > 0
    assert {"date", "operationid"} <= set(till.last_headers)
    opened(till)
    first = till.receipt(1)
    answer = till.submit(first)
    assert not answer.get("validationErrors")
    fdms_signed(
        till,
        f"{first['receiptDeviceSignature']['signature']}{answer['receiptID']}{answer['serverDate']}",
        answer["receiptServerSignature"],
    )
    again = till.device_call("SubmitReceipt", {"receipt": first})
    assert (again["receiptID"], again["operationID"] == answer["operationID"]) == (answer["receiptID"], False)
    status = closed(till)
    assert (status["fiscalDayStatus"], status["fiscalDayReconciliationMode"]) == ("FiscalDayClosed", "Auto")
    counters = "SALEBYTAXUSD15.501155SALETAXBYTAXUSD15.50155BALANCEBYMONEYTYPEUSDCASH1155"
    own = till.closing["fiscalDayDeviceSignature"]["signature"]
    day = f"{till.id}{till.day_no}{till.opened.date()}{status['fiscalDayClosed']}AUTO{counters}{own}"
    fdms_signed(till, day, status["fiscalDayServerSignature"])
    renewed = till.device_call("IssueCertificate", {"certificateRequest": till.request()})
    till.take_certificate(renewed["certificate"])
    assert till.device_call("GetStatus")["lastReceiptGlobalNo"] == 1
    listed = till.call(f"/User/v1/{till.id}/GetUsersList?Offset=0&Limit=10")
    assert (listed["total"], listed["rows"]) == (0, [])
    assert till.call(f"/ProductsStock/v1/{till.id}/Search?Offset=0&Limit=10")["rows"] is not None
    assert till.call(f"/DeviceInformation/v1/{till.id}/SearchBranches?Offset=0&Limit=10")["rows"]


def noting(till: ForeignTill) -> dict:
    original = till.submit(till.receipt(1))
    line = {"receiptLineType": "Sale", "receiptLineNo": 1, "receiptLineHSCode": "34011100", "receiptLineName": "Soap",
            "receiptLinePrice": -11.55, "receiptLineQuantity": 1.0, "receiptLineTotal": -11.55, "taxPercent": 15.50,
            "taxID": 3}  # fmt: skip
    return till.receipt(
        2,
        receiptType="CreditNote",
        receiptNotes="returned",
        creditDebitNote={"receiptID": original["receiptID"], "deviceID": None, "fiscalDayNo": None},
        receiptLines=[line],
        receiptTaxes=[{"taxPercent": 15.5, "taxID": 3, "taxAmount": -1.55, "salesAmountWithTax": -11.55}],
        receiptPayments=[{"moneyTypeCode": "Cash", "paymentAmount": -11.55}],
        receiptTotal=-11.55,
    )


def exempt(till: ForeignTill, **line) -> dict:
    """As clients write an exempt line: percent null or not there; a code on line and tax."""
    return till.receipt(
        1,
        receiptLines=[{"receiptLineType": "Sale", "receiptLineNo": 1, "receiptLineHSCode": "49019900",
                       "receiptLineName": "Book", "receiptLinePrice": None, "receiptLineQuantity": 3,
                       "receiptLineTotal": 1.0, "taxID": 1, **line}],
        receiptTaxes=[{"taxID": 1, "taxAmount": 0.0, "salesAmountWithTax": 1.0, **line}],
        receiptPayments=[{"moneyTypeCode": "MobileWallet", "paymentAmount": 1.0}],
        receiptTotal=1.0,
    )  # fmt: skip


HABITS = {
    "members null where they do not apply": lambda t: t.receipt(
        1, buyerData=None, receiptNotes=None, creditDebitNote=None, receiptPrintForm=None, userInfo=None
    ),
    "empty notes": lambda t: t.receipt(1, receiptNotes=""),
    "unknown members": lambda t: t.receipt(1, deviceID=t.id, fiscalDayNo=1, username="tendai", userNameSurname="M"),
    "who sold it": lambda t: t.receipt(1, userInfo={"username": "tendai", "userFullName": "Tendai Moyo"}),
    "a buyer in full": lambda t: t.receipt(
        1,
        buyerData={
            "buyerRegisterName": "Moyo", "buyerTradeName": "Moyo & Sons", "buyerTIN": "2000000001",
            "VATNumber": "220000001", "buyerContacts": {"phoneNo": "+263 7", "email": "a@b.zw"},
            "buyerAddress": {"province": "Harare", "city": "Harare", "street": "First", "houseNo": "1"},
        },
    ),
    "a buyer in short": lambda t: t.receipt(
        1, buyerData={"buyerRegisterName": "Moyo", "buyerTIN": "2000000001", "buyerTradeName": None, "vatNumber": None}
    ),
    "a code for the tax": lambda t: t.receipt(
        1,
        receiptLines=[{**t.receipt(1)["receiptLines"][0], "taxCode": "A"}],
        receiptTaxes=[{"taxCode": "A", "taxPercent": 15.5, "taxID": 3, "taxAmount": 1.55, "salesAmountWithTax": 11.55}],
    ),
    "exempt without percent": exempt,
    "exempt with null": lambda t: exempt(t, taxPercent=None),
    "exempt with a code": lambda t: exempt(t, taxCode="C"),
    "a credit by the id alone": noting,
    "several payments, one of nothing": lambda t: t.receipt(
        1, receiptPayments=[{"moneyTypeCode": name, "paymentAmount": p} for name, p in (("Cash", 11.55), ("Card", 0))]
    ),
}  # fmt: skip


@pytest.mark.parametrize("habit", HABITS)
def test_a_habit_is_taken_and_the_day_closes(make, habit):
    till = opened(make().register())
    answer = till.submit(HABITS[habit](till))
    assert not answer.get("validationErrors")
    assert closed(till)["fiscalDayStatus"] == "FiscalDayClosed"


def lowered(value):
    if isinstance(value, dict):
        return {name.lower(): lowered(item) for name, item in value.items()}
    return [lowered(item) for item in value] if isinstance(value, list) else value


WRITTEN = {
    "escaped slashes, as PHP": lambda text: text.replace("/", "\\/"),
    "a byte-order mark": lambda text: "\ufeff" + text,
    "spread over lines": lambda text: json.dumps(json.loads(text), indent=4),
    "another order": lambda text: json.dumps(json.loads(text), sort_keys=True),
    "names in lower case": lambda text: json.dumps(lowered(json.loads(text))),
    "enumerations as numbers": lambda text: text.replace('"FiscalInvoice"', "0").replace('"Cash"', "0"),
    "enumerations in capitals": lambda text: text.replace('"FiscalInvoice"', '"FISCALINVOICE"'),
    "a zero behind the point": lambda text: text.replace('"receiptLineQuantity": 1,', '"receiptLineQuantity": 1.0,'),
    "two decimals everywhere": lambda text: text.replace("15.5,", "15.50,"),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_however_the_json_is_written(make, how):
    till = opened(make().register())
    receipt = till.receipt(1)
    text = json.dumps({"receipt": receipt})
    answer = till.device_call("SubmitReceipt", WRITTEN[how](text).encode())
    assert not answer.get("validationErrors")


@pytest.mark.parametrize(
    "headers",
    [
        {"DeviceModelName": "Server", "DeviceModelVersionNo": "v1"},
        {**HEADERS, "DeviceModelVersionNo": "v1"},
        {"devicemodelname": "Server", "devicemodelversion": "v1"},
        {**HEADERS, "Content-Type": "text/json", "User-Agent": "ZimraClient/1.0", "Accept": "*/*"},
        {**HEADERS, "Accept": "text/plain", "Accept-Encoding": "gzip, deflate, br", "Connection": "close"},
    ],
)
def test_headers_of_published_clients(make, headers):
    till = opened(make(headers=headers).register())
    assert not till.submit(till.receipt(1)).get("validationErrors")


def test_a_refusal_reads_the_same_everywhere(make):
    till = opened(make().register())
    with pytest.raises(Refused) as unwrapped:
        till.device_call("SubmitReceipt", till.receipt(1))
    assert unwrapped.value.status == 400
    assert any("receipt" in field.lower() for field in unwrapped.value.said["errors"])
    with pytest.raises(Refused) as twice:
        till.device_call("OpenDay", {"fiscalDayOpened": some_minutes_ago().isoformat()})
    said = twice.value.said
    assert (twice.value.status, said["errorCode"], said["status"]) == (422, "FISC01", 422)
    assert said["type"] == "https://httpstatuses.io/422"
    assert twice.value.headers["Content-Type"] == "application/problem+json"
    assert said["operationID"] == twice.value.headers["operationId"]
    text = json.dumps({"receipt": till.receipt(1)}).replace('"taxPercent": 15.5', '"taxPercent": 15.500')
    with pytest.raises(Refused) as zeros:
        till.device_call("SubmitReceipt", text.encode())
    assert "decimal(5,2)" in json.dumps(zeros.value.said["errors"])


def wrapped(content: bytes, how: str) -> tuple[bytes, dict]:
    if how == "multipart":
        head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="day.json"\r\n\r\n'
        return head + base64.b64encode(content) + b"\r\n--B--\r\n", {"Content_Type": "multipart/form-data; boundary=B"}
    return (base64.b64encode(content) if how == "base64" else content), {"Content_Type": "text/plain"}


@pytest.mark.parametrize("how", ["text", "base64", "multipart"])
def test_a_day_of_an_offline_device_as_a_file(make, how):
    till = make(operatingMode="Offline").register()
    till.begin(some_minutes_ago(), 1)
    receipts = []
    for number in (1, 2):
        receipts.append(till.receipt(number))
        till.count(receipts[-1])
    close = till.close_body()
    del close["fiscalDayNo"]
    day = {
        "header": {
            "deviceId": till.id, "fiscalDayNo": 1, "fiscalDayOpened": till.opened.isoformat(), "fileSequence": 1,
        },
        "content": {"receipts": receipts},
        "footer": {**close, "fiscalDayClosed": till.last.isoformat()},
    }  # fmt: skip
    body, headers = wrapped(json.dumps(day).encode(), how)
    operation = till.device_call("SubmitFile", body, **headers)["operationID"]
    first, last = till.opened.date(), till.opened.date() + timedelta(days=2)
    span = f"FileUploadedFrom={first}T00:00:00&FileUploadedTill={last}T00:00:00"
    for _ in range(200):
        listed = till.device_call(f"SubmittedFileList?OperationID={operation}&{span}&Offset=0&Limit=10")
        if listed["rows"] and listed["rows"][0]["fileProcessingStatus"] != "InProgress":
            break
        time.sleep(0.02)
    (row,) = listed["rows"]
    assert (row["fileProcessingStatus"], row["dayNo"], row["hasFooter"]) == ("CompleteSuccessful", 1, True)
    assert not row.get("invoiceWithValidationErrors")
