"""The commands that make documents: X and Z reports, slips, PDF files. Each returns its exit code.

The engine gives the facts; what they look like is made here, in the caller's process, beside the caller's files.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..data_folder import DataFolder
from ..domain.errors import BadInput
from .output import json_line, say
from .till_access import access

if TYPE_CHECKING:
    from ..documents.receipt_document import ReceiptDocument

Args = argparse.Namespace


async def day_report(args: Args, folder: DataFolder) -> int:
    """The X report of an open day or the Z report of a closed one, as text, JSON, PDF or on a printer."""
    if args.print:
        from .printers import day_print

        return await day_print(args, folder)
    import msgspec

    from ..documents.day_report import DayReport, report_text

    given = {"deviceID": args.device, "fiscalDayNo": args.day}
    plain = await _ask(args, folder, "day.report", given)
    report = msgspec.convert(plain, DayReport)
    if args.pdf:
        from ..documents.pdf import report_pdf

        write(args.pdf, report_pdf(report))
    if args.preview:
        from ..documents.paper import report_paper
        from ..documents.preview import preview

        write(args.preview, preview(report_paper(report, args.width), args.preview))
    if args.json:
        json_line(plain)
    elif args.pdf or args.preview:
        for file in filter(None, (args.pdf, args.preview)):
            tell(f"{report.title} of day {report.day_no}", file)
    else:
        say(report_text(report, args.width).rstrip("\n"))
    return 0


async def receipts_slip(args: Args, folder: DataFolder) -> int:
    """A receipt as its slip says it, as text or as JSON lines' worth of parts."""
    from ..documents.slip import slip, slip_text

    document = await _document(args, folder)
    if args.json:
        json_line([line._asdict() for line in slip(document, args.width)])
    else:
        say(slip_text(document, args.width).rstrip("\n"))
    return 0


async def receipts_pdf(args: Args, folder: DataFolder) -> int:
    """A receipt as a PDF file in its own form, or in the one asked for."""
    from ..documents.pdf import receipt_pdf

    document = await _document(args, folder)
    content = receipt_pdf(document, args.form)
    write(args.file, content)
    if args.json:
        json_line({"receiptId": document.receipt_id, "file": args.file, "bytes": len(content)})
    else:
        tell(f"{document.title} {document.number}", args.file)
    return 0


async def _document(args: Args, folder: DataFolder) -> ReceiptDocument:
    import msgspec

    from ..documents.receipt_document import ReceiptDocument

    plain = await _ask(args, folder, "receipts.document", {"receiptId": args.receipt_id})
    return msgspec.convert(plain, ReceiptDocument)


async def _ask(args: Args, folder: DataFolder, operation: str, arguments: dict[str, Any]) -> Any:
    async with access(folder, operation, args.config) as engine:
        return await engine.operate(operation, arguments)


def write(path: str, content: bytes) -> None:
    """The file, or standard output for "-". Raises BadInput with a plain sentence."""
    if path == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        Path(path).write_bytes(content)
    except OSError as wrong:
        raise BadInput(f"The file {path} cannot be written: {wrong.strerror or wrong}.") from None


def tell(what: str, path: str) -> None:
    """Where it is, unless it went to standard output."""
    if path != "-":
        say(f"{what} is in {path}")
