"""The LAN server's life: binds, serves on the running loop, watches over sessions and its certificate, stops.

Puts the parts of this package together; knows the engine as `facade.Till` alone.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from ..domain.localtime import utc_text
from ..events import encode
from ..services.accounts import Accounts
from ..services.sessions import Sessions
from . import trust
from .addresses import HostGuard, addresses_of_this_machine, bind, in_url, names_of_this_machine, plain
from .call import Doorkeeper, Services
from .facade import Till
from .gate import Gate
from .listener import Listener
from .live import LiveSockets
from .open_files import room_for
from .openapi import STYLE, document, page
from .own_certificate import fingerprint, load_own
from .rates import Rates
from .routes import ROUTES, RouteTable
from .secret_files import read_or_make_key
from .settings import Limits, ServerSettings
from .site import Site, SiteFile, dashboard, site_file
from .tls import Authority

_STOP_SECONDS: Final = 2.7
_CERTIFICATE_CHECK: Final = 12 * 3_600
_TOUCH: Final = 60

_log = structlog.get_logger("fiscalmon.server")


def _bounded(limits: Limits) -> Limits:
    return replace(limits, connections=room_for(limits.connections))


class LanServer:
    """REST, WebSocket and dashboard on one port. `url` and `ca_file` hold once `start` has returned."""

    def __init__(self, till: Till, accounts: Accounts, settings: ServerSettings, doorkeeper: Doorkeeper) -> None:
        self._till = till
        self._accounts = accounts
        self._settings = settings
        self._doorkeeper = doorkeeper
        self.url = ""
        self.port = 0
        self.ca_file: Path | None = None
        self.fingerprint: str | None = None
        self._bound = ""
        self._authority: Authority | None = None
        self._context: ssl.SSLContext | None = None
        self._services: Services | None = None
        self._sockets: LiveSockets | None = None
        self._listener: Listener | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listen. Raises FiscalmonError in a plain sentence when the port cannot be had."""
        settings = self._settings
        bound = bind(settings.host, settings.port)
        try:
            address, port = bound.getsockname()[:2]
            self._bound, self.port = address, port
            names = names_of_this_machine(settings.host_names)
            if settings.tls:
                await asyncio.to_thread(self._trust, names)
            self._services = await asyncio.to_thread(self._make_services, port)
            self._sockets = LiveSockets(self._services)
            site = await asyncio.to_thread(self._make_site)
            guard = HostGuard(names, tls=settings.tls)
            gate = Gate(self._services, guard, site, RouteTable(ROUTES), self._sockets.endpoint)
            self._listener = Listener(gate, _bounded(settings.limits), self._context, guard)
            self._tasks = [asyncio.create_task(self._listener.serve(sockets=[bound]))]
            await asyncio.wait({self._tasks[0], self._listener.ready}, return_when=asyncio.FIRST_COMPLETED)
            if not self._listener.ready.done():
                self._tasks[0].result()
            self._tasks += [asyncio.create_task(self._watch(self._services, self._sockets))]
            self._tasks += [asyncio.create_task(self._beat(self._sockets))]
        except BaseException:
            bound.close()
            raise
        self.url = f"{'https' if settings.tls else 'http'}://{self._shown(address)}:{port}"
        _log.info("server_listening", url=self.url)

    def _trust(self, names: Sequence[str]) -> None:
        """The certificate: the shop's own, or one by the till's own authority. Raises BadInput."""
        if self._settings.certificate is not None:
            self._context = load_own(*self._settings.certificate)
            self.fingerprint = fingerprint(self._settings.certificate[0].read_bytes())
            return
        self._authority = Authority(self._settings.data_dir / "tls", names, addresses_of_this_machine(self._bound))
        self._authority.ensure()
        self._context = self._authority.context()
        self.ca_file = self._authority.ca_file
        self.fingerprint = fingerprint(self.ca_file.read_bytes())

    async def readdress(self) -> None:
        """The machine has other addresses now: the certificate names them, for new connections."""
        if self._authority is not None:
            self._authority.readdress(addresses_of_this_machine(self._bound))
            await asyncio.to_thread(self._renew)

    async def stop(self) -> None:
        """Stop within 3 s: sockets are told (1012), requests may finish, what hangs is dropped."""
        listener, services, tasks = self._listener, self._services, self._tasks
        self._listener, self._services, self._tasks = None, None, []
        if listener is None or services is None:
            return
        listener.should_exit = True
        for task in tasks[1:]:
            task.cancel()
        await asyncio.wait(tasks, timeout=_STOP_SECONDS)
        listener.drop_all()
        await asyncio.gather(*tasks, return_exceptions=True)
        services.pool.close()
        _log.info("server_stopped", url=self.url)

    @property
    def dashboards(self) -> int:
        """How many sockets are open."""
        return 0 if self._sockets is None else len(self._sockets)

    def _shown(self, address: str) -> str:
        found = plain(address)
        if found.is_unspecified:
            # The first two are loopback; then comes the LAN's, where there is one.
            found = next(iter(addresses_of_this_machine(address)[2:]), found)
        return "localhost" if found.is_unspecified else in_url(found)

    def _make_services(self, port: int) -> Services:
        settings = self._settings
        key = read_or_make_key(settings.data_dir / "access-token.key")
        return Services(
            till=self._till,
            accounts=self._accounts,
            sessions=Sessions(self._accounts, key),
            limits=settings.limits,
            # Cookies know no port, so the name does; browsers take __Host- only with Secure, which needs TLS.
            cookie_name=f"__Host-fiscalmon-{port}" if settings.tls else f"fiscalmon-{port}",
            secure=settings.tls,
            rates=Rates(settings.limits),
            doorkeeper=self._doorkeeper,
            dashboards=lambda: self.dashboards,
        )

    def _make_site(self) -> Site:
        files: dict[str, SiteFile] = dashboard(self._settings.web_root)
        described = site_file("/api/openapi.json", encode(document(ROUTES)))
        shown = site_file("/api/docs.html", page(ROUTES))
        files |= {
            "/api/openapi.json": described,
            "/api/docs": shown,
            "/api/docs/": shown,
            "/api/docs/style.css": site_file("/style.css", STYLE.encode()),
        }
        if self.ca_file is not None:
            files["/ca.pem"] = site_file("/ca.pem", self.ca_file.read_bytes())
            files["/fiscalmon-ca.crt"] = site_file("/ca.crt", self.ca_file.read_bytes())
        if self.fingerprint is not None:
            shown = site_file("/trust.html", trust.page(self.fingerprint, own_authority=self.ca_file is not None))
            files |= {"/trust": shown, "/trust/": shown, "/trust.css": site_file("/trust.css", trust.STYLE.encode())}
        return Site(files)

    async def _watch(self, services: Services, sockets: LiveSockets) -> None:
        """Take over what the command line changed, and close the sockets of whoever may no longer listen."""
        interval = self._settings.limits.watch_seconds
        loop = asyncio.get_running_loop()
        touched = checked = loop.time()
        # Two slow hashes that nobody who starts the till should wait for.
        await asyncio.to_thread(self._accounts.passwords.prepare)
        while True:
            await asyncio.sleep(interval)
            try:
                await asyncio.to_thread(services.sessions.refresh)
                in_use = sockets.end_unwelcome()
                if loop.time() - touched > _TOUCH:
                    touched = loop.time()
                    await asyncio.to_thread(services.sessions.touch, in_use)
                if loop.time() - checked > _CERTIFICATE_CHECK:
                    checked = loop.time()
                    await asyncio.to_thread(self._renew)
            except Exception:
                _log.exception("watch_failed")

    async def _beat(self, sockets: LiveSockets) -> None:
        while True:
            await asyncio.sleep(self._settings.limits.heartbeat_seconds)
            if len(sockets):
                snapshot = await self._till.snapshot()
                sockets.heartbeat(utc_text(datetime.now(UTC)), snapshot["seq"])

    def _renew(self) -> None:
        if self._authority is not None and self._context is not None and self._authority.ensure():
            self._authority.load_into(self._context)
            _log.info("certificate_renewed")
