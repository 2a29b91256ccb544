"""A message as a JSON object to a web address: what programs and chat rooms take. Any status of 2xx is a yes."""

from __future__ import annotations

import ssl

import msgspec

from ..domain.alert_channels import Note, Webhook, check_url
from ..domain.errors import BadInput, NotDelivered
from .posting import Errand, post
from .trust import verifying


class WebhookNotifier:
    """`context`: whom TLS believes, by default the system's authorities."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context or verifying()

    async def send(self, channel: Webhook, secret: str | None, note: Note) -> None:
        """POST it. `Idempotency-Key` is the message's id, by which a receiver knows a repeat. Raises NotDelivered."""
        url = channel.url or secret
        if url is None:
            raise NotDelivered("The channel's address is not here: add the channel again.")
        try:
            check_url(url, allow_private=channel.allow_private)
        except BadInput as wrong:
            raise NotDelivered(wrong.text) from None
        headers = {"idempotency-key": note.id}
        if channel.url is not None and secret is not None:
            headers["authorization"] = f"Bearer {secret}"
        # `text` with the title in it is what chat rooms show of such an object.
        body = {**msgspec.to_builtins(note), "text": f"{note.title}: {note.text}", "detail": note.text}
        errand = Errand(url, headers, msgspec.json.encode(body), not channel.allow_private)
        status = await post(errand, self._context)
        if not 200 <= status < 300:
            raise NotDelivered(f"The webhook answered {status}.")
