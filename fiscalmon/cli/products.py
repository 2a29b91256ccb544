"""The commands about the shop's product list. Each returns its exit code."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..data_folder import DataFolder
from ..domain.errors import BadInput
from .output import complain, json_line, say, table
from .till_access import access

Args = argparse.Namespace
COLUMNS = (
    ("sku", "SKU"),
    ("barcode", "BARCODE"),
    ("name", "NAME"),
    ("hsCode", "HS CODE"),
    ("taxID", "TAX"),
    ("priced", "PRICE"),
)


async def products_import(args: Args, folder: DataFolder) -> int:
    """Take a CSV file into the list; lines with problems are left out and told, and the exit code is 1."""
    from ..domain.product_file import decode_text

    given = {"text": decode_text(_bytes(args.file)), "replace": args.replace, "dryRun": args.dry_run}
    async with access(folder, "products.import", args.config) as engine:
        done: dict[str, Any] = await engine.operate("products.import", given)
    if args.json:
        json_line(done)
    else:
        for problem in done["problems"]:
            complain(f"line {problem['line']}: {problem['problem']}" if problem["line"] else problem["problem"])
        more = done["problemsInAll"] - len(done["problems"])
        if more:
            complain(f"... and {more:,} lines more with problems")
        if done["advice"]:
            complain(done["advice"])
        fate = "dropped" if args.replace else "left as they are"
        say(
            f"{'Would be' if args.dry_run else 'Now'}: {done['added']:,} added, {done['changed']:,} changed, "
            f"{done['unchanged']:,} the same, {done['leftInList']:,} not in the file ({fate})."
        )
    return 1 if done["problemsInAll"] else 0


async def products_list(args: Args, folder: DataFolder) -> int:
    """The list, by name."""
    given = {"search": args.search or "", "limit": args.limit}
    async with access(folder, "products.list", args.config) as engine:
        found = await engine.operate("products.list", given)
    if args.json:
        json_line(found)
    else:
        rows = [
            {**item, "priced": "  ".join(f"{currency} {price}" for currency, price in item["prices"].items())}
            for item in found["items"]
        ]
        table(rows, COLUMNS, "No product is found: run `fiscalmon products import FILE`.")
    return 0


def _bytes(path: str) -> bytes:
    from ..domain.product_file import MOST_BYTES

    if path == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise BadInput(f"{path} cannot be read: {wrong.strerror}.") from None
