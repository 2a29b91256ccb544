"""LAN accounts: made and changed on the till only (window or command line), read by the server.

Every method is synchronous and may be called from any thread. Must not know HTTP, tokens or SQL.
"""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from ..domain.account import Account, AccountNews, Role, Session, checked_name, parse_role
from ..domain.errors import BadInput
from .passwords import Passwords, check_password


class Journal(Protocol):
    """What people are told about accounts."""

    def pending(self) -> Sequence[AccountNews]: ...
    def forget(self, up_to: int) -> None: ...
    def is_new(self, account_id: int, address: str, now: int) -> bool: ...


class AccountShelf(Protocol):
    """Where accounts and sessions are kept; `fiscalmon.store.accounts` is it."""

    @property
    def journal(self) -> Journal: ...

    def stamp(self) -> tuple[int, int]: ...
    def load(self) -> tuple[Sequence[Account], Sequence[Session]]: ...
    def find(self, name: str) -> Account | None: ...
    def add(self, account: Account) -> Account: ...
    def change(self, account: Account, *, end_sessions: bool, what: str | None = None, now: int = 0) -> None: ...
    def remove(self, account: Account, now: int) -> None: ...
    def add_session(self, session: Session, *, version: int, keep: int, now: int) -> bool: ...
    def touch(self, session_ids: frozenset[str], now: int) -> None: ...
    def rotate(self, session: Session, digest: str, expires_at: int, now: int) -> bool: ...
    def session_of_spent(self, digest: str) -> str | None: ...
    def end_session(self, session_id: str) -> None: ...
    def note_posted(self, account_id: int, receipt_id: str) -> None: ...
    def has_posted(self, account_id: int, receipt_id: str) -> bool: ...
    def posted_by(self, account_id: int, *, before: int | None, limit: int) -> Sequence[tuple[int, str]]: ...
    def close(self) -> None: ...


class Accounts:
    """The list of accounts. `shelf` is closed by `close`; `now` gives Unix seconds."""

    def __init__(self, shelf: AccountShelf, now: Callable[[], float] = time.time) -> None:
        self.shelf = shelf
        self.now = now
        self.passwords = Passwords()

    def add(self, name: str, role: Role | str, password: str, devices: Iterable[int] | None = None) -> Account:
        """A new account; `devices` None means all. Raises BadInput with a plain sentence."""
        plain = checked_name(name)
        check_password(password, plain)
        return self._add(plain, parse_role(role), password, devices)

    def add_screen(self, name: str, devices: Iterable[int] | None = None) -> Account:
        """A screen on the wall, which has a token and a password that nobody knows. Raises BadInput."""
        return self._add(checked_name(name), Role.SCREEN, secrets.token_urlsafe(32), devices)

    def _add(self, plain: str, role: Role, password: str, devices: Iterable[int] | None) -> Account:
        account = Account(
            id=0,
            name=plain,
            role=role,
            password_hash=self.passwords.hash(password),
            devices=_device_set(devices),
            version=1,
            created_at=int(self.now()),
        )
        return self.shelf.add(account)

    def set_password(self, name: str, password: str) -> None:
        """A new password: all sessions and tokens of the account end. Raises BadInput."""
        account = self.get(name)
        check_password(password, account.name)
        self._change(account, "password", password_hash=self.passwords.hash(password))

    def set_role(self, name: str, role: Role | str) -> None:
        """Another role: all sessions and tokens of the account end. Raises BadInput."""
        self._change(self.get(name), "role", role=parse_role(role))

    def set_devices(self, name: str, devices: Iterable[int] | None) -> None:
        """Other devices: all sessions and tokens of the account end. Raises BadInput."""
        self._change(self.get(name), "devices", devices=_device_set(devices))

    def remove(self, name: str) -> None:
        """Remove the account with its sessions and tokens. Raises BadInput when there is none."""
        self.shelf.remove(self.get(name), int(self.now()))

    def get(self, name: str) -> Account:
        """The account of that name. Raises BadInput when there is none."""
        account = self.shelf.find(name)
        if account is None:
            raise BadInput(f"There is no account {name}; `fiscalmon user list` shows the accounts.")
        return account

    def verify(self, name: str, password: str) -> Account | None:
        """The account, if the password is its own. Takes the same time whether or not the name exists."""
        account = self.shelf.find(name[:200])
        stored = None if account is None else account.password_hash
        if not self.passwords.verify(stored, password[:2_000]) or account is None or account.role == Role.SCREEN:
            return None
        if self.passwords.outdated(account.password_hash):
            account = dataclasses.replace(account, password_hash=self.passwords.hash(password))
            self.shelf.change(account, end_sessions=False)
        return account

    def close(self) -> None:
        """Close the file."""
        self.shelf.close()

    def listing(self) -> Sequence[dict[str, Any]]:
        """The accounts as `user list --json` prints them: name, role, devices (null for all), createdAt. No hash."""
        return [
            {
                "name": account.name,
                "role": account.role.value,
                "devices": None if account.devices is None else sorted(account.devices),
                "createdAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(account.created_at)),
            }
            for account in self.list()
        ]

    def list(self) -> Sequence[Account]:
        """All accounts by name."""
        return self.shelf.load()[0]

    def knows(self, name: str) -> bool:
        """Whether an account has this name; for the log, never for an answer."""
        return self.shelf.find(name[:200]) is not None

    def has_owner(self) -> bool:
        """Whether the till has an owner: before that nobody else may look in."""
        return any(account.role == Role.OWNER for account in self.list())

    def _change(self, account: Account, what: str, **new: Any) -> None:
        changed = dataclasses.replace(account, version=account.version + 1, **new)
        self.shelf.change(changed, end_sessions=True, what=what, now=int(self.now()))


def _device_set(devices: Iterable[int] | None) -> frozenset[int] | None:
    if devices is None:
        return None
    chosen = frozenset(devices)
    if not chosen or any(device < 1 for device in chosen):
        raise BadInput("Name at least one device by its number, or leave the devices out for all.")
    return chosen
