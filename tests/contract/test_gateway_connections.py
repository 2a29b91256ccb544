"""What becomes of connections to FDMS: how many, how long kept, when given up, and what each time-out ends."""

import asyncio
import contextlib
import threading

import httpx
import pytest

from fiscalmon.fdms import tls
from fiscalmon.fdms.transport import DirectTransport
from tests.support import rough_gateway as does

PONG = does.answer({"reportingFrequency": 5, "operationID": "1"})
QUICK = {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}


class Asking:
    """A transport of so many connections, and what it is asked with."""

    def __init__(self, authority, url, *, most=4, resting=2, rest=20.0):
        limits = httpx.Limits(max_connections=most, max_keepalive_connections=resting, keepalive_expiry=rest)
        self.transport = DirectTransport(tls.trusting(authority.pem), limits)
        self._url = httpx.URL(url)

    async def head(self, content=b"", **seconds) -> httpx.Response:
        """An answer whose body is still to be read; it must be closed."""
        headers = [("Host", "x"), ("Content-Length", str(len(content)))]
        times = {"timeout": {**QUICK, **seconds}}
        request = httpx.Request("POST", self._url, stream=httpx.ByteStream(content), headers=headers, extensions=times)
        return await self.transport.handle_async_request(request)

    async def whole(self, content=b"", **seconds) -> bytes:
        response = await self.head(content, **seconds)
        try:
            return b"".join([part async for part in response.stream])
        finally:
            await response.aclose()


@pytest.fixture
async def asking(authority):
    made = []

    def start(url, **limits):
        made.append(Asking(authority, url, **limits))
        return made[-1]

    yield start
    for one in made:
        await one.transport.aclose()


@pytest.fixture
def server(serve):
    server = serve(open_to_all=True)
    server.act = PONG
    return server


async def test_a_farewell_that_the_loop_has_not_read_yet_is_seen(server, asking):
    """The server closes while this thread does something else: the next call takes a new connection."""
    line = asking(server.url)
    await line.whole()
    server.hang_up_all()
    await line.whole()
    assert [seen.connection for seen in server.seen] == [1, 2]


async def test_a_connection_that_rested_too_long_is_not_used(server, asking):
    line = asking(server.url, rest=0.0)
    await line.whole()
    await line.whole()
    assert [seen.connection for seen in server.seen] == [1, 2]


async def test_only_so_many_rest(server, asking):
    together = threading.Barrier(3)

    def at_once(call):
        together.wait(5)
        return PONG(call)

    server.act = at_once
    line = asking(server.url, most=3, resting=1)
    await asyncio.gather(*(line.whole() for _ in range(3)))
    server.act = PONG
    assert await asyncio.gather(line.whole(), line.whole())
    assert len({seen.connection for seen in server.seen[:3]}) == 3
    kept = [seen.connection for seen in server.seen[3:] if seen.connection <= 3]
    assert len(kept) == 1, "one rested, the other call had to connect"


async def test_a_call_waits_while_all_connections_are_busy(server, asking):
    line = asking(server.url, most=1)
    busy = await line.head()
    with pytest.raises(httpx.PoolTimeout):
        await line.whole(pool=0.05)
    waiting = asyncio.ensure_future(line.whole())
    await busy.aclose()
    assert b"reportingFrequency" in await waiting


async def test_an_answer_closed_twice_makes_room_once(server, asking):
    line = asking(server.url, most=1)
    answer = await line.head()
    await answer.aclose()
    await answer.aclose()
    busy = await line.head()
    with pytest.raises(httpx.PoolTimeout):
        await line.head(pool=0.05)
    await busy.aclose()


async def test_an_answer_that_nobody_read_ends_its_connection(server, asking):
    line = asking(server.url)
    answer = await line.head()
    await answer.aclose()
    await line.whole()
    assert [seen.connection for seen in server.seen] == [1, 2]


async def test_what_nobody_asked_for_ends_a_connection(server, asking):
    """Bytes after the answer would be taken for the next one's."""

    def talkative(call):
        body = b"{}"
        call.stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + body + b"HTTP/1.1 200 OK\r\n")
        return True

    server.act = talkative
    line = asking(server.url)
    assert await line.whole() == b"{}"
    server.act = PONG
    assert b"reportingFrequency" in await line.whole()
    assert [seen.connection for seen in server.seen] == [1, 2]


async def test_a_server_that_says_it_closes_is_believed(server, asking):
    server.act = does.answer({"reportingFrequency": 5}, 200, Connection="close")
    line = asking(server.url)
    await line.whole()
    await line.whole()
    assert [seen.connection for seen in server.seen] == [1, 2]


async def test_a_word_in_between_is_not_the_answer(server, asking):
    def hinting(call):
        call.stream.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        return PONG(call)

    server.act = hinting
    assert b"reportingFrequency" in await asking(server.url).whole()


async def test_a_server_that_changes_the_language_is_left(server, asking):
    def switching(call):
        call.stream.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n")
        return True

    server.act = switching
    with pytest.raises(httpx.RemoteProtocolError):
        await asking(server.url).whole(read=0.5)


async def test_head_and_body_leave_in_one_record(server, asking):
    """Each TLS record is enciphered here, deciphered and thought about there."""
    sent = bytearray()
    ways = []

    async def way(reader, writer, kept):
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                kept += data
                writer.write(data)
        writer.close()

    async def relay(reader, writer):
        answers, onward = await asyncio.open_connection("127.0.0.1", server.port)
        ways.append(asyncio.ensure_future(way(answers, writer, bytearray())))
        await way(reader, onward, sent)

    async with await asyncio.start_server(relay, "127.0.0.1", 0) as between:
        line = asking(f"https://127.0.0.1:{between.sockets[0].getsockname()[1]}")
        await line.whole(b"x" * 2000)
        sent.clear()
        await line.whole(b"y" * 2000)
        await line.transport.aclose()
        await asyncio.gather(*ways)
    assert server.seen[1].body == b"y" * 2000
    assert sent[0] == 23, "application data"
    assert len(sent) == 5 + int.from_bytes(sent[3:5]), "one record, and nothing after it"


async def test_a_body_larger_than_all_buffers_arrives(server, asking):
    content = bytes(range(256)) * 20_000
    assert b"reportingFrequency" in await asking(server.url).whole(content)
    assert server.seen[0].body == content


async def test_a_server_that_reads_no_further_ends_the_sending(serve, asking):
    server = serve(open_to_all=True, before="deaf")
    with pytest.raises(httpx.WriteTimeout):
        await asking(server.url).whole(b"x" * 30_000_000, write=0.2)


async def test_a_server_that_reads_no_further_and_goes(serve, asking):
    """It may have said why; it has not: nobody knows."""
    server = serve(open_to_all=True, before="deaf")
    sending = asyncio.ensure_future(asking(server.url).whole(b"x" * 30_000_000))
    await asyncio.to_thread(server.deaf.wait, 5)
    await asyncio.to_thread(server.end)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await sending


async def test_a_head_that_is_no_http_leaves_nothing(server, asking):
    line = asking(server.url)
    wrong = httpx.Request("POST", server.url, headers=[("Host", "x\r\ny")], extensions={"timeout": QUICK})
    with pytest.raises(httpx.LocalProtocolError):
        await line.transport.handle_async_request(wrong)
    assert b"reportingFrequency" in await line.whole()
    assert len(server.seen) == 1


async def test_closing_ends_what_is_under_way(server, asking):
    server.act = does.silent
    line = asking(server.url)
    waiting = asyncio.ensure_future(line.whole())
    await asyncio.to_thread(server.asked.wait, 5)
    await line.transport.aclose()
    with pytest.raises(httpx.HTTPError):
        await waiting


async def test_a_call_given_up_ends_its_connection_and_makes_room(server, asking):
    server.act = does.silent
    line = asking(server.url, most=1)
    waiting = asyncio.ensure_future(line.whole())
    await asyncio.to_thread(server.asked.wait, 5)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    server.act = PONG
    assert b"reportingFrequency" in await line.whole()
    assert [seen.connection for seen in server.seen] == [1, 2]


async def test_a_handshake_given_up_leaves_no_socket(serve, asking):
    server = serve(open_to_all=True, before="silent")
    line = asking(server.url, most=1)
    for _ in range(2):
        with pytest.raises(httpx.ConnectTimeout):
            await line.whole(connect=0.1)
