"""Every call to FDMS ends in one of three ways; the table says which, for everything a server or network may do."""

import asyncio
import json
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from fiscalmon.domain.errors import GatewayRefused, GatewayUnknown, GatewayUnreachable
from tests.contract.conftest import TIMEOUT
from tests.support import rough_gateway as does

GOOD = {
    "receiptID": 7,
    "serverDate": "2026-03-02T08:05:11",
    "receiptServerSignature": {"hash": "aA==", "signature": "bB==", "certificateThumbprint": "00" * 20},
    "operationID": "0HNHM698NJVMT:00000002",
}
WITHOUT_ID = {name: member for name, member in GOOD.items() if name != "receiptID"}

UNKNOWN = {
    "silent past the time-out": (does.silent, None),
    "trickles for ever": (does.trickle, None),
    "hangs up after reading": (does.hang_up, None),
    "reset after reading": (does.reset, None),
    "body cut short": (does.cut, None),
    "body cut short, no length": (does.cut_without_length, 200),
    "not HTTP": (does.no_http, None),
    "endless body": (does.flood, 200),
    "right but padded without end": (does.answer(json.dumps(GOOD).encode() + b" " * 5_000_000), 200),
    "not JSON": (does.answer(b"<html>Welcome to the hotel</html>"), 200),
    "invalid UTF-8": (does.answer(b'{"receiptID": 7, "serverDate": "\xff\xfe"}'), 200),
    "nested without end": (does.answer(b"[" * 100_000), 200),
    "wrong shape": (does.answer({**GOOD, "receiptID": "seven"}), 200),
    "member missing": (does.answer(WITHOUT_ID), 200),
    "a list": (does.answer([GOOD]), 200),
    "empty": (does.answer(b""), 200),
    "204": (does.answer(b"", 204), 204),
    "redirect": (does.answer(b"", 302, Location="https://127.0.0.1:1/"), 302),
    "500": (does.problem(500, "Server error"), 500),
    "500 with an error code": (does.problem(500, "Server error", errorCode="RCPT01"), 500),
    "502": (does.answer(b"<html>Bad Gateway</html>", 502), 502),
    "503": (does.answer(b"", 503), 503),
    "429": (does.problem(429, "Too Many Requests"), 429),
    "408": (does.problem(408, "Request Timeout"), 408),
    "a proxy's 404": (does.answer(b"<html>Not here</html>", 404), 404),
    "a proxy's 403 in JSON": (does.answer({"message": "blocked"}, 403), 403),
    "a cut problem": (does.answer(b'{"status": 422, "errorCode": "RC', 422), 422),
}


@pytest.mark.parametrize("case", UNKNOWN)
async def test_nobody_knows(case, serve, connect):
    server = serve()
    server.act, status = UNKNOWN[case]
    started = time.perf_counter()
    with pytest.raises(GatewayUnknown) as caught:
        await connect(server.url).submit_receipt(b'{"receipt":{}}')
    assert time.perf_counter() - started < 2 * TIMEOUT + 2
    assert caught.value.status == status
    assert len(server.seen) == 1, "the request left once, and only once"
    assert caught.value.text.endswith((".", "!"))


REFUSED = {
    "422 with a code": (does.problem(422, errorCode="RCPT01", detail="day is closed"), 422, "RCPT01", "fiscal day"),
    "422 unknown code": (does.problem(422, errorCode="RCPT99"), 422, "RCPT99", "RCPT99"),
    "422 without code": (does.problem(422), 422, None, "HTTP 422"),
    "a code and nothing else": (does.answer({"errorCode": "FISC01"}, 422, operationId="X:1"), 422, "FISC01", "day"),
    "field errors and nothing else": (does.answer({"errors": {"a": ["b"]}}, 400, operationId="X:1"), 400, None, "our"),
    "401": (does.problem(401, "Unauthorized"), 401, None, "certificate"),
    "404 of FDMS": (does.problem(404, "Not Found"), 404, None, "address"),
    "405": (does.problem(405, "Method Not Allowed"), 405, None, "address"),
    "418": (does.problem(418, "I'm a teapot"), 418, None, "HTTP 418"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_refused(case, serve, connect):
    server = serve()
    server.act, status, code, word = REFUSED[case]
    with pytest.raises(GatewayRefused) as caught:
        await connect(server.url).submit_receipt(b'{"receipt":{}}')
    refused = caught.value
    assert (refused.status, refused.error_code) == (status, code)
    assert word in refused.text
    assert refused.operation_id in {"0HNHM698NJVMT:00000001", "X:1"}


async def test_field_errors_of_a_400_stand_in_the_detail(serve, connect):
    server = serve()
    errors = {"fiscalDayCounters[2].FiscalCounterValue": ["does not satisfy decimal(21,2)."], "x": "not a list"}
    server.act = does.problem(400, "Bad Request", errors=errors)
    with pytest.raises(GatewayRefused) as caught:
        await connect(server.url).ping()
    assert "fiscalDayCounters[2].FiscalCounterValue: does not satisfy decimal(21,2)." in caught.value.detail
    assert "our fault" in caught.value.text


async def test_text_from_the_server_is_data(serve, connect):
    server = serve()
    server.act = does.problem(
        422, errorCode="<b>DEV01</b>", detail="\x1b[31mred\r\n\u202eevil" + "x" * 9999, operationID=["no text"]
    )
    with pytest.raises(GatewayRefused) as caught:
        await connect(server.url).ping()
    refused = caught.value
    assert refused.error_code is None
    assert refused.operation_id is None
    assert "<b>" not in refused.text
    assert refused.detail.startswith("[31mred evilxxx")
    assert len(refused.detail) == 500
    assert refused.detail.isprintable()


@pytest.mark.parametrize(
    ("header", "status", "wait"),
    [
        ("7", 429, 7.0),
        ("120", 503, 120.0),
        ("soon", 429, None),
        ("", 429, None),
        ("-5", 429, None),
        ("999999999", 429, 86_400.0),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 429, 0.0),
    ],
)
async def test_fdms_says_how_long_to_wait(header, status, wait, serve, connect):
    server = serve()
    server.act = does.answer(b"", status, Retry_After=header)
    with pytest.raises(GatewayUnknown) as caught:
        await connect(server.url).submit_receipt(b"{}")
    assert caught.value.retry_after == wait


async def test_a_date_to_wait_for_is_read_by_fdmss_clock(serve, connect, clock):
    """This machine is an hour ahead; FDMS asks to wait for a moment 60 s ahead of its own."""
    server = serve()
    gateway = connect(server.url)
    clock.ahead = timedelta(hours=1)
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    server.act = does.answer(b"", 503, Retry_After=until)
    with pytest.raises(GatewayUnknown) as caught:
        await gateway.ping()
    assert caught.value.retry_after == pytest.approx(60, abs=2)


async def test_nobody_listens(connect):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(GatewayUnreachable) as caught:
        await connect(f"https://127.0.0.1:{port}").submit_receipt(b"{}")
    assert "internet connection" in caught.value.text


async def test_no_such_name(connect):
    with pytest.raises(GatewayUnreachable) as caught:
        await connect("https://gateway.invalid").submit_receipt(b"{}")
    assert "gateway.invalid was not found" in caught.value.text


async def test_a_handshake_that_never_ends(serve, connect):
    server = serve(before="silent")
    with pytest.raises(GatewayUnreachable) as caught:
        await connect(server.url).submit_receipt(b"{}")
    assert "did not answer within 0.4 s" in caught.value.text


async def test_reset_before_the_request_was_read(serve, connect):
    """The handshake was through: the request may have been on its way."""
    server = serve(before="reset")
    with pytest.raises(GatewayUnknown) as caught:
        await connect(server.url).submit_receipt(b"{}")
    assert caught.value.status is None
    assert server.seen == []


async def test_a_connection_that_the_server_closed_while_idle_costs_nothing(serve, connect):
    server = serve()
    server.act = does.answer({"reportingFrequency": 5, "operationID": "1"})
    gateway = connect(server.url)
    assert await gateway.ping() == 5
    server.hang_up_all()
    await asyncio.sleep(0.1)
    assert await gateway.ping() == 5
    assert [seen.connection for seen in server.seen] == [1, 2]


async def test_one_connection_serves_many_calls(serve, connect):
    server = serve()
    server.act = does.answer({"reportingFrequency": 5, "operationID": "1"})
    gateway = connect(server.url)
    for _ in range(5):
        await gateway.ping()
    assert {seen.connection for seen in server.seen} == {1}


async def test_a_call_that_is_given_up_leaves_the_gateway_usable(serve, connect):
    server = serve()
    server.act = does.silent
    gateway = connect(server.url)
    waiting = asyncio.create_task(gateway.ping())
    await asyncio.sleep(0.1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    server.act = does.answer({"reportingFrequency": 9, "operationID": "1"})
    assert await gateway.ping() == 9


async def test_after_each_failure_the_next_call_goes_through(serve, connect):
    server = serve()
    gateway = connect(server.url)
    for act in (does.reset, does.cut, does.no_http, does.flood, does.hang_up, does.problem(500)):
        server.act = act
        with pytest.raises(GatewayUnknown):
            await gateway.ping()
        server.act = does.answer({"reportingFrequency": 5, "operationID": "1"})
        assert await gateway.ping() == 5
