"""Which messages a role is told, live and when it asks for the feed. Devices are somebody else's filter."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.account import OFFICE as OFFICE_ROLES
from ..domain.account import Role
from ..events import HELLO, OFFICE, Message
from .facade import Json


def may_hear(role: Role, type_: str) -> bool:
    """Whether the role is told messages of the type."""
    return type_ not in OFFICE or role in OFFICE_ROLES


def for_role(role: Role, items: Iterable[Json]) -> list[Json]:
    """The messages of a list that the role is told."""
    return [item for item in items if may_hear(role, item["type"])]


def greeting_for(role: Role, message: Message) -> Message:
    """A hello with the events of the role; any other message as it is."""
    if message.type != HELLO or role in OFFICE_ROLES:
        return message
    data = {**message.data, "events": for_role(role, message.data.get("events", ()))}
    return Message(message.type, message.seq, message.at, message.device_id, data)
