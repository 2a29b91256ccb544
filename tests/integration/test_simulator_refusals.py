"""What the simulator refuses: certificates (401), devices and models (DEV), requests' shape (400), activation."""

import base64
import ssl
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support.simulator import MODEL, Simulator, Till, codes, line, now, request_of, text


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield running
    assert running.end() == 0


@pytest.fixture(scope="module")
def till(simulator):
    """The first device, with an open day."""
    till = Till(simulator, simulator.ready["devices"][0]).register()
    till.open()
    return till


def register(simulator, device, pem, key=None, headers=None):
    with httpx.Client(base_url=simulator.url, verify=simulator.tls(), trust_env=False) as client:
        return client.post(
            f"/Public/v1/{device['deviceID']}/RegisterDevice",
            json={"certificateRequest": pem, "activationKey": key or device["activationKey"]},
            headers=MODEL if headers is None else headers,
        )


def assert_problem(answer, status, code=None):
    body = answer.json()
    assert (answer.status_code, body["status"], body.get("errorCode")) == (status, status, code), body
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"https://httpstatuses.io/{status}"
    assert body["operationID"] == answer.headers["operationId"]
    assert ("errors" in body) is (status == 400)
    return body


def test_device_paths_want_the_devices_own_certificate(simulator, till):
    path = f"/Device/v1/{till.device_id}/GetStatus"
    with simulator.public() as client:
        body = assert_problem(client.get(path), 401)
    assert body["title"] == "Unauthorized"
    assert_problem(till.client.get("/Device/v1/10002/GetStatus"), 401)
    assert_problem(till.client.get("/Device/v1/99999/GetStatus"), 401)
    assert_problem(till.client.get("/Device/v1/abc/GetStatus"), 400)
    assert till.client.get(path).status_code == 200


def test_a_foreign_certificate_gets_no_connection(simulator, till):
    """TLS itself refuses what another authority issued; see docs/simulator.md."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, till.common_name)])
    foreign = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(5)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = foreign.public_bytes(serialization.Encoding.PEM).decode()
    with pytest.raises(httpx.TransportError):
        till.connect(pem, key).get(f"/Device/v1/{till.device_id}/GetStatus")


def test_validity_of_certificates_follows_the_clock(simulator, till):
    for days, status in ((400, 401), (-2, 401), (364, 200), (0, 200)):
        simulator.post("/clock", {"offsetSeconds": days * 86400})
        answer = till.client.get(f"/Device/v1/{till.device_id}/GetStatus")
        assert answer.status_code == status, days
        # A new connection too: the handshake does not judge dates.
        with till.connect() as client:
            assert client.post(f"/Device/v1/{till.device_id}/Ping").status_code == status
    assert text(now())[:16] in simulator.control.get("/clock").json()["now"]


def test_the_date_header_follows_the_clock(simulator, till):
    simulator.post("/clock", {"offsetSeconds": 86400 * 3})
    answer = till.client.post(f"/Device/v1/{till.device_id}/Ping")
    simulator.post("/clock", {"offsetSeconds": 0})
    expected = (datetime.now(UTC) + timedelta(days=3)).strftime("%d %b %Y")
    assert expected in answer.headers["date"]
    assert len(answer.headers.get_list("date")) == 1


def test_revoked_and_blocked_devices(simulator):
    till = Till(simulator, simulator.ready["devices"][5]).register()
    path = f"/devices/{till.device_id}"
    assert simulator.post(f"{path}/block").status_code == 200
    assert_problem(till.post("Ping"), 422, "DEV01")
    assert simulator.post(f"{path}/unblock").status_code == 200
    assert till.post("Ping").status_code == 200
    assert simulator.post(f"{path}/deactivate-taxpayer").status_code == 200
    assert_problem(till.post("Ping"), 422, "DEV05")
    assert simulator.post(f"{path}/activate-taxpayer").status_code == 200
    assert till.post("Ping").status_code == 200
    assert simulator.post(f"{path}/revoke-certificate").status_code == 200
    assert_problem(till.post("Ping"), 401)
    assert simulator.post(f"{path}/revoke-certificate").status_code == 400
    new = {"deviceID": till.device_id, "serialNo": till.serial, "activationKey": "NEWKEY99"}
    assert simulator.post("/devices", new).status_code == 200
    assert Till(simulator, new).register().post("Ping").status_code == 200


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "DEV06"),
        ({"DeviceModelName": "Server"}, "DEV06"),
        ({"DeviceModelName": "Server", "DeviceModelVersion": "v9"}, "DEV06"),
        ({"DeviceModelName": "Server", "DeviceModelVersionNo": "v1"}, None),
        ({"DeviceModelName": "Old", "DeviceModelVersion": "1"}, "DEV04"),
    ],
)
def test_models(simulator, till, headers, code):
    simulator.post("/models", {"name": "Old", "version": "1", "blacklisted": True})
    with till.connect() as client:
        client.headers = headers
        answer = client.post(f"/Device/v1/{till.device_id}/Ping")
    if code is None:
        assert answer.status_code == 200
    else:
        assert_problem(answer, 422, code)


def test_offline_devices(simulator):
    device = {"deviceID": 30001, "serialNo": "OFF", "activationKey": "12345678", "operatingMode": "Offline"}
    simulator.post("/devices", device)
    till = Till(simulator, device).register()
    assert till.get("GetConfig")["deviceOperatingMode"] == "Offline"
    assert till.post("Ping").status_code == 200
    for call in (till.client.get, till.client.post):
        name = "GetStatus" if call == till.client.get else "OpenDay"
        assert_problem(call(f"/Device/v1/30001/{name}"), 422, "DEV01")


def test_paths_and_methods(simulator, till):
    assert_problem(till.client.get("/Device/v1/10001/Nothing"), 404)
    assert_problem(till.client.get("/nothing"), 404)
    answer = till.client.get(f"/Device/v1/{till.device_id}/Ping")
    assert_problem(answer, 405)
    assert answer.headers["allow"] == "POST"
    assert till.client.post(f"/device/V1/{till.device_id}/ping").status_code == 200


def test_verify_taxpayer(simulator):
    device = simulator.ready["devices"][9]
    body = {"activationKey": device["activationKey"], "deviceSerialNo": device["serialNo"]}
    path = f"/Public/v1/{device['deviceID']}/VerifyTaxpayerInformation"
    with simulator.public() as client:
        del client.headers["DeviceModelName"]
        assert client.post(path, json=body).status_code == 200
        assert client.post(path, json=body).json()["deviceBranchAddress"]["city"]
        assert_problem(client.post(path, json={**body, "activationKey": "WRONG123"}), 422, "DEV02")
        assert_problem(client.post(path, json={**body, "deviceSerialNo": "other"}), 422, "DEV01")
        assert_problem(client.post(path.replace("10010", "55555"), json=body), 422, "DEV01")
        assert_problem(client.post(path, json={**body, "activationKey": "short"}), 400)


def test_registration(simulator):
    device = simulator.ready["devices"][1]
    name = f"ZIMRA-{device['serialNo']}-{device['deviceID']:010d}"
    key = ec.generate_private_key(ec.SECP256R1())
    good = request_of(key, name)
    for headers in ({}, {"DeviceModelName": "Server"}):
        assert_problem(register(simulator, device, good, headers=headers), 400)
    assert_problem(register(simulator, device, good, headers={**MODEL, "DeviceModelVersion": "x"}), 422, "DEV06")
    assert_problem(register(simulator, device, good, key="WRONGKEY"), 422, "DEV02")
    bad = {
        "ST attribute 'Some-State'": request_of(key, name, STATE_OR_PROVINCE_NAME="Some-State"),
        "C attribute": request_of(key, name, COUNTRY_NAME="GB"),
        "O attribute": request_of(key, name, ORGANIZATION_NAME="Mine"),
        "OU is not allowed": request_of(key, name, ORGANIZATIONAL_UNIT_NAME="IT"),
        "CN attribute": request_of(key, name + "1"),
        "P-256": request_of(ec.generate_private_key(ec.SECP384R1()), name),
        "2048": request_of(rsa.generate_private_key(65537, 1024), name),
        "SHA-256": request_of(key, name, digest=hashes.SHA512()),
        "not in PEM structure": good.replace("\n", "\\n"),
        "PEM": "hello",
        "signature": forged(good),
    }
    for words, pem in bad.items():
        body = assert_problem(register(simulator, device, pem), 422, "DEV03")
        assert words in body["detail"]
    full = request_of(
        key,
        name,
        COUNTRY_NAME="ZW",
        ORGANIZATION_NAME="Zimbabwe Revenue Authority",
        STATE_OR_PROVINCE_NAME="Zimbabwe",
    )
    answer = register(simulator, device, full)
    certificate = x509.load_pem_x509_certificate(answer.json()["certificate"].encode())
    assert certificate.subject.rfc4514_string() == f"CN={name},O=Zimbabwe Revenue Authority,C=ZW"
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=365)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_encipherment) == (True, True, True)
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert_problem(register(simulator, device, full), 422, "DEV02")


def forged(pem: str) -> str:
    """The request with the last byte of its signature changed."""
    der = bytearray(base64.b64decode("".join(pem.strip().splitlines()[1:-1])))
    der[-1] ^= 1
    return ssl.DER_cert_to_PEM_cert(bytes(der)).replace(" CERTIFICATE-", " CERTIFICATE REQUEST-")


def test_renewal_keeps_the_old_certificate_or_ends_it(simulator):
    till = Till(simulator, simulator.ready["devices"][6]).register()
    till.open()
    late = till.sign(till.receipt())
    old, old_key = till.client, till.key
    till.key = ec.generate_private_key(ec.SECP256R1())
    answer = till.post("IssueCertificate", {"certificateRequest": request_of(till.key, till.common_name)})
    till.certificate = answer.json()["certificate"]
    till.client = till.connect()
    # Signed before the renewal, sent after it.
    assert codes(till.post("SubmitReceipt", {"receipt": late}).json()) == {}
    till.follow(late)
    assert codes(till.submit()) == {}
    assert old.post(f"/Device/v1/{till.device_id}/Ping").status_code == 200
    simulator.post("/settings", {"revokeOnRenewal": True})
    again = till.post("IssueCertificate", {"certificateRequest": request_of(old_key, till.common_name)})
    assert again.status_code == 200
    assert_problem(till.post("Ping"), 401)
    assert_problem(old.post(f"/Device/v1/{till.device_id}/Ping"), 401)


def test_server_certificate(simulator):
    with simulator.public() as client:
        body = client.get("/Public/v1/GetServerCertificate").json()
        leaf = x509.load_pem_x509_certificate(body["certificate"][0].encode())
        assert body["certificateValidTill"] == leaf.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%S")
        thumbprint = leaf.fingerprint(hashes.SHA1()).hex()
        same = client.get("/Public/v1/GetServerCertificate", params={"thumbprint": thumbprint}).json()
        assert same["certificate"] == body["certificate"]
        assert_problem(client.get("/Public/v1/GetServerCertificate?thumbprint=" + "0" * 40), 404)
        assert_problem(client.get("/Public/v1/GetServerCertificate?thumbprint=" + "0" * 41), 400)


def without(receipt, name):
    return {key: value for key, value in receipt.items() if key != name}


SHAPES = [
    ("receipt.ReceiptTotal", lambda r: {**r, "receiptTotal": "11.55"}),
    ("receipt.ReceiptTotal", lambda r: without(r, "receiptTotal")),
    ("receipt.ReceiptTotal", lambda r: {**r, "receiptTotal": 11.555}),
    ("receipt.ReceiptTotal", lambda r: {**r, "receiptTotal": 10**19}),
    ("receipt.ReceiptTotal", lambda r: {**r, "receiptTotal": None}),
    ("receipt.ReceiptType", lambda r: {**r, "receiptType": "Invoice"}),
    ("receipt.ReceiptType", lambda r: {**r, "receiptType": 7}),
    ("receipt.ReceiptCounter", lambda r: {**r, "receiptCounter": 1.5}),
    ("receipt.ReceiptCounter", lambda r: {**r, "receiptCounter": True}),
    ("receipt.ReceiptGlobalNo", lambda r: {**r, "receiptGlobalNo": 2**31}),
    ("receipt.ReceiptDate", lambda r: {**r, "receiptDate": r["receiptDate"] + "Z"}),
    ("receipt.ReceiptDate", lambda r: {**r, "receiptDate": r["receiptDate"] + ".000"}),
    ("receipt.ReceiptDate", lambda r: {**r, "receiptDate": "2026-02-30T10:00:00"}),
    ("receipt.InvoiceNo", lambda r: {**r, "invoiceNo": "x" * 51}),
    ("receipt.ReceiptLinesTaxInclusive", lambda r: {**r, "receiptLinesTaxInclusive": "true"}),
    ("receipt.receiptLines", lambda r: {**r, "receiptLines": {}}),
    ("receipt.receiptLines[0]", lambda r: {**r, "receiptLines": [7]}),
    ("receipt.receiptLines[0].ReceiptLineName", lambda r: {**r, "receiptLines": [line(receiptLineName="n" * 201)]}),
    ("receipt.receiptLines[0].TaxID", lambda r: {**r, "receiptLines": [line(taxID=None)]}),
    ("receipt.receiptLines[0].ReceiptLinePrice", lambda r: {**r, "receiptLines": [line(receiptLinePrice=1.0000001)]}),
    ("receipt.buyerData.BuyerTIN", lambda r: {**r, "buyerData": {"buyerTIN": "123"}}),
    ("receipt.receiptDeviceSignature.Hash", lambda r: _hash(r, "QUJD")),
    ("receipt.receiptDeviceSignature.Hash", lambda r: _hash(r, "not base64")),
    ("receipt.ReceiptDeviceSignature", lambda r: without(r, "receiptDeviceSignature")),
    ("receipt.userInfo.UserFullName", lambda r: {**r, "userInfo": {"username": "tendai"}}),
]


def _hash(receipt, value):
    return {**receipt, "receiptDeviceSignature": {**receipt["receiptDeviceSignature"], "hash": value}}


@pytest.mark.parametrize(("path", "change"), SHAPES, ids=[f"{i}-{path}" for i, (path, _) in enumerate(SHAPES)])
def test_shapes_that_are_refused(till, path, change):
    answer = till.post("SubmitReceipt", {"receipt": change(till.sign(till.receipt()))})
    assert list(assert_problem(answer, 400)["errors"]) == [path]


def raw(till, body, name="SubmitReceipt"):
    return till.client.post(f"/Device/v1/{till.device_id}/{name}", content=body)


def test_bodies_that_are_refused(till):
    receipt = till.sign(till.receipt())
    body = assert_problem(till.post("SubmitReceipt", receipt), 400)
    assert body["errors"] == {"Receipt": ["The Receipt field is required."]}
    broken = (b"", b"{", b"[]", b"7", b"\xff", b'{"receipt":NaN}', b"[" * 100_000, b'{"receipt":' + b"9" * 5000)
    for content in broken:
        assert_problem(raw(till, content), 400)
    text_of = httpx.Request("POST", "http://x", json={"receipt": receipt}).content.decode()
    zeros = text_of.replace('"taxPercent":15.5', '"taxPercent":15.500')
    assert set(assert_problem(raw(till, zeros), 400)["errors"]) == {
        "receipt.receiptLines[0].TaxPercent",
        "receipt.receiptTaxes[0].TaxPercent",
    }
    lone = text_of.replace('"invoiceNo":"', '"invoiceNo":"\\ud800')
    assert list(assert_problem(raw(till, lone), 400)["errors"]) == ["receipt.InvoiceNo"]
    assert raw(till, b" " * (5 * 2**20)).status_code == 413
    counter = {"fiscalCounterType": "SaleByTax", "fiscalCounterCurrency": "USD", "fiscalCounterValue": 1.005}
    closing = till.close_body(fiscalDayCounters=[counter])
    assert assert_problem(till.post("CloseDay", closing), 400)["errors"] == {
        "fiscalDayCounters[0].FiscalCounterValue": ["provided value FiscalCounterValue do not satisfy decimal(21,2)."]
    }
    assert_problem(till.post("OpenDay", {"fiscalDayOpened": "2026-01-01 08:00:00"}), 400)
    assert till.simulator.ledger(till.device_id)["receipts"] == []


def test_what_the_binder_forgives(till):
    receipt = till.sign(till.receipt())
    loose = {name.upper(): value for name, value in receipt.items()}
    loose["RECEIPTTYPE"] = "FISCALINVOICE"
    loose["RECEIPTPAYMENTS"] = [{"moneyTypeCode": 0, "paymentAmount": 11.55}]
    loose["somethingElse"] = 5
    loose["buyerData"] = None
    assert codes(till.post("SubmitReceipt", {"Receipt": loose}).json()) == {}
    till.follow(receipt)
    exponents = till.sign(till.receipt())
    body = httpx.Request("POST", "http://x", json={"receipt": exponents}).content.decode()
    answer = raw(till, body.replace('"receiptTotal":11.55', '"receiptTotal":1155e-2'))
    assert codes(answer.json()) == {}
    till.follow(exponents)


def test_lines_are_numbered_from_one(till):
    receipt = till.sign(till.receipt(receiptLines=[line(receiptLineNo=2)]))
    assert_problem(till.post("SubmitReceipt", {"receipt": receipt}), 422, "RCPT02")


def test_days_are_opened_in_order(simulator):
    till = Till(simulator, simulator.ready["devices"][7]).register()
    assert_problem(till.open(fiscalDayNo=2), 422, "FISC01")
    assert till.open(fiscalDayNo=1).status_code == 200
    assert "not closed" in assert_problem(till.open(), 422, "FISC01")["detail"]
