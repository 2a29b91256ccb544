"""Other machines let in and shut out while the engine runs: the real engine, its listener, its books."""

import asyncio
import json
import re
import socket
import ssl
import sys
from ipaddress import ip_address

import httpx
import pytest

from fiscalmon.bootstrap import start_engine
from fiscalmon.data_folder import DataFolder
from fiscalmon.domain.errors import BadInput, FiscalmonError
from fiscalmon.domain.preferences import Lan as LanPreference
from fiscalmon.server import ServerSettings
from fiscalmon.server.mdns import TYPE, Announcement
from fiscalmon.services.accounts import Accounts
from fiscalmon.services.held_door import HeldDoor
from fiscalmon.services.lan_access import LanAccess, Wish
from fiscalmon.services.lan_addresses import AdapterAddress
from fiscalmon.services.screens import LastingTokens
from fiscalmon.store.accounts import AccountFile
from tests.support.lan import PASSWORD, Lan, close_code, heard
from tests.unit.server.test_doors import own_files


def owner(folder):
    accounts = Accounts(AccountFile(folder))
    accounts.add("olga", "owner", PASSWORD)
    accounts.close()


@pytest.fixture
async def engine(tmp_path):
    running = await start_engine(DataFolder(tmp_path / "data"), server=ServerSettings(tmp_path / "data"))
    # No announcement on whatever network the tests run in.
    await running.preferences.set("lan", {"discoverable": False}, by="test")
    yield running
    await running.stop()


async def status(url, ca):
    context = ssl.create_default_context(cafile=ca)
    async with httpx.AsyncClient(verify=context, trust_env=False) as http:
        return (await http.get(f"{url.rstrip('/')}/healthz")).status_code


async def told(engine, *types):
    return [event for event in await engine.till.events(limit=500) if event["type"] in types]


async def test_nobody_is_let_in_before_there_is_an_owner(engine):
    with pytest.raises(FiscalmonError, match="only once the till has an owner"):
        await engine.operations.run("settings.set", {"section": "lan", "values": {"listen": True}})
    assert not engine.preferences.get(LanPreference).listen
    assert not engine.lan.status()["listening"]


async def test_a_held_door_opens_when_the_engine_begins(tmp_path):
    folder = DataFolder(tmp_path / "data")
    running = await start_engine(folder, server=ServerSettings(folder.path), hold=True)
    try:
        assert running.dashboard_url is None and running.lan.status()["port"] is None
        moved = asyncio.Event()
        running.lan.watch(moved.set)
        running.begin()
        running.begin()
        async with asyncio.timeout(10):
            await moved.wait()
        assert await status(running.dashboard_url, running.ca_file) == 200
    finally:
        await running.stop()
    assert running.lan.door is None


async def test_a_held_door_that_cannot_open_says_why_and_is_tried_again(engine):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        other = LanAccess(engine.preferences, engine.lan._news, engine._open_accounts, engine.lan._network)
        door = HeldDoor(other, again=0)
        await door.start(Wish(port=port), hold=True)
        door.begin()
        async with asyncio.timeout(10):
            while other.reason is None:  # noqa: ASYNC110 - what goes wrong tells nobody else
                await asyncio.sleep(0)
        assert other.door is None and str(port) in other.reason
    moved = asyncio.Event()
    other.watch(moved.set)
    async with asyncio.timeout(10):
        await moved.wait()
    assert other.reason is None and other.status()["port"] == port
    await door.stop()
    assert other.door is None


async def test_a_held_door_stays_shut_once_the_engine_stops(tmp_path):
    folder = DataFolder(tmp_path / "data")
    running = await start_engine(folder, server=ServerSettings(folder.path), hold=True)
    running.begin()
    await running.stop()
    running.begin()
    assert running.lan.door is None and not [task for task in asyncio.all_tasks() if task.get_name() == "door"]


async def test_the_lan_is_switched_on_and_off_while_the_engine_runs(engine):
    owner(engine.folder.path)
    port = engine.lan.status()["port"]
    on = await engine.operations.run("lan.set", {"listen": True})
    assert on["listening"] and on["host"] == "0.0.0.0" and on["port"] == port
    assert on["trustUrl"] == f"{on['url']}trust"
    assert on["fingerprint"].count(":") == 31
    # The address that people are given is one that the certificate names, and that answers.
    assert await status(on["url"], on["ca"]) == 200
    assert all(one["url"].startswith("https://") and ":" not in one["address"] for one in on["addresses"])
    off = await engine.operations.run("lan.set", {"listen": False})
    assert not off["listening"] and off["port"] == port and off["addresses"] == []
    assert await status(engine.dashboard_url, engine.ca_file) == 200
    with pytest.raises(httpx.ConnectError):
        await status(on["url"], on["ca"])
    events = await told(engine, "lan.listening", "lan.closed")
    assert [event["type"] for event in events] == ["lan.listening", "lan.closed"]
    assert events[0]["data"]["fingerprint"] == on["fingerprint"]


async def test_a_change_of_the_preference_alone_moves_the_door(engine):
    owner(engine.folder.path)
    moved = asyncio.Event()
    engine.lan.watch(moved.set)
    await engine.preferences.set("lan", {"listen": True, "host": "127.0.0.1", "port": 0}, by="olga")
    async with asyncio.timeout(10):
        await moved.wait()
    assert engine.lan.status()["host"] == "127.0.0.1"


@pytest.mark.parametrize("host", ["203.0.113.9", "nowhere"])
async def test_an_address_that_is_not_ours_is_refused_and_the_door_stays(engine, host):
    owner(engine.folder.path)
    before = engine.dashboard_url
    with pytest.raises(FiscalmonError, match=r"cannot listen|no address"):
        await engine.operations.run("lan.set", {"listen": True, "host": host})
    assert engine.dashboard_url == before
    assert await status(before, engine.ca_file) == 200


async def test_a_port_in_use_leaves_the_door_for_this_machine_and_says_why(engine):
    owner(engine.folder.path)
    async with await asyncio.start_server(lambda *_: None, "0.0.0.0", 0) as taken:
        port = taken.sockets[0].getsockname()[1]
        with pytest.raises(FiscalmonError, match="cannot listen"):
            await engine.operations.run("lan.set", {"listen": True, "port": port})
        now = engine.lan.status()
        assert not now["listening"] and str(port) in now["reason"]
        assert await status(engine.dashboard_url, engine.ca_file) == 200
    # The port is free again: the till looks by itself.
    await engine.lan.look_around()
    assert engine.lan.status()["listening"] and engine.lan.status()["reason"] is None


async def test_a_certificate_of_the_shops_own_is_shown_and_a_bad_one_refused(engine, tmp_path):
    owner(engine.folder.path)
    certificate, key = own_files(tmp_path)
    files = {"certificate": str(certificate), "key": str(key)}
    with pytest.raises(BadInput, match="two files"):
        await engine.operations.run("lan.set", {"certificate": str(certificate)})
    with pytest.raises(BadInput, match="as PEM"):
        await engine.operations.run("lan.set", {"listen": True, "certificate": str(key), "key": str(key)})
    on = await engine.operations.run("lan.set", {"listen": True, **files})
    assert on["ca"] is None
    shown = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", on["port"]))
    assert shown.strip() == certificate.read_text().strip()
    # It was checked once; should it go bad, nothing listens with something else instead.
    certificate.write_text("nonsense")
    with pytest.raises(FiscalmonError):
        await engine.operations.run("lan.set", {"port": 0, "host": "127.0.0.1"})


async def test_new_addresses_get_into_the_certificate_of_the_open_door(engine, monkeypatch):
    owner(engine.folder.path)
    on = await engine.operations.run("lan.set", {"listen": True})
    before = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", on["port"]))
    here = engine.lan._network
    found = [*here.addresses(), AdapterAddress("eth9", "192.168.77.7")]
    monkeypatch.setattr(here, "addresses", lambda: found)
    monkeypatch.setattr("fiscalmon.server.addresses._lan_addresses", lambda: [ip_address("192.168.77.7")])
    await engine.lan.look_around()
    after = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", on["port"]))
    assert after != before
    assert "192.168.77.7" in [one["address"] for one in engine.lan.status()["addresses"]]


async def test_commands_on_accounts_are_told_by_the_running_till(engine):
    feed = engine.till.subscribe()
    owner(engine.folder.path)
    async with asyncio.timeout(10):
        async for message in feed:
            if message.type == "account.changed":
                break
    feed.close()
    events = await told(engine, "account.changed")
    assert [event["data"] for event in events] == [{"account": "olga", "role": "owner", "what": "added", "by": "till"}]


async def test_sign_ins_are_told_to_the_office_and_to_nobody_else(engine):
    owner(engine.folder.path)
    accounts = Accounts(AccountFile(engine.folder.path))
    accounts.add("vera", "viewer", PASSWORD)
    accounts.close()
    context = ssl.create_default_context(cafile=engine.ca_file)
    async with httpx.AsyncClient(verify=context, base_url=engine.dashboard_url, trust_env=False) as http:

        async def sign_in(name, password=PASSWORD):
            return await http.post("/api/auth/token", json={"username": name, "password": password})

        for _ in range(3):
            assert (await sign_in("vera", "a wrong password it is")).status_code == 401
        assert (await sign_in("my password by mistake", "x")).status_code == 401
        tokens = {name: (await sign_in(name)).json()["access_token"] for name in ("vera", "olga", "olga")}

        async def heard_by(name):
            head = {"Authorization": f"Bearer {tokens[name]}"}
            answer = await http.get("/api/dashboard/events/?limit=500", headers=head)
            return [(e["type"], e["data"].get("account")) for e in answer.json()["items"] if e["type"][:6] == "signin"]

        assert await heard_by("olga") == [
            ("signin.failed", "vera"),
            ("signin.failed", "(no such account)"),
            ("signin.new_address", "vera"),
            ("signin.new_address", "olga"),
        ]
        assert await heard_by("vera") == []


async def test_a_screen_sees_its_view_and_nothing_else(lan, till):
    token = LastingTokens(lan.accounts).add_screen("wall", [101])
    head = {"Authorization": f"Bearer {token}"}
    async with lan.client() as http:
        allowed, refused = (
            ("/api/auth/me", "/api/dashboard/metrics/"),
            ("/api/dashboard/devices/", "/api/receipts/", "/metrics"),
        )
        await until(http, "/api/auth/me", head)
        assert (await http.get("/api/auth/me", headers=head)).json()["role"] == "screen"
        for path in allowed:
            assert (await http.get(path, headers=head)).status_code == 200
        for path in (*refused, "/api/dashboard/events/", "/api/auth/sessions/", "/api/dashboard/devices/101/"):
            assert (await http.get(path, headers=head)).status_code == 403, path
        assert (await http.post("/api/auth/logout", headers=head)).status_code == 403
        assert (await http.get("/api/dashboard/metrics/", headers=head)).json()["totalDevices"] == 1
    async with lan.socket() as socket:
        await socket.send(json.dumps({"type": "auth", "token": token}))
        await heard(socket, "hello")
        till.tell("receipt.completed", 102)
        till.tell("setting.changed", None)
        till.tell("receipt.completed", 101)
        assert (await heard(socket))["deviceID"] == 101
        LastingTokens(lan.accounts).remove_screen("wall")
        assert await close_code(socket) == 4401


async def until(http, path, head):
    """The server takes over within a second what a command did."""
    async with asyncio.timeout(5):
        while (await http.get(path, headers=head)).status_code == 401:  # noqa: ASYNC110 - nobody signals it
            await asyncio.sleep(0.02)


async def plain(lan, request, *, size=65_536):
    reader, writer = await asyncio.open_connection("127.0.0.1", lan.port)
    writer.write(request)
    async with asyncio.timeout(5):
        answer = await reader.read(size)
    writer.close()
    return answer.decode()


async def test_a_plain_request_is_sent_to_https_and_to_no_other_host(lan):
    answer = await plain(lan, f"GET /tv?x=1 HTTP/1.1\r\nHost: {lan.authority}\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.1 308 ")
    assert f"location: {lan.url}/tv?x=1\r\n" in answer
    assert "frame-ancestors 'none'" in answer and "strict-transport-security" not in answer
    for request in (
        "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: {lan.authority}.evil.example\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "\x00\x01nonsense\r\n\r\n",
        "G" * 20_000,
    ):
        refused = await plain(lan, request.encode())
        assert refused.startswith("HTTP/1.1 421 ") and "\r\nlocation:" not in refused
    for target in ("//evil.example/", "https://evil.example/", "/a\x7fb"):
        answer = await plain(lan, f"GET {target} HTTP/1.1\r\nHost: {lan.authority}\r\n\r\n".encode())
        assert f"location: {lan.url}/\r\n" in answer


async def test_the_page_that_says_how_to_trust_this_till(lan):
    async with lan.client() as http:
        page = await http.get("/trust")
        assert page.headers["content-type"].startswith("text/html")
        assert lan.server.fingerprint in re.sub("</?(code|span)[^>]*>", "", page.text)
        for system in ("Android", "iPhone", "Windows", "Mac", "Linux", "Firefox"):
            assert system in page.text
        assert "<script" not in page.text and "style=" not in page.text
        certificate = await http.get("/fiscalmon-ca.crt")
        assert certificate.headers["content-type"] == "application/x-x509-ca-cert"
        assert certificate.content == lan.server.ca_file.read_bytes()


async def test_the_till_is_found_by_its_name_and_then_no_more():
    """On the loopback adapter, so that no network hears it."""
    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

    announcement = Announcement()
    name = await announcement.show(["127.0.0.1"], 8443)
    assert name.endswith(".local")
    listener = AsyncZeroconf(interfaces=["127.0.0.1"])
    try:
        found = AsyncServiceInfo(TYPE, f"fiscalmon till {name.removesuffix('.local')}.{TYPE}")
        assert await found.async_request(listener.zeroconf, 5_000)
        assert (found.port, found.parsed_addresses()) == (8443, ["127.0.0.1"])
        assert found.server == f"{name}."
        assert found.decoded_properties == {"path": "/", "product": "fiscalmon"}
    finally:
        await listener.async_close()
        await announcement.hide()


async def test_commands_for_the_lan_and_its_screens(engine):
    owner(engine.folder.path)

    async def command(*arguments):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "fiscalmon",
            "--data-dir",
            str(engine.folder.path),
            *arguments,
            "--json",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, error = await process.communicate()
        assert process.returncode == 0, error.decode()
        return json.loads(out)

    assert not (await command("lan", "status"))["listening"]
    added = await command("tv", "add", "wall", "--devices", "101")
    assert added["url"] == f"{engine.dashboard_url}/tv#token={added['token']}"
    assert [screen["name"] for screen in await command("tv", "list")] == ["wall"]
    assert (await command("user", "sessions", "wall"))[0]["kind"] == "key"
    assert (await command("user", "end-sessions", "wall"))["ended"] == 1
    assert (await command("tv", "remove", "wall"))["removed"]


@pytest.mark.parametrize("browser", ["Mozilla/5.0 (Windows NT 10.0) Firefox/145.0"])
async def test_the_list_of_sign_ins_says_from_where(lan, browser):
    async with lan.client(headers={"User-Agent": browser}) as http:
        await http.post("/api/auth/login", json={"username": "vera", "password": PASSWORD})
        (mine,) = (await http.get("/api/auth/sessions/")).json()["items"]
    assert (mine["agent"], mine["address"], mine["current"]) == ("Firefox on Windows", "127.0.0.1", True)


async def test_a_listener_with_another_names_doorkeeper_hears_failures(till, folder):
    async with Lan(till, folder) as lan, lan.client() as http:
        await http.post("/api/auth/login", json={"username": "vera", "password": "wrong but long"})
        assert lan.doorkeeper.heard == [("failed", "vera", "127.0.0.1")]
