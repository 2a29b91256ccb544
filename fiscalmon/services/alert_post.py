"""The messages about alerts on their way out: kept in the books until they have arrived, each channel in its order.

The Internet may be what is down, so a message waits and is tried again; it may arrive twice and then has the same id.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import structlog

from ..books import Store
from ..books.alerts import Delivery
from ..domain.alert_channels import Channel, Note
from ..domain.errors import FiscalmonError, NotDelivered
from ..domain.localtime import parse_utc, utc_text
from ..domain.preferences import AlertChannels
from ..ports import Clock, Notifier, SecretBox
from .preferences import Preferences

log = structlog.get_logger()
LOOK_SECONDS: Final = 5.0
FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(minutes=5)
GIVEN_UP_AFTER: Final = timedelta(days=3)


class AlertPost:
    """`load` first. `waiting`: what still has to go out, oldest first."""

    def __init__(
        self, store: Store, clock: Clock, preferences: Preferences, secrets: SecretBox, notifier: Notifier
    ) -> None:
        self._store = store
        self._clock = clock
        self._preferences = preferences
        self._secrets = secrets
        self._notifier = notifier
        self.waiting: list[Delivery] = []
        self._stirred = asyncio.Event()

    async def load(self) -> None:
        """Read the books."""
        self.waiting = await self._store.read(lambda archive: archive.alerts.waiting())

    def added(self, deliveries: Iterable[Delivery]) -> None:
        """Messages that are in the books now."""
        self.waiting += deliveries
        self._stirred.set()

    def dropped(self, incident: str) -> None:
        """The books gave up an incident's messages that were never tried."""
        self.waiting = [one for one in self.waiting if one.incident != incident or one.attempts]

    def owes(self, incident: str, channel: str) -> bool:
        """Whether an earlier message about the incident has still to get to the channel."""
        return any(one.incident == incident and one.channel == channel for one in self.waiting)

    def channels(self) -> dict[str, Channel]:
        """The channels by name."""
        return {channel.name: channel for channel in self._preferences.get(AlertChannels).channels}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._stirred.clear()
            try:
                await self.turn()
            except FiscalmonError as wrong:
                log.warning("alert.post", code=wrong.code, text=wrong.text)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._stirred.wait()

    async def turn(self) -> None:
        """Send what is due: channels beside each other, a channel's messages in their order."""
        known = self.channels()
        self.waiting = [one for one in self.waiting if one.channel in known]
        queues: dict[str, list[Delivery]] = {}
        for one in self.waiting:
            queues.setdefault(one.channel, []).append(one)
        await asyncio.gather(*(self._work_off(known[name], queue) for name, queue in queues.items()))

    async def send(self, channel: Channel, note: Note) -> None:
        """Hand a message over now. Raises NotDelivered, KeyUnavailable."""
        secret = await asyncio.to_thread(self._secrets.get, channel.name)
        await self._notifier.send(channel, secret, note)

    async def _work_off(self, channel: Channel, queue: list[Delivery]) -> None:
        for delivery in queue:
            if delivery not in self.waiting:
                continue
            if parse_utc(delivery.next_at) > self._clock.now() or not await self._try(channel, delivery):
                return

    async def _try(self, channel: Channel, delivery: Delivery) -> bool:
        """Whether the next message may follow. That it was tried stands in the books before anything goes out."""
        now = self._clock.now()
        pause = min(FIRST_PAUSE * 2 ** min(delivery.attempts, 10), LONGEST_PAUSE)
        tried = delivery._replace(attempts=delivery.attempts + 1, next_at=utc_text(now + pause))
        if not await self._note(delivery, tried):
            return True
        try:
            await self.send(channel, delivery.note)
        except FiscalmonError as wrong:
            text = wrong.text if isinstance(wrong, NotDelivered) else "The channel's secret cannot be read."
            log.warning("alert.undelivered", channel=channel.name, alert=delivery.incident, reason=text)
            gone = now - parse_utc(delivery.note.at) > GIVEN_UP_AFTER
            await self._note(tried, tried._replace(error=text, done_at=utc_text(now) if gone else None))
            return gone
        log.info("alert.delivered", channel=channel.name, alert=delivery.incident)
        await self._note(tried, tried._replace(done_at=utc_text(self._clock.now()), error=None))
        return True

    async def _note(self, before: Delivery, after: Delivery) -> bool:
        """Write down how a delivery stands; False when it was given up meanwhile."""
        known = await self._store.write(lambda work: work.alerts.tried(after))
        if before in self.waiting:
            place = self.waiting.index(before)
            self.waiting[place : place + 1] = [after] if known and after.done_at is None else []
        return known
