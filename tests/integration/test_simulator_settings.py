"""What an officer or a test may set: hours and operating mode of a device, rate limits, fault of one operation only."""

import pytest

from tests.support.fdms_schema import Judge
from tests.support.simulator import Simulator, Till, codes, line


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running = Simulator.fresh(tmp_path_factory)
    running.hooks.append(Judge())
    yield running
    assert running.end() == 0


@pytest.fixture
def till(simulator):
    simulator.post("/reset")
    return Till(simulator, simulator.ready["devices"][0]).register()


def test_hours_of_a_device(simulator, till):
    config = till.get("GetConfig")
    assert (config["taxPayerDayMaxHrs"], config["taxpayerDayEndNotificationHrs"]) == (24, 20)
    entry = {"deviceID": till.device_id, "serialNo": till.serial, "activationKey": till.activation_key}
    simulator.post("/devices", {**entry, "taxPayerDayMaxHrs": 48, "taxpayerDayEndNotificationHrs": 2})
    simulator.restart()
    till.client = till.connect()
    config = till.get("GetConfig")
    assert (config["taxPayerDayMaxHrs"], config["taxpayerDayEndNotificationHrs"]) == (48, 2)
    assert simulator.post("/devices", {**entry, "taxPayerDayMaxHrs": 0}).status_code == 400


def test_the_operating_mode_by_entry_and_by_action(simulator, till):
    entry = {"deviceID": till.device_id, "serialNo": till.serial, "activationKey": till.activation_key}
    till.open()
    till.submit()
    simulator.post("/devices", {**entry, "operatingMode": "Offline"})
    assert till.get("GetConfig")["deviceOperatingMode"] == "Offline"
    assert till.post("SubmitReceipt", {}).json()["errorCode"] == "DEV01"
    assert simulator.post(f"/devices/{till.device_id}/online").json()["done"] == "online"
    till.submit()
    assert till.get("GetStatus")["lastReceiptGlobalNo"] == 2


def test_a_tax_that_is_to_come_is_told_and_one_that_ended_is_not(simulator, till):
    taxes = [
        {"taxID": 3, "taxPercent": 15, "validTill": "2020-12-31T23:59:59"},
        {"taxID": 3, "taxPercent": 15.5, "validFrom": "2021-01-01T00:00:00", "validTill": "2048-12-31T23:59:59"},
        {"taxID": 3, "taxPercent": 16, "validFrom": "2049-01-01T00:00:00"},
    ]
    entry = {"deviceID": till.device_id, "serialNo": till.serial, "activationKey": till.activation_key}
    assert simulator.post("/devices", {**entry, "taxes": taxes}).status_code == 200
    assert [tax["taxPercent"] for tax in till.get("GetConfig")["applicableTaxes"]] == [15.5, 16]
    till.open()
    assert codes(till.submit()) == {}
    early = till.submit(
        receiptLines=[line(taxPercent=16, receiptLinePrice=11.6, receiptLineTotal=11.6)],
        receiptTaxes=[{"taxID": 3, "taxPercent": 16, "taxAmount": 1.6, "salesAmountWithTax": 11.6}],
        receiptPayments=[{"moneyTypeCode": "Cash", "paymentAmount": 11.6}],
        receiptTotal=11.6,
    )
    assert codes(early) == {"RCPT025": "Red"}


def test_a_status_that_lags_behind(simulator, till):
    """Live, GetStatus has been seen to name the day open for a while after an accepted closeDay."""
    simulator.post("/settings", {"lateStatus": True, "closeDelay": 60})
    till.open()
    till.submit()
    body = till.close_body()
    assert till.post("CloseDay", body).status_code == 200
    assert till.get("GetStatus")["fiscalDayStatus"] == "FiscalDayOpened"
    assert till.post("CloseDay", body).json()["errorCode"] == "FISC03"
    simulator.post("/settings", {"lateStatus": False, "closeDelay": 0})
    assert till.get("GetStatus")["fiscalDayStatus"] == "FiscalDayCloseInitiated"
    simulator.restart()
    till.client = till.connect()
    assert till.closed()["fiscalDayStatus"] == "FiscalDayClosed"


def test_a_limit_of_calls_a_minute(simulator, till):
    simulator.post("/settings", {"rateLimit": 2})
    till.open()
    signed = till.sign(till.receipt())
    assert till.post("SubmitReceipt", {"receipt": signed}).status_code == 200
    late = till.post("SubmitReceipt", {"receipt": signed})
    assert late.status_code == 429
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    till.get("GetStatus")
    till.post("Ping")
    other = Till(simulator, simulator.ready["devices"][1]).register()
    assert other.open().status_code == 200
    simulator.post("/settings", {"rateLimit": 0})
    assert till.post("SubmitReceipt", {"receipt": signed}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"rounding": "sideways"},
        {"rateLimit": -1},
        {"fileDelay": 4000},
        {"fileWait": -1},
        {"codeMinutes": -1},
        {"tokenHours": "long"},
        {"nothing": 1},
    ],
)
def test_settings_that_no_fdms_has(simulator, wrong):
    before = simulator.control.get("/settings").json()
    answer = simulator.post("/settings", wrong)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert simulator.control.get("/settings").json() == before
