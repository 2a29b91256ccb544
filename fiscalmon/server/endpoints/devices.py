"""What people may do to a device from the LAN: try again now. Nothing here can change what is sent."""

from __future__ import annotations

import structlog
from starlette.responses import Response

from ..answers import json_answer
from ..call import Call

_log = structlog.get_logger("fiscalmon.server.devices")


async def retry(call: Call) -> Response:
    """End the sender's wait for its next try."""
    device = int(call.parameters["deviceID"])
    _log.info("retry_asked", device=device, account=call.principal.account.name)
    return json_answer(await call.services.till.waiting.send_now(call.devices, device))
