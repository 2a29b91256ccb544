"""Events that are alerts by themselves: somebody signed in from a new place, the till was opened to the network.

Turns lasting events into readings of moments. Knows no state and no store.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..domain.alerts import Reading
from ..events import LAN_LISTENING, SETTING_CHANGED, SIGNIN_NEW_ADDRESS, Message

TYPES: Final = (SIGNIN_NEW_ADDRESS, LAN_LISTENING, SETTING_CHANGED)


def of_event(message: Message, *, lan_told: bool) -> Reading | None:
    """The moment that an event is, if it is one. `lan_told`: people heard of the LAN before.

    A till that listens says so at each start, which is no news; that somebody switches it on is, each time.
    """
    data = message.data
    if message.type == SIGNIN_NEW_ADDRESS:
        account, address = data.get("account"), data.get("address")
        text = f"{account} signed in from {address}, where it never did before. Not you? Give it a new password."
        return Reading("sign-in", f"{account} {address}", None, "on", text)
    if message.type == SETTING_CHANGED and data.get("section") == "lan" and _new(data, "listen") is True:
        return Reading("lan", "", None, "on", f"{data.get('by')} has let other machines look in.")
    if message.type == LAN_LISTENING and not lan_told:
        where = ", ".join(_texts(data.get("addresses")))
        return Reading("lan", "", None, "on", f"Other machines may look in now{' at ' + where if where else ''}.")
    return None


def _new(data: dict[str, Any], name: str) -> Any:
    changes = data.get("changes")
    change = changes.get(name) if isinstance(changes, dict) else None
    return change.get("new") if isinstance(change, dict) else None


def _texts(value: Any) -> Iterable[str]:
    return map(str, value) if isinstance(value, list) else ()
