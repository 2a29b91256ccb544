"""Printing as the operations of the command line: JSON-ready arguments in, JSON-ready results out, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from ..domain.errors import BadInput
from ..domain.paper import PrinterSetup
from ..domain.print_job import PrintJob
from .printer_search import detect
from .printing import MOST_JOBS, Printing

Json = dict[str, Any]
# A slow line takes a quarter of a minute for a slip with its code as a picture.
WAIT_SECONDS = 60.0


def printing_operations(printing: Printing) -> dict[str, Callable[[Json], Awaitable[Any]]]:
    """What may be asked for; `wait` False answers before the slip is on paper."""

    async def slip(job: PrintJob, given: Json) -> Json:
        waited = await printing.finished(job, WAIT_SECONDS) if given.get("wait", True) else job
        return {**waited.as_dict(), "reason": printing.in_the_way(waited)}

    async def add(given: Json) -> Json:
        return await printing.add(_setup(given))

    async def ports(_: Json) -> Any:
        return printing.ports()

    async def test(given: Json) -> Json:
        return await slip(await printing.print_test(given["printer"]), given)

    async def receipt(given: Json) -> Json:
        return await slip(await printing.print_receipt(given["receiptId"], given.get("printer")), given)

    async def report(given: Json) -> Json:
        job = await printing.print_report(given["deviceID"], given.get("fiscalDayNo"), given.get("printer"))
        return await slip(job, given)

    async def retry(given: Json) -> Json:
        return await slip(await printing.orders.retry(given["job"]), given)

    async def skip(given: Json) -> Json:
        return (await printing.orders.skip(given["job"])).as_dict()

    async def confirm(given: Json) -> Json:
        return (await printing.orders.confirm(given["job"])).as_dict()

    return {
        "printer.detect": lambda given: detect(printing, given.get("port")),
        "printer.add": add,
        "printer.list": lambda _: printing.cards(),
        "printer.ports": ports,
        "printer.status": lambda given: printing.card(given["printer"], ask=True),
        "printer.test": test,
        "printer.jobs": lambda given: printing.jobs(given["printer"], given.get("limit", MOST_JOBS)),
        "printer.remove": lambda given: printing.remove(given["printer"]),
        "printer.retry": retry,
        "printer.skip": skip,
        "printer.confirm": confirm,
        "receipts.print": receipt,
        "receipts.slips": lambda given: printing.orders.slips(given["receiptId"]),
        "day.print": report,
    }


def _setup(given: Json) -> PrinterSetup:
    try:
        return msgspec.convert(given, PrinterSetup)
    except msgspec.ValidationError as wrong:
        raise BadInput(f"A printer cannot be set up so: {wrong}.") from None
