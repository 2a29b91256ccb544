"""`fiscalmon backup` and `fiscalmon restore`: the books into one verified file, and back."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..control import ControlClient
from ..data_folder import ControlAddress, DataFolder, FolderInUse
from ..domain.errors import BadInput, FiscalmonError
from .output import json_line, say
from .till_access import access

# An engine checks its books when it starts, and a large database takes its time.
ENGINE_SECONDS = 60.0
COMMAND_SECONDS = 3.0


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
    """Verify a backup and put it in the books' place: alone, or through the engine that runs."""
    passphrase = _passphrase(args, twice=False) if args.with_keys else None
    if args.passphrase_stdin and not args.with_keys:
        raise NoTerminal("A passphrase is for --with-keys.")
    if not Path(args.file).is_file():
        raise BadInput(f"There is no file {args.file}.")
    done = asyncio.run(_restore(folder, Path(args.file).absolute(), passphrase))
    if args.json:
        json_line(done)
        return 0
    say(f"Restored {done['receipts']} receipts of {len(done['devices'])} devices, as of {done['takenAt']}.")
    if done["inPlace"]:
        say(f"What was there before is kept in {done['keptIn']}.")
        say("Before the next sale the till compares with FDMS; run `fiscalmon audit` to see how they stand.")
    else:
        say("The copy is verified and lies ready. Close fiscalmon and start it again: it sells nothing until then.")
    return 0


async def _restore(folder: DataFolder, file: Path, passphrase: str | None) -> dict[str, Any]:
    """Whoever holds the folder is asked; nobody: done here. `inPlace` is false where a restart has still to come."""
    from ..restoring import finish
    from ..restoring import restore as put_back

    give_up = time.monotonic() + ENGINE_SECONDS
    while True:
        try:
            folder.claim()
        except FolderInUse:
            address = folder.running()
            client = ControlClient(address) if address is not None else None
            if client is not None and await client.connect():
                break
            if time.monotonic() > give_up:
                raise
            await asyncio.sleep(0.1)
            continue
        try:
            return {**put_back(folder, file, passphrase), "inPlace": True}
        finally:
            folder.release()
    try:
        done: dict[str, Any] = await client.operate("restore", {"file": str(file), "passphrase": passphrase})
    finally:
        await client.close()
    if done.pop("restarts"):
        await _until_renewed(folder, address)
        return {**done, "inPlace": True}
    # A command that works for a moment; a window stays.
    give_up = time.monotonic() + COMMAND_SECONDS
    while time.monotonic() < give_up:
        try:
            folder.claim()
        except FolderInUse:
            await asyncio.sleep(0.1)
            continue
        try:
            finish(folder)
            return {**done, "inPlace": True}
        finally:
            folder.release()
    return {**done, "inPlace": False}


async def _until_renewed(folder: DataFolder, before: ControlAddress | None) -> None:
    """Until the engine answers again, with the copy in place. Raises FiscalmonError."""
    give_up = time.monotonic() + ENGINE_SECONDS
    while time.monotonic() < give_up:
        address = folder.running()
        if address is not None and address != before:
            client = ControlClient(address)
            if await client.connect():
                await client.close()
                return
        await asyncio.sleep(0.1)
    raise FiscalmonError(
        "The copy is verified and lies ready, but fiscalmon did not come back: start it again; `fiscalmon logs` and "
        "`fiscalmon doctor` say why.",
        code="RESTORE",
    )


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
