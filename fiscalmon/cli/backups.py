"""`fiscalmon backup` and `fiscalmon restore`: the books into one verified file, and back."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..data_folder import DataFolder, FolderInUse
from ..domain.errors import BadInput, FiscalmonError
from .output import json_line, say
from .till_access import access


class NoTerminal(FiscalmonError):
    """A passphrase is needed and there is nobody to ask: wrong usage."""

    code = "USAGE"


def backup(args: argparse.Namespace, folder: DataFolder) -> int:
    """Make a verified backup; works through a running engine or alone."""
    given: dict[str, Any] = {"file": str(Path(args.file).absolute())}
    if args.with_keys:
        given["passphrase"] = _passphrase(args, twice=True)
    elif args.passphrase_stdin:
        raise NoTerminal("A passphrase is for --with-keys: without keys a backup holds no secret.")
    made = asyncio.run(_ask(args, folder, given))
    if args.json:
        json_line(made)
        return 0
    say(f"{made['file']}: {made['receipts']} receipts of {len(made['devices'])} devices, verified.")
    say(
        "The keys are in it, sealed by the passphrase."
        if made["withKeys"]
        else "The devices' keys are not in it; --with-keys takes them along, sealed by a passphrase."
    )
    return 0


def restore(args: argparse.Namespace, folder: DataFolder) -> int:
    """Verify a backup and put it in the books' place; never beside a running engine."""
    from ..restoring import restore as put_back

    passphrase = _passphrase(args, twice=False) if args.with_keys else None
    if args.passphrase_stdin and not args.with_keys:
        raise NoTerminal("A passphrase is for --with-keys.")
    if not Path(args.file).is_file():
        raise BadInput(f"There is no file {args.file}.")
    try:
        folder.claim()
    except FolderInUse:
        raise FolderInUse(
            f"fiscalmon runs on {folder.path}: stop it first, then restore; nothing was changed."
        ) from None
    try:
        done = put_back(folder, Path(args.file), passphrase)
    finally:
        folder.release()
    if args.json:
        json_line(done)
        return 0
    say(f"Restored {done['receipts']} receipts of {len(done['devices'])} devices, as of {done['takenAt']}.")
    say(f"What was there before is kept in {done['keptIn']}.")
    say("Before the next sale the till compares with FDMS; run `fiscalmon audit` to see how they stand.")
    return 0


async def _ask(args: argparse.Namespace, folder: DataFolder, given: dict[str, Any]) -> dict[str, Any]:
    async with access(folder, "backup", args.config) as engine:
        made: dict[str, Any] = await engine.operate("backup", given)
        return made


def _passphrase(args: argparse.Namespace, *, twice: bool) -> str:
    if args.passphrase_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise NoTerminal("There is no terminal to ask for a passphrase: give it with --passphrase-stdin.")
    first = getpass.getpass("Passphrase for the keys: ")
    if twice and first != getpass.getpass("Again: "):
        raise FiscalmonError("The two passphrases differ: nothing was done.", code="PASSWORD")
    return first


COMMANDS: Mapping[str, Callable[[argparse.Namespace, DataFolder], int]] = MappingProxyType(
    {"backup": backup, "restore": restore}
)
