"""The socket: who gets in, what comes first, what is filtered, and what becomes of the slow and the nonsensical."""

import asyncio
import json

import pytest
import websockets

from fiscalmon.server import Limits, live
from tests.support.lan import Lan, close_code, heard


def collected(socket):
    """What has arrived by the time the marker event of device 101 comes."""

    async def read():
        found = []
        while True:
            message = await heard(socket)
            if message["type"] == "clock.drift":
                return found
            found.append(message)

    return read()


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://evil.example", 403), ("null", 403), (None, 403), ("https://127.0.0.1:1", 403)],
)
async def test_a_cookie_needs_our_own_origin(lan, origin, status):
    async with lan.browser("vera") as http:
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with lan.socket(lan.cookie(http), origin=origin):
                pass
    assert refused.value.response.status_code == status
    assert "frame-ancestors 'none'" in refused.value.response.headers["content-security-policy"]
    assert lan.till.bus.listeners == 0


async def test_a_foreign_origin_is_refused_with_a_token_too(lan):
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with lan.socket(await lan.token("vera"), origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_a_foreign_host_is_refused(lan):
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with lan.socket({**await lan.token("vera"), "Host": f"evil.example:{lan.port}"}):
            pass
    assert refused.value.response.status_code in (400, 421)


async def test_no_other_address_has_a_socket(lan):
    for path, status in (("/", 404), ("/api/dashboard/metrics/", 404), ("/ws/", 404)):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with lan.socket(await lan.token("vera"), path=path):
                pass
        assert refused.value.response.status_code == status


async def test_three_ways_in_and_hello_first(lan, till):
    till.tell("receipt.completed", 101)
    token = await lan.token("vera")
    bare = token["Authorization"].removeprefix("Bearer ")
    async with (
        lan.browser("vera") as http,
        lan.socket(lan.cookie(http), origin=lan.url) as by_cookie,
        lan.socket(token) as by_header,
        lan.socket() as by_message,
    ):
        await by_message.send(json.dumps({"type": "auth", "token": bare}))
        for socket in (by_cookie, by_header, by_message):
            hello = await heard(socket)
            assert list(hello) == ["seq", "type", "at", "deviceID", "data"]
            assert (hello["type"], hello["seq"], hello["deviceID"]) == ("hello", 1, None)
            assert hello["data"]["metrics"]["activeDevices"] == 3
            assert [event["seq"] for event in hello["data"]["events"]] == [1]
            assert hello["data"]["seq"] == 1


@pytest.mark.parametrize(
    "first",
    [
        '{"type":"auth","token":"nonsense"}',
        '{"type":"auth"}',
        '{"type":"auth","token":7}',
        '{"type":"resume","after":0}',
        "nonsense",
        "[]",
        b"\x00\x01",
        "[" * 10_000,
    ],
)
async def test_a_wrong_first_message_is_4401(lan, first):
    async with lan.socket() as socket:
        await socket.send(first)
        assert await close_code(socket) == 4401


async def test_silence_is_4401_after_a_while(till, folder):
    async with Lan(till, folder, limits=Limits(socket_auth_seconds=0.2)) as lan, lan.socket() as socket:
        assert await close_code(socket) == 4401
    assert Limits().socket_auth_seconds == 5


async def test_a_dead_cookie_is_4401_at_once(lan):
    async with lan.browser("vera") as http:
        cookie = lan.cookie(http)
        await http.post("/api/auth/logout", headers=http.page)
    async with lan.socket(cookie, origin=lan.url) as socket:
        assert await close_code(socket, 2) == 4401


async def test_a_pos_account_may_not_listen(lan):
    async with lan.socket(await lan.token("pos1")) as socket:
        assert await close_code(socket) == 4403


async def test_each_role_sees_its_devices_and_nothing_of_the_others(lan, till):
    """Message by message, for an account of all devices and one of device 101."""
    till.tell("receipt.completed", 102)
    till.tell("receipt.completed", 101)
    async with (
        lan.socket(await lan.token("mandla")) as everything,
        lan.socket(await lan.token("val101")) as limited,
    ):
        assert (await heard(everything))["data"]["metrics"]["receiptsToday"] == 306
        hello = await heard(limited)
        assert hello["data"]["metrics"]["receiptsToday"] == 101
        assert [event["deviceID"] for event in hello["data"]["events"]] == [101]
        kinds = (
            "receipt.progress",
            "receipt.completed",
            "receipt.failed",
            "receipt.queued",
            "fiscal.opened",
            "fiscal.closed",
            "fiscal.close_failed",
            "device.online",
            "device.offline",
            "device.attention",
            "certificate.expiring",
        )
        for kind in kinds:
            till.tell(kind, 102)
            till.tell(kind, 101)
        till.tell_metrics()
        till.tell("clock.drift", 101)
        all_of_it, some_of_it = await asyncio.gather(collected(everything), collected(limited))
    assert [m["deviceID"] for m in all_of_it] == [102, 101] * len(kinds) + [None]
    assert [m["deviceID"] for m in some_of_it] == [101] * len(kinds) + [None]
    assert {m["type"] for m in some_of_it} == {*kinds, "metrics.updated"}
    assert all_of_it[-1]["data"]["receiptsToday"] == 306
    assert some_of_it[-1]["data"]["receiptsToday"] == 101


async def test_a_message_is_encoded_once_for_everybody(lan, till, monkeypatch):
    from fiscalmon import events

    count = []
    original = events.encode
    async with contextual(lan, 4) as sockets:
        monkeypatch.setattr(events, "encode", lambda value: count.append(value["type"]) or original(value))
        till.tell("receipt.completed", 101)
        till.tell_metrics()
        for socket in sockets:
            await heard(socket, "metrics.updated")
    assert sorted(count) == ["metrics.updated", "receipt.completed"]


def contextual(lan, number):
    import contextlib

    @contextlib.asynccontextmanager
    async def opened():
        async with contextlib.AsyncExitStack() as stack:
            token = await lan.token("vera")
            sockets = [await stack.enter_async_context(lan.socket(token)) for _ in range(number)]
            for socket in sockets:
                await heard(socket, "hello")
            yield sockets

    return opened()


async def test_resume_replays_what_was_missed_and_goes_on(lan, till):
    for _ in range(5):
        till.tell("receipt.completed", 101)
    async with lan.socket(await lan.token("vera")) as socket:
        # At once, as the dashboard does it: hello comes first nevertheless.
        await socket.send('{"type":"resume","after":2}')
        assert (await heard(socket))["type"] == "hello"
        assert [(await heard(socket))["seq"] for _ in range(3)] == [3, 4, 5]
        till.tell("receipt.completed", 101)
        assert (await heard(socket))["seq"] == 6
        till.tell("receipt.progress", 101, stage="Signing")
        assert (await heard(socket))["data"]["stage"] == "Signing"


@pytest.mark.parametrize("after", [0, 99, -1, 10**30])
async def test_resume_over_too_large_a_gap_or_from_nowhere_is_hello_again(lan, till, after):
    till.replay_at_most = 2
    for _ in range(5):
        till.tell("receipt.completed", 101)
    async with lan.socket(await lan.token("vera")) as socket:
        assert (await heard(socket))["type"] == "hello"
        await socket.send(json.dumps({"type": "resume", "after": after}))
        assert (await heard(socket))["type"] == "hello"


async def test_a_limited_account_resumes_with_its_own_devices_only(lan, till):
    for device in (101, 102, 101, 103):
        till.tell("receipt.completed", device)
    async with lan.socket(await lan.token("val101")) as socket:
        await heard(socket)
        await socket.send('{"type":"resume","after":0}')
        assert [(await heard(socket))["seq"] for _ in range(2)] == [1, 3]
        till.tell("receipt.completed", 102)
        till.tell("receipt.completed", 101)
        assert (await heard(socket))["seq"] == 6


async def test_nothing_is_lost_or_doubled_by_a_resume_in_full_flow(lan, till):
    async with lan.socket(await lan.token("vera")) as socket:
        await heard(socket)
        for number in range(30):
            till.tell("receipt.progress", 101, number=number)
            if number == 10:
                await socket.send('{"type":"resume","after":0}')
            await asyncio.sleep(0.002)
        till.tell("clock.drift", 101)
        assert [m["data"]["number"] for m in await collected(socket)] == list(range(30))


@pytest.mark.parametrize(
    ("nonsense", "code"),
    [
        (b"\x00\xff", 1003),
        ("not json", 1003),
        ("[1,2]", 1003),
        ("[" * 16_000, 1003),
        ("x" * (16 * 1024 + 1), 1009),
        ('{"type":"resume","after":true}', None),
        ('{"type":"resume","after":"1"}', None),
        ('{"type":"resume"}', None),
        ('{"type":"unknown"}', None),
        ("{}", None),
    ],
)
async def test_nonsense_hurts_nobody_else(lan, till, nonsense, code):
    token = await lan.token("vera")
    async with lan.socket(token) as rude, lan.socket(token) as polite:
        await heard(rude)
        await heard(polite)
        await rude.send(nonsense)
        if code is not None:
            assert await close_code(rude) == code
        till.tell("receipt.completed", 101)
        assert (await heard(polite))["type"] == "receipt.completed"
        if code is None:
            assert (await heard(rude))["type"] == "receipt.completed"


async def test_a_client_that_never_stops_talking_is_cut_off(lan):
    async with lan.socket(await lan.token("vera")) as socket:
        await heard(socket)
        for _ in range(61):
            await socket.send('{"type":"hey"}')
        assert await close_code(socket) == 1008


async def test_a_slow_client_is_closed_with_4408_and_the_others_get_everything(lan, till):
    till.bound = 40
    token = await lan.token("vera")
    async with lan.socket(token) as slow, lan.socket(token) as quick:
        await heard(slow)
        await heard(quick)
        slow.transport.pause_reading()
        # More than the kernel keeps for a connection.
        bulk = "x" * 100_000
        for _ in range(250):
            till.tell("receipt.completed", 101, bulk=bulk)
            assert (await heard(quick))["type"] == "receipt.completed"
        assert till.bus.listeners == 2
        slow.transport.resume_reading()
        received = []
        async with asyncio.timeout(10):
            with pytest.raises(websockets.ConnectionClosedError):
                while True:
                    received.append((await heard(slow))["seq"])
        assert slow.close_code == 4408
        assert received == list(range(1, len(received) + 1))
        assert len(received) < 250
    async with lan.socket(token) as again:
        await heard(again)
        await again.send(json.dumps({"type": "resume", "after": received[-1]}))
        assert (await heard(again))["seq"] == received[-1] + 1
        # The replay is long; nobody here waits for its end.
        again.transport.abort()
    await asyncio.sleep(0.2)
    assert till.bus.listeners == 0


async def test_a_slow_client_is_told_so_whenever_it_reads_on(till, folder, monkeypatch):
    """The reason waits behind what was sent, also after the patience with ordinary closes is over."""
    monkeypatch.setattr(live, "_CLOSE_SECONDS", 0.2)
    limits = Limits(socket_stall_seconds=0.2, watch_seconds=0.1)
    async with Lan(till, folder, limits=limits) as lan, lan.socket(await lan.token("vera")) as slow:
        await heard(slow)
        slow.transport.pause_reading()
        for _ in range(250):
            till.tell("receipt.completed", 101, bulk="x" * 100_000)
            await asyncio.sleep(0)
        async with asyncio.timeout(10):
            while till.bus.listeners:  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        slow.transport.resume_reading()
        assert await close_code(slow) == 4408


@pytest.mark.parametrize("unread", [0, 250])
async def test_a_client_that_answers_no_ping_is_too_slow(till, folder, unread):
    limits = Limits(heartbeat_seconds=0.3, watch_seconds=0.1)
    async with Lan(till, folder, limits=limits) as lan, lan.socket(await lan.token("vera")) as slow:
        await heard(slow)
        slow.transport.pause_reading()
        for _ in range(unread):
            till.tell("receipt.completed", 101, bulk="x" * 100_000)
            await asyncio.sleep(0)
        async with asyncio.timeout(10):
            while lan.server.dashboards:  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.02)
        slow.transport.resume_reading()
        assert await close_code(slow) == 4408


async def test_a_client_that_takes_nothing_for_long_is_dropped(till, folder):
    limits = Limits(socket_stall_seconds=0.3, watch_seconds=0.1)
    async with Lan(till, folder, limits=limits) as lan, lan.socket(await lan.token("vera")) as stuck:
        await heard(stuck)
        stuck.transport.pause_reading()
        for _ in range(400):
            till.tell("receipt.completed", 101, bulk="x" * 50_000)
            await asyncio.sleep(0)
        for _ in range(100):
            await asyncio.sleep(0.05)
            if lan.server.dashboards == 0:
                break
        assert lan.server.dashboards == 0
        assert till.bus.listeners == 0
        stuck.transport.abort()


async def test_a_page_hears_that_the_line_is_alive(till, folder):
    limits = Limits(heartbeat_seconds=0.1)
    async with (
        Lan(till, folder, limits=limits) as lan,
        lan.browser("vera") as http,
        lan.socket(lan.cookie(http), origin=lan.url) as socket,
    ):
        assert (await heard(socket))["type"] == "hello"
        assert (await heard(socket))["type"] == "heartbeat"
    assert Limits().heartbeat_seconds == 15


async def test_a_program_hears_nothing_but_what_happened(till, folder):
    """It sees pings, which a page cannot: a message of another kind would only be in its way."""
    limits = Limits(heartbeat_seconds=0.05)
    async with (
        Lan(till, folder, limits=limits) as lan,
        lan.browser("mandla") as http,
        lan.socket(await lan.token("vera")) as program,
        lan.socket(lan.cookie(http), origin=lan.url) as page,
    ):
        assert (await heard(program))["type"] == "hello"
        for _ in range(3):
            await heard(page, "heartbeat")
        till.tell("receipt.completed", 101)
        assert (await heard(program))["type"] == "receipt.completed"


async def test_stopping_tells_the_sockets(till, folder):
    lan = Lan(till, folder)
    await lan.__aenter__()
    async with lan.socket(await lan.token("vera")) as socket:
        await heard(socket)
        async with asyncio.timeout(3):
            await lan.__aexit__()
        assert await close_code(socket) in (1001, 1012)
    assert till.bus.listeners == 0
