"""Under which addresses other machines may reach this one, the likely one first. Must not know Qt."""

from __future__ import annotations

import contextlib
import ipaddress
import socket


def likely_addresses() -> tuple[str, ...]:
    """This machine's own addresses; the one on the way to other networks first. Nothing is sent."""
    found: list[str] = []
    # Connecting a datagram socket only asks the routing table.
    for family, beyond in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as asked:
                asked.connect((beyond, 9))
                found.append(str(asked.getsockname()[0]))
        except OSError:
            continue
    with contextlib.suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)]
    return tuple(dict.fromkeys(address for address in found if reaches(address)))


def reaches(address: str) -> bool:
    """Whether another machine could use it."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified or parsed.is_multicast)


def shown_url(dashboard: str | None, address: str | None) -> str | None:
    """The dashboard's address as another machine has to write it; None where nobody else may look in."""
    if not dashboard:
        return None
    scheme, _, rest = dashboard.partition("://")
    host, _, port = rest.rstrip("/").rpartition(":")
    own = host.strip("[]")
    if not address:
        return dashboard if reaches(own) or (not _is_number(own) and own != "localhost") else None
    wanted = f"[{address}]" if ":" in address else address
    return f"{scheme}://{wanted}:{port}"


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
