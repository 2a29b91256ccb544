"""Where alerts go besides the feed: channels as their owner describes them, and the message that they carry.

No secret stands here: a channel's password, token or secret address is kept elsewhere, by the channel's name.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from .errors import BadInput

ChannelName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Line = Annotated[str, Meta(pattern=r"^[\x21-\x7e]+$", max_length=500)]
Address = Annotated[str, Meta(pattern=r"^[^@\s<>,;:\"]+@[^@\s<>,;:\"]+$", max_length=254)]
MOST_CHANNELS: Final = 20


class Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="webhook", tag_field="kind"):
    """A JSON object by POST. `url` None: the whole address is the secret. Else a secret is sent as a bearer token.

    `allow_private`: also to machines of the shop's own network, and without TLS.
    """

    name: ChannelName
    url: Line | None = None
    allow_private: bool = False

    @property
    def target(self) -> str:
        """Where it goes, without what may be secret in it."""
        return f"https://{urlsplit(self.url).hostname}" if self.url else "(kept secret)"


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="e-mail", tag_field="kind"):
    """E-mail by SMTP. A secret is the password of `user`; without TLS (`none`) there can be neither."""

    name: ChannelName
    host: Line
    sender: Address
    to: Annotated[tuple[Address, ...], Meta(min_length=1, max_length=20)]
    port: Annotated[int, Meta(ge=1, le=65_535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Line | None = None

    @property
    def target(self) -> str:
        """Who gets it."""
        return ", ".join(self.to)


class Telegram(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="telegram", tag_field="kind"):
    """A bot's message into a chat. The secret is the bot's token."""

    name: ChannelName
    chat: Annotated[str, Meta(pattern=r"^(-?\d{1,20}|@[A-Za-z0-9_]{3,64})$")]

    @property
    def target(self) -> str:
        """Which chat gets it."""
        return self.chat


Channel = Webhook | Mail | Telegram


class Note(msgspec.Struct, frozen=True):
    """One message to people. `id` is the same whenever it is sent again; `at` is UTC text."""

    id: str
    # raised, repeated, resolved or test
    kind: str
    rule: str
    title: str
    text: str
    at: str
    deviceID: int | None = None
    till: str = "fiscalmon"


def channel_from(given: dict[str, Any], *, has_secret: bool) -> Channel:
    """A channel as somebody describes it. Raises BadInput with what is wrong."""
    try:
        channel: Channel = msgspec.convert(given, Channel)
    except msgspec.ValidationError as wrong:
        raise BadInput(f"This channel cannot be so: {wrong}.") from None
    if isinstance(channel, Webhook):
        _check_webhook(channel, has_secret=has_secret)
    elif isinstance(channel, Telegram) and not has_secret:
        raise BadInput("A Telegram channel needs its bot's token: give it on standard input with --secret-stdin.")
    elif isinstance(channel, Mail) and (channel.user is not None) != has_secret:
        raise BadInput("An e-mail channel needs a user and a password, or neither: --user with --secret-stdin.")
    elif isinstance(channel, Mail) and channel.security == "none" and has_secret:
        raise BadInput("A password is never sent without TLS: choose starttls or tls.")
    return channel


def _check_webhook(channel: Webhook, *, has_secret: bool) -> None:
    if channel.url is not None:
        check_url(channel.url, allow_private=channel.allow_private)
        if urlsplit(channel.url).query:
            raise BadInput("What stands behind the ? of an address may be a secret: give the whole of it on stdin.")
    elif not has_secret:
        raise BadInput("A webhook needs an address: --url, or --secret-stdin where the address itself is a secret.")


def check_url(url: str, *, allow_private: bool) -> None:
    """Raises BadInput for what is no web address to call, never naming what may be a secret in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadInput("The webhook's address cannot be read.") from None
    if parts.scheme not in ("https", "http") or not host or not url.isascii() or not url.isprintable():
        raise BadInput("A webhook's address begins with https:// and names a host.")
    if parts.scheme == "http" and not allow_private:
        raise BadInput("A webhook is called by https alone; http is for the shop's own network (--allow-private).")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadInput("No name, password or # belongs into a webhook's address.")
