"""`fiscalmon doctor`: every check with its advice, by a running engine or alone; with --bundle a file for support."""

from __future__ import annotations

import argparse
import asyncio
from types import MappingProxyType
from typing import Any

from ..data_folder import DataFolder
from ..domain.errors import FiscalmonError
from ..settings import Settings, load_settings
from .output import complain, json_line, say

MARKS = MappingProxyType({"ok": "ok       ", "attention": "attention", "failed": "FAILED   "})


def doctor(args: argparse.Namespace, folder: DataFolder) -> int:
    """Exit 1 when a check failed, after everything was told."""
    report = asyncio.run(_report(args, folder))
    if args.bundle is not None:
        from ..support_bundle import write_bundle

        report["bundle"] = write_bundle(folder, report, args.bundle)
    if args.json:
        json_line(report)
    else:
        _print(report)
    failed = [check for check in report["checks"] if check["state"] == "failed"]
    if not failed:
        return 0
    first = failed[0]
    more = f" ({len(failed) - 1} more checks failed)" if len(failed) > 1 else ""
    complain(f"fiscalmon: {first['code']}: {first['what']}{more}")
    return 1


async def _report(args: argparse.Namespace, folder: DataFolder) -> dict[str, Any]:
    address = folder.running()
    if address is not None:
        from ..control import ControlClient

        client = ControlClient(address)
        if await client.connect():
            try:
                report: dict[str, Any] = await client.operate("doctor", {})
                return report
            except FiscalmonError:
                # The engine ends, or its books are in such a state that it cannot say: look from outside.
                pass
            finally:
                await client.close()
    from ..checkup import examine
    from ..logs import log_nowhere

    log_nowhere()
    return await examine(folder, _settings(args, folder))


def _settings(args: argparse.Namespace, folder: DataFolder) -> Settings:
    try:
        return load_settings(folder.path, args.config)
    except FiscalmonError as wrong:
        complain(f"fiscalmon: {wrong.text}")
        return Settings()


def _print(report: dict[str, Any]) -> None:
    for check in report["checks"]:
        subject = f" {check['subject']}" if check["subject"] else ""
        say(f"{MARKS[check['state']]}  {check['code']}{subject}: {check['what']}")
        if check["advice"]:
            say(f"           {check['advice']}")
    if "bundle" in report:
        say(f"For support: {report['bundle']['file']} ({len(report['bundle']['files'])} files, no secret inside)")
