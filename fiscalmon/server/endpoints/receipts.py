"""Sales in, receipts out. A POS account reads what it posted itself; support sees no buyer."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from starlette.responses import Response

from ...domain.account import Principal, Role
from ...domain.errors import UnknownReceipt
from ..answers import Problem, json_answer
from ..call import Call, bad_field
from ..facade import Json

_MOST = 200
_STATUSES = ("signed", "sending", "queued", "completed", "failed")
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


async def post(call: Call) -> Response:
    """Fiscalise a sale. 201 with the result, 200 with the first result where the saleId was used before."""
    wait = call.word("wait", ("signed", "completed")) or "signed"
    sale, device = _for_devices(call.body, call.principal)
    # A sale that has begun goes on when its caller leaves or the server stops.
    result = await asyncio.shield(
        asyncio.ensure_future(call.services.till.submit(sale, wait=wait, devices=call.devices, default_device=device))
    )
    receipt_id: str = result["receiptId"]
    principal = call.principal
    if principal.account.role is Role.POS:
        shelf = call.services.accounts.shelf
        await call.services.pool.run(lambda: shelf.note_posted(principal.account.id, receipt_id))
    status = 200 if result.get("repeated") else 201
    return json_answer(result, status, {"location": f"/api/receipts/{receipt_id}/"})


async def listing(call: Call) -> Response:
    """Receipts, newest first."""
    limit = call.page(most=_MOST)
    if call.principal.account.role is Role.POS:
        return await _own(call, limit)
    device = call.number("device", least=1)
    if device is not None and not call.principal.may_see(device):
        return json_answer({"items": [], "next": None})
    found = await call.services.till.receipts(
        limit=limit,
        before=_cursor(call),
        device=device,
        day=call.number("day", least=1),
        status=call.word("status", _STATUSES),
        since=call.word("since"),
        until=call.word("until"),
        search=call.word("search"),
        # What is masked must not be found out by asking for it either.
        buyers=call.principal.account.role is not Role.SUPPORT,
        devices=call.devices,
    )
    following = None if found["next"] is None else str(found["next"])
    return json_answer(_told({"items": found["items"], "next": following}, call.principal))


async def one(call: Call) -> Response:
    """One receipt."""
    receipt_id = call.parameters["receiptId"]
    return json_answer(_told(await _seen(call, receipt_id), call.principal))


async def _seen(call: Call, receipt_id: str) -> Json:
    principal = call.principal
    shelf = call.services.accounts.shelf
    if principal.account.role is Role.POS and not await call.services.pool.run(
        lambda: shelf.has_posted(principal.account.id, receipt_id)
    ):
        raise UnknownReceipt(f"There is no receipt {receipt_id} here.")
    return await call.services.till.receipt(receipt_id, principal.devices)


async def _own(call: Call, limit: int) -> Response:
    shelf, account = call.services.accounts.shelf, call.principal.account
    before = _cursor(call)
    posted = await call.services.pool.run(lambda: shelf.posted_by(account.id, before=before, limit=limit))
    items = [await _seen(call, receipt_id) for _, receipt_id in posted]
    return json_answer({"items": items, "next": str(posted[-1][0]) if len(posted) == limit else None})


def _for_devices(body: bytes, principal: Principal) -> tuple[bytes, int | None]:
    """The sale, and for an account of certain devices the only one, which takes a sale that names none.

    Amounts stay the very text that was sent.
    """
    if principal.devices is None:
        return body, None
    try:
        fields = _fields.decode(body)
        named = msgspec.json.decode(fields["deviceID"]) if "deviceID" in fields else None
    except msgspec.DecodeError as wrong:
        raise Problem(400, "NOT_JSON", f"This is not a sale in JSON: {wrong}") from None
    if named is None:
        if len(principal.devices) != 1:
            raise bad_field("deviceID", "must say which of your devices takes the sale")
        return body, next(iter(principal.devices))
    if not isinstance(named, int) or isinstance(named, bool) or not principal.may_see(named):
        raise Problem(404, "UNKNOWN_DEVICE", f"There is no device {str(named)[:40]} here.")
    return msgspec.json.encode({**fields, "deviceID": named}), None


def _cursor(call: Call) -> int | None:
    """The `next` of the page before, by the name `cursor`, or as other lists and older programs call it."""
    for name in ("cursor", "before", "after"):
        found = call.number(name, least=1)
        if found is not None:
            return found
    return None


def _told(value: Any, principal: Principal) -> Any:
    """The answer as the caller's role may read it."""
    return masked(value) if principal.account.role is Role.SUPPORT else value


def masked(value: Any, *, buyer: bool = False) -> Any:
    """A copy in which every text about a buyer keeps its first letter only. Nothing else changes."""
    if isinstance(value, dict):
        return {key: masked(part, buyer=buyer or key.startswith("buyer")) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [masked(part, buyer=buyer) for part in value]
    if buyer and value is not None and not isinstance(value, bool):
        return str(value)[:1] + "***"
    return value
