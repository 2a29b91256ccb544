"""The connections of one line to FDMS, as an httpx transport: a few at a time, kept open between two calls.

Knows when a connection is taken, kept and closed; what is said on it is `conversation.py`'s. A request costs a third
of what it costs in httpx's own transport (docs/adr/0018), which still does the work behind a proxy.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator

import httpx

from .conversation import Conversation, Seconds, connect


class DirectTransport(httpx.AsyncBaseTransport):
    """`limits` must hold numbers; `context` is who we believe and who we are."""

    def __init__(self, context: ssl.SSLContext, limits: httpx.Limits) -> None:
        context.set_alpn_protocols(["http/1.1"])
        self._context = context
        self._longest_rest = limits.keepalive_expiry or 0.0
        self._most_resting = limits.max_keepalive_connections or 0
        self._free = asyncio.Semaphore(limits.max_connections or 1)
        self._resting: list[Conversation] = []
        self._open: set[Conversation] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx's errors. The response must be closed."""
        seconds: Seconds = request.extensions["timeout"]
        await self._wait_for_room(seconds.get("pool"))
        conversation = None
        try:
            conversation = await self._rested() or await connect(request.url, self._context, seconds.get("connect"))
            self._open.add(conversation)
            head = await conversation.ask(request, seconds)
        except BaseException:
            await self.give_back(conversation)
            raise
        stream = _Body(self, conversation, seconds)
        return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=stream)

    async def aclose(self) -> None:
        self._resting.clear()
        for conversation in tuple(self._open):
            await self._end(conversation)

    async def give_back(self, conversation: Conversation | None) -> None:
        """Its answer was read, or will not be; None where there was no connection to ask. Another call may come."""
        self._free.release()
        if conversation is None:
            return
        if conversation in self._open and len(self._resting) < self._most_resting and conversation.rest():
            self._resting.append(conversation)
        else:
            await self._end(conversation)

    async def _wait_for_room(self, seconds: float | None) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
        except TimeoutError as error:
            raise httpx.PoolTimeout(str(error)) from error

    async def _rested(self) -> Conversation | None:
        while self._resting:
            conversation = self._resting.pop()
            if conversation.usable(self._longest_rest):
                return conversation
            await self._end(conversation)
        return None

    async def _end(self, conversation: Conversation) -> None:
        self._open.discard(conversation)
        await conversation.close()


class _Body(httpx.AsyncByteStream):
    """The answer's body; gives its connection back once, when it is closed."""

    def __init__(self, transport: DirectTransport, conversation: Conversation, seconds: Seconds) -> None:
        self._transport = transport
        self._conversation: Conversation | None = conversation
        self._parts = conversation.body(seconds)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._parts

    async def aclose(self) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation is not None:
            await self._transport.give_back(conversation)
