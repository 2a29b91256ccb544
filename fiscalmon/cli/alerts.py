"""The commands about alerts and the channels that they go by."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any

from ..data_folder import DataFolder
from .output import json_line, say, table
from .till_access import access

Args = argparse.Namespace
ALERT_COLUMNS = (
    ("alertId", "ALERT"),
    ("raisedAt", "SINCE"),
    ("state", "STATE"),
    ("deviceID", "DEVICE"),
    ("title", "WHAT"),
    ("reason", "REASON"),
)
RULE_COLUMNS = (
    ("rule", "RULE"),
    ("on", "ON"),
    ("grave", "GRAVE"),
    ("holdMinutes", "AFTER MINUTES"),
    ("wakes", "IN QUIET HOURS"),
    ("title", "WHAT"),
)
CHANNEL_COLUMNS = (
    ("name", "CHANNEL"),
    ("kind", "KIND"),
    ("target", "TO"),
    ("secret", "SECRET"),
    ("waiting", "WAITING"),
    ("lastError", "LAST ERROR"),
)
# A description's members by the options that give them.
MEMBERS = ("url", "host", "port", "security", "user", "sender", "to", "chat")


async def _ask(args: Args, folder: DataFolder, operation: str, arguments: dict[str, Any]) -> Any:
    async with access(folder, operation, args.config) as engine:
        return await engine.operate(operation, arguments)


async def _list(args: Args, folder: DataFolder, operation: str, given: dict[str, Any], form: Any) -> int:
    """Ask for a list and print it; `form`: the columns, and what to say of an empty one."""
    rows = await _ask(args, folder, operation, given)
    if args.json:
        json_line(rows)
    else:
        table(rows, *form)
    return 0


async def alerts_list(args: Args, folder: DataFolder) -> int:
    form = (ALERT_COLUMNS, "Nobody was told of anything yet.")
    return await _list(args, folder, "alerts.list", {"limit": args.limit}, form)


async def alerts_rules(args: Args, folder: DataFolder) -> int:
    return await _list(args, folder, "alerts.rules", {}, (RULE_COLUMNS, ""))


async def alerts_channels(args: Args, folder: DataFolder) -> int:
    form = (CHANNEL_COLUMNS, "Alerts go to the feed alone: `fiscalmon alerts add-channel` adds a channel.")
    return await _list(args, folder, "alerts.channels", {}, form)


async def alerts_add_channel(args: Args, folder: DataFolder) -> int:
    channel = {"name": args.name, "kind": args.kind}
    channel |= {member: getattr(args, member) for member in MEMBERS if getattr(args, member) is not None}
    if args.allow_private:
        channel["allow_private"] = True
    secret = sys.stdin.readline().strip() if args.secret_stdin else None
    added = await _ask(args, folder, "alerts.add-channel", {"channel": channel, "secret": secret})
    return _said(args, added, f"Alerts go to {added['name']} ({added['target']}): try `alerts test {added['name']}`.")


async def alerts_remove_channel(args: Args, folder: DataFolder) -> int:
    removed = await _ask(args, folder, "alerts.remove-channel", {"name": args.name})
    return _said(args, removed, f"Channel {args.name} and its secret are forgotten.")


async def alerts_test(args: Args, folder: DataFolder) -> int:
    sent = await _ask(args, folder, "alerts.test", {"name": args.name})
    return _said(args, sent, f"A test message went out by {args.name}: look whether it has arrived.")


async def alerts_ack(args: Args, folder: DataFolder) -> int:
    alert = await _ask(args, folder, "alerts.ack", {"id": args.id})
    return _said(args, alert, f"Somebody looks after it: {alert['title']}.")


def _said(args: Args, answer: dict[str, Any], sentence: str) -> int:
    if args.json:
        json_line(answer)
    else:
        say(sentence)
    return 0


COMMANDS: Mapping[str, Callable[[Args, DataFolder], Coroutine[Any, Any, int]]] = MappingProxyType(
    {
        command.__name__: command
        for command in (
            alerts_list,
            alerts_rules,
            alerts_channels,
            alerts_add_channel,
            alerts_remove_channel,
            alerts_test,
            alerts_ack,
        )
    }
)
