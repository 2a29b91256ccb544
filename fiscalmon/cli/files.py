"""The commands about files of devices in offline mode. Each returns its exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..data_folder import DataFolder
from ..domain.errors import BadInput
from .output import json_line, say, table
from .till_access import access

Args = argparse.Namespace
COLUMNS = (
    ("fileId", "FILE"),
    ("fiscalDayNo", "DAY"),
    ("fileSequence", "NO"),
    ("receipts", "RECEIPTS"),
    ("hasFooter", "CLOSES DAY"),
    ("bytes", "BYTES"),
    ("state", "STATE"),
    ("sentAt", "SENT"),
    ("operationID", "OPERATION"),
    ("reason", "REASON"),
)


async def _ask(args: Args, folder: DataFolder, operation: str, arguments: dict[str, Any]) -> Any:
    async with access(folder, operation, args.config) as engine:
        return await engine.operate(operation, arguments)


async def _files(args: Args, folder: DataFolder, operation: str, empty: str) -> int:
    """Ask for files and print them with the receipts that FDMS found fault with."""
    given = {"deviceID": args.device, "fileId": getattr(args, "file", None)}
    files = await _ask(args, folder, operation, given)
    if args.json:
        json_line(files)
    else:
        table(files, COLUMNS, empty)
        for file in files:
            for faulty in file["invoiceWithValidationErrors"]:
                for error in faulty["errors"]:
                    say(f"receipt {faulty['receiptGlobalNo']}: {error['code']} {error['color']}: {error['advice']}")
    return 0


async def files_build(args: Args, folder: DataFolder) -> int:
    return await _files(args, folder, "files.build", "Nothing is new: every receipt and every close is in a file.")


async def files_list(args: Args, folder: DataFolder) -> int:
    return await _files(args, folder, "files.list", "There are no files: run `fiscalmon files build`.")


async def files_send(args: Args, folder: DataFolder) -> int:
    return await _files(args, folder, "files.send", "Nothing is to be sent: run `fiscalmon files build` first.")


async def files_status(args: Args, folder: DataFolder) -> int:
    return await _files(args, folder, "files.status", "There are no files: run `fiscalmon files build`.")


async def files_export(args: Args, folder: DataFolder) -> int:
    """The file's bytes as FDMS gets them; never over another file."""
    file = await _ask(args, folder, "files.export", {"fileId": args.file_id})
    content: bytes = file.pop("content").encode()
    if str(args.path) == "-":
        sys.stdout.buffer.write(content)
        return 0
    _write(args.path, content)
    if args.json:
        json_line({**file, "path": str(args.path)})
    else:
        say(f"{args.path}: {len(content)} bytes")
    return 0


def _write(path: Path, content: bytes) -> None:
    """Receipts name buyers: the file is the owner's only."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        raise BadInput(f"{path} exists already: choose another name.") from None
    except OSError as wrong:
        raise BadInput(f"{path} cannot be written: {wrong.strerror}.") from None


COMMANDS: Mapping[str, Callable[[Args, DataFolder], Coroutine[Any, Any, int]]] = MappingProxyType(
    {command.__name__: command for command in (files_build, files_list, files_send, files_status, files_export)}
)
