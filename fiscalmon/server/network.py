"""The machine's side of the LAN as services ask for it: adapters, listener, announcement. Puts parts together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..services.accounts import Accounts
from ..services.lan_access import Wish
from ..services.lan_addresses import AdapterAddress
from .adapters import adapter_addresses
from .addresses import bind
from .facade import Till
from .mdns import Announcement
from .own_certificate import load_own
from .settings import ServerSettings

if TYPE_CHECKING:
    from .call import Doorkeeper
    from .lan import LanServer


class LanNetwork:
    """`settings`: what stays the same wherever the till listens; `accounts` are those of the door."""

    def __init__(
        self, till: Till, accounts: Callable[[], Accounts], doorkeeper: Doorkeeper, settings: ServerSettings
    ) -> None:
        self._till = till
        self._accounts = accounts
        self._doorkeeper = doorkeeper
        self._settings = settings

    @cached_property
    def _announcement(self) -> Announcement:
        return Announcement()

    def addresses(self) -> Sequence[AdapterAddress]:
        """Every address of this machine. Waits for the system."""
        return adapter_addresses()

    def check(self, wish: Wish) -> None:
        """Whether it could be opened: the address is ours, the certificate holds. Raises BadInput, FiscalmonError."""
        if wish.certificate is not None and wish.key is not None:
            load_own(wish.certificate, wish.key)
        if not wish.local:
            bind(wish.host, 0).close()

    async def open(self, wish: Wish) -> LanServer:
        """A listener that serves. Raises BadInput, FiscalmonError."""
        files = None if wish.certificate is None or wish.key is None else (wish.certificate, wish.key)
        settings = replace(
            self._settings,
            host=wish.host,
            port=wish.port,
            tls=wish.tls,
            host_names=wish.host_names,
            certificate=files,
        )
        from .lan import LanServer  # here: an engine without a door starts without what serves it

        server = LanServer(self._till, self._accounts(), settings, self._doorkeeper)
        try:
            await server.start()
        except BaseException:
            await server.stop()
            raise
        return server

    async def announce(self, addresses: Sequence[str], port: int) -> str | None:
        """Be found under the name that is returned. Raises OSError."""
        return await self._announcement.show(addresses, port) if addresses else None

    async def hush(self) -> None:
        """Be found no more; harmless when nothing was announced."""
        if "_announcement" in self.__dict__:
            await self._announcement.hide()
