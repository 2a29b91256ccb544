"""What the engine says of its door to the LAN, as the settings and the first run show it. Must not know Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LINE = 32  # hexadecimal digits; all on one line would be wider than a small screen


@dataclass(frozen=True)
class DoorView:
    """All "" while only this machine may look in; `reason` then says why, if that was not wished.

    `mark`: SHA-256 of the certificate to trust, in pairs with colons, on two lines.
    """

    url: str = ""
    name: str = ""
    mark: str = ""
    reason: str = ""


def door_view(status: Mapping[str, Any]) -> DoorView:
    """From `lan.status`."""
    reason = str(status.get("reason") or "")
    if not status.get("listening"):
        return DoorView(reason=reason)
    mark = str(status.get("fingerprint") or "").replace(":", "").upper()
    lines = [mark[i : i + _LINE] for i in range(0, len(mark), _LINE)]
    told = "\n".join(":".join(line[i : i + 2] for i in range(0, len(line), 2)) for line in lines)
    return DoorView(str(status.get("url") or ""), str(status.get("mdnsUrl") or ""), told, reason)


def addresses(status: Mapping[str, Any]) -> tuple[str, ...]:
    """This machine's own, the likeliest first."""
    return tuple(str(one["address"]) for one in status.get("adapters") or ())


def address_choices(status: Mapping[str, Any], chosen: str) -> list[tuple[str, str]]:
    """(address, words) to choose from; a chosen one stays in the list when its adapter is away."""
    found = {str(one["address"]): str(one.get("adapter") or "") for one in status.get("adapters") or ()}
    if chosen and chosen not in found:
        found = {chosen: "", **found}
    return [(address, f"{address}, {adapter}" if adapter else address) for address, adapter in found.items()]
