"""Which of a machine's addresses people on the LAN are given: the likely one first, with its reason. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

# Adapters that no phone is ever behind.
_VIRTUAL: Final = re.compile(
    r"docker|^br-|veth|virbr|vmnet|vbox|virtual|vmware|hyper-v|vethernet|^tun|^tap|^utun|^wg|^zt|tailscale|zerotier|"
    r"loopback|bluetooth|^lo\d*$|^cni|^flannel|^podman|^lxc|wsl",
    re.IGNORECASE,
)
_SHOPS: Final = tuple(ipaddress.ip_network(text) for text in ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12"))


@dataclass(frozen=True, slots=True)
class AdapterAddress:
    """One address of one adapter. `routed`: the way to the rest of the world leads through it."""

    adapter: str
    address: str
    routed: bool = False

    @property
    def virtual(self) -> bool:
        """Whether the adapter is a program's, not a cable's or a radio's."""
        return _VIRTUAL.search(self.adapter) is not None

    def plain(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "adapter": self.adapter,
            "address": self.address,
            "routed": self.routed,
            "virtual": self.virtual,
            "private": _is_private(self.address),
        }


def likely_first(found: Iterable[AdapterAddress], chosen: str | None = None) -> list[AdapterAddress]:
    """The addresses under which others may reach this machine, the chosen one first, else the likeliest."""
    usable = {one.address: one for one in found if _reaches(one.address)}.values()
    return sorted(usable, key=lambda one: (one.address != chosen, *_rank(one)))


def _rank(one: AdapterAddress) -> tuple[bool, bool, bool, int, str]:
    address = ipaddress.ip_address(one.address)
    network = next((place for place, net in enumerate(_SHOPS) if address in net), len(_SHOPS))
    return one.virtual, address.version == 6, not one.routed, network, one.address


def _reaches(text: str) -> bool:
    address = ipaddress.ip_address(text)
    return not (address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast)


def _is_private(text: str) -> bool:
    return any(ipaddress.ip_address(text) in net for net in _SHOPS)
