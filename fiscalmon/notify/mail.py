"""A message as e-mail by SMTP, in a thread of its own. A password goes out after TLS was verified, or not at all."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from ..domain.alert_channels import Mail, Note
from ..domain.errors import NotDelivered
from ..domain.localtime import parse_utc
from .trust import verifying

SECONDS: Final = 20.0


class MailNotifier:
    """`context`: whom TLS believes, by default the system's authorities."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context

    async def send(self, channel: Mail, secret: str | None, note: Note) -> None:
        """Hand it to the mail server. Raises NotDelivered."""
        await asyncio.to_thread(self._send, channel, secret, letter(channel, note))

    def _send(self, channel: Mail, secret: str | None, message: EmailMessage) -> None:
        try:
            with self._connected(channel) as server:
                if channel.user is not None and secret is not None:
                    server.login(channel.user, secret)
                server.send_message(message)
        except ssl.SSLCertVerificationError as wrong:
            raise NotDelivered(f"The mail server's certificate is not trusted: {wrong.verify_message}.") from None
        except smtplib.SMTPAuthenticationError:
            raise NotDelivered("The mail server does not take this user and password.") from None
        except smtplib.SMTPNotSupportedError:
            raise NotDelivered("The mail server lacks what this channel needs: STARTTLS, or signing in.") from None
        except smtplib.SMTPResponseException as wrong:
            raise NotDelivered(f"The mail server refused the message ({wrong.smtp_code}).") from None
        except smtplib.SMTPRecipientsRefused:
            raise NotDelivered("The mail server takes mail for none of these addresses.") from None
        except (OSError, smtplib.SMTPException, UnicodeError, ValueError):
            raise NotDelivered("The mail server cannot be reached, or broke off.") from None

    def _connected(self, channel: Mail) -> smtplib.SMTP:
        context = self._context or verifying()
        if channel.security == "tls":
            return smtplib.SMTP_SSL(channel.host, channel.port, timeout=SECONDS, context=context)
        server = smtplib.SMTP(channel.host, channel.port, timeout=SECONDS)
        if channel.security == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server


def letter(channel: Mail, note: Note) -> EmailMessage:
    """The message; its Message-ID is the same whenever it is sent again."""
    message = EmailMessage()
    message["Subject"] = f"[{note.till}] {'Over: ' if note.kind == 'resolved' else ''}{note.title}"
    message["From"] = channel.sender
    message["To"] = ", ".join(channel.to)
    message["Date"] = format_datetime(parse_utc(note.at))
    message["Message-ID"] = f"<{note.id}@{channel.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{note.text}\n\nTime: {note.at} (UTC)\nRule: {note.rule}\n")
    return message
