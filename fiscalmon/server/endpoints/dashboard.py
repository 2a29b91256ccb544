"""What the dashboard shows: metrics, devices, events. Reads only."""

from __future__ import annotations

from starlette.responses import Response

from ..answers import json_answer
from ..audience import for_role
from ..call import Call


async def metrics(call: Call) -> Response:
    """The snapshot, of the caller's devices."""
    call.services.rates.metrics(call.principal.account.id)
    return json_answer(await call.services.till.snapshot(call.devices))


async def devices(call: Call) -> Response:
    """The heatmap's cells."""
    return json_answer({"items": await call.services.till.devices(call.devices), "next": None})


async def device(call: Call) -> Response:
    """One device in full."""
    return json_answer(await call.services.till.device(int(call.parameters["deviceID"]), call.devices))


async def events(call: Call) -> Response:
    """The feed after a sequence number, oldest first; `next` is the `after` that goes on, or `cursor` as in every list.

    With `before` the last ones before a number, oldest first; `next` is the `before` that goes further back.
    """
    limit = call.page(most=500)
    before = call.number("before", least=1)
    if before is not None:
        older = await call.services.till.history.events_before(before, limit, call.devices)
        items = for_role(call.principal.account.role, older)
        return json_answer({"items": items, "next": str(older[0]["seq"]) if len(older) == limit else None})
    after = call.number("after", call.number("cursor", 0)) or 0
    items = await call.services.till.events(after=after, limit=limit, devices=call.devices)
    told = for_role(call.principal.account.role, items)
    return json_answer({"items": told, "next": str(items[-1]["seq"]) if len(items) == limit else None})


async def healthz(call: Call) -> Response:
    """ok, or degraded when a device failed; nothing else is told to strangers."""
    found = await call.services.till.devices()
    failed = any(one.get("health") == "failed" for one in found)
    return json_answer({"status": "degraded" if failed else "ok"})
