"""What waits for FDMS and why, and "send it now"."""

from __future__ import annotations

import argparse
from typing import Any

from ..data_folder import DataFolder
from .output import json_line, say, table
from .till_access import access

COLUMNS = (
    ("deviceID", "DEVICE"),
    ("place", "PLACE"),
    ("receiptGlobalNo", "NUMBER"),
    ("invoiceNo", "INVOICE"),
    ("receiptDate", "DATE"),
    ("receiptCurrency", ""),
    ("receiptTotal", "TOTAL"),
    ("attempts", "TRIES"),
)


async def queue_list(args: argparse.Namespace, folder: DataFolder) -> int:
    """Each device's queue: what its line says, and every receipt in order."""
    async with access(folder, "queue.list", args.config) as engine:
        found = await engine.operate("queue.list", {"deviceID": args.device, "limit": args.limit})
    if args.json:
        json_line(found)
        return 0
    for device in found["devices"]:
        say(_words(device))
    table(found["items"], COLUMNS, "Nothing waits for FDMS.")
    return 0


async def queue_retry(args: argparse.Namespace, folder: DataFolder) -> int:
    """End the senders' waits. What is sent, and how often, stays the pipeline's business."""
    async with access(folder, "queue.retry", args.config) as engine:
        done = await engine.operate("queue.retry", {"deviceID": args.device})
    if args.json:
        json_line(done)
    else:
        say(f"{done['receipts']} receipts of {done['devices']} devices are tried now.")
    return 0


def _words(device: dict[str, Any]) -> str:
    head = device["head"] or {}
    parts = [f"device {device['deviceID']}: {device['queueDepth']} wait, line {device['circuit']['state']}"]
    if head.get("ageSeconds") is not None:
        parts.append(f"the first for {head['ageSeconds'] // 60} min")
    if device["circuit"]["nextTryAt"]:
        parts.append(f"next try {device['circuit']['nextTryAt']}")
    reason = device["blocked"] or head.get("reason") or device["attention"]
    return ", ".join(parts) + (f". {reason}" if reason else "")
