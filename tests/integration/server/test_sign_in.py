"""Signing in and out, what a token is worth, and that a changed account is out within five seconds."""

import asyncio
import base64
import json
import subprocess
import sys
import time

import jwt
import pytest

from fiscalmon.server import Limits
from tests.support.lan import PASSWORD, Lan, close_code, heard

METRICS = "/api/dashboard/metrics/"


async def test_login_me_and_logout(lan):
    async with lan.client() as http:
        answer = await http.post("/api/auth/login", json={"username": "Val101", "password": PASSWORD})
        told = answer.json()
        assert {k: told[k] for k in ("username", "role", "devices")} == {
            "username": "val101",
            "role": "viewer",
            "devices": [101],
        }
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"__Host-fiscalmon-{lan.port}=")
        for part in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie and "Max-Age" not in cookie
        assert (await http.get("/api/auth/me")).json() == told
        assert (await http.get(METRICS)).status_code == 200
        kept = dict(http.cookies)
        page = {"Origin": lan.url, "X-CSRF-Token": told["csrfToken"]}
        assert (await http.post("/api/auth/logout", json={}, headers=page)).status_code == 204
        assert len(http.cookies) == 0
        old = {"Cookie": "; ".join(f"{k}={v}" for k, v in kept.items())}
        assert (await http.get(METRICS, headers=old)).status_code == 401


async def test_staying_signed_in_outlives_the_browser(lan):
    body = {"username": "vera", "password": PASSWORD, "staySignedIn": True}
    async with lan.client() as http:
        answer = await http.post("/api/auth/login", json=body)
    assert f"Max-Age={30 * 86_400}" in answer.headers["set-cookie"]


@pytest.mark.parametrize("name", ["vera", "nobody", "' OR 1=1 --", "vera\x00"])
async def test_a_refusal_does_not_say_what_was_wrong(lan, name):
    async with lan.client() as http:
        for path in ("/api/auth/login", "/api/auth/token"):
            answer = await http.post(path, json={"username": name, "password": "wrong but long enough"})
            assert answer.status_code == 401
            assert answer.json()["detail"] == "The name or the password is wrong."
            assert len(http.cookies) == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"username":"vera"}', b'{"username":1,"password":2}', b'"\xff"', b"[" * 5_000],
)
async def test_a_body_that_is_none_is_refused(lan, body):
    async with lan.client() as http:
        for path in ("/api/auth/login", "/api/auth/token"):
            answer = await http.post(path, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code == 400, path


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "username"),
        ({"username": "vera"}, "password"),
        ({"username": "vera", "password": 7}, "password"),
    ],
    ids=["empty", "half", "a number"],
)
async def test_a_wrong_body_names_its_field(lan, body, field):
    async with lan.client() as http:
        answer = await http.post("/api/auth/login", json=body)
    assert answer.status_code == 400
    assert [wrong["field"] for wrong in answer.json()["errors"]] == [field]
    assert answer.json()["errors"][0]["advice"]


async def test_guessing_grows_slow_for_one_name_from_one_address_only(lan):
    wrong = {"username": "vera", "password": "wrong but long enough"}
    async with lan.client() as http:
        began = time.monotonic()
        statuses = [(await http.post("/api/auth/login", json=wrong)).status_code for _ in range(5)]
        assert statuses == [401] * 5
        assert time.monotonic() - began > 0.05 + 0.1 + 0.2 + 0.4
        refused = await http.post("/api/auth/login", json={"username": "vera", "password": PASSWORD})
        assert refused.status_code == 429
        wait = int(refused.headers["retry-after"])
        assert wait >= 1
        # The account's owner, by another name, and who is signed in already, are not held up.
        assert (await http.post("/api/auth/login", json={"username": "olga", "password": PASSWORD})).status_code == 200
        await asyncio.sleep(wait)
        assert (await http.post("/api/auth/login", json=wrong)).status_code == 401
        again = await http.post("/api/auth/login", json=wrong)
        assert int(again.headers["retry-after"]) > wait


async def test_many_guesses_at_once_are_no_more_than_in_turn(lan):
    async with lan.client() as http:
        tries = [
            http.post("/api/auth/token", json={"username": "vera", "password": f"wrong guess {n}"}) for n in range(20)
        ]
        statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert statuses.count(401) == 5
    assert statuses.count(429) == 15


async def test_an_unknown_name_takes_the_time_of_a_known_one(lan):
    async def seconds(name):
        async with lan.client() as http:
            began = time.perf_counter()
            await http.post("/api/auth/token", json={"username": name, "password": "wrong but long enough"})
            return time.perf_counter() - began

    await seconds("warm-up")
    known = [await seconds(name) for name in ("vera", "mandla", "sipho", "olga")]
    unknown = [await seconds(f"nobody{n}") for n in range(4)]
    assert 0.4 < min(unknown) / min(known) < 2.5


async def test_tokens_are_short_lived_and_renewed_once(lan):
    async with lan.client() as http:

        async def renew(refresh):
            return await http.post("/api/auth/token", json={"refresh_token": refresh})

        async def metrics(token):
            return (await http.get(METRICS, headers={"Authorization": f"Bearer {token}"})).status_code

        first = (await http.post("/api/auth/token", json={"username": "vera", "password": PASSWORD})).json()
        assert (first["token_type"], first["expires_in"]) == ("Bearer", 900)
        second = (await renew(first["refresh_token"])).json()
        assert await metrics(first["access_token"]) == 200
        assert await metrics(second["access_token"]) == 200
        third = (await renew(second["refresh_token"])).json()
        # The first one again: somebody has a copy. The whole family ends.
        assert (await renew(first["refresh_token"])).status_code == 401
        assert await metrics(third["access_token"]) == 401
        assert (await renew(third["refresh_token"])).status_code == 401
        assert (await renew("x" * 43)).status_code == 401


async def test_a_cookie_is_no_refresh_token_and_a_refresh_token_no_cookie(lan):
    async with lan.browser("vera") as http:
        secret = next(iter(http.cookies.values()))
        assert (await http.post("/api/auth/token", json={"refresh_token": secret})).status_code == 401
    async with lan.client() as http:
        tokens = (await http.post("/api/auth/token", json={"username": "vera", "password": PASSWORD})).json()
        cookie = {"Cookie": f"__Host-fiscalmon-{lan.port}={tokens['refresh_token']}"}
        assert (await http.get(METRICS, headers=cookie)).status_code == 401


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def test_a_forged_token_opens_nothing(lan):
    good = (await lan.token("vera"))["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(good, options={"verify_signature": False})
    head, body, signature = good.split(".")
    key = (lan.folder / "access-token.key").read_bytes()
    later = {**claims, "exp": claims["exp"] + 9_999}
    forged = {
        "none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        "None": f"{part({'alg': 'None', 'typ': 'JWT'})}.{body}.{signature}",
        "unsigned": f"{head}.{body}.",
        "other claims": f"{head}.{part(later)}.{signature}",
        "other key": jwt.encode(claims, "another key of thirty-two bytes!" * 2, "HS256"),
        "other algorithm": jwt.encode(claims, key, "HS512"),
        "expired": jwt.encode({**claims, "exp": int(time.time()) - 1}, key, "HS256"),
        "without exp": jwt.encode({k: v for k, v in claims.items() if k != "exp"}, key, "HS256"),
        "other session": jwt.encode({**claims, "sid": "0" * 32}, key, "HS256"),
        "other account": jwt.encode({**claims, "sub": "4"}, key, "HS256"),
        "old version": jwt.encode({**claims, "ver": 0}, key, "HS256"),
        "other issuer": jwt.encode({**claims, "iss": "x"}, key, "HS256"),
    }
    async with lan.client() as http:

        async def status(token):
            return (await http.get(METRICS, headers={"Authorization": f"Bearer {token}"})).status_code

        assert await status(jwt.encode(claims, key, "HS256")) == 200
        for name, token in forged.items():
            assert await status(token) == 401, name
            async with lan.socket({"Authorization": f"Bearer {token}"}) as socket:
                assert await close_code(socket) == 4401, name


CHANGE = """
import sys
from pathlib import Path
from fiscalmon.services.accounts import Accounts
from fiscalmon.store.accounts import AccountFile
accounts = Accounts(AccountFile(Path(sys.argv[1])))
{change}
accounts.close()
"""


@pytest.mark.parametrize(
    "change",
    [
        'accounts.set_password("mandla", "another four plain words")',
        'accounts.set_role("mandla", "viewer")',
        'accounts.set_devices("mandla", [101])',
        'accounts.remove("mandla")',
    ],
)
async def test_a_change_by_another_process_ends_sessions_tokens_and_sockets(till, folder, change):
    """With the server's own interval, and the command in a process of its own."""
    async with Lan(till, folder, limits=Limits()) as lan, lan.browser("mandla") as http:
        token = await lan.token("mandla")
        other = await lan.token("vera")
        async with (
            lan.socket(lan.cookie(http), origin=lan.url) as by_cookie,
            lan.socket(token) as by_token,
            lan.socket(other) as unconcerned,
        ):
            for socket in (by_cookie, by_token, unconcerned):
                await heard(socket, "hello")
            command = [sys.executable, "-c", CHANGE.format(change=change), str(folder)]
            await asyncio.to_thread(subprocess.run, command, check=True, timeout=60)
            began = time.monotonic()
            assert await close_code(by_cookie) == 4401
            assert await close_code(by_token) == 4401
            assert time.monotonic() - began < 5
            assert (await http.get(METRICS)).status_code == 401
            async with lan.client() as program:
                assert (await program.get(METRICS, headers=token)).status_code == 401
                assert (await program.get(METRICS, headers=other)).status_code == 200
            till.tell("receipt.completed", 101)
            assert (await heard(unconcerned, "receipt.completed"))["deviceID"] == 101


async def test_logout_closes_the_sockets_of_its_session_only(lan):
    async with (
        lan.browser("vera") as http,
        lan.browser("vera") as other,
        lan.socket(lan.cookie(http), origin=lan.url) as mine,
        lan.socket(lan.cookie(other), origin=lan.url) as others,
    ):
        await heard(mine)
        await heard(others)
        await http.post("/api/auth/logout", headers=http.page)
        assert await close_code(mine) == 4401
        assert (await other.get(METRICS)).status_code == 200


async def test_the_eleventh_browser_ends_the_first(lan):
    async with lan.browser("vera") as first:
        sessions = 10
        for number in range(sessions):
            assert (await first.get(METRICS)).status_code == 200, number
            async with lan.client() as http:
                await http.post("/api/auth/login", json={"username": "vera", "password": PASSWORD})
        assert (await first.get(METRICS)).status_code == 401


async def test_no_secret_is_in_the_files_and_they_are_private(lan):
    async with lan.browser("vera") as http:
        secret = next(iter(http.cookies.values()))
        csrf = http.page["X-CSRF-Token"]
    async with lan.client() as http:
        tokens = (await http.post("/api/auth/token", json={"username": "pos1", "password": PASSWORD})).json()
    for path in lan.folder.rglob("*"):
        if path.is_dir():
            continue
        content = path.read_bytes()
        for word in (secret, csrf, PASSWORD, tokens["refresh_token"], tokens["access_token"]):
            assert word.encode() not in content, path
        if path.name != "ca.pem" and path.name != "server.pem":
            assert path.stat().st_mode & 0o077 == 0, path
    assert {"accounts.db", "access-token.key", "ca.key", "server.key"} <= {p.name for p in lan.folder.rglob("*")}


async def test_a_restart_keeps_sessions_tokens_and_certificate(till, folder):
    async with Lan(till, folder) as lan:
        token = await lan.token("vera")
        port, authority = lan.port, lan.server.ca_file.read_bytes()
        async with lan.browser("vera") as http:
            cookie = lan.cookie(http)
    async with Lan(till, folder, port=port) as lan, lan.client() as http:
        assert lan.server.ca_file.read_bytes() == authority
        assert (await http.get(METRICS, headers=token)).status_code == 200
        assert (await http.get(METRICS, headers=cookie)).status_code == 200
