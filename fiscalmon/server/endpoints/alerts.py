"""What people are told is wrong, and that somebody looks after it. What is about the till's doors is for few."""

from __future__ import annotations

from typing import Final

import structlog
from starlette.responses import Response

from ...domain.account import Role
from ..answers import json_answer
from ..call import Call

_OFFICE: Final = frozenset({Role.SUPPORT, Role.OWNER})
_log = structlog.get_logger("fiscalmon.server.alerts")


async def listing(call: Call) -> Response:
    """Alerts that concern the caller, open ones first."""
    limit = call.page(most=200)
    items = await call.services.till.alerts.listed(limit=limit, devices=call.devices, office=_office(call))
    return json_answer({"items": items, "next": None})


async def acknowledge(call: Call) -> Response:
    """Somebody looks after it. Again changes nothing."""
    name = call.principal.account.name
    alert_id = call.parameters["alertId"]
    alert = await call.services.till.alerts.acknowledge(alert_id, by=name, devices=call.devices, office=_office(call))
    _log.info("alert_acknowledged", alert=alert["alertId"], account=name)
    return json_answer(alert)


def _office(call: Call) -> bool:
    return call.principal.account.role in _OFFICE
