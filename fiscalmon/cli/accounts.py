"""`fiscalmon user …`: LAN accounts, written straight into their file; a running server notices by itself."""

from __future__ import annotations

import argparse
import getpass
import sys

from ..data_folder import DataFolder
from ..domain.errors import FiscalmonError
from ..services.accounts import Accounts
from ..services.screens import LastingTokens
from ..store.accounts import AccountFile
from .output import json_line, say, table

SESSIONS = (
    ("id", "ID"),
    ("kind", "KIND"),
    ("agent", "PROGRAM"),
    ("address", "ADDRESS"),
    ("createdAt", "SINCE"),
    ("seenAt", "SEEN"),
)
COLUMNS = (("name", "NAME"), ("role", "ROLE"), ("devices", "DEVICES"), ("createdAt", "CREATED"))


class NoTerminal(FiscalmonError):
    """A password is needed and there is nobody to ask: wrong usage."""

    code = "USAGE"


def run(args: argparse.Namespace, folder: DataFolder) -> int:
    """Do one of the user commands. Raises FiscalmonError."""
    password = _password(args) if args.run in ("user_add", "user_passwd") else ""
    accounts = Accounts(AccountFile(folder.path))
    try:
        if args.run in ("user_sessions", "user_end_sessions", "user_key"):
            return _sign_ins(args, LastingTokens(accounts))
        if args.run == "user_add":
            accounts.add(args.name, args.role, password, args.devices)
        elif args.run == "user_passwd":
            accounts.set_password(args.name, password)
        elif args.run == "user_remove":
            accounts.remove(args.name)
        listing = list(accounts.listing())
    finally:
        accounts.close()
    if args.run == "user_list":
        if args.json:
            json_line(listing)
        else:
            table(listing, COLUMNS, "There is no account yet: `fiscalmon user add NAME --role owner` makes one.")
        return 0
    mine = next((account for account in listing if account["name"] == args.name), {"name": args.name, "removed": True})
    if args.json:
        json_line(mine)
    else:
        say(
            {"user_add": "Added", "user_passwd": "New password for", "user_remove": "Removed"}[args.run]
            + f" {args.name}."
        )
    return 0


def _sign_ins(args: argparse.Namespace, tokens: LastingTokens) -> int:
    """What lets an account in: looked at, ended, or made for a program."""
    if args.run == "user_sessions":
        listing = tokens.sessions(args.name)
        if args.json:
            json_line(listing)
        else:
            table(listing, SESSIONS, f"{args.name} is signed in nowhere.")
    elif args.run == "user_end_sessions":
        ended = tokens.end_sessions(args.name, args.session)
        if args.json:
            json_line({"name": args.name, "ended": ended})
        else:
            say(f"Ended {ended} of {args.name}.")
    else:
        key = tokens.add_key(args.name, args.days, args.purpose)
        if args.json:
            json_line({"name": args.name, "key": key, "days": args.days})
        else:
            say(f"The key, told only now: {key}")
    return 0


def _password(args: argparse.Namespace) -> str:
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise NoTerminal("There is no terminal to ask for a password: give it with --password-stdin.")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise FiscalmonError("The two passwords differ: nothing was changed.", code="PASSWORD")
    return first
