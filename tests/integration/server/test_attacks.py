"""What somebody on the shop's network tries who is not let in: crowds, silence, forged lines in logs, paths, doors."""

import asyncio
import json
import logging
import time

import httpx
import pytest
import structlog

from fiscalmon.logs import log_to
from fiscalmon.server import Limits
from fiscalmon.server.open_files import room_for
from fiscalmon.server.routes import ROUTES
from tests.support.lan import PASSWORD, Lan, heard

METRICS = "/api/dashboard/metrics/"
CROWD = 1_000


async def connections(lan, count):
    """So many connections that never say a word."""
    opened = await asyncio.gather(
        *(asyncio.open_connection("127.0.0.1", lan.port) for _ in range(count)), return_exceptions=True
    )
    return [one[1] for one in opened if not isinstance(one, Exception)]


async def test_a_thousand_silent_connections_hold_nobody_up(till, folder):
    limits = Limits(handshake_seconds=1.0, watch_seconds=0.1)
    async with Lan(till, folder, limits=limits) as lan:
        token = await lan.token("vera")
        async with lan.socket(token) as dashboard, lan.client() as http:
            await heard(dashboard, "hello")
            crowd = await connections(lan, CROWD)
            assert len(crowd) == CROWD
            # Others are served meanwhile, and the till's news goes on.
            began = time.monotonic()
            assert (await http.get(METRICS, headers=token)).status_code == 200
            till.tell("receipt.completed", 101)
            assert (await heard(dashboard, "receipt.completed"))["deviceID"] == 101
            assert time.monotonic() - began < 5
            for writer in crowd:
                writer.close()


async def test_connections_are_bounded_and_silence_ends(till, folder):
    limits = Limits(connections=20, handshake_seconds=0.5, watch_seconds=0.1)
    async with Lan(till, folder, limits=limits) as lan:
        crowd = await connections(lan, 20)
        with pytest.raises(httpx.HTTPError):
            async with lan.client() as http:
                await http.get("/healthz")
        reader, writer = await asyncio.open_connection("127.0.0.1", lan.port)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()
        async with asyncio.timeout(10):
            while True:
                try:
                    async with lan.client() as http:
                        assert (await http.get("/healthz")).status_code == 200
                    break
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)
        for writer in crowd:
            writer.close()


def test_the_crowd_never_takes_the_files_that_the_books_need():
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert room_for(100) == 100
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (400, 400 if hard < 400 else hard))
        assert room_for(1_500) == min(1_500, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 256)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= min(hard if hard > 0 else 8_192, 1_756)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_system_that_gives_few_files_gets_few_connections(monkeypatch):
    """As the system would say it: a real hard limit cannot be taken back."""
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (600, 600))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    assert room_for(1_500) == 600 - 256


HOSTILE = (
    "vera\n2026-11-22T00:00:00Z info signed_in account=olga",
    "vera\r\nforged",
    "\x1b[2J\x1b[31mred",
    "vera\u2028line",
    "\u202egnp.exe",
)


@pytest.fixture
def log_folder(tmp_path):
    """The real log, as the engine sets it up."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log_to(tmp_path / "logs", verbose=2)
    yield tmp_path / "logs"
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    structlog.reset_defaults()


async def test_no_caller_writes_lines_into_the_log(till, folder, log_folder):
    async with Lan(till, folder) as lan, lan.client() as http:
        for text in HOSTILE:
            await http.post("/api/auth/login", json={"username": text, "password": PASSWORD})
            await http.get(METRICS, params={"x": text}, headers={"X-Correlation-ID": "a b"})
            await http.get("/" + text.encode("unicode_escape").decode())
    lines = [line for file in log_folder.rglob("*") if file.is_file() for line in file.read_text().split("\n")]
    told = [json.loads(line) for line in lines if line]
    assert [one for one in told if one["event"] == "sign_in_failed"]
    assert not [one for one in told if one.get("account") == "olga" or "forged" in str(one.get("event"))]
    assert not any("\x1b" in line or "\u202e" in line or PASSWORD in line for line in lines)


NOT_FROM_THE_LAN = {"register", "key", "restore", "backup", "user", "settings", "lan", "printer", "shell", "bundle"}
HIDDEN = [
    "/api/devices/register/",
    "/api/device/register",
    "/api/keys/",
    "/api/keys/101",
    "/keys/101.key",
    "/api/users/",
    "/api/settings/lan",
    "/api/backup",
    "/api/restore",
    "/tls/ca.key",
    "/access-token.key",
    "/accounts.db",
]


def test_no_route_reaches_what_belongs_on_the_till_alone():
    words = {word for route in ROUTES for word in route.path.replace("-", "/").replace("_", "/").split("/")}
    assert not words & NOT_FROM_THE_LAN


async def test_nobody_finds_a_key_or_registers_over_the_lan(lan):
    owner = await lan.token("olga")
    async with lan.client() as http:
        for path in HIDDEN:
            for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
                answer = await http.request(method, path, headers=owner, json={} if method != "GET" else None)
                assert answer.status_code in (404, 405), (method, path)


async def test_no_query_becomes_sql(lan):
    owner = await lan.token("olga")
    receipts, events = "/api/receipts/", "/api/dashboard/events/"
    async with lan.client() as http:
        for value in ("1' OR '1'='1", "1; DROP TABLE receipts", "%27%20OR%201=1--", "1) UNION SELECT 1"):
            for path, name in ((receipts, "search"), (receipts, "device"), (events, "after")):
                answer = await http.get(path, params={name: value}, headers=owner)
                assert answer.status_code in (200, 400)
                assert answer.json().get("items", []) == []


async def test_no_method_that_is_not_ours_does_anything(lan):
    async with lan.client() as http:
        for method in ("TRACE", "CONNECT", "OPTIONS", "PROPFIND"):
            answer = await http.request(method, METRICS, headers={"Origin": "https://evil.example"})
            assert answer.status_code in (400, 403, 405)
            assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_forwarded_headers_make_nobody_somebody_else(lan):
    forged = {"X-Forwarded-For": "10.1.1.1", "X-Forwarded-Host": "evil.example", "Forwarded": "for=10.1.1.1"}
    wrong = {"username": "vera", "password": "wrong but long enough"}
    async with lan.client() as http:
        for _ in range(5):
            await http.post("/api/auth/login", json=wrong, headers={**forged, "X-Real-IP": "10.0.0.1"})
        limited = await http.post("/api/auth/login", json=wrong, headers={"X-Forwarded-For": "10.9.9.9"})
        assert limited.status_code == 429
        assert (await http.get(METRICS, headers=forged)).status_code == 401
    assert {address for _, _, address in lan.doorkeeper.heard} == {"127.0.0.1"}
