"""The commands for a fiscal day that is stuck: what is wrong with it, and the way out, step by step."""

from __future__ import annotations

import argparse
from typing import Any

from ..data_folder import DataFolder
from ..events import encode
from .output import facts, json_line, say, table
from .till_access import access

Args = argparse.Namespace
DIFFERENCES = (("what", "DIFFERENT"), ("books", "BOOKS"), ("fdms", "FDMS"))


async def day_recover(args: Args, folder: DataFolder) -> int:
    """Close a day that these books do not know by FDMS's own counters."""
    given = {"deviceID": args.device, "opened": args.opened, "dryRun": args.dry_run}
    async with access(folder, "day.recover", args.config) as engine:
        told = await engine.operate("day.recover", given)
    if args.json:
        json_line(told)
    else:
        facts(told)
    return 0


async def day_mend(args: Args, folder: DataFolder) -> int:
    """Facts, cause and acts; with --reason the act is done."""
    given = {
        "device_id": args.device,
        "reason": args.reason,
        "opened": args.opened,
        "act": args.act,
        "dry_run": args.dry_run,
    }
    async with access(folder, "day.mend", args.config) as engine:
        told = await engine.operate("day.mend", given)
    if args.json:
        json_line(told)
    else:
        _tell(told)
    return 0


def _tell(told: dict[str, Any]) -> None:
    books, device, fdms = (told["facts"][side] for side in ("books", "device", "fdms"))
    for name, side in (("BOOKS", books), ("DEVICE", device), ("FDMS", fdms)):
        say(name)
        if side is None:
            say(f"  not reachable: {told['fdmsTrouble']}")
        else:
            facts({f"  {key}": value for key, value in side.items()})
    say("")
    table(told["differences"], DIFFERENCES, "Books and FDMS tell the same." if fdms else "FDMS could not be asked.")
    say("")
    say(f"{told['cause']['code']}: {told['cause']['text']}")
    for act in told["acts"]:
        say(f"  {act['name'] or '—'}: {act['text']} Sends: {act['sends']}.")
    if told.get("wouldDo"):
        sent = told["wouldSend"]
        say(f"Dry run of {told['wouldDo']}, would send:")
        say(sent if isinstance(sent, str) else encode(sent).decode())
    elif told["done"]:
        say(f"Done: {told['done']}.")
        facts(told["result"])
    elif any(act["name"] for act in told["acts"]):
        say('Look first with --dry-run; do it with --reason "why".')
