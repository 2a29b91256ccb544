"""The gate as a table: who is let in, by which door, and what every answer carries."""

import asyncio
import ssl

import httpx
import pytest

from fiscalmon.domain.errors import BadInput, FiscalmonError
from fiscalmon.server import Limits, ServerSettings
from fiscalmon.server.lan import LanServer
from fiscalmon.server.routes import PUBLIC, ROUTES, SOCKET
from tests.support.lan import NAMES, PASSWORD, Lan

METRICS = "/api/dashboard/metrics/"
SALE = {"saleId": "POS1-1", "receiptType": "FiscalInvoice"}
BODIES = {
    "/api/auth/login": {"username": "vera", "password": PASSWORD},
    "/api/auth/token": {"username": "vera", "password": PASSWORD},
    "/api/receipts/": SALE,
    "/api/fiscal-days/open/": {"deviceID": 101},
    "/api/fiscal-days/close/": {"deviceID": 101},
}
SECURITY = {
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=()",
    "strict-transport-security": "max-age=",
}


def concrete(path):
    return path.replace("{deviceID}", "101").replace("{receiptId}", "r-POS1-1").replace("{alertId}", "a1")


async def raw(lan, request: bytes, *, seconds=5.0) -> bytes:
    """Bytes in, bytes out, until the server closes or time is up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", lan.port, ssl=lan.tls, server_hostname="127.0.0.1")
    try:
        writer.write(request)
        async with asyncio.timeout(seconds):
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("LOCALHOST:{port}", 200),
        ("till.example:{port}", 200),
        ("evil.example:{port}", 421),
        ("127.0.0.1", 421),
        ("127.0.0.1:1", 421),
        ("127.0.0.1:{port}.evil.example", 421),
        ("127.0.0.2:{port}", 421),
        ("localhost.:{port}", 421),
        ("", 421),
    ],
)
async def test_a_host_is_ours_exactly_or_refused(till, folder, host, status):
    async with Lan(till, folder, host_names=("till.example",)) as lan, lan.client() as http:
        answer = await http.get("/healthz", headers={"Host": host.format(port=lan.port)})
    assert answer.status_code == status


async def test_two_hosts_and_no_host_are_refused(lan):
    twice = f"GET /healthz HTTP/1.1\r\nHost: {lan.authority}\r\nHost: {lan.authority}\r\nConnection: close\r\n\r\n"
    assert b" 400 " in (await raw(lan, twice.encode())).split(b"\r\n")[0]
    assert b" 421 " in (await raw(lan, b"GET /healthz HTTP/1.0\r\n\r\n")).split(b"\r\n")[0]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_roles_by_route(lan, route):
    """Every route with no login, a wrong token and each role: as the table says, and no other way."""
    if route.path in ("/api/auth/logout", "/api/auth/sessions/end/"):
        return await ending_is_for_whoever_is_signed_in(lan, route.path)
    body = BODIES.get(route.path)
    async with lan.client() as http:
        await http.post("/api/receipts/", json=SALE, headers=await lan.token("pos1"))

        async def status(**headers):
            answer = await http.request(route.method, concrete(route.path), json=body, headers=headers)
            return answer.status_code

        allowed = {426} if route.path == SOCKET else {200, 201}
        assert await status() in (allowed if route.roles is PUBLIC else {401})
        if route.roles is PUBLIC:
            return None
        assert await status(Authorization="Bearer nonsense") == 401
        for role, name in NAMES.items():
            expected = allowed if role in route.roles else {403}
            assert await status(**await lan.token(name)) in expected, role
    return None


async def ending_is_for_whoever_is_signed_in(lan, path):
    async with lan.client() as http:
        assert (await http.post(path, json={"id": None})).status_code == 401
        for name in NAMES.values():
            answer = await http.post(path, json={"id": None}, headers=await lan.token(name))
            assert answer.status_code == 204


def test_the_table_of_roles_is_the_one_that_was_agreed():
    """Written out, so that a change of the table is a change of this test."""
    viewers = {"viewer", "manager", "support", "owner"}
    everyone = viewers | {"pos"}
    assert {(r.method, r.path): None if r.roles is None else set(r.roles) for r in ROUTES} == {
        ("POST", "/api/auth/login"): None,
        ("POST", "/api/auth/token"): None,
        ("GET", "/healthz"): None,
        ("POST", "/api/auth/logout"): everyone,
        ("GET", "/api/auth/me"): everyone | {"screen"},
        ("GET", "/api/auth/sessions/"): everyone,
        ("POST", "/api/auth/sessions/end/"): everyone,
        ("GET", "/api/dashboard/metrics/"): viewers | {"screen"},
        ("GET", "/api/dashboard/devices/"): viewers,
        ("GET", "/api/dashboard/devices/{deviceID}/"): viewers,
        ("GET", "/api/dashboard/events/"): viewers,
        ("GET", "/api/dashboard/history/"): viewers,
        ("GET", "/api/dashboard/export/receipts.csv"): {"manager", "support", "owner"},
        ("GET", "/metrics"): viewers,
        ("GET", "/ws/dashboard/"): viewers | {"screen"},
        ("POST", "/api/receipts/"): {"pos", "manager", "owner"},
        ("GET", "/api/receipts/"): {"manager", "support", "owner", "pos"},
        ("GET", "/api/receipts/{receiptId}/"): {"manager", "support", "owner", "pos"},
        ("GET", "/api/alerts/"): viewers,
        ("POST", "/api/alerts/{alertId}/acknowledge/"): {"manager", "support", "owner"},
        ("POST", "/api/devices/{deviceID}/retry/"): {"manager", "support", "owner"},
        ("POST", "/api/fiscal-days/open/"): {"manager", "owner"},
        ("POST", "/api/fiscal-days/close/"): {"manager", "owner"},
    }


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"Origin": None}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://{authority}"}, 403),
        ({"X-CSRF-Token": None}, 403),
        ({"X-CSRF-Token": "0" * 64}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_with_the_cookie_only_our_own_page_may_change_something(lan, till, change, status):
    async with lan.browser("mandla") as http:
        headers = {"Content-Type": "application/json", **http.page}
        for name, value in change.items():
            headers.pop(name, None)
            if value is not None:
                headers[name] = value.format(authority=lan.authority)
        answer = await http.post("/api/fiscal-days/open/", content=b'{"deviceID":101}', headers=headers)
        assert answer.status_code == status
        assert till.days == ([("open", 101)] if status == 200 else [])


async def test_the_csrf_token_of_another_session_is_no_good(lan):
    async with lan.browser("mandla") as mine, lan.browser("mandla") as other:
        answer = await mine.post("/api/fiscal-days/open/", json={"deviceID": 101}, headers=other.page)
    assert answer.status_code == 403


async def test_a_token_needs_neither_origin_nor_csrf_but_a_foreign_page_is_refused(lan):
    token = await lan.token("mandla")
    async with lan.client() as http:
        assert (await http.post("/api/fiscal-days/open/", json={"deviceID": 101}, headers=token)).status_code == 200
        foreign = {**token, "Origin": "https://evil.example"}
        assert (await http.post("/api/fiscal-days/open/", json={"deviceID": 101}, headers=foreign)).status_code == 403


async def test_a_foreign_page_cannot_sign_a_browser_in(lan):
    body = {"username": "vera", "password": PASSWORD}
    async with lan.client() as http:
        answer = await http.post("/api/auth/login", json=body, headers={"Origin": "https://evil.example"})
        assert (answer.status_code, len(http.cookies)) == (403, 0)
        assert (await http.post("/api/auth/login", json=body, headers={"Origin": lan.url})).status_code == 200


async def test_a_wrong_token_is_not_made_good_by_a_cookie(lan):
    async with lan.browser("vera") as http:
        assert (await http.get(METRICS)).status_code == 200
        assert (await http.get(METRICS, headers={"Authorization": "Bearer nonsense"})).status_code == 401
        assert (await http.get(METRICS, headers={"Authorization": "Basic dmVyYTp4"})).status_code == 401


async def test_an_unseen_device_looks_like_none(lan, till):
    """Device by device for every route that names one, and for every list."""
    viewer, manager = await lan.token("val101"), await lan.token("man101")
    async with lan.client() as http:

        async def get(path, headers=viewer):
            return await http.get(path, headers=headers)

        assert (await get(METRICS)).json()["receiptsToday"] == 101
        assert [d["deviceID"] for d in (await get("/api/dashboard/devices/")).json()["items"]] == [101]
        assert (await get("/api/dashboard/devices/101/")).status_code == 200
        hidden, absent = await get("/api/dashboard/devices/102/"), await get("/api/dashboard/devices/999/")
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.text.replace("102", "999") == absent.text
        till.tell("receipt.completed", 101)
        till.tell("receipt.completed", 102)
        assert [m["deviceID"] for m in (await get("/api/dashboard/events/")).json()["items"]] == [101]

        async def post(path, body):
            return (await http.post(path, json=body, headers=manager)).status_code

        for day in ("open", "close"):
            assert await post(f"/api/fiscal-days/{day}/", {"deviceID": 101}) == 200
            assert await post(f"/api/fiscal-days/{day}/", {"deviceID": 102}) == 404
        assert await post("/api/receipts/", {**SALE, "deviceID": 102}) == 404
        assert await post("/api/receipts/", {**SALE, "deviceID": True}) == 404
        assert await post("/api/receipts/", SALE) == 201
        assert till.submitted[-1][3] == 101
        await http.post("/api/receipts/", json={"saleId": "X", "deviceID": 102}, headers=await lan.token("olga"))
        assert (await get("/api/receipts/r-X/", manager)).status_code == 404
        assert [r["deviceID"] for r in (await get("/api/receipts/", manager)).json()["items"]] == [101]
        assert (await get("/api/receipts/?device=102", manager)).json()["items"] == []


async def test_the_gate_itself_knows_whose_device_it_is(lan, till):
    till.trusting = True
    viewer, manager = await lan.token("val101"), await lan.token("man101")
    async with lan.client() as http:
        assert (await http.get("/api/dashboard/devices/102/", headers=viewer)).status_code == 404
        for path in ("/api/fiscal-days/open/", "/api/fiscal-days/close/", "/api/receipts/"):
            answer = await http.post(path, json={**SALE, "deviceID": 102}, headers=manager)
            assert (answer.status_code, answer.json()["code"]) == (404, "UNKNOWN_DEVICE")
    assert (till.days, till.submitted) == ([], [])


async def test_the_sale_of_a_limited_account_keeps_its_amounts_as_text(lan, till):
    body = b'{"saleId":"D","receiptTotal":0.10000000000000000555,"deviceID":101,"deviceID":101}'
    async with lan.client() as http:
        await http.post("/api/receipts/", content=body, headers=await lan.token("man101"))
        twice = b'{"saleId":"E","deviceID":101,"deviceID":102}'
        refused = await http.post("/api/receipts/", content=twice, headers=await lan.token("man101"))
    assert b"0.10000000000000000555" in till.submitted[0][0]
    # Once: whoever reads the sale next cannot take another of the two.
    assert till.submitted[0][0].count(b"deviceID") == 1
    assert refused.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 503),
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("GET", "/api/docs", 200),
        ("GET", "/api/openapi.json", 200),
        ("GET", "/ca.pem", 200),
        ("GET", "/nothing", 404),
        ("GET", "/api/nothing", 404),
        ("GET", METRICS, 401),
        ("OPTIONS", METRICS, 405),
        ("DELETE", METRICS, 405),
        ("TRACE", METRICS, 405),
        ("POST", "/", 405),
        ("GET", SOCKET, 401),
        ("POST", "/api/auth/login", 415),
    ],
)
async def test_the_security_headers_stand_on_every_answer(lan, method, path, status):
    async with lan.client() as http:
        answer = await http.request(method, path)
    assert answer.status_code == status
    for name, part in SECURITY.items():
        assert part in answer.headers[name], name
    allowed = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert (allowed["default-src"], allowed["base-uri"], allowed["form-action"]) == ("'none'", "'none'", "'self'")
    assert (allowed["script-src"], allowed["style-src"], allowed["connect-src"]) == ("'self'",) * 3
    assert "access-control-allow-origin" not in answer.headers
    assert "server" not in answer.headers
    if status == 405:
        assert "GET" in answer.headers["allow"]
    if status >= 400 and path != "/":
        assert answer.headers["content-type"] == "application/problem+json"
        if method != "HEAD":
            assert {"type", "title", "status", "detail"} <= answer.json().keys()


async def test_the_headers_stand_on_answers_to_what_is_no_request(lan):
    for request in (b"NONSENSE\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000 + b"\r\n\r\n"):
        answer = (await raw(lan, request)).lower()
        assert b"x-content-type-options: nosniff" in answer
        assert b"content-security-policy" in answer
        assert answer.split(b"\r\n")[0].split()[1] in (b"400", b"431")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/assets/..%5c..%5csecret.txt",
        "/assets//index-abc.js",
        "//etc/passwd",
        "/etc/passwd",
        "/assets/",
        "/assets",
        "/.vite/manifest.json",
        "/assets/index-abc.js%00",
        "/assets/index-abc.js/",
    ],
)
async def test_nothing_outside_the_manifest_is_served(till, folder, web, path):
    async with Lan(till, folder, web_root=web) as lan:
        request = f"GET {path} HTTP/1.1\r\nHost: {lan.authority}\r\nConnection: close\r\n\r\n"
        answer = await raw(lan, request.encode())
    assert answer.split(b"\r\n")[0].split()[1] in (b"404", b"400")
    assert b"not for you" not in answer


async def test_the_dashboard_is_served_from_memory_with_etag_type_and_gzip(till, folder, web):
    async with Lan(till, folder, web_root=web) as lan, lan.client() as http:
        (web / "index.html").unlink()
        start = await http.get("/")
        assert start.headers["content-type"] == "text/html; charset=utf-8"
        assert start.headers["cache-control"] == "no-cache"
        script = await http.get("/assets/index-abc.js")
        assert script.headers["content-type"].startswith("text/javascript")
        assert "immutable" in script.headers["cache-control"]
        assert script.headers["content-encoding"] == "gzip"
        assert script.text.startswith("console.log('till')")
        plain = await http.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
        assert plain.content == script.content
        again = await http.get("/assets/index-abc.js", headers={"If-None-Match": script.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (await http.head("/")).headers["content-length"] == start.headers["content-length"]


async def test_without_a_bundle_the_page_says_what_to_do(lan):
    async with lan.client() as http:
        answer = await http.get("/")
    assert answer.status_code == 503
    assert "make setup" in answer.text


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 400), (64 * 1024 + 1, 413), (10 * 1024 * 1024, 413)])
async def test_a_body_over_64_kib_is_refused(lan, till, chunked, size, status):
    async def parts():
        for start in range(0, size, 32_768):
            yield b" " * min(32_768, size - start)

    token = await lan.token("mandla")
    async with lan.client() as http:
        answer = await http.post("/api/fiscal-days/open/", content=parts() if chunked else b" " * size, headers=token)
        assert answer.status_code == status
        assert (await http.get("/healthz")).status_code == 200
    assert till.days == []


async def test_a_request_that_does_not_end_is_ended(till, folder):
    limits = Limits(request_seconds=0.3)
    async with Lan(till, folder, limits=limits) as lan:
        host = f"Host: {lan.authority}\r\n".encode()
        for unfinished in (
            b"",
            b"GET /healthz HTTP/1.1\r\n",
            b"POST /api/auth/login HTTP/1.1\r\n" + host + b"Content-Length: 10\r\n\r\n{",
            b"POST /api/auth/login HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        ):
            answer = await raw(lan, unfinished, seconds=3)
            assert b" 408 " in answer.split(b"\r\n")[0], unfinished


async def test_drops_of_bytes_do_not_prolong_a_request(till, folder):
    async with Lan(till, folder, limits=Limits(request_seconds=0.5)) as lan:
        reader, writer = await asyncio.open_connection("127.0.0.1", lan.port, ssl=lan.tls, server_hostname="127.0.0.1")
        writer.write(b"GET /healthz HTTP/1.1\r\n")

        async def drip():
            for number in range(100):
                writer.write(f"X-{number}: a\r\n".encode())
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        async with asyncio.timeout(3):
            answer = await reader.read()
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)
        writer.close()
    assert b" 408 " in answer.split(b"\r\n")[0]


async def test_metrics_sixty_times_in_ten_seconds_an_account(lan):
    vera, sipho = await lan.token("vera"), await lan.token("sipho")
    async with lan.client() as http:
        seen = [(await http.get(METRICS, headers=vera)).status_code for _ in range(60)]
        refused = await http.get(METRICS, headers=vera)
        other = await http.get(METRICS, headers=sipho)
    assert set(seen) == {200}
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert other.status_code == 200


async def test_an_address_may_not_ask_without_end(till, folder):
    async with Lan(till, folder, limits=Limits(requests_per_address=5)) as lan, lan.client() as http:
        seen = [(await http.get("/healthz")).status_code for _ in range(7)]
        assert (await http.get("/healthz")).headers["retry-after"].isdigit()
    assert seen == [200] * 5 + [429] * 2


async def test_an_error_of_ours_says_nothing_of_its_inside(lan, till):
    till.fail = RuntimeError("secret inside")
    async with lan.client() as http:
        answer = await http.get(METRICS, headers=await lan.token("vera"))
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["code"] == "INTERNAL"


async def test_tls_below_1_2_is_refused_and_1_2_is_taken(lan):
    for version, taken in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)):
        context = ssl.create_default_context(cafile=lan.server.ca_file)
        context.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning) if not taken else contextless():
            context.minimum_version = version
            context.maximum_version = version
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", lan.port, ssl=context, server_hostname="127.0.0.1")
            writer.close()
            reached = True
        except (ssl.SSLError, ConnectionError):
            reached = False
        assert reached is taken


def contextless():
    import contextlib

    return contextlib.nullcontext()


async def test_plain_http_on_the_tls_port_gets_nothing(lan):
    reader, writer = await asyncio.open_connection("127.0.0.1", lan.port)
    writer.write(f"GET /healthz HTTP/1.1\r\nHost: {lan.authority}\r\n\r\n".encode())
    async with asyncio.timeout(5):
        try:
            answer = await reader.read()
        except ConnectionError:
            answer = b""
    writer.close()
    assert b"HTTP/1.1 200" not in answer


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "till.local"])
def test_without_tls_only_loopback_is_listened_on(tmp_path, host):
    with pytest.raises(BadInput, match="this machine only"):
        ServerSettings(tmp_path, host=host, tls=False)


async def test_without_tls_on_loopback_the_cookie_is_plain_but_strict(till, folder):
    async with Lan(till, folder, tls=False) as lan, lan.client() as http:
        assert lan.server.ca_file is None
        answer = await http.post("/api/auth/login", json={"username": "vera", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"fiscalmon-{lan.port}=")
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Secure" not in cookie
        assert "strict-transport-security" not in answer.headers
        assert (await http.get(METRICS)).status_code == 200


async def test_a_port_in_use_is_a_plain_sentence(lan, till, tmp_path):
    second = LanServer(till, lan.accounts, ServerSettings(tmp_path / "other", port=lan.port), lan.doorkeeper)
    with pytest.raises(FiscalmonError, match=f"cannot listen on 127.0.0.1 port {lan.port}"):
        await second.start()
    await second.stop()


async def test_it_stops_within_three_seconds_whoever_holds_on(till, folder):
    lan = Lan(till, folder)
    await lan.__aenter__()
    idle = await asyncio.open_connection("127.0.0.1", lan.port, ssl=lan.tls, server_hostname="127.0.0.1")
    idle[1].write(f"POST /api/auth/login HTTP/1.1\r\nHost: {lan.authority}\r\nContent-Length: 9\r\n\r\n".encode())
    await asyncio.sleep(0.05)
    async with asyncio.timeout(3):
        await lan.__aexit__()
    idle[1].close()
    with pytest.raises(httpx.ConnectError):
        async with lan.client() as http:
            await http.get("/healthz")
