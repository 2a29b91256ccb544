"""LAN accounts and what a signed-in caller is: pure values. Must not know hashing, tokens, HTTP or storage."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .errors import BadInput

_NAME: Final = re.compile(r"[\w][\w.@+ -]{0,63}")


class Role(StrEnum):
    """What an account may do. `POS` may only post receipts and read its own, `SCREEN` only show the wall's view."""

    VIEWER = "viewer"
    MANAGER = "manager"
    SUPPORT = "support"
    OWNER = "owner"
    POS = "pos"
    SCREEN = "screen"


# What a person can be given; a screen comes to be with its token (`fiscalmon tv add`).
GIVEN_ROLES: Final = (Role.VIEWER, Role.MANAGER, Role.SUPPORT, Role.OWNER, Role.POS)
# Who may read where the till is open to others, who signed in and what was set.
OFFICE: Final = frozenset({Role.SUPPORT, Role.OWNER})


def parse_role(name: str) -> Role:
    """The role of that name. Raises BadInput naming the choices."""
    if name in GIVEN_ROLES:
        return Role(name)
    raise BadInput(f"There is no role {name!r}: choose one of {', '.join(GIVEN_ROLES)}.")


@dataclass(frozen=True, slots=True)
class Account:
    """One LAN account. `devices` None means all; `version` grows with every change that must end sessions."""

    id: int
    name: str
    role: Role
    password_hash: str
    devices: frozenset[int] | None
    version: int
    created_at: int

    @property
    def key(self) -> str:
        """The name as it is looked up."""
        return name_key(self.name)


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in: a browser's (`cookie`), a program's (`token`), or a token that a person made (`key`).

    Only the secret's SHA-256 is kept. Times are Unix seconds. `idle` is how long it may rest, None where only
    `expires_at` counts. `address` and `agent` say to people which sign-in this is; nothing is decided by them.
    """

    id: str
    kind: str
    account_id: int
    digest: str
    created_at: int
    seen_at: int
    expires_at: int
    idle: int | None = None
    address: str | None = None
    agent: str | None = None

    def over(self, now: float) -> bool:
        """Whether it has ended by itself."""
        return now >= self.expires_at or (self.idle is not None and now >= self.seen_at + self.idle)


@dataclass(frozen=True, slots=True)
class AccountNews:
    """Something was done to an account: added, removed, or which part of it changed."""

    id: int
    at: int
    what: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a sign-in came from: its address, and its program in a few words."""

    address: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling: an account through one of its sessions."""

    account: Account
    session_id: str

    @property
    def devices(self) -> frozenset[int] | None:
        """The devices that this caller may see, None for all."""
        return self.account.devices

    def may_see(self, device_id: int) -> bool:
        """Whether the device exists for this caller."""
        return self.account.devices is None or device_id in self.account.devices


def name_key(name: str) -> str:
    """How a name is compared: phones write the first letter large."""
    return unicodedata.normalize("NFKC", name).casefold()


def checked_name(name: str) -> str:
    """The name of a new account. Raises BadInput."""
    plain = unicodedata.normalize("NFKC", name).strip()
    if not _NAME.fullmatch(plain) or not plain.isprintable():
        raise BadInput(
            "An account name has 1 to 64 letters, digits, spaces or . @ + - _ and starts with a letter or digit."
        )
    return plain
