"""`fiscalmon lan …` and `fiscalmon tv …`: who may look in from other machines, and the screens on the wall."""

from __future__ import annotations

import argparse
from types import MappingProxyType
from typing import Any

from ..data_folder import DataFolder
from ..services.accounts import Accounts
from ..services.screens import LastingTokens
from ..store.accounts import AccountFile
from .output import facts, json_line, say, table
from .till_access import access

Args = argparse.Namespace
SCREENS = (("name", "NAME"), ("devices", "DEVICES"), ("createdAt", "CREATED"))
ADDRESSES = (("url", "URL"), ("adapter", "ADAPTER"), ("virtual", "VIRTUAL"))


async def lan_status(args: Args, folder: DataFolder) -> int:
    """Whether other machines can look in, where, and what they should trust."""
    async with access(folder, "lan.status", args.config) as engine:
        _show(args, await engine.operate("lan.status", {}))
    return 0


async def lan_on(args: Args, folder: DataFolder) -> int:
    """Let other machines look in."""
    given = {"host": args.address, "port": args.port}
    # Resolved here: a running engine has a working folder of its own.
    for name, file in (("certificate", args.certificate), ("key", args.key)):
        given[name] = None if file is None else str(file.resolve())
    values = {"listen": True, **{name: value for name, value in given.items() if value is not None}}
    return await _set(args, folder, values)


async def lan_off(args: Args, folder: DataFolder) -> int:
    """Only this machine again."""
    return await _set(args, folder, {"listen": False})


async def tv_add(args: Args, folder: DataFolder) -> int:
    """A screen and its address, told once."""
    accounts = Accounts(AccountFile(folder.path))
    try:
        token = LastingTokens(accounts).add_screen(args.name, args.devices)
    finally:
        accounts.close()
    path = f"/tv#token={token}"
    till = await _url(args, folder)
    told = {"name": args.name, "token": token, "path": path, "url": None if till is None else till.rstrip("/") + path}
    if args.json:
        json_line(told)
    else:
        say(f"Open this on the screen; it is told only now: {told['url'] or 'the till, ' + path}")
    return 0


async def tv_list(args: Args, folder: DataFolder) -> int:
    """All screens."""
    accounts = Accounts(AccountFile(folder.path))
    try:
        screens = LastingTokens(accounts).screens()
    finally:
        accounts.close()
    if args.json:
        json_line(screens)
    else:
        table(screens, SCREENS, "There is no screen yet: `fiscalmon tv add NAME` makes one.")
    return 0


async def tv_remove(args: Args, folder: DataFolder) -> int:
    """The screen goes dark."""
    accounts = Accounts(AccountFile(folder.path))
    try:
        LastingTokens(accounts).remove_screen(args.name)
    finally:
        accounts.close()
    if args.json:
        json_line({"name": args.name, "removed": True})
    else:
        say(f"Removed {args.name}.")
    return 0


async def _set(args: Args, folder: DataFolder, values: dict[str, Any]) -> int:
    async with access(folder, "lan.set", args.config) as engine:
        _show(args, await engine.operate("lan.set", values))
    return 0


async def _url(args: Args, folder: DataFolder) -> str | None:
    """The till's address, where it runs."""
    if folder.running() is None:
        return None
    async with access(folder, "lan.status", args.config) as engine:
        found = (await engine.operate("lan.status", {}))["url"]
    return None if found is None else str(found)


def _show(args: Args, status: dict[str, Any]) -> None:
    if args.json:
        json_line(status)
        return
    if status["listening"]:
        say(f"Other machines find the dashboard at {status['url']}")
    elif status["url"]:
        say(f"Only this machine finds the dashboard, at {status['url']}; `fiscalmon lan on` lets others in.")
    else:
        say("No server runs here now: `fiscalmon serve` or `fiscalmon app` starts it.")
    if status["reason"]:
        say(f"Not as it was set: {status['reason']}")
    if status["fingerprint"]:
        facts({"fingerprint": status["fingerprint"], "how to trust it": status["trustUrl"], "name": status["mdnsUrl"]})
    if status["addresses"]:
        table(status["addresses"], ADDRESSES, "")


COMMANDS = MappingProxyType(
    {work.__name__: work for work in (lan_status, lan_on, lan_off, tv_add, tv_list, tv_remove)},
)
