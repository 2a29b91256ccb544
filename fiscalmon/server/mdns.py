"""Announces the till on the LAN by mDNS and DNS-SD (RFC 6762, 6763): `_https._tcp` on the chosen addresses.

A convenience, never the only way in. zeroconf is loaded when something is announced first. Knows no till.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

TYPE: Final = "_https._tcp.local."


class Announcement:
    """What is announced now; nothing at first."""

    def __init__(self) -> None:
        self._zeroconf: AsyncZeroconf | None = None
        self._service: AsyncServiceInfo | None = None
        self._shown: tuple[tuple[str, ...], int] | None = None

    async def show(self, addresses: Sequence[str], port: int) -> str:
        """Announce the port on these addresses in place of what was; the host name under which it is found.

        Raises OSError when no adapter takes it.
        """
        wanted = (tuple(addresses), port)
        name = f"{_host()}.local"
        if wanted == self._shown:
            return name
        await self.hide()
        from zeroconf import Error, IPVersion
        from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

        version = IPVersion.All if any(":" in one for one in addresses) else IPVersion.V4Only
        try:
            self._zeroconf = AsyncZeroconf(interfaces=list(addresses), ip_version=version)
            self._service = AsyncServiceInfo(
                TYPE,
                f"fiscalmon till {_host()}.{TYPE}",
                port=port,
                parsed_addresses=list(addresses),
                server=f"{name}.",
                properties={"path": "/", "product": "fiscalmon"},
            )
            await self._zeroconf.async_register_service(self._service, allow_name_change=True)
        except (Error, RuntimeError) as wrong:
            await self.hide()
            raise OSError(f"{type(wrong).__name__}: {wrong}") from None
        except BaseException:
            await self.hide()
            raise
        self._shown = wanted
        return name

    async def hide(self) -> None:
        """Take back what was announced."""
        zeroconf, service = self._zeroconf, self._service
        self._zeroconf, self._service, self._shown = None, None, None
        if zeroconf is None:
            return
        if service is not None:
            await zeroconf.async_unregister_service(service)
        await zeroconf.async_close()


def _host() -> str:
    return socket.gethostname().partition(".")[0].lower() or "till"
