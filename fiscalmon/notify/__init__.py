"""Messages to people outside: adapters behind ports.Notifier. Know a channel and a message, nothing of the till."""

from __future__ import annotations

from ..domain.alert_channels import Channel, Mail, Note, Telegram


class Notifiers:
    """Implements ports.Notifier: each channel by its own adapter, loaded when it is first needed."""

    async def send(self, channel: Channel, secret: str | None, note: Note) -> None:
        if isinstance(channel, Mail):
            from .mail import MailNotifier

            await MailNotifier().send(channel, secret, note)
        elif isinstance(channel, Telegram):
            from .telegram import TelegramNotifier

            await TelegramNotifier().send(channel, secret, note)
        else:
            from .webhook import WebhookNotifier

            await WebhookNotifier().send(channel, secret, note)
