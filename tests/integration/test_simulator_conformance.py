"""Every operation of the gateway, its success and its problems, against the schema (Gateway v7.2 §4, §5)."""

import copy
import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

import fiscalmon.simulator
from tests.support.fdms_schema import OPERATIONS, SCHEMA, Judge, faults
from tests.support.simulator import Simulator, Till, codes, line, now, request_of, text

BODIES = {
    "VerifyTaxpayerInformation": {"activationKey": "12345678", "deviceSerialNo": "S"},
    "RegisterDevice": {"activationKey": "12345678", "certificateRequest": "-"},
    "GetServerCertificate": None,
}


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running = Simulator.fresh(tmp_path_factory, "--close-delay", "0")
    yield running
    assert running.end() == 0


@pytest.fixture
def judge(simulator):
    simulator.post("/reset")
    simulator.post("/settings", {"fileDelay": 0, "closeDelay": 0})
    made = Judge()
    simulator.hooks[:] = [made]
    yield made
    simulator.hooks.clear()


def path_of(name: str, device: object = 10001) -> str:
    return OPERATIONS[name]["path"].replace("{deviceID}", str(device)).replace("{userName}", "tendai")


def call(client: httpx.Client, name: str, **more) -> httpx.Response:
    return client.request(OPERATIONS[name]["method"], more.pop("path", path_of(name)), **more)


def test_every_success(simulator, judge):
    """A shop's whole story; nothing that FDMS offers is left out."""
    device, other = simulator.ready["devices"][:2]
    verify = {"activationKey": device["activationKey"], "deviceSerialNo": device["serialNo"]}
    with simulator.public() as client:
        assert call(client, "VerifyTaxpayerInformation", json=verify).status_code == 200
        assert call(client, "GetServerCertificate").status_code == 200
    till = Till(simulator, device).register()
    assert till.post("IssueCertificate", {"certificateRequest": request_of(till.key, till.common_name)}).is_success
    till.get("GetConfig")
    till.get("GetStatus")
    till.post("Ping")
    till.open()
    till.submit()
    original = till.submit()
    reference = {"creditDebitNote": {"receiptID": original["receiptID"]}, "receiptNotes": "Returned"}
    assert codes(till.submit(receiptType="DebitNote", **reference)) == {}
    yellow = till.submit(receiptDate=text(now() + timedelta(days=300)))
    assert {"RCPT031", "RCPT041"} <= set(codes(yellow))
    till.get("GetStatus")
    red = till.submit(receiptLines=[line(receiptLineQuantity=-1)])
    assert "Red" in codes(red).values()
    assert till.close()["fiscalDayClosingErrorCode"] == "ReceiptsWithValidationErrors"
    simulator.post(f"/devices/{till.device_id}/close-day-manually")
    assert till.get("GetStatus")["fiscalDayReconciliationMode"] == "Manual"

    simulator.post(f"/devices/{other['deviceID']}/offline")
    offline = Till(simulator, other).register().begin_offline()
    offline.send_file(offline.offline_file(1, offline.sell_offline(receiptTotal=99), footer=True))
    offline.send_file(offline.offline_file(9))
    assert offline.processed(2)[0]["invoiceWithValidationErrors"]

    users(simulator, till)
    assert call(till.client, "Search", params={"Offset": 0, "Limit": 9}).json()["rows"]
    assert call(till.client, "SearchBranches", params={"Offset": 0, "Limit": 9}).json()["rows"]
    assert {name for name, status in judge.seen if status == 200} == set(OPERATIONS)


def users(simulator, till) -> None:
    def say(name: str, token: str = "", **body):
        answer = call(till.client, name, json=body, headers={"Token": token})
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else {}

    def code() -> str:
        return simulator.control.get("/security-codes").json()[0]["securityCode"]

    say("CreateUser", userName="tendai", personName="T", personSurname="M", userRole="Cashier")
    say("SendSecurityCodeToTaxpayer", userName="tendai")
    token = say("ConfirmUser", userName="tendai", securityCode=code(), password="password 1")["token"]
    say("SendSecurityCodeToUserEmail", token, userEmail="t@shop.example")
    say("ConfirmContact", token, securityCode=code(), channel="Email")
    say("SendSecurityCodeToUserPhone", token, phoneNo="+263771000111")
    say("ResetPassword", userName="tendai", channel=0)
    reset = next(c for c in simulator.control.get("/security-codes").json() if c["purpose"] == "reset")
    say("ConfirmPasswordReset", userName="tendai", securityCode=reset["securityCode"], newPassword="password 2")
    token = say("Login", userName="tendai", password="password 2")["token"]
    token = say("ChangePassword", token, oldPassword="password 2", newPassword="password 3")["token"]
    say("Update", token, userName="tendai", personName="T", personSurname="M", userRole="Manager")
    say("CreateUser", userName="rudo", personName="R", personSurname="M", userRole="Cashier")
    rows = call(till.client, "GetUsersList", params={"Offset": 0, "Limit": 9}).json()["rows"]
    assert [row["userStatus"] for row in rows] == ["NotConfirmed", "Active"]
    say("Block", token)
    second = Till(simulator, simulator.ready["devices"][2]).register()
    secret = {"userName": "anna", "personName": "A", "personSurname": "M", "userRole": "Cashier"}
    call(second.client, "CreateUser", path=path_of("CreateUser", second.device_id), json=secret)
    say("SendSecurityCodeToTaxpayer", userName="anna")
    found = [c for c in simulator.control.get("/security-codes").json() if c["userName"] == "anna"]
    other = say("ConfirmUser", userName="anna", securityCode=found[0]["securityCode"], password="password 4")
    say("Unblock", other["token"])


def test_every_declared_problem(simulator, judge):
    """401, 400, 422, 429, 500 of each operation that declares them; and 404 and 405."""
    till = Till(simulator, simulator.ready["devices"][0]).register()
    expected = set()
    with simulator.public() as stranger:
        for name, operation in OPERATIONS.items():
            client = stranger if operation["path"].startswith("/Public") else till.client
            body = BODIES.get(name, {})
            more = {"json": body} if operation["method"] == "POST" and body is not None else {}
            if 401 in operation["problems"]:
                assert call(stranger, name, **more).status_code == 401
            if "{deviceID}" in operation["path"]:
                assert call(client, name, path=path_of(name, "till-1"), **more).status_code == 400
                wrong = {"DeviceModelName": "Abacus", "DeviceModelVersion": "v0"}
                assert call(client, name, headers=wrong, **more).json()["errorCode"] == "DEV06"
                expected |= {(name, 400), (name, 422)}
            for status in {429, 500} & set(operation["problems"]):
                rule = {"operation": name, "action": "status", "status": status, "retryAfter": 1, "count": 1}
                simulator.post("/faults", {"rules": [rule]})
                assert call(client, name, **more).status_code == status
            other = "GET" if operation["method"] == "POST" else "POST"
            assert client.request(other, path_of(name)).status_code == 405
            expected |= {(name, 405), (name, 500)}
            expected |= {(name, status) for status in (401, 429) if status in operation["problems"]}
        unknown = stranger.get("/Public/v1/GetServerCertificate?thumbprint=" + "A" * 40)
        assert unknown.status_code == 404
        assert stranger.get("/Public/v1/GetServerCertificate?thumbprint=" + "A" * 41).status_code == 400
        assert stranger.get("/Device/v2/10001/Ping").status_code == 404
        assert till.client.post("/User/v1/10001/Block").status_code == 404
        assert till.client.post("/Device/v1/10001/Ping/more").status_code == 404
    assert expected <= judge.seen
    assert judge.codes == {"DEV06"}


def test_only_codes_of_the_document_exist():
    """No FDC codes, no FISC02: the names in the simulator's sources are the document's."""
    folder = Path(fiscalmon.simulator.__file__).parent
    sources = "".join(path.read_text() for path in folder.glob("*.py"))
    used = set(re.findall(r'refused\(\s*"(\w+)"', sources))
    assert used == set(SCHEMA["errorCodes"])


def test_the_schema_finds_what_is_wrong(simulator):
    """The judge itself: each bend of a good answer is seen."""
    with simulator.public() as client:
        good = call(client, "GetServerCertificate")
    assert list(faults("GetServerCertificate", good)) == []
    body = good.json()

    def bent(change, status: int = 200) -> list[str]:
        made = copy.deepcopy(body)
        change(made)
        headers = {name: good.headers[name] for name in ("operationId", "date", "content-type")}
        answer = httpx.Response(status, content=json.dumps(made), headers=headers, request=good.request)
        return list(faults("GetServerCertificate", answer))

    assert bent(lambda made: None) == []
    assert bent(lambda made: made.pop("certificateValidTill")) == [".certificateValidTill is missing"]
    assert bent(lambda made: made.update(operationID="0HAAAAAAAAAAA:00000000")) != []
    assert bent(lambda made: made.update(certificateValidTill="2026-01-01T00:00:00Z")) != []
    assert bent(lambda made: made.update(certificate=["x", 1])) != []
    assert bent(lambda made: made.update(certificate="x")) != []
    assert bent(lambda made: made.update(extra=1)) == [".extra is unknown"]
    assert bent(lambda made: None, 404) != []
