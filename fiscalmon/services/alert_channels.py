"""The channels that the owner adds: descriptions in the preferences, secrets in their box, a test for each.

Knows no protocol of any channel.
"""

from __future__ import annotations

import asyncio
import secrets as random
from typing import Any

from ..books import Store
from ..domain.alert_channels import MOST_CHANNELS, Channel, Note, channel_from
from ..domain.errors import BadInput
from ..domain.localtime import utc_text
from ..domain.preferences import AlertChannels
from ..ports import Clock, SecretBox
from .alert_post import AlertPost
from .preferences import Preferences

Json = dict[str, Any]


class Channels:
    """Added and removed at the till alone."""

    def __init__(
        self, store: Store, clock: Clock, preferences: Preferences, secrets: SecretBox, post: AlertPost
    ) -> None:
        self._store = store
        self._clock = clock
        self._preferences = preferences
        self._secrets = secrets
        self._post = post

    async def listed(self) -> list[Json]:
        """Each channel without its secret: whether there is one, what waits, how the last message went."""
        errors = await self._store.read(lambda archive: archive.alerts.last_errors())
        waiting = [one.channel for one in self._post.waiting]
        return [
            {
                "name": channel.name,
                "kind": _kind(channel),
                "target": channel.target,
                "secret": await asyncio.to_thread(self._secrets.get, channel.name) is not None,
                "waiting": waiting.count(channel.name),
                "lastError": errors.get(channel.name),
            }
            for channel in self._post.channels().values()
        ]

    async def add(self, given: Json, secret: str | None, by: str) -> Json:
        """A new channel, or another description of an old one. Raises BadInput, KeyUnavailable."""
        secret = secret or None
        if secret is not None and (not secret.isprintable() or len(secret) > 2_000):
            raise BadInput("The secret must be one line of printable characters.")
        channel = channel_from(given, has_secret=secret is not None)
        known = self._post.channels()
        if channel.name not in known and len(known) >= MOST_CHANNELS:
            raise BadInput(f"There are {MOST_CHANNELS} channels already; remove one first.")
        if secret is not None:
            await asyncio.to_thread(self._secrets.put, channel.name, secret)
        else:
            await asyncio.to_thread(self._secrets.remove, channel.name)
        await self._keep({**known, channel.name: channel}, by)
        return {"name": channel.name, "kind": _kind(channel), "target": channel.target}

    async def remove(self, name: str, by: str) -> Json:
        """Forget a channel, its secret and what waits for it. Raises BadInput."""
        channel = self._named(name)
        await self._keep({key: one for key, one in self._post.channels().items() if key != name}, by)
        await self._store.write(lambda work: work.alerts.forget_channel(name))
        await asyncio.to_thread(self._secrets.remove, name)
        return {"name": name, "kind": _kind(channel), "target": channel.target}

    async def test(self, name: str) -> Json:
        """Send a message now, past the queue and the quiet hours. Raises BadInput, NotDelivered."""
        channel = self._named(name)
        text = "This is a test: alerts of this till arrive here."
        at = utc_text(self._clock.now())
        note = Note(f"test-{random.token_hex(8)}", "test", "test", "fiscalmon: a test", text, at)
        await self._post.send(channel, note)
        return {"name": name, "sent": True, "id": note.id}

    def _named(self, name: str) -> Channel:
        channel = self._post.channels().get(name)
        if channel is None:
            raise BadInput(f"There is no channel {name!r}; `fiscalmon alerts channels` shows them.")
        return channel

    async def _keep(self, channels: dict[str, Channel], by: str) -> None:
        await self._preferences.change(AlertChannels(channels=tuple(channels.values())), by=by)


def _kind(channel: Channel) -> str:
    return str(channel.__struct_config__.tag)
