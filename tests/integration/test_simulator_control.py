"""The control port and the faults it takes; the start with a faults file; the friendly start."""

import json
import re
import socket
import subprocess
import sys
import time

import httpx
import pytest

from tests.support.simulator import ROOT, Simulator, Till, codes


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield running
    assert running.end() == 0


@pytest.fixture(scope="module")
def till(simulator):
    till = Till(simulator, simulator.ready["devices"][0]).register()
    till.open()
    return till


@pytest.fixture(autouse=True)
def no_faults(simulator):
    yield
    assert simulator.control.delete("/faults").status_code == 200


def held(till) -> int:
    return len(till.simulator.ledger(till.device_id)["receipts"])


def faults(simulator, *rules, **more):
    answer = simulator.post("/faults", {"rules": list(rules), **more})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("action", "stored"), [("drop-before", 0), ("drop-after", 1), ("garbage", 1), ("truncate", 1), ("status", 0)]
)
def test_a_fault_strikes_and_the_same_receipt_settles_it(simulator, till, action, stored):
    faults(simulator, {"operation": "SubmitReceipt", "action": action, "count": 1, "status": 502})
    before = held(till)
    signed = till.sign(till.receipt())
    if action in ("garbage", "status"):
        answer = till.post("SubmitReceipt", {"receipt": signed})
        if action == "status":
            assert (answer.status_code, answer.json()["status"]) == (502, 502)
        else:
            assert answer.status_code == 200
            with pytest.raises(UnicodeDecodeError):
                answer.json()
    else:
        with pytest.raises(httpx.TransportError):
            till.post("SubmitReceipt", {"receipt": signed})
    assert held(till) == before + stored
    assert till.get("GetStatus")["fiscalDayStatus"] == "FiscalDayOpened"
    assert codes(till.post("SubmitReceipt", {"receipt": signed}).json()) == {}
    assert held(till) == before + 1
    till.follow(signed)


def test_delay_and_operations(simulator, till):
    faults(simulator, {"operation": "getstatus", "action": "delay", "seconds": 0.3, "count": 1})
    begun = time.monotonic()
    till.post("Ping")
    assert time.monotonic() - begun < 0.25
    till.get("GetStatus")
    assert time.monotonic() - begun > 0.3


def test_the_first_rule_that_matches_wins_and_is_used_up(simulator, till):
    faults(
        simulator,
        {"action": "status", "status": 500, "count": 2},
        {"operation": "Ping", "action": "status", "status": 429, "count": 1, "retryAfter": 3},
    )
    answers = [till.post("Ping") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 500, 429, 200]
    assert answers[2].headers["retry-after"] == "3"
    assert simulator.control.get("/faults").json()["struck"] == [2, 1]


def test_chance_is_repeatable(simulator, till):
    def pattern() -> list[int]:
        faults(simulator, {"action": "status", "probability": 0.5}, seed=7)
        return [till.post("Ping").status_code for _ in range(20)]

    first = pattern()
    assert set(first) == {200, 503}
    assert pattern() == first


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", b"{"),
        ("/faults", b"{}"),
        ("/faults", b'{"rules":[{"action":"explode"}]}'),
        ("/faults", b'{"rules":[{"action":"status","operation":"Nothing"}]}'),
        ("/faults", b'{"rules":[{"action":"status","probability":2}]}'),
        ("/faults", b'{"rules":[{"action":"status","status":200}]}'),
        ("/faults", b'{"rules":[{"action":"delay","second":1}]}'),
        ("/clock", b'{"offsetSeconds":"1"}'),
        ("/clock", b"[]"),
        ("/devices", b'{"deviceID":5}'),
        ("/devices", b'{"deviceID":0,"serialNo":"x","activationKey":"12345678"}'),
        ("/devices", b'{"deviceID":5,"serialNo":"x","activationKey":"1"}'),
        ("/devices", b'{"deviceID":5,"serialNo":"x","activationKey":"12345678","vatNumber":"12"}'),
        ("/devices", b'{"deviceID":5,"serialNo":"x","activationKey":"12345678","taxes":[{"taxID":"1"}]}'),
        ("/devices", b'{"deviceID":5,"serialNo":"x","activationKey":"12345678","taxes":[{"taxID":1,"validFrom":"x"}]}'),
        ("/settings", b'{"closeDelay":-1}'),
        ("/settings", b'{"unknown":1}'),
    ],
)
def test_bad_input_is_told_plainly(simulator, path, body):
    answer = simulator.control.post(path, content=body)
    assert answer.status_code == 400
    assert len(answer.json()["error"]) > 10


def test_unknown_places(simulator):
    for method, path, status in (
        ("GET", "/ledger/77", 404),
        ("GET", "/ledger/x", 404),
        ("GET", "/nothing", 404),
        ("POST", "/devices/10001/explode", 404),
        ("POST", "/devices/77/block", 404),
        ("PUT", "/faults", 405),
        ("POST", "/", 405),
    ):
        answer = simulator.control.request(method, path)
        assert (answer.status_code, "error" in answer.json()) == (status, True), path


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example:80"}, {"Origin": "http://evil.example"}, {"Host": ""}],
)
def test_only_this_machine_is_answered(simulator, headers):
    answer = simulator.control.post("/reset", headers=headers)
    assert answer.status_code in (400, 403)
    assert simulator.control.get("/devices", headers={"Host": "localhost:1"}).status_code == 200


def test_taxes_and_vat_of_a_device_can_be_chosen(simulator):
    entry = {"deviceID": 777, "serialNo": "N 1", "activationKey": "zzzz9999", "vatNumber": None}
    taxes = [{"taxID": 514, "taxName": "Non-VAT Withholding Tax", "taxPercent": 5.00}, {"taxID": 9}]
    taxes[1] |= {"validTill": "2020-01-01T00:00:00"}
    assert simulator.post("/devices", {**entry, "taxes": taxes}).status_code == 200
    config = Till(simulator, entry).register().get("GetConfig")
    assert "vatNumber" not in config
    assert config["applicableTaxes"] == [
        {"taxID": 514, "taxName": "Non-VAT Withholding Tax", "taxPercent": 5, "validFrom": "2017-01-01T00:00:00"}
    ]


def test_the_page_is_whole_and_guarded(simulator):
    page = simulator.control.get("/")
    assert "FDMS simulator" in page.text
    assert not re.search(r"(?:src|href)=", page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    overview = simulator.control.get("/overview").json()
    assert len(overview["devices"]) >= 20


def test_reset_makes_everything_new_but_the_authority(tmp_path_factory):
    simulator = Simulator.fresh(tmp_path_factory)
    try:
        till = Till(simulator, simulator.ready["devices"][2]).register()
        till.open()
        till.submit()
        simulator.post("/clock", {"offsetSeconds": 5})
        simulator.post("/devices", {"deviceID": 5, "serialNo": "x", "activationKey": "12345678"})
        faults(simulator, {"action": "drop-before"})
        assert simulator.post("/reset").status_code == 200
        assert till.client.post(f"/Device/v1/{till.device_id}/Ping").status_code == 401
        assert simulator.ledger(till.device_id)["receipts"] == []
        assert simulator.control.get("/clock").json()["offsetSeconds"] == 0
        assert simulator.control.get("/ledger/5").status_code == 404
        again = Till(simulator, simulator.ready["devices"][2]).register()
        again.open()
        assert codes(again.submit()) == {}
        assert simulator.post(f"/devices/{again.device_id}/reset").status_code == 200
        assert simulator.ledger(again.device_id)["fiscalDayNo"] is None
        fresh = Till(simulator, simulator.ready["devices"][2]).register()
        assert fresh.open().json()["fiscalDayNo"] == 1
    finally:
        assert simulator.end() == 0


def test_a_faults_file_and_a_folder_in_use(tmp_path_factory, tmp_path):
    rules = tmp_path / "faults.json"
    rules.write_text(json.dumps({"rules": [{"operation": "GetServerCertificate", "action": "status"}]}))
    simulator = Simulator.fresh(tmp_path_factory, "--faults", str(rules))
    try:
        with simulator.public() as client:
            assert client.get("/Public/v1/GetServerCertificate").status_code == 503
        second = run("--state-dir", str(simulator.state))
        assert second.returncode == 1
        assert "Another simulator runs" in second.stderr
    finally:
        assert simulator.end() == 0
    rules.write_text('{"rules":[{"action":"explode"}]}')
    bad = run("--state-dir", str(tmp_path), "--faults", str(rules))
    assert (bad.returncode, "explode" in bad.stderr, bad.stdout) == (1, True, "")


def test_a_port_in_use_is_told_plainly(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("--state-dir", str(tmp_path), "--port", str(port))
    assert answer.returncode == 1
    assert f"port {port} of 127.0.0.1 cannot be used" in answer.stderr
    assert run("--close-delay", "x").returncode == 2
    assert run("--port", "70000").returncode == 2


def test_a_damaged_ledger_is_told_plainly(tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"no database at all, but long enough to be read as one" * 99)
    answer = run("--state-dir", str(tmp_path))
    assert answer.returncode == 1
    assert f"The ledger in {tmp_path} cannot be used" in answer.stderr


def test_without_json_it_says_what_to_do_next(tmp_path):
    command = [sys.executable, "-m", "fiscalmon.simulator", "--state-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        lines = []
        while not (lines and lines[-1].startswith("Ctrl-C")):
            lines.append(process.stdout.readline())
            assert lines[-1]
        process.send_signal(2)
        assert process.wait(timeout=5) == 0
    text = "".join(lines)
    assert "fiscalmon device register --device-id 10001 --serial SIM-10001" in text
    assert str(tmp_path / "ca.pem") in text


def run(*arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "fiscalmon.simulator", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
