"""`fanout` and `metrics_live`: what the engine says, until it has reached the dashboards' sockets over TLS."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import ssl
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import websockets
from websockets.asyncio.server import ServerConnection, broadcast, serve

from fiscalmon.bootstrap import Engine, server_settings, start_engine
from fiscalmon.clocks import VirtualClock
from fiscalmon.data_folder import DataFolder
from fiscalmon.demo import Simulator
from fiscalmon.events import METRICS_UPDATED, RECEIPT_COMPLETED, Message
from fiscalmon.services.accounts import Accounts
from fiscalmon.store.accounts import AccountFile

from .fdms import register
from .line import Line, compared, single
from .sales import small_sale
from .shop import scratch, stock
from .timing import FULL, percentile

HERE = Path(__file__).parent
DASHBOARDS = 1_000 if FULL else 200
BATCH = 50
ROUNDS = 21 if FULL else 9
RECEIPTS = 600 if FULL else 80
LONGEST_MS = 300.0
FIRST_SEQ = 1_000_000
SOCKET = "/ws/dashboard/"


def fanout() -> Iterator[Line]:
    yield asyncio.run(_fanout())


def metrics_live() -> Iterator[Line]:
    yield asyncio.run(_metrics_live())


async def _fanout() -> Line:
    with scratch() as folder:
        await stock(folder, 1, datetime.now(UTC))
        token_of = _owner(folder)
        settings = server_settings(folder, "127.0.0.1", 0, tls=True)
        engine = await start_engine(folder, server=settings)
        try:
            headers = await token_of(engine)
            port = httpx.URL(engine.dashboard_url or "").port
            async with _bare_server(folder) as (bare_port, connected):
                event = _event(FIRST_SEQ).encoded().decode()
                groups = [
                    {"port": port, "path": SOCKET, "headers": headers, "clients": DASHBOARDS, "batch": BATCH},
                    {"port": bare_port, "path": "/", "headers": {}, "clients": DASHBOARDS, "batch": BATCH},
                ]
                for group in groups:
                    group["size"] = len(event)
                async with listening({"groups": groups, "ca": engine.ca_file}) as told:
                    rates, floors = [], []
                    for _ in range(ROUNDS):
                        rates.append(await _timed(told, 0, lambda: _publish(engine)))
                        floors.append(await _timed(told, 1, lambda: _broadcast(connected, event)))
        finally:
            await engine.stop()
    more = {"dashboards": DASHBOARDS, "floor_is": "websockets.broadcast over TLS"}
    return compared("fanout", "messages/s", rates, floors, 0.7, "higher", **more)


async def _timed(told: asyncio.Queue[dict[str, Any]], group: int, send: Any) -> float:
    """Messages a second, until the last of all clients has the last of them."""
    started = time.monotonic()
    await send()
    async with asyncio.timeout(60):
        line = await told.get()
    if line["group"] != group:
        raise AssertionError("an answer of the other group came late")
    return DASHBOARDS * BATCH / (line["at"] - started)


async def _publish(engine: Engine) -> None:
    for _ in range(BATCH):
        # A message anew each time, as the engine makes them: it is encoded for the first client that gets it.
        engine.bus.publish(_event(max(FIRST_SEQ, engine.bus.last_seq + 1)))
        await asyncio.sleep(0)


def _event(seq: int) -> Message:
    """All of one length, as long as `seq` has as many digits."""
    return Message(RECEIPT_COMPLETED, seq, "", 1, {"receiptId": "x" * 400})


async def _broadcast(connected: set[ServerConnection], event: str) -> None:
    for _ in range(BATCH):
        broadcast(connected, event)
        await asyncio.sleep(0)


async def _metrics_live() -> Line:
    """A receipt that FDMS has answered, until a client over TLS has a snapshot that knows of it."""
    with scratch() as folder:
        token_of = _owner(folder)
        simulator = await Simulator.start(folder.path / "simulator")
        try:
            clock = VirtualClock(simulator.move_clock)
            await register(folder, clock, simulator, 1)
            engine = await start_engine(folder, clock=clock, server=server_settings(folder, "127.0.0.1", 0, tls=True))
            try:
                delays = await _delays(engine, await token_of(engine))
                echo = await _echo_ms(folder)
            finally:
                await engine.stop()
        finally:
            await simulator.stop()
    worst = percentile(delays, 0.99)
    more = {"p50_ms": round(percentile(delays, 0.5), 1), "receipts": len(delays), "most_ms": LONGEST_MS}
    # The goal is a time; as a ratio it is so many bare echoes.
    return single("metrics_live", "ms", worst, echo, LONGEST_MS / echo, "lower", floor_is="a bare echo", **more)


async def _delays(engine: Engine, headers: dict[str, str]) -> list[float]:
    settled: dict[int, float] = {}
    delays: list[float] = []
    feed = engine.bus.subscribe(bound=100_000)

    async def note() -> None:
        async for message in feed:
            if message.type == RECEIPT_COMPLETED:
                settled[message.seq] = time.monotonic()

    context = ssl.create_default_context(cafile=engine.ca_file)
    url = (engine.dashboard_url or "").replace("http", "ws", 1) + SOCKET
    noting = asyncio.create_task(note())
    async with websockets.connect(url, ssl=context, additional_headers=headers, proxy=None, max_size=None) as socket:
        selling = asyncio.create_task(_sell(engine))
        async with asyncio.timeout(120):
            while len(delays) < RECEIPTS:
                message = json.loads(await socket.recv())
                now = time.monotonic()
                if message["type"] == METRICS_UPDATED:
                    known = [seq for seq in settled if seq <= message["data"]["seq"]]
                    delays += [(now - settled.pop(seq)) * 1e3 for seq in known]
        await selling
    feed.close()
    await noting
    return delays


async def _sell(engine: Engine) -> None:
    """About ten receipts a second, at no even pace: the merge of snapshots has a beat of its own."""
    for number in range(RECEIPTS):
        await engine.till.submit(small_sale(number + 1))
        await asyncio.sleep(0.02 + secrets.randbelow(160) / 1e3)


async def _echo_ms(folder: DataFolder) -> float:
    """The middle of many round trips through a bare WebSocket server with the same TLS."""

    async def echo(socket: ServerConnection) -> None:
        async for message in socket:
            await socket.send(message)

    times = []
    async with serve(echo, "127.0.0.1", 0, ssl=_server_tls(folder), compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        context = ssl.create_default_context(cafile=str(folder.path / "tls" / "ca.pem"))
        async with websockets.connect(f"wss://127.0.0.1:{port}", ssl=context, proxy=None, compression=None) as socket:
            for _ in range(300):
                started = time.perf_counter()
                await socket.send("x" * 1_500)
                await socket.recv()
                times.append((time.perf_counter() - started) * 1e3)
    return percentile(times, 0.5)


@contextlib.asynccontextmanager
async def _bare_server(folder: DataFolder) -> AsyncIterator[tuple[int, set[ServerConnection]]]:
    connected: set[ServerConnection] = set()

    async def hold(socket: ServerConnection) -> None:
        connected.add(socket)
        try:
            await socket.wait_closed()
        finally:
            connected.discard(socket)

    async with serve(hold, "127.0.0.1", 0, ssl=_server_tls(folder), compression=None, ping_interval=None) as server:
        yield server.sockets[0].getsockname()[1], connected


def _server_tls(folder: DataFolder) -> ssl.SSLContext:
    """The till's own certificate, so that both sides encrypt alike."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder.path / "tls" / "server.pem", folder.path / "tls" / "server.key")
    return context


@contextlib.asynccontextmanager
async def listening(given: dict[str, Any]) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
    """The clients' process; what it says after "ready" comes out of the queue."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(HERE / "listeners.py"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    if process.stdin is None or process.stdout is None:
        raise AssertionError("the clients' process has no pipes")
    process.stdin.write(json.dumps(given).encode() + b"\n")
    try:
        async with asyncio.timeout(90):
            first = await process.stdout.readline()
        if not json.loads(first or b"{}").get("ready"):
            raise AssertionError("the clients could not connect")

        async def read(stream: asyncio.StreamReader) -> None:
            while line := await stream.readline():
                told.put_nowait(json.loads(line))

        reading = asyncio.create_task(read(process.stdout))
        yield told
        reading.cancel()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _owner(folder: DataFolder) -> Any:
    """An account that may see everything; gives a way to its bearer headers once the server runs."""
    password = secrets.token_urlsafe(16)
    accounts = Accounts(AccountFile(folder.path))
    accounts.add("bench", "owner", password)
    accounts.close()

    async def token_of(engine: Engine) -> dict[str, str]:
        context = ssl.create_default_context(cafile=engine.ca_file)
        async with httpx.AsyncClient(base_url=engine.dashboard_url or "", verify=context, trust_env=False) as http:
            answer = await http.post("/api/auth/token", json={"username": "bench", "password": password})
            return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}

    return token_of
