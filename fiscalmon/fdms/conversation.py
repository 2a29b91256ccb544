"""One TLS connection to FDMS that speaks HTTP/1.1: bytes by asyncio, their meaning by h11, failures as httpx's errors.

Knows bytes and time-outs; nothing of what is asked, nor how many such connections there are. A request leaves in one
write: head and body share a TLS record where they fit one (docs/adr/0018).
"""

from __future__ import annotations

import asyncio
import selectors
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Final, cast

import h11
import httpx

Seconds = Mapping[str, float | None]

# FDMS's heads are short; what is longer is not FDMS's.
_LONGEST_HEAD: Final = 100 * 1024
# What goes to the socket at once: a receipt always does.
_PIECE: Final = 64 * 1024


async def connect(url: httpx.URL, context: ssl.SSLContext, seconds: float | None) -> Conversation:
    """TCP and TLS together within `seconds`. Raises httpx.ConnectTimeout, ConnectError."""
    loop, host = asyncio.get_running_loop(), url.raw_host.decode("ascii")
    try:
        async with asyncio.timeout(seconds):
            _, conversation = await loop.create_connection(
                Conversation, host, url.port or 443, ssl=context, server_hostname=host, happy_eyeballs_delay=0.25
            )
    except TimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except OSError as error:
        raise httpx.ConnectError(str(error)) from error
    return conversation


class Conversation(asyncio.Protocol):
    """One exchange after the other: `ask`, then the whole `body`, then `rest` until the next."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._transport: asyncio.Transport | None = None
        self._lost: Exception | None = None
        self._ended = False
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self._news: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._rested_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # Paused as soon as something waits here, or a time-out would watch bytes that have not left.
        self._transport.set_write_buffer_limits(high=1)

    def data_received(self, data: bytes) -> None:
        if not self._ended:
            self._http.receive_data(data)
        _wake(self._news)

    def eof_received(self) -> None:
        self._end()

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = error
        self._end()
        _wake(self._room)
        _wake(self._gone)

    def pause_writing(self) -> None:
        self._room = self._loop.create_future()

    def resume_writing(self) -> None:
        _wake(self._room)
        self._room = None

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._http.receive_data(b"")
        _wake(self._news)

    async def ask(self, request: httpx.Request, seconds: Seconds) -> h11.Response:
        """Send it and wait for the head of the answer. Raises httpx's errors of a connection that is up."""
        await self._send([part async for part in self._written(request)], seconds.get("write"))
        while True:
            event = await self._event(seconds.get("read"))
            if isinstance(event, h11.Response):
                return event
            if not isinstance(event, h11.InformationalResponse):
                raise httpx.RemoteProtocolError("The server wants to speak something else than HTTP.")

    async def body(self, seconds: Seconds) -> AsyncIterator[bytes]:
        """The parts of the answer's body as they arrive. Raises httpx's errors."""
        while isinstance(event := await self._event(seconds.get("read")), h11.Data):
            yield bytes(event.data)

    def rest(self) -> bool:
        """Get ready for another exchange; False where this one is not over, or was the last."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE or self._ended:
            return False
        self._http.start_next_cycle()
        self._rested_at = self._loop.time()
        return True

    def usable(self, longest_rest: float) -> bool:
        """Whether it may be asked again: not closed meanwhile, rested no longer than that, and nothing unasked came."""
        transport = self._transport
        if self._ended or transport is None or transport.is_closing() or self._http.trailing_data[0]:
            return False
        if self._loop.time() - self._rested_at > longest_rest:
            return False
        # The server's farewell may lie in the socket, not yet read by the loop.
        with selectors.DefaultSelector() as looking:
            looking.register(transport.get_extra_info("socket"), selectors.EVENT_READ)
            return not looking.select(0)

    async def close(self) -> None:
        """At once, whatever is under way, and until the socket is closed."""
        if self._transport is not None:
            self._transport.abort()
            await asyncio.shield(self._gone)

    async def _written(self, request: httpx.Request) -> AsyncIterator[bytes]:
        try:
            yield (
                self._http.send(
                    h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
                )
                or b""
            )
            async for part in cast(httpx.AsyncByteStream, request.stream):
                if part:
                    yield self._http.send(h11.Data(data=part)) or b""
            yield self._http.send(h11.EndOfMessage()) or b""
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error

    async def _send(self, parts: list[bytes], seconds: float | None) -> None:
        content = b"".join(parts)
        try:
            async with asyncio.timeout(seconds):
                for start in range(0, len(content), _PIECE):
                    # A server may close before it has read everything, and have said why: that is read next.
                    if self._ended or self._transport is None:
                        return
                    self._transport.write(content[start : start + _PIECE])
                    if self._room is not None:
                        await self._room
        except TimeoutError as error:
            raise httpx.WriteTimeout(str(error)) from error

    async def _event(self, seconds: float | None) -> object:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._news = self._loop.create_future()
                async with asyncio.timeout(seconds):
                    await self._news
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except h11.RemoteProtocolError as error:
            if self._lost is not None:
                raise httpx.ReadError(str(self._lost)) from self._lost
            raise httpx.RemoteProtocolError(str(error)) from error
        return event


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)
