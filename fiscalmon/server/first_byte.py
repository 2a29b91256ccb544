"""The first byte of a connection to the TLS port: a handshake goes on as TLS, a plain request is sent to https.

Whoever types the till's address without https:// gets there. Nothing else is ever answered in the clear. The only
module that knows asyncio's own TLS protocol: no public call takes over bytes that were read already.
"""

from __future__ import annotations

import asyncio
import ssl
from asyncio.sslproto import SSLProtocol
from collections.abc import Callable
from typing import Final

from .addresses import HostGuard
from .answers import Problem, security_headers
from .settings import Limits

_HANDSHAKE: Final = 0x16
_MOST: Final = 8_192


class FirstByte(asyncio.Protocol):
    """One connection until it is known what it speaks. `make` gives the protocol that TLS carries.

    `crowd` holds every open connection of the port, whatever it speaks: past the limit a new one is not taken.
    """

    def __init__(
        self,
        make: Callable[[], asyncio.Protocol],
        tls: ssl.SSLContext,
        guard: HostGuard,
        limits: Limits,
        crowd: set[asyncio.BaseTransport],
    ) -> None:
        self._crowd = crowd
        self._make = make
        self._tls = tls
        self._guard = guard
        self._limits = limits
        self._transport: asyncio.Transport | None = None
        self._head = b""
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if len(self._crowd) >= self._limits.connections:
            self._crowd.difference_update([one for one in self._crowd if one.is_closing()])
        if len(self._crowd) >= self._limits.connections:
            transport.abort()
            return
        self._crowd.add(transport)
        self._transport = transport
        self._deadline = asyncio.get_running_loop().call_later(self._limits.handshake_seconds, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()

    def data_received(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if not self._head and data[0] == _HANDSHAKE:
            self._go_on(self._transport, data)
            return
        self._head += data
        if b"\r\n\r\n" in self._head or len(self._head) > _MOST:
            self._transport.write(self._answer(self._transport))
            self._rest()
            self._transport.close()

    def _rest(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _go_on(self, transport: asyncio.Transport, data: bytes) -> None:
        self._rest()
        loop = asyncio.get_running_loop()
        protocol = SSLProtocol(
            loop,
            self._make(),
            self._tls,
            # Nobody waits for it: the library takes None too.
            None,  # type: ignore[arg-type]
            server_side=True,
            ssl_handshake_timeout=self._limits.handshake_seconds,  # type: ignore[arg-type]
            ssl_shutdown_timeout=1.0,
        )
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        left = memoryview(data)
        while left:
            room = protocol.get_buffer(len(left))
            size = min(len(room), len(left))
            room[:size] = left[:size]
            protocol.buffer_updated(size)
            left = left[size:]

    def _answer(self, transport: asyncio.Transport) -> bytes:
        reached = transport.get_extra_info("sockname")
        lines = self._head[:_MOST].split(b"\r\n\r\n")[0].split(b"\r\n")
        host = next((line[5:].strip() for line in lines[1:] if line[:5].lower() == b"host:"), b"").decode("latin-1")
        target = [*lines[0].split(b" "), b""][1].decode("latin-1")
        if not self._guard.allows(host, (reached[0], reached[1])):
            return _plain(Problem(421, "WRONG_HOST", "This till is not reached by that name; use one of its own."))
        if not target.startswith("/") or target.startswith("//") or not (target.isascii() and target.isprintable()):
            target = "/"
        return _plain(
            Problem(308, "HTTPS_ONLY", "This till speaks HTTPS only.", headers={"location": f"https://{host}{target}"})
        )


def _plain(problem: Problem) -> bytes:
    answer = problem.answer()
    head = [f"HTTP/1.1 {problem.status} {problem.body()['title']}".encode("ascii")]
    also = [(name.encode(), value.encode()) for name, value in security_headers(tls=False)]
    for name, value in (*also, *answer.raw_headers, (b"connection", b"close")):
        head.append(name + b": " + value)
    return b"\r\n".join(head) + b"\r\n\r\n" + bytes(answer.body)
