"""The one event bus of an engine: hands each message to every subscriber without ever waiting for one.

Lives on the engine's loop; holds no history (the event log does) and knows no transport.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from .events import METRICS_UPDATED, RECEIPT_PROGRESS, Message

DEFAULT_BOUND = 1_000
# The part of its bound (one in so many) at which a resting reader is woken.
CROWDED = 4


class Overflow(Exception):
    """A subscriber fell so far behind that lasting messages would be lost: it must resume from the log."""


class Subscription:
    """A bounded queue of messages for one listener. Iterate with `async for`; ends when closed.

    Once half full, metrics are replaced by the newest and progress is dropped; past the bound iteration
    raises Overflow after what is queued has been read. A reader that takes several at once calls `more` and `rest`.
    """

    def __init__(self, bus: Bus, devices: frozenset[int] | None, bound: int, *, held: bool) -> None:
        self._bus = bus
        self._devices = devices
        self._bound = bound
        self._queue: deque[Message] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._resting: asyncio.Future[None] | None = None
        self._closed = False
        self._held = held
        self._greeted = 0
        self.overflowed = False
        self.last_seq = 0

    def wants(self, message: Message) -> bool:
        """Whether this listener may see the message: a message of no device goes to all."""
        return self._devices is None or message.device_id is None or message.device_id in self._devices

    def push(self, message: Message) -> None:
        """Queue a message; never blocks."""
        if self._closed or self.overflowed or not self._is_news(message):
            return
        if len(self._queue) >= self._bound // 2:
            if message.type == RECEIPT_PROGRESS:
                return
            if message.type == METRICS_UPDATED:
                self._queue = deque(m for m in self._queue if m.type != METRICS_UPDATED)
        if len(self._queue) >= self._bound:
            self.overflowed = True
        else:
            self._queue.append(message)
        self._stir()
        # Figures were gathered already, by their publisher: they take along what rests.
        if message.type == METRICS_UPDATED or len(self._queue) >= self._bound // CROWDED:
            _wake(self._resting)

    def put_first(self, messages: Iterable[Message]) -> None:
        """Put messages before everything queued, without the queued ones that they already hold; ends a hold."""
        first = list(messages)
        self._greeted = max((m.seq for m in first), default=0)
        self._queue = deque([*first, *filter(self._is_news, self._queue)])
        self._held = False
        self._stir()

    def _is_news(self, message: Message) -> bool:
        """False for what the first messages held: they come from the log, which knows a fact before the bus does."""
        return message.seq > self._greeted or message.passing or message.type in (METRICS_UPDATED, RECEIPT_PROGRESS)

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Message:
        while self._held or not self._queue:
            if self._closed:
                raise StopAsyncIteration
            if self.overflowed and not self._held:
                raise Overflow
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._taken()

    def more(self, most: int) -> list[Message]:
        """What is queued already, at most so many; empty while nothing may be read."""
        return [self._taken() for _ in range(min(most, 0 if self._held else len(self._queue)))]

    async def rest(self, seconds: float) -> None:
        """Let messages gather for so long; shorter when figures come, many have gathered, or it is closed."""
        if self._closed or len(self._queue) >= self._bound // CROWDED:
            return
        loop = asyncio.get_running_loop()
        self._resting = loop.create_future()
        alarm = loop.call_later(seconds, _wake, self._resting)
        try:
            await self._resting
        finally:
            alarm.cancel()
            self._resting = None

    def _taken(self) -> Message:
        message = self._queue.popleft()
        self.last_seq = max(self.last_seq, message.seq)
        return message

    def close(self) -> None:
        """Stop listening; a waiting reader ends. Call on the engine's loop."""
        self._closed = True
        self._held = False
        self._bus.forget(self)
        self._stir()
        _wake(self._resting)

    def _stir(self) -> None:
        _wake(self._waiter)


def _wake(sleeper: asyncio.Future[None] | None) -> None:
    if sleeper is not None and not sleeper.done():
        sleeper.set_result(None)


class Bus:
    """Publishes to all subscriptions, in order. Use from the engine's loop only."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self.last_seq = 0

    def subscribe(
        self, devices: frozenset[int] | None = None, bound: int = DEFAULT_BOUND, *, held: bool = False
    ) -> Subscription:
        """A new listener; sees what is published from now on. `held`: reads nothing before `put_first`."""
        subscription = Subscription(self, devices, bound, held=held)
        self._subscriptions.add(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Remove a listener; harmless when it is gone already."""
        self._subscriptions.discard(subscription)

    @property
    def listeners(self) -> int:
        """How many listen, so that nothing is computed for nobody."""
        return len(self._subscriptions)

    def publish(self, message: Message) -> None:
        """Hand a message to whoever may see it."""
        self.last_seq = max(self.last_seq, message.seq)
        for subscription in tuple(self._subscriptions):
            if subscription.wants(message):
                subscription.push(message)

    def close(self) -> None:
        """End all subscriptions."""
        for subscription in tuple(self._subscriptions):
            subscription.close()
