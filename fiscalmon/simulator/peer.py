"""The other end of a connection: the client's certificate, and the means to cut the line. uvicorn hides both.

The only module that knows uvicorn's protocol class.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Peer:
    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        tls = transport.get_extra_info("ssl_object")
        # DER of the certificate that the handshake has verified against our CA; its dates are judged later.
        self.certificate: bytes | None = None if tls is None else tls.getpeercert(binary_form=True)

    def drop(self) -> None:
        """Close at once, without TLS's farewell."""
        self._transport.abort()


class PeerProtocol(HttpToolsProtocol):
    """Hands the peer to the application as `scope["state"]["peer"]`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn itself
        super().connection_made(transport)
        state: dict[str, Any] = {**self.app_state, "peer": Peer(transport)}
        self.app_state = state

    def shutdown(self) -> None:
        """An idle connection ends at once: TLS's farewell would wait for the client's."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()
        else:
            super().shutdown()
