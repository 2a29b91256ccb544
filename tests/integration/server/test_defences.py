"""Defences that nothing else would miss: each test here fails when its one defence is taken away."""

import asyncio
import hmac
import json
import socket
import ssl

import pytest

from fiscalmon.bootstrap import start_engine
from fiscalmon.data_folder import DataFolder
from fiscalmon.domain.errors import FiscalmonError
from fiscalmon.server import Limits, ServerSettings
from fiscalmon.server.answers import Problem
from fiscalmon.server.call import Pool
from tests.integration.server.test_gate import raw
from tests.support.lan import PASSWORD, Lan, heard

METRICS = "/api/dashboard/metrics/"


@pytest.fixture
def compared(monkeypatch):
    """What was compared in constant time."""
    seen = []
    original = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda one, other: seen.append((one, other)) or original(one, other))
    return seen


async def test_the_csrf_token_is_compared_in_constant_time(lan, compared):
    async with lan.browser("mandla") as http:
        wrong = {**http.page, "X-CSRF-Token": "0" * 64}
        assert (await http.post("/api/fiscal-days/open/", json={"deviceID": 101}, headers=wrong)).status_code == 403
    assert any(b"0" * 64 in pair for pair in compared)


async def test_the_control_channels_token_is_compared_in_constant_time(tmp_path, compared):
    engine = await start_engine(DataFolder(tmp_path / "data"))
    try:
        port = json.loads((tmp_path / "data" / "engine.json").read_text())["port"]
        for token in ("0" * 43, "żółć", "\ud800", None):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(json.dumps({"token": token}).encode() + b"\n")
            async with asyncio.timeout(5):
                assert await reader.read() == b""
            writer.close()
    finally:
        await engine.stop()
    assert any(b"0" * 43 in pair for pair in compared)


async def test_what_is_personal_is_kept_by_no_cache(lan):
    async with lan.browser("mandla") as http:
        for path in (METRICS, "/metrics", "/api/auth/me", "/api/receipts/", "/api/dashboard/export/receipts.csv"):
            answer = await http.get(path)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path
        assert (await http.get("/api/receipts/none/")).headers["cache-control"] == "no-store"


async def test_sign_ins_of_many_names_from_one_address_are_bounded(till, folder):
    """The growing delay is each name's own; who tries one password with many names meets this."""
    async with Lan(till, folder, limits=Limits(sign_ins_per_address=3)) as lan, lan.client() as http:

        async def status(body):
            answer = await http.post("/api/auth/token", json=body)
            if answer.status_code == 429:
                assert 1 <= int(answer.headers["retry-after"]) <= 60
            return answer.status_code

        tries = [await status({"username": f"name{number}", "password": "wrong but long"}) for number in range(2)]
        assert [*tries, await status({"refresh_token": "x" * 43})] == [401, 401, 401]
        assert await status({"refresh_token": "x" * 43}) == 429
        assert await status({"username": "vera", "password": PASSWORD}) == 429


async def test_password_hashes_wait_in_a_bounded_queue():
    pool, done = Pool(threads=1), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work():
        asyncio.run_coroutine_threadsafe(done.wait(), loop).result(10)

    waiting = [asyncio.ensure_future(pool.run(work)) for _ in range(64)]
    try:
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refused:
            await asyncio.wait_for(pool.run(work), 1)
        assert (refused.value.status, refused.value.headers["retry-after"]) == (429, "2")
    finally:
        done.set()
        await asyncio.gather(*waiting)
        pool.close()


async def test_no_query_names_a_device_of_others(lan, till):
    viewer, manager, owner = await lan.token("val101"), await lan.token("man101"), await lan.token("olga")
    till.alerts.held.append({**till.alerts.held[0], "alertId": "a3", "deviceID": 102})
    async with lan.client() as http:
        for device in (101, 102):
            await http.post("/api/receipts/", json={"saleId": f"S{device}", "deviceID": device}, headers=owner)
        history, export = "/api/dashboard/history/", "/api/dashboard/export/receipts.csv"
        for path in (history, export):
            assert (await http.get(path, params={"device": 102}, headers=manager)).status_code == 404
            assert (await http.get(path, params={"device": 102}, headers=owner)).status_code == 200
        told = (await http.get(history, headers=viewer)).json()
        assert [part["deviceID"] for part in told["devices"]] == [101]
        assert "r-S102" not in (await http.get(export, headers=manager)).text
        assert "r-S102" in (await http.get(export, headers=owner)).text
        assert [one["alertId"] for one in (await http.get("/api/alerts/", headers=viewer)).json()["items"]] == ["a1"]
        assert (await http.post("/api/alerts/a3/acknowledge/", headers=manager)).status_code == 404
        figures = (await http.get("/metrics", headers=viewer)).text
        assert 'deviceID="101"' in figures and 'deviceID="102"' not in figures
        assert "fiscalmon_devices 1\n" in figures
        assert (await http.post("/api/devices/102/retry/", headers=manager)).status_code == 404


async def test_what_the_office_is_told_reaches_nobody_else(lan, till):
    till.tell("signin.failed", None, account="olga")
    before = {"before": 100}
    async with lan.client() as http, lan.socket(await lan.token("vera")) as viewer:
        hello = await heard(viewer)
        assert (hello["type"], hello["data"]["events"]) == ("hello", [])
        till.tell("setting.changed", None)
        till.tell("receipt.completed", 101)
        assert (await heard(viewer))["type"] == "receipt.completed"
        for name, types in (("vera", []), ("sipho", ["signin.failed", "setting.changed"])):
            page = await http.get("/api/dashboard/events/", params=before, headers=await lan.token(name))
            assert [one["type"] for one in page.json()["items"]] == [*types, "receipt.completed"]


async def test_no_cipher_without_authenticated_encryption(lan):
    def offered(ciphers):
        context = ssl.create_default_context(cafile=lan.server.ca_file)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(ciphers)
        return asyncio.open_connection("127.0.0.1", lan.port, ssl=context, server_hostname="127.0.0.1")

    _, writer = await offered("ECDHE+AESGCM")
    writer.close()
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await offered("ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA")


async def test_a_body_that_announces_too_much_is_refused_unread(lan):
    """Whoever asks first (RFC 9110 §10.1.1) is told before it has sent anything."""
    head = f"POST /api/auth/login HTTP/1.1\r\nHost: {lan.authority}\r\nContent-Length: 10000000\r\n"
    answer = await raw(lan, f"{head}Expect: 100-continue\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_half_a_handshake_ends(till, folder):
    limits = Limits(handshake_seconds=0.3)
    async with Lan(till, folder, limits=limits) as lan:
        reader, writer = await asyncio.open_connection("127.0.0.1", lan.port)
        # The head of a record that promises a ClientHello of 512 bytes, and one byte of it.
        writer.write(b"\x16\x03\x01\x02\x00\x01")
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()


async def test_an_open_start_without_an_owner_is_refused(tmp_path):
    folder = DataFolder(tmp_path / "data")
    with pytest.raises(FiscalmonError, match="only once the till has an owner"):
        await start_engine(folder, server=ServerSettings(folder.path, host="0.0.0.0"))


async def test_a_callers_id_is_taken_in_one_form_alone(lan):
    async with lan.client() as http:
        for named, taken in (("pos1-20261122-7", True), ("a b c d e f g", False), ("<b>12345678", False)):
            answer = await http.get("/healthz", headers={"X-Correlation-ID": named})
            assert (answer.headers["x-correlation-id"] == named) is taken


async def test_a_peer_that_went_without_a_word_is_dropped(till, folder):
    """A phone that left the shop answers no ping; its socket does not stay."""
    limits = Limits(heartbeat_seconds=0.2, watch_seconds=0.1)
    async with Lan(till, folder, limits=limits) as lan:
        token = await lan.token("vera")
        reader, writer = await asyncio.open_connection("127.0.0.1", lan.port, ssl=lan.tls, server_hostname="127.0.0.1")
        head = f"GET /ws/dashboard/ HTTP/1.1\r\nHost: {lan.authority}\r\nAuthorization: {token['Authorization']}\r\n"
        head += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        writer.write(f"{head}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
        async with asyncio.timeout(5):
            assert (await reader.readline()).startswith(b"HTTP/1.1 101 ")
            # Everything is read, nothing is answered.
            while await reader.read(65_536):
                pass
            while lan.server.dashboards:  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.02)
        writer.close()


async def test_a_connection_that_is_reset_in_its_first_bytes_hurts_nobody(lan):
    for sent in (b"\x16", b"G", b"\x16\x03\x01\x02\x00\x01", b""):
        peer = socket.create_connection(("127.0.0.1", lan.port))
        # A reset instead of an end.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        peer.sendall(sent)
        peer.close()
    async with lan.client() as http:
        assert (await http.get("/healthz")).status_code == 200


async def test_a_refusal_is_held_back_longer_each_time(lan, monkeypatch):
    held, sleep = [], asyncio.sleep

    monkeypatch.setattr(asyncio, "sleep", lambda seconds, *more: held.append(seconds) or sleep(seconds, *more))
    async with lan.client() as http:
        for _ in range(4):
            body = {"username": "vera", "password": "wrong but long enough"}
            assert (await http.post("/api/auth/login", json=body)).status_code == 401
    # The listener's own pace is 0.1 s.
    assert [seconds for seconds in held if seconds in (0.2, 0.4, 0.8)] == [0.2, 0.4]
