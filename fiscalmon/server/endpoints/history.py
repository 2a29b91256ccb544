"""Days gone by: a day's figures for the picker, receipts as a spreadsheet. Reads only."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from ...domain.account import Role
from ..answers import Problem, json_answer
from ..call import Call

_STATUSES = ("signed", "sending", "queued", "completed", "failed")


async def day(call: Call) -> Response:
    """A calendar day's figures, of the caller's devices."""
    device = _device(call)
    return json_answer(await call.services.till.history.day(call.word("day"), call.devices, device))


async def receipts_csv(call: Call) -> Response:
    """Receipts as CSV, sent while it is being read."""
    pieces = call.services.till.history.receipts_csv(
        devices=call.devices,
        device=_device(call),
        day=call.number("day", least=1),
        status=call.word("status", _STATUSES),
        since=call.word("since"),
        until=call.word("until"),
        search=call.word("search"),
        buyers=call.principal.account.role is not Role.SUPPORT,
    )
    # The first piece now: what is wrong with the question is answered as a problem, not inside a file.
    first = await anext(pieces)
    headers = {"content-disposition": 'attachment; filename="receipts.csv"', "cache-control": "no-store"}
    return StreamingResponse(_from(first, pieces), headers=headers, media_type="text/csv; charset=utf-8")


async def _from(first: str, rest: AsyncIterator[str]) -> AsyncIterator[bytes]:
    yield first.encode()
    async for piece in rest:
        yield piece.encode()


def _device(call: Call) -> int | None:
    """The device of the query. One that the caller may not see looks as if there were none."""
    device = call.number("device", least=1)
    if device is not None and not call.principal.may_see(device):
        raise Problem(404, "UNKNOWN_DEVICE", f"There is no device {device} here.")
    return device
