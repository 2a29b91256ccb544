"""Whom messages to people are sent to over TLS: verified against the system's authorities. There is no switch."""

from __future__ import annotations

import ssl


def verifying() -> ssl.SSLContext:
    """A client context: TLS 1.2 or newer, host name and chain checked."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
