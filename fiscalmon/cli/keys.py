"""The commands about keys. They work at the till only: on its data folder, with passphrases typed or from stdin."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ..data_folder import DataFolder
from ..domain.errors import BadInput, FiscalmonError
from .accounts import NoTerminal
from .output import json_line, say

WHERE = MappingProxyType(
    {
        "file": "What unlocks the keys is a file that only this user may read.",
        "keyring": "What unlocks the keys is in this system's keyring.",
    }
)


def keys_move(args: argparse.Namespace, folder: DataFolder) -> int:
    """Take the passphrase of the keys to the keyring or back into its file."""
    done = _keys(args, folder).move(args.to)
    return _tell(args, done, WHERE[done["keyStore"]] if done["moved"] else "It is there already.")


def keys_export(args: argparse.Namespace, folder: DataFolder) -> int:
    """A device's key and certificate as one encrypted file."""
    passphrase = _secret(args.passphrase_stdin, "Passphrase for the file: ", "--passphrase-stdin", twice=True)
    done = _keys(args, folder).export(args.device_id, args.file, passphrase)
    return _tell(args, done, f"Wrote {done['file']}. Whoever has it and its passphrase can sign as this device.")


def keys_import(args: argparse.Namespace, folder: DataFolder) -> int:
    """Put back a key that was exported."""
    passphrase = _secret(args.passphrase_stdin, "Passphrase of the file: ", "--passphrase-stdin", twice=False)
    done = _keys(args, folder).bring_in(args.file, passphrase)
    return _tell(args, done, f"Device {done['deviceID']} has its key again.")


def keys_pin(args: argparse.Namespace, folder: DataFolder) -> int:
    """Give the PIN of the token that holds a device's key."""
    pin = _secret(args.pin_stdin, "PIN of the token: ", "--pin-stdin", twice=False)
    return _tell(args, _keys(args, folder).keep_pin(args.device_id, pin), "The token took the PIN; it is kept.")


def _keys(args: argparse.Namespace, folder: DataFolder) -> Any:
    from ..logs import log_to
    from ..settings import load_settings
    from ..till_keys import TillKeys

    if not folder.keys.is_dir():
        raise BadInput(f"There are no keys in {folder.path}: no device was ever registered here.")
    log_to(folder.logs)
    return TillKeys(folder, load_settings(folder.path, args.config).keys)


def _secret(from_stdin: bool, prompt: str, option: str, *, twice: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise NoTerminal(f"There is no terminal to ask on: give it with {option}.")
    first = getpass.getpass(prompt)
    if twice and first != getpass.getpass("Again: "):
        raise FiscalmonError("The two passphrases differ: nothing was done.", code="PASSWORD")
    return first


def _tell(args: argparse.Namespace, done: dict[str, Any], words: str) -> int:
    if args.json:
        json_line(done)
    else:
        say(words)
    return 0


COMMANDS: Mapping[str, Callable[[argparse.Namespace, DataFolder], int]] = MappingProxyType(
    {command.__name__: command for command in (keys_move, keys_export, keys_import, keys_pin)}
)
