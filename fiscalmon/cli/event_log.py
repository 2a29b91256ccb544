"""`fiscalmon logs`: lasting events and lines of the technical log, oldest first, once or for as long as somebody looks.

The log is read from its files, so that it can be searched when the books cannot.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from .. import events
from ..data_folder import DataFolder
from ..domain.errors import FiscalmonError
from ..domain.localtime import named_moment, utc_text
from .log_lines import LINE, LogLines
from .output import json_line, say
from .till_access import access

PAGE = 500
FOLLOW_SECONDS = 0.5
LEVELS = ("info", "warning", "error")
# What is not named here went as it should.
LEVEL_OF: Mapping[str, str] = MappingProxyType(
    {
        events.INTEGRITY_FAILED: "error",
        events.BACKUP_FAILED: "error",
        events.DISK_LOW: "warning",
        events.FOLDER_ATTENTION: "warning",
        events.FILE_REJECTED: "warning",
        events.BOOKS_RESTORED: "warning",
        events.RECEIPT_FAILED: "error",
        events.FISCAL_CLOSE_FAILED: "error",
        events.RECEIPT_QUEUED: "warning",
        events.DEVICE_OFFLINE: "warning",
        events.DEVICE_ATTENTION: "warning",
        events.CERTIFICATE_EXPIRING: "warning",
        events.CLOCK_DRIFT: "warning",
    }
)


async def logs(args: argparse.Namespace, folder: DataFolder) -> int:
    """The events that were asked for; with --follow until a signal comes."""
    since = None if args.since is None else utc_text(named_moment(args.since, datetime.now(UTC)))
    lines, after = LogLines(folder.logs), 0
    while True:
        waiting = [line for line in lines.new() if _wanted(line, since, args)]
        waiting.sort(key=itemgetter("at"))
        waiting.reverse()
        try:
            after = await _print_after(after, since, waiting, args, folder)
        except FiscalmonError as wrong:
            _print_until(None, after, waiting, args)
            # Whoever follows outlives the engine: the next look finds another one, or the books alone.
            if not args.follow or wrong.code != "CONTROL":
                raise
        if not args.follow:
            return 0
        await asyncio.sleep(FOLLOW_SECONDS)


async def _print_after(
    after: int, since: str | None, waiting: list[dict[str, Any]], args: argparse.Namespace, folder: DataFolder
) -> int:
    """Print all events after a `seq`, and the lines that wait between them; returns the last event's."""
    async with access(folder, "events", args.config) as engine:
        while page := await engine.operate("events", {"after": after, "limit": PAGE}):
            for message in page:
                told = {**message, "level": LEVEL_OF.get(message["type"], "info")}
                if _wanted(told, since, args):
                    _print_until(message["at"], after, waiting, args)
                    _print(told, as_json=args.json)
                after = message["seq"]
    _print_until(None, after, waiting, args)
    return after


def _print_until(at: str | None, seq: int, waiting: list[dict[str, Any]], args: argparse.Namespace) -> None:
    """Print the lines that were written before a moment; all of them without one. `waiting`: the oldest last."""
    while waiting and (at is None or waiting[-1]["at"] <= at):
        _print({**waiting.pop(), "seq": seq}, as_json=args.json)


def _wanted(message: dict[str, Any], since: str | None, args: argparse.Namespace) -> bool:
    if since is not None and message["at"] < since:
        return False
    if args.level is not None and LEVELS.index(message["level"]) < LEVELS.index(args.level):
        return False
    if args.device is not None and message["deviceID"] != args.device:
        return False
    return not args.search or args.search.lower() in json.dumps(message, default=str, ensure_ascii=False).lower()


def _print(message: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        json_line(message)
        return
    data = message["data"]
    if message["type"] == LINE:
        more = " ".join(f"{key}={value}" for key, value in data.items() if key not in ("event", "logger"))
        name = str(data.get("logger", "")).removeprefix("fiscalmon.")
        say(f"{message['at']}  {message['level']:<7}  {name:<22} {message['deviceID'] or '—'}  {data['event']} {more}")
        return
    words = data.get("reason") or data.get("advice") or data.get("invoiceNo") or data.get("fiscalDayNo") or ""
    say(f"{message['at']}  {message['level']:<7}  {message['type']:<22} {message['deviceID'] or '—'}  {words}")
