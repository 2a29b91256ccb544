"""Whether other machines may look in: opens, closes and moves the one listener while the engine runs.

Follows the preference `lan`, the till's addresses and its accounts. Lives on the engine's loop; knows the listener, the
adapters and the announcement on the LAN as Protocols only.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from ..domain.errors import BadInput, FiscalmonError
from ..domain.preferences import Lan
from ..events import LAN_CLOSED, LAN_LISTENING
from .accounts import Accounts
from .lan_addresses import AdapterAddress, likely_first
from .office_news import OfficeNews
from .preferences import Preferences

EVERY_ADDRESS: Final = "0.0.0.0"  # noqa: S104 - what the owner chose by switching the LAN on
ACCOUNTS_SECONDS: Final = 1.0
ADDRESSES_EVERY: Final = 10
log = logging.getLogger(__name__)


class Wish(NamedTuple):
    """Where to listen. `certificate` and `key`: files of the shop's own authority, else the till makes its own."""

    host: str = "127.0.0.1"
    port: int = 0
    tls: bool = True
    host_names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


class Door(Protocol):
    """A listener that is open. `fingerprint`: SHA-256 of what browsers are to trust, None without TLS."""

    url: str
    port: int
    ca_file: Path | None
    fingerprint: str | None

    async def readdress(self) -> None: ...
    async def stop(self) -> None: ...


class Network(Protocol):
    """The machine's side of the LAN."""

    def addresses(self) -> Sequence[AdapterAddress]: ...
    def check(self, wish: Wish) -> None: ...
    async def open(self, wish: Wish) -> Door: ...
    async def announce(self, addresses: Sequence[str], port: int) -> str | None: ...
    async def hush(self) -> None: ...


class LanAccess:
    """The till's door to the LAN. `accounts` opens them, once."""

    def __init__(
        self, preferences: Preferences, news: OfficeNews, accounts: Callable[[], Accounts], network: Network
    ) -> None:
        self._preferences = preferences
        self._news = news
        self._open_accounts = accounts
        self._network = network
        self._base: Wish | None = None
        self._holds: Wish | None = None
        self._door: Door | None = None
        self._addresses: Sequence[AdapterAddress] = ()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._watchers: list[Callable[[], None]] = []
        self._name: str | None = None
        # Why the LAN cannot look in although it should.
        self.reason: str | None = None
        preferences.guard(Lan, partial(_check, accounts, network))
        preferences.watch(Lan, self._changed)

    @property
    def door(self) -> Door | None:
        """The listener, None while there is none."""
        return self._door

    def watch(self, changed: Callable[[], None]) -> None:
        """Call `changed` on the engine's loop after the listener, its addresses or their trust changed."""
        self._watchers.append(changed)

    async def start(self, base: Wish) -> None:
        """Listen as the till was started, or as its owner has set. Raises FiscalmonError where neither can be."""
        self._base = base
        self._addresses = await asyncio.to_thread(self._network.addresses)
        await self._apply()
        self._keep(self._watch())

    async def stop(self) -> None:
        """Close the door and forget who may come in."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        async with self._turn:
            await self._close()

    async def set(self, values: dict[str, Any], *, by: str) -> dict[str, Any]:
        """Change the preference and wait until the door follows; the status then. Raises BadInput, FiscalmonError."""
        await self._preferences.set("lan", values, by=by)
        await self._apply()
        if values.get("listen") and self.reason is not None:
            raise FiscalmonError(self.reason, code="LAN")
        return self.status()

    def status(self) -> dict[str, Any]:
        """What people and programs are told: `listening` is whether other machines can look in."""
        door, holds, lan = self._door, self._holds, self._preferences.get(Lan)
        reachable = door is not None and holds is not None and not holds.local
        scheme = "https" if holds is None or holds.tls else "http"
        shown = self._shown(holds) if reachable else []
        port = door.port if door is not None else None
        listed = [{**one.plain(), "url": f"{scheme}://{_in_url(one.address)}:{port}/"} for one in shown]
        url = listed[0]["url"] if listed else f"{door.url}/" if door is not None else None
        return {
            "listening": reachable,
            "url": url,
            "host": holds.host if holds is not None else None,
            "port": port,
            "addresses": listed,
            "adapters": [one.plain() for one in likely_first(self._addresses, lan.shown_address)],
            "fingerprint": door.fingerprint if door is not None else None,
            "ca": str(door.ca_file) if door is not None and door.ca_file else None,
            "trustUrl": None if url is None or scheme == "http" else f"{url}trust",
            "mdnsName": self._name,
            "mdnsUrl": None if self._name is None else f"{scheme}://{self._name}:{port}/",
            "discoverable": lan.discoverable,
            "reason": self.reason,
        }

    def _shown(self, holds: Wish | None) -> list[AdapterAddress]:
        """The addresses under which others reach the listener, the one to give to people first."""
        if holds is None or holds.local:
            return []
        lan = self._preferences.get(Lan)
        found = likely_first(self._addresses, lan.shown_address)
        if holds.host == EVERY_ADDRESS:
            return [one for one in found if ":" not in one.address]
        if not _is_address(holds.host) or ipaddress.ip_address(holds.host).is_unspecified:
            return found
        return [one for one in found if one.address == holds.host] or [AdapterAddress("", holds.host)]

    # --- following what is wished ----------------------------------------------------------------------------------

    def _wanted(self) -> Wish:
        base, lan = self._base or Wish(), self._preferences.get(Lan)
        own = _own_files(lan)
        if not base.local:
            return base._replace(certificate=own[0], key=own[1])
        if not lan.listen:
            return base
        port = base.port if lan.port is None else lan.port
        # A free one is chosen once: who was given the address finds the till there.
        port = port or (self._holds.port if self._holds is not None else 0)
        return base._replace(host=lan.host or EVERY_ADDRESS, port=port, tls=True, certificate=own[0], key=own[1])

    def _changed(self) -> None:
        if self._base is not None:
            self._keep(self._apply())

    async def _apply(self) -> None:
        """Make the listener what is wished; where that fails, fall back to this machine alone and say why."""
        if self._base is None:
            return
        async with self._turn:
            wish = self._wanted()
            if self._door is not None and wish == self._holds:
                await self._announce()
            else:
                await self._move(wish)
        for told in self._watchers:
            told()

    async def _move(self, wish: Wish) -> None:
        was_open = self._holds is not None and not self._holds.local
        await self._close()
        try:
            await self._enter(wish)
            self.reason = None
        except FiscalmonError as wrong:
            self.reason = wrong.text
            log.error("the LAN cannot look in: %s", wrong.text)
            if self._base is None or wish == self._base or not self._base.local:
                raise
            await self._enter(self._base)
        open_now = self._holds is not None and not self._holds.local
        if open_now or was_open:
            await self._tell(open_now)

    async def _enter(self, wish: Wish) -> None:
        if not wish.local:
            await asyncio.to_thread(_need_owner, self._open_accounts)
        await asyncio.to_thread(self._network.check, wish)
        self._door = await self._network.open(wish)
        self._holds = wish._replace(port=self._door.port)
        if wish == self._base:
            self._base = self._holds
        await self._announce()

    async def _close(self) -> None:
        door, self._door, self._holds, self._name = self._door, None, None, None
        await self._network.hush()
        if door is not None:
            await door.stop()

    async def _announce(self) -> None:
        """Be found by name, where the owner wants that and others can come in."""
        status = self.status()
        if not (status["listening"] and status["discoverable"]):
            self._name = None
            await self._network.hush()
            return
        addresses = [one["address"] for one in status["addresses"] if not one["virtual"]]
        try:
            self._name = await self._network.announce(addresses, status["port"])
        except OSError as wrong:
            self._name = None
            log.warning("the till cannot announce its name on the LAN: %s", wrong)

    async def _tell(self, listening: bool) -> None:
        status = self.status()
        told = {key: status[key] for key in ("url", "port", "fingerprint", "reason")}
        told["addresses"] = [one["address"] for one in status["addresses"]]
        try:
            await self._news.tell(LAN_LISTENING if listening else LAN_CLOSED, told)
        except FiscalmonError as wrong:
            log.warning("the log takes no news of the LAN: %s", wrong.text)

    # --- watching --------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Take over what commands did to accounts; follow the machine's addresses as they come and go."""
        ticks = 0
        while True:
            await asyncio.sleep(ACCOUNTS_SECONDS)
            ticks += 1
            with contextlib.suppress(FiscalmonError):
                await self._news.take_over(self._open_accounts())
            if ticks % ADDRESSES_EVERY == 0:
                await self.look_around()

    async def look_around(self) -> None:
        """Read the adapters again; a new address gets into certificate, announcement and QR code at once."""
        try:
            found = await asyncio.to_thread(self._network.addresses)
            moved = {one.address for one in found} != {one.address for one in self._addresses}
            self._addresses = found
            if moved and self._door is not None:
                await self._door.readdress()
            if moved or self.reason is not None:
                await self._apply()
        except Exception:
            log.exception("the adapters could not be followed")

    def _keep(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (wrong := task.exception()) is not None:
            log.error("the door to the LAN cannot be moved", exc_info=wrong)


def lan_operations(lan: LanAccess) -> dict[str, Callable[[dict[str, Any]], Awaitable[Any]]]:
    """The operations of the command line about the LAN."""

    async def status(_: dict[str, Any]) -> dict[str, Any]:
        if lan.door is None:
            # An engine for one command has no door, but knows its machine.
            await lan.look_around()
        return lan.status()

    async def change(given: dict[str, Any]) -> dict[str, Any]:
        return await lan.set(given, by="till")

    return {"lan.status": status, "lan.set": change}


def qr_matrix(url: str) -> list[list[bool]]:
    """The QR code of an address as rows of dark and light modules, with the quiet zone that readers want."""
    import segno  # here: few ask for one

    return [[bool(module) for module in row] for row in segno.make_qr(url, error="m").matrix_iter(border=4)]


async def _check(accounts: Callable[[], Accounts], network: Network, lan: Lan) -> None:
    """Refuse what could not be opened. Raises BadInput, FiscalmonError."""
    if (lan.certificate is None) != (lan.key is None):
        raise BadInput("A certificate of your own is two files: set certificate and key, or neither.")
    for named in (lan.host, lan.shown_address):
        if named is not None and not _is_address(named):
            raise BadInput(f"{named!r} is no address; `fiscalmon lan status` lists this machine's own.")
    if lan.listen:
        await asyncio.to_thread(_need_owner, accounts)
    certificate, key = _own_files(lan)
    wish = Wish(lan.host or EVERY_ADDRESS, lan.port or 0, certificate=certificate, key=key)
    await asyncio.to_thread(network.check, wish)


def _need_owner(accounts: Callable[[], Accounts]) -> None:
    if not accounts().has_owner():
        raise FiscalmonError(
            "Other machines may look in only once the till has an owner: run `fiscalmon user add NAME --role owner`.",
            code="NO_OWNER",
        )


def _own_files(lan: Lan) -> tuple[Path, Path] | tuple[None, None]:
    return (Path(lan.certificate), Path(lan.key)) if lan.certificate and lan.key else (None, None)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address
