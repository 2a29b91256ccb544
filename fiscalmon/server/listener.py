"""uvicorn, made strict: unfinished requests end, heads are bounded, sockets take ready-made frames, signals stay alone.

The only module that knows uvicorn's inside; it is pinned to one minor version for that.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import struct
from collections.abc import Iterator
from socket import socket
from typing import Any, cast

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from .addresses import HostGuard
from .answers import Problem, security_headers
from .first_byte import FirstByte
from .settings import Limits
from .visit import Disconnected

__all__ = ["FRAMES", "TOO_SLOW", "ClientDisconnected", "HttpProtocol", "Listener", "SocketProtocol", "text_frame"]

FRAMES = "fiscalmon.frames"
TOO_SLOW = 4408


def text_frame(payload: bytes) -> bytes:
    """An unmasked, final text frame (RFC 6455 §5.2), made once for all listeners."""
    size = len(payload)
    if size < 126:
        return b"\x81" + bytes((size,)) + payload
    if size < 65_536:
        return b"\x81\x7e" + struct.pack("!H", size) + payload
    return b"\x81\x7f" + struct.pack("!Q", size) + payload


class SocketProtocol(WebSocketsSansIOProtocol):
    """Gives its endpoint a way to send frames as they are, and to part from a peer that takes nothing."""

    # What a peer that reads too slowly gets, in seconds, to read what is on its way and why it ended.
    linger = Limits().socket_linger_seconds

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions = cast(dict[str, Any], self.scope["extensions"])
            extensions[FRAMES] = self

    def try_frame(self, frame: bytes) -> bool:
        """Send now if the peer keeps up; whether it was sent."""
        if not self.writable.is_set() or not self._open:
            return False
        self.transport.write(frame)
        return True

    async def send_frame(self, frame: bytes, stall: float) -> None:
        """Send once there is room. Raises TimeoutError when there was none for so long, Disconnected."""
        if not self.writable.is_set():
            async with asyncio.timeout(stall):
                await self.writable.wait()
        if not self._open:
            raise Disconnected
        self.transport.write(frame)

    def drop(self) -> None:
        """Close without waiting for what the peer has not read."""
        self.transport.abort()

    def part(self) -> None:
        """Close with 4408 behind what the peer has still to read; it is dropped when it does not read on."""
        if not self._open:
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": TOO_SLOW, "reason": ""})
        self.conn.send_close(TOO_SLOW)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        # uvicorn leaves the transport to this timer, and ends both when the peer answers.
        self.close_timer = self.loop.call_later(self.linger, self.transport.abort)

    def keepalive_timeout(self) -> None:
        """No pong came: the peer is gone, or does not read. With much unread it may read on and see why."""
        self.part()
        if self.writable.is_set():
            self.transport.abort()

    @property
    def _open(self) -> bool:
        return not (self.disconnected or self.close_sent or self.transport.is_closing())


class HttpProtocol(HttpToolsProtocol):
    """Ends a request that is not complete in time, and one whose head has no end."""

    limits = Limits()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head = 0
        self._deadline: asyncio.TimerHandle | None = None
        if len(self.connections) > self.limits.connections:
            transport.abort()
            return
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._arm()
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._head = 0
        self._arm()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(name + value)
        super().on_header(name, value)

    def on_message_complete(self) -> None:
        self._disarm()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._disarm()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        if self._head > self.limits.head_bytes:
            self._refuse(Problem(431, "HEAD_TOO_LARGE", "The request's address and headers are too long."))
        else:
            self._refuse(Problem(400, "BAD_REQUEST", msg))

    def _arm(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.limits.request_seconds, self._too_slow)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self.cycle is not None and not self.cycle.response_complete and self.cycle.response_started:
            self.transport.abort()
        else:
            self._refuse(Problem(408, "REQUEST_TIMEOUT", "The request was not complete in time."))

    def _count(self, part: bytes) -> None:
        self._head += len(part)
        if self._head > self.limits.head_bytes:
            raise ValueError("the head is too long")

    def _refuse(self, problem: Problem) -> None:
        self._disarm()
        answer = problem.answer()
        head = [f"HTTP/1.1 {problem.status} {problem.body()['title']}\r\n".encode()]
        for name, value in (*self.server_state.default_headers, *answer.raw_headers, (b"connection", b"close")):
            head += [name, b": ", value, b"\r\n"]
        self.transport.write(b"".join(head) + b"\r\n" + bytes(answer.body))
        self.transport.close()


class Listener(Server):
    """Serves an application on sockets that are bound already, on the running loop."""

    def __init__(self, app: ASGIApp, limits: Limits, tls: ssl.SSLContext | None, guard: HostGuard) -> None:
        protocol = type("BoundHttpProtocol", (HttpProtocol,), {"limits": limits})
        live = type("BoundSocketProtocol", (SocketProtocol,), {"linger": limits.socket_linger_seconds})
        super().__init__(
            Config(
                app,
                lifespan="off",
                loop="none",
                http=protocol,
                ws=live,
                ws_max_size=limits.socket_message_bytes,
                ws_ping_interval=limits.heartbeat_seconds,
                ws_ping_timeout=limits.heartbeat_seconds,
                ws_per_message_deflate=False,
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                headers=list(security_headers(tls=tls is not None)),
                timeout_keep_alive=30,
                timeout_graceful_shutdown=2,
            )
        )
        self._limits = limits
        self._tls = tls
        self._guard = guard
        self._crowd: set[asyncio.BaseTransport] = set()
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen. uvicorn's own way would wait a minute for a TLS handshake, and exit the process on an error."""
        loop = asyncio.get_running_loop()
        make = self._protocol if self._tls is None else self._first_byte
        self.servers = [await loop.create_server(make, sock=bound, backlog=2_048) for bound in sockets or []]
        await self.on_tick(0)
        self.started = True
        self.ready.set_result(None)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the application's."""
        yield

    def drop_all(self) -> None:
        """Close what is still open, without waiting for anybody."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    def _first_byte(self) -> asyncio.Protocol:
        if self._tls is None:
            raise RuntimeError("no TLS")
        return FirstByte(self._protocol, self._tls, self._guard, self._limits, self._crowd)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state={}
        )
        return made
