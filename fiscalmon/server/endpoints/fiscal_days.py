"""Opening and closing fiscal days from the LAN."""

from __future__ import annotations

import structlog
from starlette.responses import Response

from ..answers import json_answer
from ..call import Call

_log = structlog.get_logger("fiscalmon.server.fiscal_days")


async def open_day(call: Call) -> Response:
    """Open the device's fiscal day."""
    _log.info("day_open_asked", device=call.body.deviceID, account=call.principal.account.name)
    return json_answer(await call.services.till.open_day(call.body.deviceID, call.devices))


async def close_day(call: Call) -> Response:
    """Close it. With `wait=false` the answer comes while FDMS works on it; the socket tells the end."""
    _log.info("day_close_asked", device=call.body.deviceID, account=call.principal.account.name)
    wait = call.word("wait", ("true", "false")) != "false"
    return json_answer(await call.services.till.close_day(call.body.deviceID, call.devices, wait=wait))
