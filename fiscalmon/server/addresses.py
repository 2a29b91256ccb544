"""Under which addresses and names the till is reached, and which Host a request may therefore name.

A foreign name in Host is how DNS rebinding looks, so it is compared exactly, port included (RFC 9110 §7.4).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

from ..domain.errors import BadInput, FiscalmonError
from .settings import is_loopback

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def bind(host: str, port: int) -> socket.socket:
    """A listening-to-be socket. Raises FiscalmonError in a plain sentence."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            "127.0.0.1" if host.lower() == "localhost" else host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise BadInput(f"{host} is no address of this machine; use 127.0.0.1, 0.0.0.0 or one of its own.") from None
    listener = socket.socket(family, kind, protocol)
    try:
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # At once, so that a port in use is noticed here: two sockets may be bound, but not both listen.
        listener.listen(2_048)
        listener.setblocking(False)
    except OSError as wrong:
        listener.close()
        raise FiscalmonError(
            f"The server cannot listen on {host} port {port}: {wrong.strerror or wrong}. "
            "Stop what uses the port, or choose another with --port (0 takes a free one).",
            str(wrong),
            code="PORT_UNAVAILABLE",
        ) from None
    return listener


def plain(address: str) -> Address:
    """An address without scope, IPv4 also where the socket maps it into IPv6."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed


def names_of_this_machine(extra: Iterable[str] = ()) -> tuple[str, ...]:
    """Host name, its .local form, localhost and the configured names, lower case."""
    own = socket.gethostname().lower().rstrip(".")
    short = own.partition(".")[0]
    found = ["localhost", own, short, f"{short}.local", *(name.lower() for name in extra)]
    return tuple(dict.fromkeys(name for name in found if name))


def addresses_of_this_machine(bound: str) -> tuple[Address, ...]:
    """What the certificate names: loopback, the bound address, and where that is a wildcard the LAN's."""
    found: list[Address] = [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")]
    if not plain(bound).is_unspecified:
        found.append(plain(bound))
    else:
        found += _lan_addresses()
    return tuple(dict.fromkeys(found))


def _lan_addresses() -> list[Address]:
    found: list[Address] = []
    try:
        for *_, address in socket.getaddrinfo(socket.gethostname(), None):
            found.append(plain(str(address[0])))
    except (OSError, ValueError):
        pass
    # Connecting a datagram socket sends nothing: it only asks which adapter would be used.
    for family, somewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((somewhere, 9))
                found.append(plain(probe.getsockname()[0]))
        except OSError:
            continue
    return [address for address in found if not address.is_unspecified and not address.is_link_local]


def in_url(address: Address) -> str:
    """An address as it stands in a URL."""
    return f"[{address}]" if address.version == 6 else str(address)


class HostGuard:
    """Knows which Host header values belong to this till."""

    def __init__(self, names: Iterable[str], *, tls: bool) -> None:
        self._names = tuple(names)
        self._default_port = 443 if tls else 80

    def allows(self, host: str, reached: tuple[str, int | None] | None) -> bool:
        """Whether Host names the address on which this very connection arrived, or a name of this machine.

        An address is never a rebound name, so the connection's own one needs no list of adapters.
        """
        if reached is None or reached[1] is None:
            return False
        address, port = plain(reached[0]), reached[1]
        known = {in_url(address)}
        exact: set[str] = set()
        for name in self._names:
            if ":" in name:
                exact.add(name)
            elif name != "localhost" or is_loopback(str(address)):
                known.add(name)
        exact |= {f"{name}:{port}" for name in known}
        if port == self._default_port:
            exact |= known
        return host.lower() in exact
