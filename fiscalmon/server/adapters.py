"""This machine's adapters and their addresses, as the system knows them now. Does not judge which is likely."""

from __future__ import annotations

import socket

import ifaddr

from ..services.lan_addresses import AdapterAddress
from .addresses import plain


def adapter_addresses() -> list[AdapterAddress]:
    """Every address of every adapter. Asks the system; sends nothing."""
    routed = _routed()
    found: list[AdapterAddress] = []
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            text = one.ip if isinstance(one.ip, str) else one.ip[0]
            address = str(plain(text))
            found.append(AdapterAddress(adapter.nice_name or adapter.name, address, address in routed))
    return found


def _routed() -> set[str]:
    """The addresses with which packets to elsewhere would leave: connecting a datagram socket sends none."""
    found: set[str] = set()
    for family, somewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((somewhere, 9))
                found.add(str(plain(probe.getsockname()[0])))
        except OSError:
            continue
    return found
