"""A message into a Telegram chat by a bot. The bot's token is part of the address: no address ever leaves here."""

from __future__ import annotations

import re
import ssl
from types import MappingProxyType
from typing import Final

import msgspec

from ..domain.alert_channels import Note, Telegram
from ..domain.errors import NotDelivered
from .posting import Errand, post
from .trust import verifying

BASE: Final = "https://api.telegram.org"
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{10,100}")
_REFUSED: Final = MappingProxyType(
    {
        400: "Telegram does not know this chat.",
        401: "Telegram does not know this bot: its token is wrong or was revoked.",
        403: "Telegram's chat does not let this bot in.",
        404: "Telegram does not know this bot: its token is wrong or was revoked.",
        429: "Telegram asks to wait.",
    }
)


class TelegramNotifier:
    """`base` is another Bot API server than Telegram's own: one on one's own machine."""

    def __init__(self, base: str = BASE, context: ssl.SSLContext | None = None) -> None:
        self._base = base
        self._context = context or verifying()

    async def send(self, channel: Telegram, secret: str | None, note: Note) -> None:
        """sendMessage. Raises NotDelivered."""
        if secret is None or not _TOKEN.fullmatch(secret):
            raise NotDelivered("The bot's token is not here, or is none: add the channel again.")
        text = f"{note.title}\n{note.text}\n{note.till} · {note.at}"[:4_096]
        body = msgspec.json.encode({"chat_id": channel.chat, "text": text})
        errand = Errand(f"{self._base}/bot{secret}/sendMessage", {}, body, self._base == BASE)
        status = await post(errand, self._context)
        if status != 200:
            raise NotDelivered(_REFUSED.get(status, f"Telegram answered {status}."))
