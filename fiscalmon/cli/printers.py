"""The commands about printers and slips. Each returns its exit code: 1 where a slip is not on paper in the end.

Previews are made here, in the caller's process, beside the caller's files.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any

from ..data_folder import DataFolder
from .output import complain, facts, json_line, say, table
from .papers import tell, write
from .till_access import access

Args = argparse.Namespace
PRINTER_COLUMNS = (
    ("name", "PRINTER"),
    ("family", "FAMILY"),
    ("dialect", "DIALECT"),
    ("port", "PORT"),
    ("width", "COLUMNS"),
    ("mode", "MODE"),
    ("deviceID", "DEVICE"),
    ("state", "STATE"),
    ("waiting", "WAITING"),
    ("unknown", "UNKNOWN"),
    ("failed", "FAILED"),
)
JOB_COLUMNS = (
    ("job", "SLIP"),
    ("kind", "KIND"),
    ("deviceID", "DEVICE"),
    ("receiptGlobalNo", "NUMBER"),
    ("receiptId", "RECEIPT"),
    ("state", "STATE"),
    ("at", "AT"),
    ("reason", "REASON"),
)


async def _ask(args: Args, folder: DataFolder, operation: str, arguments: dict[str, Any]) -> Any:
    async with access(folder, operation, args.config) as engine:
        return await engine.operate(operation, arguments)


async def printer_add(args: Args, folder: DataFolder) -> int:
    given = {
        "name": args.name,
        "family": args.family,
        "dialect": args.dialect,
        "port": args.port,
        "baud": args.baud,
        "width": args.width,
        "qr": args.qr,
        "mode": args.mode,
        "device_id": args.device,
        "answers": not args.no_status,
    }
    card = await _ask(args, folder, "printer.add", given)
    if args.json:
        json_line(card)
    else:
        say(f"Printer {card['name']} is set up; `fiscalmon printer test {card['name']}` prints a page.")
    return 0


async def printer_list(args: Args, folder: DataFolder) -> int:
    cards = await _ask(args, folder, "printer.list", {})
    if args.json:
        json_line(cards)
    else:
        table(cards, PRINTER_COLUMNS, "There is no printer yet: run `fiscalmon printer add`.")
    return 0


async def printer_ports(args: Args, folder: DataFolder) -> int:
    """Serial ports by name; a network printer's or a link's is any name that the system knows."""
    from device.link import port_names

    ports = [{"port": port, "description": what} for port, what in port_names()]
    if args.json:
        json_line(ports)
    else:
        table(ports, (("port", "PORT"), ("description", "WHAT")), "This machine has no serial port now.")
    return 0


async def printer_status(args: Args, folder: DataFolder) -> int:
    card = await _ask(args, folder, "printer.status", {"printer": args.name})
    if args.json:
        json_line(card)
        return 0
    facts({key: value for key, value in card.items() if key != "findings"})
    for found in card["findings"]:
        say(f"{found['code']}: {found['advice']}")
    return 0


async def printer_test(args: Args, folder: DataFolder) -> int:
    return await _slip(args, folder, "printer.test", {"printer": args.name})


async def printer_jobs(args: Args, folder: DataFolder) -> int:
    """One object a slip, oldest first."""
    jobs = await _ask(args, folder, "printer.jobs", {"printer": args.name, "limit": args.limit})
    if args.json:
        for job in jobs:
            json_line(job)
    else:
        table(jobs, JOB_COLUMNS, "Nothing was printed there yet.")
    return 0


async def printer_remove(args: Args, folder: DataFolder) -> int:
    answer = await _ask(args, folder, "printer.remove", {"printer": args.name})
    if args.json:
        json_line(answer)
    else:
        say(f"Printer {args.name} is removed.")
    return 0


async def printer_retry(args: Args, folder: DataFolder) -> int:
    return await _slip(args, folder, "printer.retry", {"job": args.job})


async def printer_skip(args: Args, folder: DataFolder) -> int:
    return await _act(args, folder, "printer.skip")


async def printer_confirm(args: Args, folder: DataFolder) -> int:
    return await _act(args, folder, "printer.confirm")


async def receipts_print(args: Args, folder: DataFolder) -> int:
    """A receipt onto paper, or into a file as it would come out now."""
    if args.preview is None:
        return await _slip(args, folder, "receipts.print", {"receiptId": args.receipt_id, "printer": args.printer})
    import msgspec

    from ..documents.paper import receipt_paper
    from ..documents.preview import preview
    from ..documents.receipt_document import ReceiptDocument

    async with access(folder, "receipts.document", args.config) as engine:
        plain = await engine.operate("receipts.document", {"receiptId": args.receipt_id})
        slips = await engine.operate("receipts.slips", {"receiptId": args.receipt_id})
    document = msgspec.convert(plain, ReceiptDocument)
    copy = any(slip["onPaper"] for slip in slips)
    content = preview(receipt_paper(document, args.width, copy=copy), args.preview)
    write(args.preview, content)
    if args.json:
        json_line({"receiptId": args.receipt_id, "file": args.preview, "bytes": len(content), "copy": copy})
    else:
        tell(f"{document.title} {document.number}", args.preview)
    return 0


async def day_print(args: Args, folder: DataFolder) -> int:
    """An X or Z report onto paper."""
    given = {"deviceID": args.device, "fiscalDayNo": args.day, "printer": args.printer}
    return await _slip(args, folder, "day.print", given)


async def _act(args: Args, folder: DataFolder, operation: str) -> int:
    job = await _ask(args, folder, operation, {"job": args.job})
    if args.json:
        json_line(job)
    else:
        say(f"Slip {job['job']} is {job['state']} now.")
    return 0


async def _slip(args: Args, folder: DataFolder, operation: str, given: dict[str, Any]) -> int:
    """Something to be printed: by default the command ends when it is on paper, or cannot be for now."""
    wait = not args.no_wait
    job = await _ask(args, folder, operation, {**given, "wait": wait})
    if args.json:
        json_line(job)
    else:
        say(f"Slip {job['job']} on printer {job['printer']}: {job['state']}")
    if not wait or job["state"] == "printed":
        return 0
    why = job["reason"] or "It takes longer than expected."
    complain(f"fiscalmon: slip {job['job']} is {job['state']}: {why}")
    return 1


COMMANDS: Mapping[str, Callable[[Args, DataFolder], Coroutine[Any, Any, int]]] = MappingProxyType(
    {
        command.__name__: command
        for command in (
            printer_add,
            printer_list,
            printer_ports,
            printer_status,
            printer_test,
            printer_jobs,
            printer_remove,
            printer_retry,
            printer_skip,
            printer_confirm,
            receipts_print,
            day_print,
        )
    }
)
