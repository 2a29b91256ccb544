"""Screens on the wall and keys of programs: tokens that last, made by a person at the till, told once, ended by name.

Works on the accounts' file alone, so that a running server notices what a command did. Knows no HTTP.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, Final

from ..domain.account import Role, Session
from ..domain.errors import BadInput
from .accounts import Accounts
from .sessions import Sessions, moment

# Nobody comes to renew a wall: its token lasts until the screen is removed.
_SCREEN_DAYS: Final = 3_650
LONGEST_KEY_DAYS: Final = 730


class LastingTokens:
    """Use from any thread."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        # Signs nothing here: keys are random, not signed.
        self._sessions = Sessions(accounts, secrets.token_bytes(64))

    def add_screen(self, name: str, devices: Iterable[int] | None = None) -> str:
        """A new screen; its token. Raises BadInput."""
        account = self._accounts.add_screen(name, devices)
        return self._sessions.open_key(account, _SCREEN_DAYS, "Screen")

    def screens(self) -> list[dict[str, Any]]:
        """Every screen: name, devices (null for all), createdAt, seenAt."""
        everyone, sessions = self._accounts.shelf.load()
        seen = {one.account_id: one.seen_at for one in sessions}
        return [
            {
                "name": account.name,
                "devices": None if account.devices is None else sorted(account.devices),
                "createdAt": moment(account.created_at),
                "seenAt": moment(seen[account.id]) if account.id in seen else None,
            }
            for account in everyone
            if account.role == Role.SCREEN
        ]

    def remove_screen(self, name: str) -> None:
        """Its token holds no more, and it goes dark. Raises BadInput when there is none."""
        account = self._accounts.shelf.find(name)
        if account is None or account.role != Role.SCREEN:
            raise BadInput(f"There is no screen {name}; `fiscalmon tv list` shows the screens.")
        self._accounts.remove(name)

    def add_key(self, name: str, days: int, purpose: str) -> str:
        """A key with which a program acts as the account for so many days. Raises BadInput."""
        account = self._accounts.get(name)
        if account.role == Role.SCREEN:
            raise BadInput(f"{account.name} is a screen: it has its token; `fiscalmon tv add` makes another screen.")
        if not 1 <= days <= LONGEST_KEY_DAYS:
            raise BadInput(f"A key lasts 1 to {LONGEST_KEY_DAYS} days.")
        return self._sessions.open_key(account, days, purpose[:60])

    def sessions(self, name: str) -> list[dict[str, Any]]:
        """Where the account is signed in, the newest sign-in first. Raises BadInput."""
        return [describe(one) for one in self._sessions.of(self._accounts.get(name))]

    def end_sessions(self, name: str, session_id: str | None = None) -> int:
        """End one session of the account, or all; how many there were. Raises BadInput."""
        account = self._accounts.get(name)
        ended = [one for one in self._sessions.of(account) if session_id in (None, one.id)]
        if session_id is not None and not ended:
            raise BadInput(f"{account.name} has no session {session_id}; it may have ended already.")
        self._sessions.end_of(account, session_id)
        return len(ended)


def describe(one: Session) -> dict[str, Any]:
    """A session as people are shown it."""
    return {
        "id": one.id,
        "kind": {"cookie": "browser", "token": "program"}.get(one.kind, one.kind),
        "address": one.address,
        "agent": one.agent,
        "createdAt": moment(one.created_at),
        "seenAt": moment(one.seen_at),
        "expiresAt": moment(one.expires_at),
    }
