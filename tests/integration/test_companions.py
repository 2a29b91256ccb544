"""Programs beside the till as processes: how they are started and ended, and what every control port does alike."""

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from fiscalmon.companions.child import Child
from fiscalmon.companions.control_port import JSON, MOST_BYTES, Content, ControlPort, Refused
from fiscalmon.companions.serving import LOOPBACK, Server, listen, serving

# An emulator with neither signal nor word from its parent: all it can notice is that standard input ends.
EMULATOR = ("-m", "fiscalmon", "printer-emulator", "--json", "--until-eof")


def children():
    """The command lines of this process's children, dead ones that nobody waited for as empty texts."""
    numbers = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [Path(f"/proc/{number}/cmdline").read_text() for number in numbers]


async def test_a_child_is_ready_and_ends_when_it_is_told():
    child = await Child.start("printer-emulator", "--family", "escpos", seconds=30)
    assert child is not None
    pid = child.ready["pid"]
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{child.ready['control']}/state")).json()["family"] == "escpos"
    assert any("printer-emulator" in words for words in children())
    os.kill(pid, 0)
    await child.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    await child.stop()


async def test_a_child_that_never_gets_ready_is_ended():
    assert await Child.start("printer-emulator", "--family", "no-such", seconds=30, quiet=True) is None
    assert await Child.start("printer-emulator", seconds=0.01, quiet=True) is None
    assert [words for words in children() if "printer-emulator" in words] == []


async def test_it_ends_with_whoever_started_it():
    process = await asyncio.create_subprocess_exec(
        sys.executable, *EMULATOR, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(30):
        assert json.loads(await process.stdout.readline())["event"] == "ready"
        process.stdin.close()
        assert await process.wait() == 0


async def answer(request):
    if request.path == "refused":
        raise Refused(409, "not now")
    if request.path == "wrong":
        raise ValueError("no such thing")
    if request.path == "broken":
        raise KeyError("secret")
    if request.path != "echo":
        raise request.unknown(place_is_known=request.path == "known")
    return Content(JSON, json.dumps([request.method, request.query, len(request.body)]).encode())


@asynccontextmanager
async def port():
    """A client of a control port that is served."""
    with listen(LOOPBACK, 0) as listener:
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        async with (
            serving((Server(ControlPort(answer, b"default-src 'none'")), listener)),
            httpx.AsyncClient(base_url=url, trust_env=False) as client,
        ):
            yield client


async def test_what_a_control_port_answers():
    async with port() as client:
        good = await client.post("/echo/?a=1&a=2", content=b"12345")
        assert good.json() == ["POST", {"a": ["1", "2"]}, 5]
        assert good.headers["content-security-policy"] == "default-src 'none'"
        head = await client.head("/echo")
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "14")
        answers = {path: await client.get(path) for path in ("/refused", "/wrong", "/broken", "/known", "/x/y")}
        assert [one.status_code for one in answers.values()] == [409, 400, 500, 405, 404]
        assert answers["/refused"].json() == {"error": "not now"}
        assert "secret" not in answers["/broken"].text
        assert (await client.post("/echo", content=bytes(MOST_BYTES))).status_code == 200
        assert (await client.post("/echo", content=bytes(MOST_BYTES + 1))).status_code == 413


async def test_a_control_port_answers_this_machine_alone():
    async with port() as client:
        for host in ("evil.example", "127.0.0.1.evil.example:80", "localhost.evil"):
            assert (await client.get("/echo", headers={"Host": host})).status_code == 403
        assert (await client.get("/echo", headers={"Origin": "http://evil.example"})).status_code == 403
        assert (await client.get("/echo", headers={"Origin": "null"})).status_code == 403
        for host in ("localhost", "LOCALHOST:99", "[::1]:80", "127.0.0.1"):
            assert (await client.get("/echo", headers={"Host": host})).status_code == 200
