"""The sockets of /ws/dashboard/: each has its own bounded queue on the bus, and is filtered by its account's devices.

A slow reader is closed with 4408 and may resume; it never slows the till or another reader. Whether the caller may
come in was decided by the gate, or is decided here by the first message; roles are the gate's table.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any, Final

import msgspec
import structlog
from starlette.types import Send

from ..bus import Overflow
from ..domain.account import Principal
from ..events import METRICS_UPDATED, Message
from .audience import greeting_for, may_hear
from .call import Identity, Services
from .facade import Feed, Till
from .listener import FRAMES, TOO_SLOW, ClientDisconnected, SocketProtocol, text_frame
from .routes import WATCHERS
from .visit import Disconnected, Visit

UNAUTHENTICATED: Final = 4401
FORBIDDEN: Final = 4403
GOING_AWAY: Final = 1001
UNSUPPORTED: Final = 1003
POLICY: Final = 1008
BROKEN: Final = 1011
_MESSAGES: Final = 60
_MESSAGES_SECONDS: Final = 10.0
_MOST_FRAMES: Final = 128
# What comes within a pace goes out in one write: a dashboard shows no more, and a write costs more than a message.
_PACE: Final = 0.05
_AT_ONCE: Final = 99
_CLOSE_SECONDS: Final = 2.0

_log = structlog.get_logger("fiscalmon.server.live")


class Frames:
    """Messages as frames, each encoded once for everybody; metrics once more for each set of devices."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._made: OrderedDict[tuple[int, frozenset[int] | None], tuple[Message, bytes]] = OrderedDict()

    async def of(self, message: Message, devices: frozenset[int] | None) -> bytes:
        """The frame for a caller of these devices."""
        own = devices if message.type == METRICS_UPDATED else None
        key = (id(message), own)
        known = self._made.get(key)
        if known is not None:
            return known[1]
        told = message
        if own is not None:
            told = Message(message.type, message.seq, message.at, None, await self._till.snapshot(own))
        frame = text_frame(told.encoded())
        # The message is kept beside its frame, or its id could be given to another.
        self._made[key] = (message, frame)
        while len(self._made) > _MOST_FRAMES:
            self._made.popitem(last=False)
        return frame


class LiveSockets:
    """All open sockets: the endpoint, and what must reach every one of them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._frames = Frames(services.till)
        self._open: set[LiveSocket] = set()

    async def endpoint(self, visit: Visit, identity: Identity | None, send: Send) -> None:
        """One socket from its upgrade to its end."""
        socket = LiveSocket(visit, send, self._services, self._frames)
        self._open.add(socket)
        try:
            await socket.live(identity)
        finally:
            self._open.discard(socket)

    def end_unwelcome(self) -> frozenset[str]:
        """Close the sockets whose session, account or role has gone; the sessions of the others."""
        seen: set[str] = set()
        for socket in tuple(self._open):
            if socket.principal is None:
                continue
            if self._services.sessions.alive(socket.principal):
                seen.add(socket.principal.session_id)
            else:
                socket.end(UNAUTHENTICATED)
        return frozenset(seen)

    def heartbeat(self, at: str, seq: int) -> None:
        """Tell all pages that the line is alive: a browser cannot see a ping. Programs can, and get no more."""
        frame = text_frame(Message("heartbeat", seq, at, None, {}).encoded())
        for socket in self._open:
            if socket.is_page and socket.greeted.is_set():
                socket.channel.try_frame(frame)

    def __len__(self) -> int:
        return len(self._open)


class LiveSocket:
    """One client."""

    def __init__(self, visit: Visit, send: Send, services: Services, frames: Frames) -> None:
        self._visit = visit
        self._send = send
        self._services = services
        self._frames = frames
        self.channel: SocketProtocol = visit.scope["extensions"][FRAMES]
        self.principal: Principal | None = None
        # Browsers say which page opened a socket; programs have no page.
        self.is_page = visit.header("origin") is not None
        # Set once hello is out: nothing goes before it.
        self.greeted = asyncio.Event()
        self._feed: Feed | None = None
        self._ending: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(self, code: int) -> None:
        """Close it from outside."""
        if not self._ending.done():
            self._ending.set_result(code)

    async def live(self, identity: Identity | None) -> None:
        """Accept, talk, close."""
        message = await self._visit.receive()
        if message["type"] != "websocket.connect":
            return
        try:
            await self._send({"type": "websocket.accept"})
            code = await self._life(identity)
        except (Disconnected, ClientDisconnected):
            return
        except TimeoutError:
            _log.info("socket_stalled", address=self._visit.address)
            code = TOO_SLOW
        except Exception:
            _log.exception("socket_failed", address=self._visit.address)
            code = BROKEN
        finally:
            if self._feed is not None:
                self._feed.close()
        await self._close(code)

    async def _close(self, code: int) -> None:
        if code == TOO_SLOW:
            self.channel.part()
            return
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._send({"type": "websocket.close", "code": code})
        except ClientDisconnected:
            return
        except TimeoutError:
            self.channel.drop()

    async def _life(self, identity: Identity | None) -> int:
        principal = identity.principal if identity is not None else await self._introduced()
        if principal is None:
            return UNAUTHENTICATED
        if principal.account.role not in WATCHERS:
            return FORBIDDEN
        self._feed = self._services.till.subscribe(devices=principal.devices)
        self.principal = principal
        # Between the check and now the account may have changed.
        if not self._services.sessions.alive(principal):
            return UNAUTHENTICATED
        tasks = {asyncio.ensure_future(self._tell(principal)), asyncio.ensure_future(self._listen(principal))}
        try:
            done, _ = await asyncio.wait({*tasks, self._ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self._ending.result() if self._ending in done else done.pop().result()

    async def _introduced(self) -> Principal | None:
        """The caller by its first message, which must come soon; None where a wrong cookie or token came before."""
        came_with = self._visit.header("authorization") or self._visit.cookies.get(self._services.cookie_name)
        if came_with is not None:
            return None
        try:
            async with asyncio.timeout(self._services.limits.socket_auth_seconds):
                text = await self._text()
        except TimeoutError:
            return None
        said = _parsed(text) if text is not None else None
        token = said.get("token") if said is not None and said.get("type") == "auth" else None
        return self._services.sessions.by_access_token(token) if isinstance(token, str) else None

    async def _tell(self, principal: Principal) -> int:
        """Send what the feed has. After a resume the old feed is read to its end first, then the new one."""
        stall = self._services.limits.socket_stall_seconds
        role = principal.account.role
        feed = self._feed
        while feed is not None:
            try:
                async for message in feed:
                    told = [greeting_for(role, m) for m in (message, *feed.more(_AT_ONCE)) if may_hear(role, m.type)]
                    if told:
                        frames = [await self._frames.of(one, principal.devices) for one in told]
                        await self.channel.send_frame(b"".join(frames), stall)
                        self.greeted.set()
                    await feed.rest(_PACE)
            except Overflow:
                _log.info("socket_too_slow", account=principal.account.name, address=self._visit.address)
                return TOO_SLOW
            feed = self._feed if feed is not self._feed else None
        return GOING_AWAY

    async def _listen(self, principal: Principal) -> int:
        loop = asyncio.get_running_loop()
        since, count = loop.time(), 0
        while True:
            text = await self._text()
            if text is None:
                return UNSUPPORTED
            if loop.time() - since > _MESSAGES_SECONDS:
                since, count = loop.time(), 0
            count += 1
            if count > _MESSAGES:
                return POLICY
            said = _parsed(text)
            if said is None:
                return UNSUPPORTED
            after = said.get("after")
            if said.get("type") == "resume" and isinstance(after, int) and not isinstance(after, bool):
                await self.greeted.wait()
                self._resume(principal, after)

    def _resume(self, principal: Principal, after: int) -> None:
        if not -1 < after < 2**63:
            after = 2**63 - 1
        old, self._feed = self._feed, self._services.till.subscribe(devices=principal.devices, after=after)
        if old is not None:
            old.close()

    async def _text(self) -> str | None:
        """The next text message; None for a binary one. Raises Disconnected."""
        message = await self._visit.receive()
        if message["type"] == "websocket.disconnect":
            raise Disconnected
        text: str | None = message.get("text")
        return text


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        said = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
