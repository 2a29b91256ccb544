"""`fiscalmon logs`: the lasting events of the data folder, oldest first, once or for as long as somebody looks."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from .. import events
from ..data_folder import DataFolder
from ..domain.errors import FiscalmonError
from ..domain.localtime import named_moment, utc_text
from .output import json_line, say
from .till_access import access

PAGE = 500
FOLLOW_SECONDS = 0.5
LEVELS = ("info", "warning", "error")
# What is not named here went as it should.
LEVEL_OF: Mapping[str, str] = MappingProxyType(
    {
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
    after = 0
    while True:
        try:
            after = await _print_after(after, since, args, folder)
        except FiscalmonError as wrong:
            # Whoever follows outlives the engine: the next look finds another one, or the books alone.
            if not args.follow or wrong.code != "CONTROL":
                raise
        if not args.follow:
            return 0
        await asyncio.sleep(FOLLOW_SECONDS)


async def _print_after(after: int, since: str | None, args: argparse.Namespace, folder: DataFolder) -> int:
    """Print all events after a `seq`; returns the last one's."""
    async with access(folder, "events", args.config) as engine:
        while page := await engine.operate("events", {"after": after, "limit": PAGE}):
            after = page[-1]["seq"]
            for message in page:
                told = {**message, "level": LEVEL_OF.get(message["type"], "info")}
                if _wanted(told, since, args):
                    _print(told, as_json=args.json)
    return after


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
    words = data.get("reason") or data.get("advice") or data.get("invoiceNo") or data.get("fiscalDayNo") or ""
    say(f"{message['at']}  {message['level']:<7}  {message['type']:<22} {message['deviceID'] or '—'}  {words}")
