"""What each call sends and what it makes of the answer: paths, headers, bodies, values (Gateway v7.2 §3, §8-§15)."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

import pytest

from fiscalmon.domain.counters import Counter
from fiscalmon.domain.errors import BadInput, GatewayRefused, GatewayUnknown
from fiscalmon.domain.gateway import CloseDayRequest
from fiscalmon.domain.receipt import SignatureData
from fiscalmon.fdms.addresses import gateway_address
from fiscalmon.fdms.gateways import FdmsGateways, timeout_from_environment
from tests.contract.conftest import Identity
from tests.support import rough_gateway as does

SIGNATURE = {"hash": "aA==", "signature": "bB==", "certificateThumbprint": "AB" * 20}
STORED = {
    "receiptID": 10431986,
    "serverDate": "2026-03-02T08:05:11",
    "receiptServerSignature": SIGNATURE,
    "operationID": "0HNHM698NJVMT:00000002",
}
CONFIG = {
    "operationID": "1",
    "taxPayerName": "Shop",
    "taxPayerTIN": "2000000001",
    "vatNumber": "220000001",
    "deviceSerialNo": "SN-1",
    "deviceBranchName": "Main",
    "deviceBranchAddress": {"province": "Harare", "city": "Harare", "street": None, "houseNo": "1", "planet": "Earth"},
    "deviceOperatingMode": "Online",
    "taxPayerDayMaxHrs": 24,
    "taxpayerDayEndNotificationHrs": 2,
    "applicableTaxes": [
        {"taxID": 1, "taxName": "Exempt", "validFrom": "2023-01-01T00:00:00"},
        {"taxID": 517, "taxName": "Standard", "taxPercent": 15.50, "validFrom": "2025-12-15T00:00:00", "colour": 1},
    ],
    "certificateValidTill": "2027-03-02T08:00:00",
    "qrUrl": "https://fdmstest.zimra.co.zw",
}


@pytest.fixture
def server(serve):
    return serve()


@pytest.fixture
def gateway(server, connect):
    return connect(server.url)


def said(server, number=-1):
    seen = server.seen[number]
    return seen.method, seen.path, json.loads(seen.body) if seen.body else None


async def test_a_receipt_goes_out_byte_for_byte(server, gateway):
    payload = b'{"receipt":{"receiptTotal":34.40,  "receiptLineName":"caf\xc3\xa9"}}'
    server.act = does.answer(STORED)
    answer = await gateway.submit_receipt(payload)
    assert server.seen[0].body == payload
    assert server.seen[0].path == "/Device/v1/12345/SubmitReceipt"
    assert answer.receipt_id == 10431986
    assert answer.server_date == "2026-03-02T08:05:11"
    assert answer.server_signature.thumbprint == "AB" * 20
    assert answer.validation_errors is None


async def test_headers_of_every_call(server, gateway):
    server.act = does.answer(STORED)
    await gateway.submit_receipt(b"{}")
    headers = server.seen[0].headers
    assert headers["DeviceModelName"] == "Server"
    assert headers["DeviceModelVersion"] == "v1"
    assert headers["Content-Type"] == "application/json"
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert "gzip" not in headers["Accept-Encoding"]


@pytest.mark.parametrize("errors", [None, [], "Red Gray", "red GREY"])
async def test_validation_errors_come_in_any_spelling(errors, server, gateway):
    listed = errors
    if isinstance(errors, str):
        listed = [{"validationErrorCode": "RCPT012", "validationErrorColor": colour} for colour in errors.split()]
        listed[0]["validationErrorDescription"] = None
    server.act = does.answer({**STORED, "validationErrors": listed})
    answer = await gateway.submit_receipt(b"{}")
    assert answer.has_red is isinstance(errors, str)
    assert [error.color for error in answer.validation_errors or ()] == (errors.split() if errors else [])


async def test_unknown_members_are_ignored(server, gateway):
    server.act = does.answer(
        {**STORED, "loyaltyPoints": [1, {"x": None}], "receiptServerSignature": {**SIGNATURE, "n": 1}}
    )
    assert (await gateway.submit_receipt(b"{}")).receipt_id == 10431986


async def test_configuration(server, gateway):
    server.act = does.answer(CONFIG)
    config = await gateway.get_config()
    assert said(server) == ("GET", "/Device/v1/12345/GetConfig", None)
    assert config.vat_payer
    assert [tax.band for tax in config.taxes] == ["Exempt", "15.5%"]
    assert config.taxes[1].percent == Decimal("15.5")


@pytest.mark.parametrize("percent", ["1e999999999", '"much"', "[]"])
async def test_a_configuration_with_an_absurd_rate_is_not_believed(percent, server, gateway):
    text = json.dumps(CONFIG).replace("15.5,", f"{percent},")
    assert percent in text
    server.act = does.answer(text.encode())
    with pytest.raises(GatewayUnknown):
        await gateway.get_config()


async def test_status(server, gateway):
    server.act = does.answer(
        {
            "operationID": "1",
            "fiscalDayStatus": "FiscalDayClosed",
            "fiscalDayReconciliationMode": "Manual",
            "fiscalDayServerSignature": SIGNATURE,
            "fiscalDayClosed": "2026-03-02T20:00:00",
            "fiscalDayCounter": [
                {"fiscalCounterType": "SaleByTax", "fiscalCounterCurrency": "USD", "fiscalCounterTaxID": 1,
                 "fiscalCounterTaxPercent": None, "fiscalCounterValue": 7.40}
            ],
            "fiscalDayDocumentQuantities": [
                {"receiptType": "FiscalInvoice", "receiptCurrency": "USD", "receiptQuantity": 1,
                 "receiptTotalAmount": 7.4}
            ],
            "lastFiscalDayNo": 7,
            "lastReceiptGlobalNo": 104,
        }
    )  # fmt: skip
    status = await gateway.get_status()
    assert said(server) == ("GET", "/Device/v1/12345/GetStatus", None)
    assert (status.day_status, status.last_day_no, status.last_global_no) == ("FiscalDayClosed", 7, 104)
    assert status.counters[0].value == Decimal("7.4")
    assert status.documents[0].quantity == 1


async def test_ping_has_no_body(server, gateway):
    server.act = does.answer({"reportingFrequency": 5, "operationID": "1"})
    assert await gateway.ping() == 5
    assert said(server) == ("POST", "/Device/v1/12345/Ping", None)
    assert server.seen[0].headers["Content-Length"] == "0"


async def test_open_day(server, gateway):
    server.act = does.answer({"fiscalDayNo": 8, "operationID": "1"})
    assert await gateway.open_day("2026-03-03T08:00:00", 8) == 8
    body = {"fiscalDayNo": 8, "fiscalDayOpened": "2026-03-03T08:00:00"}
    assert said(server) == ("POST", "/Device/v1/12345/OpenDay", body)


async def test_close_day_sends_numbers_not_texts(server, gateway):
    server.act = does.answer({"operationID": "1"})
    counters = (
        Counter("SaleByTax", "USD", Decimal("22.00"), tax_id=517, tax_percent=Decimal("15.5")),
        Counter("BalanceByMoneyType", "USD", Decimal("-4.40"), money_type="Cash"),
    )
    assert await gateway.close_day(CloseDayRequest(7, counters, SignatureData("aA==", "bB=="), 4)) is None
    method, path, body = said(server)
    assert (method, path) == ("POST", "/Device/v1/12345/CloseDay")
    assert body == {
        "fiscalDayNo": 7,
        "receiptCounter": 4,
        "fiscalDayDeviceSignature": {"hash": "aA==", "signature": "bB=="},
        "fiscalDayCounters": [
            {"fiscalCounterType": "SaleByTax", "fiscalCounterCurrency": "USD", "fiscalCounterTaxID": 517,
             "fiscalCounterTaxPercent": 15.5, "fiscalCounterValue": 22},
            {"fiscalCounterType": "BalanceByMoneyType", "fiscalCounterCurrency": "USD",
             "fiscalCounterMoneyType": "Cash", "fiscalCounterValue": -4.4},
        ],
    }  # fmt: skip
    assert b'"fiscalCounterValue":-4.40' in server.seen[-1].body


async def test_a_close_is_not_believed_without_an_operation_id(server, gateway):
    server.act = does.answer({"welcome": "to the hotel"})
    with pytest.raises(GatewayUnknown):
        await gateway.close_day(CloseDayRequest(7, (), SignatureData("aA==", "bB=="), 0))


async def test_renewal(server, gateway, certificate):
    server.act = does.answer({"certificate": certificate, "operationID": "1"})
    request = "-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----\n"
    assert await gateway.issue_certificate(request) == certificate
    assert said(server) == ("POST", "/Device/v1/12345/IssueCertificate", {"certificateRequest": request})


async def test_a_certificate_that_is_none_is_not_believed(server, gateway):
    server.act = does.answer({"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    with pytest.raises(GatewayUnknown):
        await gateway.issue_certificate("x")


async def test_registration_needs_no_client_certificate(serve, gateways, authority, certificate):
    server = serve(open_to_all=True)
    public = gateways.registration(server.url, authority.pem, "Server", "v1")
    try:
        server.act = does.answer(
            {"taxPayerName": "Shop", "taxPayerTIN": "2000000001", "deviceBranchName": "Main",
             "deviceBranchAddress": {"city": "Harare"}, "operationID": "1"}
        )  # fmt: skip
        taxpayer = await public.verify_taxpayer(12345, "abcd1234", "SN-1")
        assert (taxpayer.name, taxpayer.vat_number) == ("Shop", None)
        path = "/Public/v1/12345/VerifyTaxpayerInformation"
        assert said(server) == ("POST", path, {"activationKey": "abcd1234", "deviceSerialNo": "SN-1"})
        server.act = does.answer({"certificate": certificate, "operationID": "1"})
        assert await public.register(12345, "abcd1234", "CSR") == certificate
        body = {"certificateRequest": "CSR", "activationKey": "abcd1234"}
        assert said(server) == ("POST", "/Public/v1/12345/RegisterDevice", body)
        assert server.seen[-1].headers["DeviceModelName"] == "Server"
        assert server.seen[-1].client is None
        server.act = does.problem(422, errorCode="DEV02", detail="Activation key is incorrect")
        with pytest.raises(GatewayRefused) as caught:
            await public.register(12345, "wrong123", "CSR")
        assert "activation key is wrong" in caught.value.text
    finally:
        await public.close()


async def test_the_activation_key_is_not_logged(serve, gateways, authority, capsys):
    server = serve(open_to_all=True)
    public = gateways.registration(server.url, authority.pem, "Server", "v1")
    server.act = does.problem(422, errorCode="DEV02")
    try:
        with pytest.raises(GatewayRefused) as caught:
            await public.register(12345, "SECRET42", "CSR")
    finally:
        await public.close()
    shown = "".join(capsys.readouterr()) + repr(caught.value) + caught.value.detail
    assert "SECRET42" not in shown
    assert "0HNHM698NJVMT:00000001" in shown


@pytest.mark.parametrize("ahead", [0.0, 300.0, -300.0])
async def test_drift_of_this_machines_clock(ahead, server, gateway, clock):
    assert gateway.clock_drift is None
    clock.ahead = timedelta(seconds=ahead)
    server.act = does.answer({"reportingFrequency": 5, "operationID": "1"})
    await gateway.ping()
    assert gateway.clock_drift == pytest.approx(ahead, abs=1)


async def test_drift_is_measured_in_the_middle_of_the_round_trip(server, keys, tmp_path, clock, authority, certificate):
    """FDMS takes 0.8 s before it says what time it is: the clocks agree all the same."""
    identity = Identity(12345, server.url, authority.pem, certificate)
    gateway = FdmsGateways(keys, tmp_path / "certificates", clock, timeout=10).for_device(identity)
    server.act = does.answer({"reportingFrequency": 5})
    await gateway.ping()  # the handshake is no part of the round trip that is measured here
    moment = datetime.now(UTC).replace(microsecond=500_000) + timedelta(seconds=1)

    def late(call):
        call.held.wait(0.8)
        return does.answer({"reportingFrequency": 5}, Date=format_datetime(moment, usegmt=True))(call)

    server.act = late
    before = datetime.now(UTC)
    try:
        await gateway.ping()
    finally:
        await gateway.close()
    round_trip = datetime.now(UTC) - before
    # Nearer to the middle than to either end, however slow the machine is today.
    middle = before + round_trip / 2
    assert gateway.clock_drift == pytest.approx((middle - moment).total_seconds(), abs=round_trip.total_seconds() / 4)


@pytest.mark.parametrize("date", ["yesterday", "", "Mon, 99 Foo 2026 08:00:00 GMT"])
async def test_a_date_that_is_none_changes_nothing(date, server, gateway):
    server.act = does.answer({"reportingFrequency": 5}, Date=date)
    await gateway.ping()
    assert gateway.clock_drift is None


async def test_refusals_tell_the_time_too(server, gateway, clock):
    clock.ahead = timedelta(hours=2)
    server.act = does.problem(422, errorCode="FISC01")
    with pytest.raises(GatewayRefused):
        await gateway.open_day("2026-03-03T08:00:00", 8)
    assert gateway.clock_drift == pytest.approx(7200, abs=1)


async def test_a_gateway_behind_a_path(server, connect):
    server.act = does.answer({"reportingFrequency": 5})
    await connect(f"{server.url}/fdms/").ping()
    assert server.seen[0].path == "/fdms/Device/v1/12345/Ping"


@pytest.mark.parametrize(
    "address",
    [
        "http://fdmsapi.zimra.co.zw",
        "fdmsapi.zimra.co.zw",
        "https://",
        "https://user:secret@fdmsapi.zimra.co.zw",
        "https://fdmsapi.zimra.co.zw/?a=1",
        "https://fdmsapi.zimra.co.zw:port",
        "file:///etc/passwd",
        "",
        "https://a\nb",
    ],
)
def test_addresses_that_are_refused(address):
    with pytest.raises(BadInput):
        gateway_address(address)


@pytest.mark.parametrize("name", ["", " Server", "Ser\r\nver: x", "Sérver"])
def test_model_names_that_would_break_a_header(name, gateways, authority):
    with pytest.raises(BadInput):
        gateways.registration("https://127.0.0.1:1", authority.pem, name, "v1")


def test_a_ca_file_that_holds_no_certificate(gateways):
    with pytest.raises(BadInput, match="CA file"):
        gateways.registration("https://127.0.0.1:1", "no PEM at all", "Server", "v1")


@pytest.mark.parametrize(("text", "seconds"), [(None, 30), ("", 30), ("2.5", 2.5), (" 60 ", 60)])
def test_the_time_out_comes_from_the_environment(text, seconds, monkeypatch):
    if text is None:
        monkeypatch.delenv("FISCALMON_GATEWAY_TIMEOUT", raising=False)
    else:
        monkeypatch.setenv("FISCALMON_GATEWAY_TIMEOUT", text)
    assert timeout_from_environment() == seconds


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan", "inf"])
def test_a_time_out_that_is_none_is_refused(text, monkeypatch, keys, tmp_path, clock):
    monkeypatch.setenv("FISCALMON_GATEWAY_TIMEOUT", text)
    with pytest.raises(BadInput, match="FISCALMON_GATEWAY_TIMEOUT"):
        FdmsGateways(keys, tmp_path, clock)


async def test_the_environments_time_out_is_in_force(monkeypatch, keys, tmp_path, clock, serve, authority, certificate):
    monkeypatch.setenv("FISCALMON_GATEWAY_TIMEOUT", "0.2")
    server = serve()
    server.act = does.silent
    gateway = FdmsGateways(keys, tmp_path, clock).for_device(Identity(12345, server.url, authority.pem, certificate))
    try:
        with pytest.raises(GatewayUnknown, match=r"0\.2 s"):
            await gateway.ping()
    finally:
        await gateway.close()
