"""The life of a program beside the till: it serves until a signal comes or whoever started it is gone.

Knows asyncio and uvicorn; must not know what is served."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn

LOOPBACK = "127.0.0.1"


def stop_event(*, at_eof: bool) -> asyncio.Event:
    """Set by SIGTERM and Ctrl-C, and on request when standard input ends."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    if at_eof:
        _watch_input(loop, stop)
    return stop


def _watch_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """A thread of its own: Windows' loops cannot watch pipes of this kind."""

    def watch() -> None:
        # The descriptor itself: a thread that waits inside sys.stdin would break the interpreter's end.
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def listen(host: str, port: int) -> socket.socket:
    """A bound listener, of any free port with 0. Raises OSError that names the port."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
        # asyncio does it for sockets that name their protocol only; without it each answer waits for an ACK (40 ms).
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as wrong:
        raise OSError(f"port {port} of {host} cannot be used ({wrong.strerror or wrong})") from None


class Server(uvicorn.Server):
    """An HTTP server of one ASGI application that leaves signals to us and says when it listens."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=1,
                **options,
            )
        )
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(*pairs: tuple[Server, socket.socket]) -> AsyncIterator[None]:
    """Each server on its listener, all of them listening inside the block; all ended after it."""
    running = [asyncio.create_task(server.serve([listener])) for server, listener in pairs]
    try:
        for server, _ in pairs:
            await server.ready.wait()
        yield
    finally:
        for server, _ in pairs:
            server.should_exit = True
        await asyncio.gather(*running)
