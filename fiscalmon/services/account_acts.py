"""LAN accounts as operations of the till: JSON-ready arguments in, JSON-ready results out, by name.

For the window and the commands of this machine alone; no route of the server reaches them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from .accounts import Accounts

Json = dict[str, Any]
Open = Callable[[], Accounts]


def account_operations(opened: Open) -> dict[str, Callable[[Json], Awaitable[Any]]]:
    """`opened` gives the accounts, opened when they are first asked for. Hashing takes its time: aside of the loop."""

    def aside(act: Callable[[Accounts, Json], Any]) -> Callable[[Json], Awaitable[Any]]:
        return lambda given: asyncio.to_thread(lambda: act(opened(), given))

    return {
        "user.list": aside(lambda accounts, _: _listed(accounts)),
        "user.add": aside(_add),
        "user.password": aside(_password),
        "user.role": aside(_role),
        "user.devices": aside(_devices),
        "user.remove": aside(_remove),
        "user.end": aside(_end),
    }


def _listed(accounts: Accounts) -> list[Json]:
    """Every account, with the moments at which its sessions were last used: [{"id", "kind", "seenAt"}]."""
    now = accounts.now()
    everyone, sessions = accounts.shelf.load()
    ids = {account.name: account.id for account in everyone}
    return [
        {
            **entry,
            "sessions": [
                {"id": one.id, "kind": one.kind, "seenAt": _moment(one.seen_at)}
                for one in sessions
                if one.account_id == ids[entry["name"]] and not one.over(now)
            ],
        }
        for entry in accounts.listing()
    ]


def _one(accounts: Accounts, name: str) -> Json:
    wanted = accounts.get(name).name
    return next(entry for entry in _listed(accounts) if entry["name"] == wanted)


def _add(accounts: Accounts, given: Json) -> Json:
    account = accounts.add(given["name"], given["role"], given["password"], given.get("devices"))
    return _one(accounts, account.name)


def _password(accounts: Accounts, given: Json) -> Json:
    accounts.set_password(given["name"], given["password"])
    return _one(accounts, given["name"])


def _role(accounts: Accounts, given: Json) -> Json:
    accounts.set_role(given["name"], given["role"])
    return _one(accounts, given["name"])


def _devices(accounts: Accounts, given: Json) -> Json:
    accounts.set_devices(given["name"], given["devices"])
    return _one(accounts, given["name"])


def _remove(accounts: Accounts, given: Json) -> Json:
    accounts.remove(given["name"])
    return {"name": given["name"], "removed": True}


def _end(accounts: Accounts, given: Json) -> Json:
    """One session, or every one of the account."""
    account = accounts.get(given["name"])
    for session in accounts.shelf.load()[1]:
        if session.account_id == account.id and given.get("session") in (None, session.id):
            accounts.shelf.end_session(session.id)
    return _one(accounts, account.name)


def _moment(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
